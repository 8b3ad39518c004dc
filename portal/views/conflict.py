"""Two people, or two tabs, saved the same page: both versions side by side, and a choice for each answer."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal import access
from portal.filling import page_of_row
from questionnaires import drafts
from questionnaires.definition import Question
from questionnaires.drafts import Conflict, DraftRefused
from questionnaires.models import Save, Sheet
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
    """GET shows both; POST keeps the chosen answers."""
    submission = access.find_submission(vendor, number)
    lost = get_object_or_404(Save, submission=submission, pk=pk, has_lost=True)
    sheet = drafts.sheet_of(submission, lost.step, lost.row)
    address = reverse("portal:step", args=[submission.number, lost.step])
    if sheet is None:
        messages.info(request, "A colleague removed that row. What you typed is in the history of the form.")
        return redirect(address)
    if lost.row:
        address += f"?rows={page_of_row(submission, submission.definition.pages[lost.step], lost.row)}"
    found = differences(sheet, lost)
    if request.method == "POST":
        mine = {one.question.code for one in found if request.POST.get(one.question.code) == "mine"}
        revision = request.POST.get("revision", "")
        seen = int(revision) if revision.isdecimal() else 0
        try:
            drafts.settle(submission, lost, mine, revision=seen, by=access.actor(request), at=timezone.now())
        except Conflict as again:
            messages.warning(request, "The page was saved once more while you were choosing. Look at it again.")
            return redirect("portal:conflict", submission.number, again.lost.pk)
        except DraftRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Both versions are put together as you chose. Nothing was lost.")
        return redirect(address)
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "page": submission.definition.pages[lost.step],
        "sheet": sheet,
        "lost": lost,
        "differences": found,
        "address": address,
    }
    return render(request, "portal/conflict.html", page)


def differences(sheet: Sheet, lost: Save) -> list[Difference]:
    """The questions whose answers differ, as they were typed."""
    questions = sheet.submission.definition.questions
    codes = {code_of(name) for name in {*sheet.typed, *lost.typed}} & questions.keys()
    found = [
        Difference(questions[code], typed_words(sheet.typed, code), typed_words(lost.typed, code)) for code in codes
    ]
    order = list(questions)
    return sorted((one for one in found if one.theirs != one.mine), key=lambda one: order.index(one.question.code))


def typed_words(typed: Typed, code: str) -> str:
    """What was typed for one question, as text."""
    return "; ".join(text for name, of in sorted(typed.items()) if code_of(name) == code for text in of if text.strip())
