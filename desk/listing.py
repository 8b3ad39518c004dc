"""What every list of the desk does alike: one search field, columns that sort, fifty rows a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

ROWS = 50
LONGEST_SEARCH = 200
M = TypeVar("M", bound=Model)
Order = Any  # what order_by takes: a field's name or an expression
Columns = Mapping[str, Sequence[Order]]  # a list's sort keys, and what each sorts by


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: `q` to search, `sort` a key of the list's columns (`-key` turns it round)."""

    q: str
    sort: str


def asked(request: HttpRequest, columns: Columns, usual: str) -> Asked:
    """The search and the order of this request; an order that the list does not know is the `usual` one."""
    sort = request.GET.get("sort", "")
    # SQL cannot hold a NUL, and PostgreSQL refuses it with an error page
    q = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    return Asked(q, sort if sort.removeprefix("-") in columns else usual)


def paged(request: HttpRequest, rows: QuerySet[M], columns: Columns, sort: str, *, size: int = ROWS) -> "Page[M]":
    """The page of `rows` that the address asks for; beyond the last page, the last one."""
    order = columns[sort.removeprefix("-")]
    rows = rows.order_by(*(map(_turned, order) if sort.startswith("-") else order))
    return Paginator(rows, size).get_page(request.GET.get("page"))


def _turned(order: Order) -> Order:
    if isinstance(order, str):
        return order[1:] if order.startswith("-") else f"-{order}"
    turned = order.copy()
    turned.reverse_ordering()
    return turned
