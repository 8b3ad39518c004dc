"""One vendor: may they mail, its servers by checks, its domains, what stood over time, whom we tell, and its story."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_vendor, may, staff
from desk.listing import ROWS
from desk.queries.lookups import of_vendor
from desk.queries.papers import papers
from desk.queries.vendor import matrix, seen, with_seen
from desk.sentences.review import MINOR
from desk.timeline import entries_about, events, vendor_rows
from desk.verdict import verdict
from desk.words import counted
from halts.models import HaltOrder
from monitors.models import Watch
from monitors.standing import by_kind, told_of
from monitors.watches import look_now
from notices.confirmations import last_letters

EVENTS = 12
ORDERS = 5


@staff
def vendor(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_vendor(uid)
    now = timezone.now()
    contacts = list(row.contacts.order_by("-is_emergency", "rank", "pk").with_calls())
    asked = last_letters(contacts)
    servers = row.servers.order_by("state", "pk")  # active comes before retired
    page = Paginator(servers, ROWS).get_page(request.GET.get("page"))
    columns, rows = matrix(list(page))
    # Look-ups come many at once, and what they open has an entry of its own.
    entries = entries_about(vendor_rows(row)).exclude(verb__in=(*MINOR, "attested"))
    return render(
        request,
        "desk/vendor.html",
        {
            "vendor": row,
            "verdict": verdict(row, now),
            "seen": seen(row),
            "domains": with_seen(row.domains.order_by("state", "-is_declared", "name")),
            "strips": by_kind(told_of(Watch.objects.filter(vendor=row), now), now),
            "contacts": [(one, asked.get(one.pk)) for one in contacts],
            "aliases": row.aliases.all(),
            "page": page,
            "columns": columns,
            "rows": rows,
            "orders": HaltOrder.objects.filter(vendor=row).select_related("server")[:ORDERS],
            "by_hand": of_vendor(row, now),
            "papers": papers(row, now),
            "events": events(entries[:EVENTS]),
        },
    )


@staff
def history(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_vendor(uid)
    page = Paginator(entries_about(vendor_rows(row)), ROWS).get_page(request.GET.get("page"))
    return render(request, "desk/vendor_history.html", {"vendor": row, "page": page, "events": events(page)})


@require_POST
@may(Right.EDIT_VENDORS)
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_vendor(uid)
    watches = Watch.objects.running().filter(vendor=row)
    count = look_now(watches, row, by=actor(request), at=timezone.now())
    messages.success(request, asked_for(count, f"{row}"))
    return redirect("desk:vendor", uid=row.uid)


def asked_for(count: int, whose: str) -> str:
    """What the page says after somebody asked for checks."""
    if not count:
        return f"Nothing of {whose} is watched now, so there was nothing to check."
    return (
        f"Asked for {counted(count, 'check')} of {whose}. The next sweep takes them; this page then shows the result."
    )
