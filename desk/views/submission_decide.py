"""Deciding: send back, decline, accept, and letting a stop rule pass. What each does is in questionnaires."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rights import Right
from accounts.signed_in import proved_anew_to_send
from desk.access import actor, find_submission, find_waiver, may, person
from desk.queries.submission import Reading
from desk.review_forms import ConditionsForm, NoteForm, WaiverForm
from desk.views.submission import Typed, back, page, where
from desk.words import counted, sentence
from questionnaires import acceptances, decisions, review, scope, waivers
from questionnaires.models import Submission
from questionnaires.review import ReviewRefused
from questionnaires.waivers import Flag


@require_POST
@may(Right.REVIEW)
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    submission = find_submission(number)
    form = NoteForm(request.POST)
    note = request.POST.get("note", "")
    if not form.is_valid():
        return page(request, submission, Typed("decide", note, str(form.errors["note"][0])))
    marked = review.noted(submission)
    try:
        decisions.send_back(
            submission, form.cleaned_data["note"], user=person(request), by=actor(request), at=timezone.now()
        )
    except ReviewRefused as refused:
        return page(request, submission, Typed("decide", note, str(refused)))
    messages.success(
        request, f"{sentence(counted(marked, 'answer')) if marked else 'The form'} went back to {submission.vendor}."
    )
    return redirect("desk:submission", number=submission.number)


@require_POST
@may(Right.REVIEW)
@proved_anew_to_send
def decline(request: HttpRequest, number: str) -> HttpResponse:
    submission = find_submission(number)
    form = NoteForm(request.POST)
    note = request.POST.get("note", "")
    if not form.is_valid():
        return page(request, submission, Typed("decide", note, str(form.errors["note"][0])))
    try:
        decisions.decline(
            submission, form.cleaned_data["note"], user=person(request), by=actor(request), at=timezone.now()
        )
    except ReviewRefused as refused:
        return page(request, submission, Typed("decide", note, str(refused)))
    messages.success(request, f"{submission.number} is declined, and {submission.vendor} is told why.")
    return redirect("desk:submission", number=submission.number)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.REVIEW)
@proved_anew_to_send
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """GET shows what the letter will cover; POST accepts, as the first or as the second of four eyes."""
    submission = find_submission(number)
    now = timezone.now()
    forms: Any = ConditionsForm(
        request.POST if request.method == "POST" else None, prefix="conditions", form_kwargs={"today": now.date()}
    )
    problem = ""
    if request.method == "POST" and forms.is_valid():
        by, user = actor(request), person(request)
        try:
            if settings.FOUR_EYES and decisions.first_eyes(submission) is None:
                decisions.recommend(submission, forms.written, user=user, by=by, at=now)
                messages.success(request, "You accepted as the first. It counts when somebody else accepts too.")
                return redirect("desk:submission", number=submission.number)
            acceptance = acceptances.accept(submission, forms.written, user=user, by=by, at=now)
        except ReviewRefused as refused:
            problem = str(refused)
        else:
            messages.success(request, f"{acceptance.number} is issued, and the letter is on its way.")
            return redirect("desk:acceptance", number=acceptance.number)
    reading = Reading(submission, now)
    first, voided = decisions.recommended(submission)
    if voided and request.method == "GET":  # what the first person wrote is not lost with the acceptance
        forms = ConditionsForm(prefix="conditions", initial=voided.conditions, form_kwargs={"today": now.date()})
    context = {
        "submission": submission,
        "forms": forms,
        "problem": problem,
        "obstacles": reading.obstacles,
        "first": first,
        "voided": voided,
        "since_first": decisions.flags_since(first, reading.flags) if first else [],
        "is_first": first is not None and first.user_id == person(request).pk,
        "four_eyes": settings.FOUR_EYES,
        "scope": scope.of(reading.signature) if reading.signature else {},
        "waived": [flag for flag in reading.flags if flag.waiver],
        "signature": reading.signature,
    }
    return render(request, "desk/submission_accept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@may(Right.WAIVE)
def waive(request: HttpRequest, number: str, rule: str) -> HttpResponse:
    """Let a rule that stops pass, for the row that the address names or for the whole."""
    submission = find_submission(number)
    now = timezone.now()
    reading = Reading(submission, now)
    row = request.GET.get("row", "")
    flag = _stop(reading, rule, row)
    form = WaiverForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            waivers.waive(submission, rule, row, **form.cleaned_data, by=actor(request), at=now)
        except LookupError:
            raise Http404 from None
        except ReviewRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The rule is waived. The letter will name it as a condition.")
            return redirect(where(reading, flag.rule.question, row))
    context = {"submission": submission, "flag": flag, "form": form, "place": where(reading, flag.rule.question, row)}
    return render(request, "desk/submission_waive.html", context)


def _stop(reading: Reading, rule: str, row: str) -> Flag:
    if reading.submission.state == Submission.State.IN_REVIEW:
        for flag in reading.flags:
            if flag.rule.id == rule and flag.row_uid == row and flag.rule.level == "stop":
                return flag
    raise Http404


@require_POST
@may(Right.WAIVE)
def revoke_waiver(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    waiver = find_waiver(number, pk)
    try:
        waivers.revoke(waiver, by=actor(request), at=timezone.now())
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The waiver is revoked. The rule stops acceptance again.")
    return back(request, waiver.submission)
