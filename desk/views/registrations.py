"""Registrations of domains: all of them, and one with what it shows; asking for what it does not, and exceptions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rights import Right
from desk.access import actor, find_domain, may, person, staff
from desk.evidence_forms import PINNED, GrantForm, WordsForm
from desk.listing import asked, paged
from desk.queries.registration import RESULTS, choices_of, registration_of
from desk.timeline import entries_about, events
from desk.views.form_page import posted, refusals_on, registration_form_page, stamp
from desk.words import counted, sentence
from monitors import checks, evidence, grants
from monitors.evidence import EvidenceRefused
from monitors.grants import GrantRefused
from monitors.models import EvidenceRequest, Grant, Watch
from vendors.models import Domain

SHOW = {
    "open": "Not shown or not met",
    "not_met": "Not met",
    "not_shown": "Not shown",
    "unseen": "Not checked",
    "met": "Met",
    "all": "All",
}
SUGGESTED = timedelta(days=180)


@require_safe
@staff
def registrations(request: HttpRequest) -> HttpResponse:
    columns = {
        "domain": ["domain__name", "pk"],
        "vendor": ["vendor__name", "pk"],
        "since": ["since", "pk"],
        "looked": ["looked_at", "pk"],
    }
    wanted = asked(request, columns, "since")
    show = request.GET.get("show", "open")
    show = show if show in SHOW else "open"
    rows = Watch.objects.running().filter(check_id=checks.REGISTRATION).select_related("domain", "vendor")
    match show:
        case "open":
            rows = rows.filter(result__in=["not_met", "not_shown"])
        case "unseen":
            rows = rows.exclude(result__in=RESULTS)
        case "all":
            pass
        case _:
            rows = rows.filter(result=show)
    if wanted.q:
        rows = rows.filter(Q(domain__name__icontains=wanted.q) | Q(vendor__name__icontains=wanted.q))
    page = paged(request, rows, columns, wanted.sort)
    live = EvidenceRequest.objects.live().filter(domain__in=[watch.domain_id for watch in page])
    requests = {one.domain_id: one for one in live}
    lines = [
        (watch, *RESULTS.get(watch.result, ("unkn", "Not checked")), requests.get(watch.domain_id or 0))
        for watch in page
    ]
    return render(
        request,
        "desk/registrations.html",
        {"page": page, "lines": lines, "q": wanted.q, "sort": wanted.sort, "show": show, "choices": SHOW},
    )


@require_safe
@staff
def registration(request: HttpRequest, uid: UUID) -> HttpResponse:
    domain = find_domain(uid)
    about: dict[type[Model], Any] = {
        Domain: [domain.pk],
        EvidenceRequest: EvidenceRequest.objects.filter(domain=domain),
        Grant: Grant.objects.filter(domain=domain),
    }
    return render(
        request,
        "desk/registration_page.html",
        {
            "domain": domain,
            "registration": registration_of(domain),
            "earlier": EvidenceRequest.objects.filter(domain=domain).order_by("-asked_at", "-pk")[:10],
            "events": events(entries_about(about)[:15]),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.REVIEW)
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask the vendor by hand, before the engine would, or of a registration that is not met."""
    domain = find_domain(uid)
    form = WordsForm(posted(request), label="What we add", required=False)
    with refusals_on(form, EvidenceRefused):
        if form.is_valid():
            made = evidence.ask_by_hand(domain, form.cleaned_data["words"], **stamp(request))
            messages.success(request, f"{made} is open until {made.due_on}. {domain.vendor} is written to.")
            return redirect("desk:evidence_request", number=made.number)
    return registration_form_page(
        request,
        form,
        domain,
        title=f"Ask {domain.vendor} who holds {domain}",
        lede="The letter names each element that the registration does not show, and how to mend it.",
        button="Ask",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.WAIVE)
def waive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An exception for elements that the registration does not show, until a day."""
    domain = find_domain(uid)
    now = timezone.now()
    shown = registration_of(domain)
    form = GrantForm(
        posted(request),
        choices=choices_of(_open_to_exceptions(shown.missing, shown.grants)),
        hint="Why it may be so. The vendor reads it.",
        initial={"record": shown.record, "until": now.date() + SUGGESTED},
    )
    with refusals_on(form, GrantRefused):
        if form.is_valid():
            said = form.cleaned_data
            made = grants.waive(
                domain, said["elements"], said["reason"], said["until"], said["record"],
                user=person(request), by=actor(request), at=now,
            )  # fmt: skip
            what = sentence(counted(len(made), "exception"))
            messages.success(
                request,
                f"{what} until {made[0].expires_on}. {domain.vendor} is told, and the registration is looked at anew."
                if made[0].state == Grant.State.STANDING
                else f"{what} proposed. It stands when somebody else confirms it.",
            )
            return redirect("desk:registration", uid=domain.uid)
    return registration_form_page(
        request,
        form,
        domain,
        title=f"Make an exception for {domain}",
        lede=PINNED,
        button="Propose the exception" if shown.four_eyes else "Make the exception",
        nothing="" if form.has_choices else "The registration shows all of it, or was never read.",
    )


def _open_to_exceptions(missing: list[str], standing: list[Grant]) -> list[str]:
    """What is missing, and what stands already: a newer exception takes the place."""
    return [*missing, *(one.element for one in standing)]


@require_POST
@may(Right.WAIVE)
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """As the second person, the exceptions that wait for one."""
    domain = find_domain(uid)
    try:
        made = grants.confirm(domain, user=person(request), by=actor(request), at=timezone.now())
    except GrantRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{sentence(counted(len(made), 'exception'))} confirmed. {domain.vendor} is told.")
    return redirect("desk:registration", uid=domain.uid)
