"""What is said of single answers: sending one back, and comments, for the desk alone or for the vendor too."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.rights import Right
from desk.access import actor, find_return, find_submission, may
from desk.queries.submission import anchor
from desk.views.submission import Typed, back, page
from questionnaires import review
from questionnaires.models import Comment
from questionnaires.review import ReviewRefused

ROW = re.compile(r"[A-Za-z0-9_-]{0,32}", re.ASCII)  # the uid of a row of a form; "" for none


@require_POST
@may(Right.REVIEW)
def mark(request: HttpRequest, number: str) -> HttpResponse:
    """Note that the answer goes back; again with other words changes them."""
    submission = find_submission(number)
    code, row, text = _place(request)
    key = f"{code}@{row}" if row else code
    try:
        review.mark_return(submission, code, row, text, by=actor(request), at=timezone.now())
    except LookupError:
        raise Http404 from None
    except ReviewRefused as refused:
        return page(request, submission, Typed(f"return-{anchor(key)}", text, str(refused)))
    messages.success(request, f"{code} is marked to go back. It leaves when you send the form back.")
    return back(request, submission, anchor(key))


@require_POST
@may(Right.REVIEW)
def unmark(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    noted = find_return(number, pk)
    key = f"{noted.code}@{noted.row}" if noted.row else noted.code
    try:
        review.unmark_return(noted, by=actor(request), at=timezone.now())
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{noted.code} stays as it is.")
    return back(request, noted.submission, anchor(key))


@require_POST
@may(Right.REVIEW)
def comment(request: HttpRequest, number: str) -> HttpResponse:
    """About an answer, or about the whole. The button pressed says who may read it; without one, the desk alone."""
    submission = find_submission(number)
    code, row, text = _place(request)
    is_shared = request.POST.get("audience") == Comment.Audience.SHARED
    key = f"{code}@{row}" if row else code
    place = anchor(key) if code else "thread"
    try:
        review.comment(
            submission,
            text,
            code=code,
            row=row,
            audience=Comment.Audience.SHARED if is_shared else Comment.Audience.INTERNAL,
            is_from_desk=True,
            by=actor(request),
            at=timezone.now(),
        )
    except LookupError:
        raise Http404 from None
    except ReviewRefused as refused:
        return page(request, submission, Typed(f"comment-{place}", text, str(refused)))
    messages.success(request, "The vendor can read your comment." if is_shared else "Your note is kept, for us alone.")
    return back(request, submission, place)


def _place(request: HttpRequest) -> tuple[str, str, str]:
    """The code, the row and the text that were posted. A row that is no row of ours is none."""
    row = request.POST.get("row", "")
    return request.POST.get("code", ""), row if ROW.fullmatch(row) else "", request.POST.get("text", "")
