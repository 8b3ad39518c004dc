"""The way through what came too late: one save after another, in the address, so that none of them is overlooked."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from portal.draft_storage import whole_number

THEN = "then"  # in the address: the saves that follow
MOST = 50


def settling_address(number: str, saves: Sequence[int], otherwise: str = "") -> str:
    """Where the first of the saves is settled, knowing of the others; `otherwise` when there is none."""
    if not saves:
        return otherwise
    first, *others = saves[:MOST]
    address = reverse("portal:conflict", args=[number, first])
    return f"{address}?{THEN}={'-'.join(map(str, others))}" if others else address


def following(request: HttpRequest) -> list[int]:
    """The saves that the address says are still to settle."""
    return [pk for text in request.GET.get(THEN, "").split("-")[:MOST] if (pk := whole_number(text))]
