"""Lists in pages: a stable order by primary key and an opaque cursor, so that a page costs the same at any depth.

Rows that are added meanwhile neither repeat nor shift what a reader sees: the cursor says where the last page ended.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from api.problems import Problem
from api.schemas.given import Storable

LIMIT, MOST = 100, 500

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item", bound=Schema)


class Paging(Storable):
    """The parameters of every list; filters add their own."""

    limit: int = Field(LIMIT, ge=1, le=MOST, description="How many items at most.")
    cursor: str = Field("", description="`next` of the page before; empty for the first page.")


class Page(Schema, Generic[Item]):
    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last.")
    count: int = Field(description="How many items all pages have together.")


def page(
    request: HttpRequest,
    rows: QuerySet[Row],
    asked: Paging,
    show: Callable[[Sequence[Row]], list[Item]],
    *,
    newest_first: bool = False,
) -> dict[str, Any]:
    """One page of `rows`, as the values of a Page. Two queries, and those of `show`.

    Raises Problem for a parameter that `asked` does not know: a misspelled filter must not show everything.
    """
    if unknown := [name for name in request.GET if name not in type(asked).model_fields]:
        known = ", ".join(type(asked).model_fields)
        raise Problem.of_fields([(name, f"This is not known here. Choose from {known}.") for name in unknown])
    ordered = rows.order_by("-pk" if newest_first else "pk")
    if asked.cursor:
        ordered = ordered.filter(**{"pk__lt" if newest_first else "pk__gt": _read(asked.cursor)})
    found = list(ordered[: asked.limit + 1])
    shown = found[: asked.limit]
    return {
        "items": show(shown),
        "next": _write(shown[-1].pk) if len(found) > len(shown) else None,
        "count": rows.count(),
    }


def each(show: Callable[[Row], Item]) -> Callable[[Sequence[Row]], list[Item]]:
    """`show`, for one row after the other."""
    return lambda rows: [show(row) for row in rows]


def _write(pk: int) -> str:
    return base64.urlsafe_b64encode(f"after {pk}".encode()).decode("ascii").rstrip("=")


def _read(cursor: str) -> int:
    try:
        word, _, pk = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(" ")
    except (binascii.Error, ValueError):
        word, pk = "", ""
    if word != "after" or not pk.isdigit() or len(pk) > 18:
        raise Problem.of_field("cursor", "This is no cursor of ours. Use `next` of the page before, unchanged.")
    return int(pk)
