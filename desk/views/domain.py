"""One domain of a vendor: each check with its last readings and the raw answers, and what stood over time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_domain, may, staff
from desk.queries.registration import registration_of
from desk.queries.watch_lines import watch_lines
from desk.timeline import entries_about, events
from desk.views.vendor import asked_for
from monitors import checks
from monitors.models import EvidenceRequest, Finding, Grant, Watch
from monitors.standing import by_check, told_of
from monitors.watches import look_now
from vendors.models import Domain


@staff
def domain(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_domain(uid)
    now = timezone.now()
    watches = Watch.objects.filter(domain=row)
    return render(
        request,
        "desk/domain.html",
        {
            "domain": row,
            "lines": watch_lines(watches),
            "strips": by_check(told_of(watches, now), now),
            "findings": Finding.objects.filter(domain=row).select_related("watch")[:10],
            "registration": registration_of(row) if watches.filter(check_id=checks.REGISTRATION).exists() else None,
            "events": events(entries_about(_story_of(row))[:12]),
        },
    )


def _story_of(row: Domain) -> dict[type[Model], Any]:
    return {
        Domain: [row.pk],
        Finding: Finding.objects.filter(domain=row),
        EvidenceRequest: EvidenceRequest.objects.filter(domain=row),
        Grant: Grant.objects.filter(domain=row),
    }


@require_POST
@may(Right.EDIT_VENDORS)
def look(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = find_domain(uid)
    count = look_now(Watch.objects.running().filter(domain=row), row, by=actor(request), at=timezone.now())
    messages.success(request, asked_for(count, str(row)))
    return redirect("desk:domain", uid=row.uid)
