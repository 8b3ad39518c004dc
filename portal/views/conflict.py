"""Two people, or two tabs, saved the same page: both versions side by side, and a choice for each answer. When a row
was removed meanwhile: what was typed into it since, and whether it comes back."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal import access
from portal.draft_storage import whole_number
from portal.filling import look_again, page_of_row
from portal.settling import following, settling_address
from questionnaires import drafts
from questionnaires.definition import Definition, Question
from questionnaires.drafts import Conflict, DraftRefused
from questionnaires.models import Save, Sheet, Submission
from questionnaires.sheet_form import Typed, code_of
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Difference:
    question: Question
    theirs: str
    mine: str


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def conflict(request: HttpRequest, vendor: Vendor, number: str, pk: int) -> HttpResponse:
    """GET shows both; POST keeps the chosen answers, or brings the row back."""
    submission = access.find_submission(vendor, number)
    lost = get_object_or_404(Save, submission=submission, pk=pk, has_lost=True)
    sheet = drafts.sheet_of(submission, lost.step, lost.row)
    page_of_form = submission.definition.pages[lost.step]
    address = reverse("portal:step", args=[submission.number, lost.step])
    if lost.row and sheet:
        address += f"?rows={page_of_row(submission, page_of_form, lost.row)}"
    onward = settling_address(submission.number, following(request), address)
    if request.method == "POST":
        if sheet is None:
            return _brought_back(request, submission, lost, onward)
        return _settled(request, submission, lost, sheet, onward)
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "page": page_of_form,
        "sheet": sheet,
        "lost": lost,
        "removal": submission.saves.filter(step=lost.step, row=lost.row, is_removal=True).last(),
        "differences": differences(submission.definition, sheet.typed if sheet else {}, lost.typed),
        "address": address,
        "onward": onward,
    }
    return render(request, "portal/conflict.html", page)


def _settled(request: HttpRequest, submission: Submission, lost: Save, sheet: Sheet, onward: str) -> HttpResponse:
    found = differences(submission.definition, sheet.typed, lost.typed)
    mine = {one.question.code for one in found if request.POST.get(one.question.code) == "mine"}
    seen, now = whole_number(request.POST.get("revision", "")), timezone.now()
    try:
        saved = drafts.settle(submission, lost, mine, revision=seen, by=access.actor(request), at=now)
    except Conflict as again:
        messages.warning(request, "The page was saved once more while you were choosing. Look at it again.")
        return redirect(settling_address(submission.number, [again.lost.pk, *following(request)]))
    except LookupError:
        messages.warning(request, "A colleague removed that row while you were choosing. Look at it again.")
        return redirect(request.get_full_path())
    except DraftRefused as refused:
        messages.error(request, str(refused))
        return redirect("portal:form", submission.number)
    look_again(submission, submission.definition.pages[lost.step], [saved], now)
    messages.success(request, "Both versions are put together as you chose. Nothing was lost.")
    return redirect(onward)


def _brought_back(request: HttpRequest, submission: Submission, lost: Save, onward: str) -> HttpResponse:
    """A new row with what was typed; the files of the removed one stay removed."""
    page, now = submission.definition.pages[lost.step], timezone.now()
    try:
        row = drafts.add_row(submission, lost.step, by=access.actor(request), at=now, values=lost.typed)
    except DraftRefused as refused:
        messages.error(request, str(refused))
    else:
        look_again(submission, page, [row], now)
        messages.success(request, "It is back, at the end of the page. Files that it had have to be added again.")
    return redirect(onward)


def differences(definition: Definition, theirs: Typed, mine: Typed) -> list[Difference]:
    """The questions whose answers differ, as they were typed."""
    questions = definition.questions
    codes = {code_of(name) for name in {*theirs, *mine}} & questions.keys()
    found = [Difference(questions[code], typed_words(theirs, code), typed_words(mine, code)) for code in codes]
    order = list(questions)
    return sorted((one for one in found if one.theirs != one.mine), key=lambda one: order.index(one.question.code))


def typed_words(typed: Typed, code: str) -> str:
    """What was typed for one question, as text."""
    return "; ".join(text for name, of in sorted(typed.items()) if code_of(name) == code for text in of if text.strip())
