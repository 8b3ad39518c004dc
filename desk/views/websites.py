"""Websites that a person has to look at: a machine could not say what is on them."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.access import staff
from desk.listing import asked, paged
from monitors import checks
from monitors.models import Watch, WatchQuerySet


@require_safe
@staff
def websites(request: HttpRequest) -> HttpResponse:
    """The ones that wait longest on top; each sentence names the page, and what to look for on it."""
    columns = {
        "since": ["since", "pk"],
        "domain": ["domain__name", "pk"],
        "vendor": ["vendor__name", "pk"],
        "looked": ["looked_at", "pk"],
    }
    wanted = asked(request, columns, "since")
    rows = to_look_at().select_related("domain", "vendor")
    if wanted.q:
        rows = rows.filter(Q(domain__name__icontains=wanted.q) | Q(vendor__name__icontains=wanted.q))
    page = paged(request, rows, columns, wanted.sort)
    return render(
        request, "desk/websites.html", {"page": page, "q": wanted.q, "sort": wanted.sort, "show": "", "choices": {}}
    )


def to_look_at() -> WatchQuerySet:
    """Websites whose last reading is for a person: drawn by a script, closed to machines, led elsewhere."""
    return Watch.objects.running().filter(check_id=checks.WEBSITE, result="review")
