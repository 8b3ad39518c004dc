"""One sending server: each check with its last readings and the raw answers."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_server, may, staff
from desk.checks import Check, check, in_order, word_of
from desk.evidence import Round, rounds_of
from desk.timeline import entries_about, events
from desk.verdict import verdict
from desk.views.vendor import asked_for
from halts.models import HaltOrder
from monitors import checks
from monitors.models import Finding, Observation, Watch
from monitors.watches import look_now
from vendors.models import SendingServer

READINGS = 5  # of each check


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One check of the server; `rounds` are its last readings, newest first."""

    watch: Watch
    check: Check
    word: str
    rounds: list[Round]


@staff
def server(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_server(uid)
    lines = watch_lines(row)
    watched = {line.check.id for line in lines}
    address = checks.address_of(row.address)
    return render(
        request,
        "desk/server.html",
        {
            "server": row,
            "verdict": verdict(row.vendor, timezone.now(), row),
            "lines": lines,
            "uncovered": [
                entry
                for entry in checks.asked().values()
                if "domain" not in entry.targets and not entry.covers(address)
            ],
            "watched": len(watched),
            "findings": Finding.objects.filter(server=row).select_related("watch")[:10],
            "orders": HaltOrder.objects.standing().filter(server=row),
            "events": events(
                entries_about({SendingServer: [row.pk], Finding: Finding.objects.filter(server=row)})[:12]
            ),
        },
    )


def watch_lines(row: SendingServer) -> list[WatchLine]:
    """Every check of the server with its last readings, in two queries; those that no longer run come last."""
    watches = {watch.check_id: watch for watch in Watch.objects.filter(server=row)}
    numbered = Observation.objects.filter(watch__in=list(watches.values())).annotate(
        place=Window(RowNumber(), partition_by=F("watch"), order_by=[F("last_at").desc(), F("pk").desc()])
    )
    readings: dict[int, list[Observation]] = defaultdict(list)
    for observation in numbered.filter(place__lte=READINGS).order_by("-last_at", "-pk"):
        readings[observation.watch_id].append(observation)
    lines = [
        WatchLine(watches[one.id], check(one.id), word_of(watches[one.id]), rounds_of(readings[watches[one.id].pk]))
        for one in in_order(watches)
    ]
    return sorted(lines, key=lambda line: not line.watch.is_running)


@require_POST
@may(Right.EDIT_VENDORS)
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_server(uid)
    count = look_now(Watch.objects.running().filter(server=row), row, by=actor(request), at=timezone.now())
    messages.success(request, asked_for(count, str(row)))
    return redirect("desk:server", uid=row.uid)
