"""Proof by sample: saying what was found of the rows drawn, and asking for proof of more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_submission, may, person
from desk.views.submission import Typed, back, page
from desk.words import counted
from questionnaires import verdicts
from questionnaires.review import ReviewRefused


@require_POST
@may(Right.REVIEW)
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """The ticked rows lack proof without a good reason; no tick means that all is well."""
    submission = find_submission(number)
    failed = [int(one) for one in request.POST.getlist("failed") if one.isascii() and one.isdigit() and len(one) < 16]
    words = request.POST.get("words", "")
    try:
        verdicts.judge(submission, failed, words, user=person(request), by=actor(request), at=timezone.now())
    except ReviewRefused as refused:
        return page(request, submission, Typed("sample", words, str(refused)))
    without = f"{counted(len(failed), 'row')} without proof" if failed else "every row is proved or explained"
    messages.success(request, f"The sample is judged: {without}.")
    return back(request, submission, "sample")


@require_POST
@may(Right.REVIEW)
def widen(request: HttpRequest, number: str) -> HttpResponse:
    submission = find_submission(number)
    try:
        draw = verdicts.widen(submission, by=actor(request), at=timezone.now())
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"{len(draw.numbers)} rows are drawn now. Send the form back: B8.01 is marked to go with it."
        )
    return back(request, submission, "sample")
