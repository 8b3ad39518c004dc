"""How vendors compare: their standing over the last 30 and 90 days as figures, and both tables as files."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Lower
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.access import find_vendor, staff
from desk.csv_rows import streamed
from desk.listing import Asked, Columns, asked, paged
from desk.views.vendors import SHOW, search
from halts.models import HaltOrder
from monitors import checks
from monitors.models import Finding, Observation, TrackRecord
from monitors.standing import first_moment
from vendors.models import Vendor

LAST: list[Any] = [Lower("name").asc(), "pk"]
HISTORY = ("subject", "check", "path", "verdict", "result", "severity", "first seen", "last seen", "count", "codes",
           "sentence")  # fmt: skip
COMPARED = ("vendor", "number", "state", "uptime 30 days", "uptime 90 days", "not seen 30 days", "not seen 90 days",
            "open findings", "findings cleared in 90 days", "median s to clear", "orders in force",
            "orders in 90 days", "counted at")  # fmt: skip


class _KnownFirst(OrderBy):
    """What is not known stays last when the order is turned round."""

    def reverse_ordering(self) -> "_KnownFirst":
        self.descending = not self.descending
        return self


def _figure(name: str) -> list[Any]:
    return [_KnownFirst(F(f"track_record__{name}"), nulls_last=True), *LAST]


COLUMNS: Columns = {
    "name": LAST,
    "uptime30": _figure("uptime_30"),
    "uptime90": _figure("uptime_90"),
    "unseen30": _figure("unseen_30"),
    "unseen90": _figure("unseen_90"),
    "clear": _figure("median_to_clear"),
    "findings": ["open_findings", *LAST],
    "orders": ["orders_in_force", *LAST],
    "late": ["orders_lately", *LAST],
}


@require_safe
@staff
def standing(request: HttpRequest) -> HttpResponse:
    wanted, show, rows = _wanted(request, timezone.now())
    return render(
        request,
        "desk/standing.html",
        {
            "page": paged(request, rows, COLUMNS, wanted.sort),
            "counted": TrackRecord.objects.aggregate(oldest=Min("counted_at"))["oldest"],
            "q": wanted.q,
            "sort": wanted.sort,
            "show": show,
            "choices": SHOW,
            "query": request.GET.urlencode(),
        },
    )


@require_safe
@staff
def standing_csv(request: HttpRequest) -> HttpResponseBase:
    """The same vendors as the list shows, all pages of it."""
    now = timezone.now()
    _, _, rows = _wanted(request, now)
    return streamed(f"standing-{now:%Y-%m-%d}.csv", COMPARED, _compared(rows.order_by(*LAST)))


@require_safe
@staff
def history_csv(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A vendor's history: a row for each check and run of like readings."""
    vendor = find_vendor(uid)
    return streamed(f"{vendor.number}-history.csv", HISTORY, _runs(vendor))


def _wanted(request: HttpRequest, now: datetime) -> tuple[Asked, str, QuerySet[Vendor]]:
    wanted = asked(request, COLUMNS, "uptime90")
    show = request.GET.get("show", "active")
    show = show if show in SHOW else "active"
    rows = compared(search(wanted.q), now)
    return wanted, show, rows if show == "all" else rows.filter(state=show)


def compared(vendors: QuerySet[Vendor], now: datetime) -> QuerySet[Vendor]:
    """With their figures and counts, in one query."""
    counts: Mapping[str, QuerySet[Any]] = {
        "open_findings": Finding.objects.open(),
        "orders_in_force": HaltOrder.objects.standing(),
        "orders_lately": HaltOrder.objects.filter(issued_at__gte=first_moment(now)),
    }
    of = {name: Coalesce(Subquery(_count(rows)), 0) for name, rows in counts.items()}
    return vendors.select_related("track_record").annotate(**of)


def _count(rows: QuerySet[Any]) -> Any:
    return rows.filter(vendor=OuterRef("pk")).order_by().values("vendor").annotate(n=Count("pk")).values("n")


def _compared(rows: QuerySet[Vendor]) -> Iterator[tuple[Any, ...]]:
    facts = ("uptime_30", "uptime_90", "unseen_30", "unseen_90", "cleared", "median_to_clear", "counted_at")
    orders = ("orders_in_force", "orders_lately")
    counted = [f"track_record__{name}" for name in facts]
    values = rows.values_list("name", "pk", "state", *counted[:4], "open_findings", *counted[4:6], *orders, counted[6])
    for name, pk, *rest in values.iterator(500):
        yield name, Vendor(pk=pk).number, *rest


def _runs(vendor: Vendor) -> Iterator[tuple[Any, ...]]:
    fields = ("path", "verdict", "result", "severity", "first_at", "last_at", "count", "codes", "sentence")
    rows = Observation.objects.filter(watch__vendor=vendor).order_by("watch", "path", "first_at", "pk")
    named = ("watch__check_id", "watch__server__address", "watch__domain__name")
    names: dict[str, str] = {}
    for check, address, domain, *run in rows.values_list(*named, *fields).iterator(500):
        title = names.get(check) or names.setdefault(check, checks.check_name(check))
        codes = ", ".join(map(str, run[7]))
        yield address or domain or vendor.name, title, *run[:7], codes, run[8]
