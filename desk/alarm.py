"""What stands above and beside every page of the desk: the alarm, and what waits in the rail.

A context processor. It costs nothing outside the desk, and five short queries on a quiet day.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from accounts.rights import RIGHTS
from desk.telling import tellings
from desk.words import counted, sentence
from engine import health
from halts.models import HaltOrder
from monitors.models import EvidenceRequest, Finding, Grant
from notices.clockface import write_span
from questionnaires.models import Submission
from vendors.fields import write_phone


@dataclass(frozen=True, slots=True)
class Alarm:
    """`fact` is the bold sentence; `href` and `action` are the one thing to do about it."""

    fact: str
    detail: str
    href: str
    action: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things to do, for the rail; never totals."""

    orders: int
    findings: int
    submissions: int
    evidence: int


def bar(request: HttpRequest) -> dict[str, Any]:
    """`alarm` and `waiting`, each looked up when a template first asks for it, and the `rights` of who is signed in."""
    match = request.resolver_match
    if match is None or match.app_name != "desk" or not isinstance(request.user, User):
        return {}
    now = timezone.now()
    unanswered = _once(lambda: HaltOrder.objects.unanswered().count())
    return {
        "waiting": SimpleLazyObject(lambda: Waiting(unanswered(), without_order().count(), *_papers())),
        "alarm": SimpleLazyObject(lambda: alarm(unanswered(), now)),
        "rights": RIGHTS.get(request.user.role, frozenset()),
    }


def without_order() -> Any:
    """Open findings that no order in force stands for: never ordered, or lifted while the fault is still there."""
    return Finding.objects.open().exclude(halt_orders__in=HaltOrder.objects.standing())


def to_review() -> Any:
    """Submissions that wait for the desk, the oldest first."""
    return Submission.objects.with_desk().order_by("submitted_at", "pk")


def _papers() -> tuple[int, int]:
    """(submissions that wait for the desk, domains with evidence or an exception that waits for it); in one query, for
    every page of the desk asks."""
    of_submission, of_domain = Value("submission"), Value("domain")
    review = to_review().order_by().annotate(what=of_submission).values_list("what", "pk")
    requests = EvidenceRequest.objects.with_desk().order_by().annotate(what=of_domain).values_list("what", "domain")
    proposed = Grant.objects.filter(state=Grant.State.PROPOSED).order_by()
    counts = Counter(
        what for what, _ in review.union(requests, proposed.annotate(what=of_domain).values_list("what", "domain"))
    )
    return counts["submission"], counts["domain"]


def alarm(unanswered: int, now: datetime) -> Alarm | None:
    """The one thing that cannot wait: a dead engine first, because then nobody is told of anything else."""
    late = [stage for stage in health.stages(now) if stage.late]
    if late:
        which = f"The {late[0].stage} stage {late[0].late}."
        more = f" So {'is' if len(late) == 2 else 'are'} {counted(len(late) - 1, 'other stage')}." if late[1:] else ""
        return Alarm("The engine is late.", which + more, reverse("desk:engine"), "See the engine")
    if not unanswered:
        return None
    order = HaltOrder.objects.unanswered().select_related("vendor").order_by("issued_at").first()
    if order is None:  # answered between two queries
        return None
    [told] = tellings([order], now)
    page = reverse("desk:order", args=[order.number])
    if unanswered > 1:
        return Alarm(
            f"{sentence(counted(unanswered, 'halt order'))} have no answer.",
            f"The oldest is {order.number}, {order.vendor}, {_since(order, now)}.",
            f"{reverse('desk:orders')}?show=issued",
            "See them all",
        )
    call = told.call
    return Alarm(
        f"Halt order {order.number} has no answer.",
        f"{order.vendor}, {_since(order, now)}. {told.brief} {told.coming}".strip(),
        f"tel:{call.phone}" if call else page,
        f"Call {call.name}: {write_phone(call.phone)}" if call else "Open the order",
    )


def _since(order: HaltOrder, now: datetime) -> str:
    return write_span((now - order.issued_at).total_seconds())


def _once(count: Callable[[], int]) -> Callable[[], int]:
    found: list[int] = []

    def counted_once() -> int:
        if not found:
            found.append(count())
        return found[0]

    return counted_once
