"""One sending server: each check with its last readings and the raw answers, and what stood over time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_server, may, staff
from desk.queries.watch_lines import watch_lines
from desk.timeline import entries_about, events
from desk.verdict import verdict
from desk.views.vendor import asked_for
from halts.models import HaltOrder
from monitors import checks
from monitors.models import Attestation, Finding, Watch
from monitors.standing import by_check, told_of
from monitors.watches import look_now
from vendors.models import SendingServer


@staff
def server(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_server(uid)
    now = timezone.now()
    watches = Watch.objects.filter(server=row)
    lines = watch_lines(watches)
    address = checks.address_of(row.address)
    return render(
        request,
        "desk/server.html",
        {
            "server": row,
            "verdict": verdict(row.vendor, now, row),
            "lines": lines,
            "uncovered": [
                entry
                for entry in checks.asked().values()
                if "domain" not in entry.targets and not entry.covers(address)
            ],
            "strips": by_check(told_of(watches, now), now),
            "findings": Finding.objects.filter(server=row).select_related("watch")[:10],
            "orders": HaltOrder.objects.standing().filter(server=row),
            "events": events(
                entries_about(
                    {
                        SendingServer: [row.pk],
                        Finding: Finding.objects.filter(server=row),
                        Attestation: Attestation.objects.filter(watch__server=row),
                    }
                )[:12]
            ),
        },
    )


@require_POST
@may(Right.EDIT_VENDORS)
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_server(uid)
    count = look_now(Watch.objects.running().filter(server=row), row, by=actor(request), at=timezone.now())
    messages.success(request, asked_for(count, str(row)))
    return redirect("desk:server", uid=row.uid)
