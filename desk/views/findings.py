"""Findings: all of them, and one with the evidence behind it."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desk.access import find_finding, staff
from desk.checks import check, headline
from desk.evidence import Round, rounds_of
from desk.listing import asked, paged
from desk.timeline import entries_about, events
from halts.models import HaltOrder
from monitors import checks
from monitors.cures import cure
from monitors.delistings import is_of_a_list
from monitors.models import Attestation, Delisting, Finding, Observation
from monitors.probes.reading import Verdict
from notices.models import Delivery

SHOW = {"open": "Open", "closed": "Closed", "all": "All"}
ROUNDS = 12  # the first and the last readings; the server's page has every one


@staff
def findings(request: HttpRequest) -> HttpResponse:
    columns = {
        "opened": ["opened_at", "pk"],
        "vendor": ["vendor__name", "pk"],
        "check": ["watch__check_id", "server__address", "pk"],
        "closed": ["closed_at", "pk"],
    }
    wanted = asked(request, columns, "-opened")
    show = request.GET.get("show", "open")
    show = show if show in SHOW else "open"
    rows = search(wanted.q).select_related("vendor", "server", "domain", "watch").prefetch_related("halt_orders")
    if show != "all":
        rows = rows.filter(state=show)
    page = paged(request, rows, columns, wanted.sort)
    return render(
        request,
        "desk/findings.html",
        {
            "page": page,
            "lines": [(finding, headline(finding)) for finding in page],
            "q": wanted.q,
            "sort": wanted.sort,
            "show": show,
            "choices": SHOW,
        },
    )


def search(q: str) -> QuerySet[Finding]:
    """Findings by number, vendor, server, or what was seen."""
    if not q:
        return Finding.objects.all()
    found = (
        Q(vendor__name__icontains=q)
        | Q(server__address__istartswith=q)
        | Q(server__hostname__icontains=q)
        | Q(domain__name__icontains=q)
        | Q(sentence__icontains=q)
    )
    number = q.upper().removeprefix("F-")
    if number.isascii() and number.isdigit() and len(number) < 16:
        found |= Q(pk=int(number))
    return Finding.objects.filter(found)


@staff
def finding(request: HttpRequest, number: str) -> HttpResponse:
    row = find_finding(number)
    order = HaltOrder.objects.filter(finding=row).first()
    rounds = confirming(row)
    by_hand = row.watch.check_id.startswith(checks.ATTESTED)
    said = Attestation.objects.filter(watch=row.watch, at__gte=row.first_seen_at)
    if row.closed_at:
        said = said.filter(at__lte=row.closed_at)
    delistings = list(row.delistings.all())
    latest = next((one for one in reversed(rounds) if one.observation.verdict == Verdict.ADVERSE), None)
    seen = latest.observation if latest else None
    return render(
        request,
        "desk/finding.html",
        {
            "finding": row,
            "headline": headline(row),
            "check": check(row.watch.check_id),
            "confirm_count": settings.CONFIRM_COUNT,
            "confirm_spacing": settings.CONFIRM_SPACING_SECONDS,
            "clear_count": settings.CLEAR_COUNT,
            "rounds": rounds,
            "is_by_hand": by_hand,
            "said": list(said[:ROUNDS]) if by_hand else [],
            "is_list": is_of_a_list(row),
            "delistings": delistings,
            "latest": latest,
            "cure": cure(
                row.watch.check_id,
                result=seen.result if seen else "",
                codes=seen.codes if seen else (),
                subject=str(row.domain or row.server or row.vendor),
            ),
            "order": order,
            "deliveries": list(Delivery.objects.about(order.about).order_by("created_at", "pk")) if order else [],
            "events": events(
                entries_about(
                    {
                        Finding: [row.pk],
                        HaltOrder: [order.pk] if order else [],
                        Delisting: [one.pk for one in delistings],
                    }
                )[:20]
            ),
        },
    )


def confirming(row: Finding) -> list[Round]:
    """The readings from the first suspicion on, oldest first; of a long run the first and the last ones."""
    seen = Observation.objects.filter(watch=row.watch_id, last_at__gte=row.first_seen_at)
    if row.closed_at:
        seen = seen.filter(first_at__lte=row.closed_at)
    first = list(seen.order_by("first_at", "pk")[: ROUNDS // 2])
    last = list(seen.order_by("-last_at", "-pk")[: ROUNDS // 2])[::-1]
    known = {one.pk for one in first}
    return rounds_of([*first, *(one for one in last if one.pk not in known)])
