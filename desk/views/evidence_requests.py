"""Requests for evidence: all of them, and one with the record, what was supplied, and what can be done."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Model, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Right
from desk.access import actor, find_document, find_evidence_request, may, staff
from desk.evidence_forms import ACCEPT, PINNED, GrantForm, SupplyForm, WordsForm
from desk.listing import asked, paged
from desk.queries.registration import choices_of, registration_of
from desk.timeline import entries_about, events
from desk.views.form_page import posted, refusals_on, registration_form_page, stamp
from desk.words import counted, listed, sentence
from monitors import evidence, grants
from monitors.evidence import EvidenceRefused
from monitors.grants import GrantRefused
from monitors.models import ELEMENTS, EvidenceRequest, Grant
from monitors.probes.holder_tables import CALLED
from notices.attachment import attachment
from notices.confirmations import owners
from notices.models import Delivery
from questionnaires.uploads import inspected

SHOW = {"live": "Waiting", "desk": "Waiting for us", "settled": "Settled", "dropped": "No longer asked", "all": "All"}
SUGGESTED = timedelta(days=365)
LETTERS = {
    "evidence_asked": "Request",
    "evidence_due": "Reminder",
    "evidence_settled": "Settled",
    "evidence_answered": "Answer has come",
    "evidence_overdue": "Overdue",
    "grant_given": "Let stand",
    "grant_ended": "Ended",
    "grant_ending": "Ends soon",
}


@require_safe
@staff
def evidence_requests(request: HttpRequest) -> HttpResponse:
    """Those that wait, the ones due first on top."""
    columns = {
        "due": ["due_on", "pk"],
        "vendor": ["domain__vendor__name", "pk"],
        "domain": ["domain__name", "pk"],
        "asked": ["asked_at", "pk"],
    }
    wanted = asked(request, columns, "due")
    show = request.GET.get("show", "live")
    show = show if show in SHOW else "live"
    everything = EvidenceRequest.objects.all()
    rows = {"live": everything.live(), "desk": everything.with_desk(), "all": everything}.get(show)
    rows = everything.filter(state=show) if rows is None else rows
    if wanted.q:
        found = Q(domain__name__icontains=wanted.q) | Q(domain__vendor__name__icontains=wanted.q)
        number = wanted.q.upper().removeprefix("E-")
        if number.isascii() and number.isdigit() and len(number) < 16:
            found |= Q(pk=int(number))
        rows = rows.filter(found)
    rows = rows.select_related("domain__vendor").annotate(supplied=Count("documents"))
    page = paged(request, rows, columns, wanted.sort)
    return render(
        request,
        "desk/evidence_requests.html",
        {
            "page": page,
            "lines": [(one, listed([CALLED[each] for each in one.elements])) for one in page],
            "waiting": everything.with_desk().count(),
            "today": timezone.now().date(),
            "q": wanted.q,
            "sort": wanted.sort,
            "show": show,
            "choices": SHOW,
        },
    )


@require_safe
@staff
def evidence_request(request: HttpRequest, number: str) -> HttpResponse:
    row = find_evidence_request(number)
    about: dict[type[Model], Any] = {
        EvidenceRequest: [row.pk],
        Grant: Grant.objects.filter(request=row),
    }
    return render(
        request,
        "desk/evidence_request.html",
        {
            "request_row": row,
            "domain": row.domain,
            "registration": registration_of(row.domain),
            "documents": [(one, listed([CALLED[each] for each in one.elements])) for one in row.documents.all()],
            "letters": [(LETTERS.get(one.letter, one.letter), one) for one in _letters(row)],
            "has_owners": bool(owners(row.domain.vendor)),
            "is_late": row.state == EvidenceRequest.State.OPEN and row.due_on < timezone.now().date(),
            "events": events(entries_about(about)[:20]),
        },
    )


def _letters(row: EvidenceRequest) -> list[Delivery]:
    """Those about it; a letter about several requests stands under the first of them."""
    together = Q(letter__in=["evidence_asked", "evidence_due"], created_at__in=[row.asked_at, row.reminded_at])
    found = Delivery.objects.filter(Q(about=row.about) | together).order_by("created_at", "pk")
    return [
        one
        for one in found
        if one.about == row.about or row.number in {each["number"] for each in one.facts.get("requests", ())}
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.REVIEW)
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """What was supplied shows it: let it stand until a day."""
    row = find_evidence_request(number)
    now = timezone.now()
    shown = registration_of(row.domain)
    supplied = {one for each in row.documents.values_list("elements", flat=True) for one in each}
    form = GrantForm(
        posted(request),
        choices=choices_of([one for one in shown.missing if one in supplied]),
        hint="Which document shows it, and how. The vendor reads it.",
        initial={"record": shown.record, "until": now.date() + SUGGESTED},
    )
    with refusals_on(form, GrantRefused):
        if form.is_valid():
            said = form.cleaned_data
            made = grants.accept(
                row, said["elements"], said["reason"], said["until"], said["record"], by=actor(request), at=now
            )
            what = sentence(listed([one.called for one in made]))
            messages.success(request, f"{what} accepted until {made[0].expires_on}. {row.domain.vendor} is told.")
            return redirect("desk:evidence_request", number=row.number)
    return _form(
        request, row, form, f"Accept what {row.domain.vendor} sent", PINNED, "Accept it",
        "" if form.has_choices else "Nothing was supplied for what is still missing.",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.REVIEW)
def ask_again(request: HttpRequest, number: str) -> HttpResponse:
    row = find_evidence_request(number)
    form = WordsForm(posted(request), label="What is still missing", required=True)
    with refusals_on(form, EvidenceRefused):
        if form.is_valid():
            evidence.ask_again(row, form.cleaned_data["words"], **stamp(request))
            messages.success(request, f"{row} is with {row.domain.vendor} again, until {row.due_on}.")
            return redirect("desk:evidence_request", number=row.number)
    lede = "The letter names what the registration does not show by now, with your words, and gives new time."
    return _form(request, row, form, f"Ask {row.domain.vendor} again", lede, "Ask again")


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.REVIEW)
def supply(request: HttpRequest, number: str) -> HttpResponse:
    """Put to the request what the vendor sent in another way."""
    row = find_evidence_request(number)
    is_sent = request.method == "POST"
    form = SupplyForm(posted(request), choices=choices_of(ELEMENTS))
    if is_sent and form.is_valid():
        shown, problems = inspected(request.FILES.getlist("files"))
        try:
            if not problems:
                made = evidence.answer(
                    row, shown, form.cleaned_data["note"], form.cleaned_data["elements"],
                    by=actor(request), at=timezone.now(), is_from_desk=True,
                )  # fmt: skip
        except EvidenceRefused as refused:
            problems.append(str(refused))
        if not problems:
            messages.success(request, f"{sentence(counted(len(made), 'document'))} added to {row}.")
            return redirect("desk:evidence_request", number=row.number)
        for problem in problems:
            form.add_error(None, problem)
    lede = "For what came by mail or on paper. Each file gets the same note."
    return _form(request, row, form, f"Add a document to {row}", lede, "Add it", takes_files=True)


def _form(
    request: HttpRequest,
    row: EvidenceRequest,
    form: GrantForm | WordsForm | SupplyForm,
    title: str,
    lede: str,
    button: str,
    nothing: str = "",
    *,
    takes_files: bool = False,
) -> HttpResponse:
    return registration_form_page(
        request,
        form,
        row.domain,
        title=title,
        lede=lede,
        button=button,
        nothing=nothing or ("" if row.is_live else f"{row} is over: nothing more is needed for it."),
        request_row=row,
        accept=ACCEPT if takes_files else "",
    )


@require_safe
@staff
def document(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The file, to save: never shown in the browser."""
    found = find_document(uid)
    if not found.place:
        raise Http404
    return attachment(found.place, found.file_name, found.media_type)
