"""The files of one answer: a list, adding, removing, and getting one back. Uploads come one question at a time."""

from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices.attachment import attachment
from portal import access
from portal.filling import page_of_row
from questionnaires import evidence, intake, unlocking
from questionnaires.definition import Kind, Row
from questionnaires.drafts import DraftRefused
from questionnaires.draws import DrawRefused
from questionnaires.intake import FileRefused
from questionnaires.picture import row_name
from questionnaires.reading import answers_of
from vendors.models import Vendor


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def files(request: HttpRequest, vendor: Vendor, number: str, code: str) -> HttpResponse:
    """GET lists; POST takes in the files that were chosen, each by itself: one that is refused keeps none other out."""
    submission = access.find_submission(vendor, number)
    row = access.row_of(request)
    question = submission.definition.questions.get(code)
    if question is None or question.kind is not Kind.FILE:
        raise Http404
    page_of_form = submission.definition.page_of[code]
    sheet = submission.sheets.filter(step=page_of_form.step, row=row).first()
    is_of_row = page_of_form.rows is not None and not question.once
    if bool(row) != is_of_row or (row and sheet is None):
        raise Http404
    problems = []
    if request.method == "POST":
        chosen = request.FILES.getlist("files")
        if not chosen:
            problems = ["Choose a file first."]
        if too_many := [file.name or "" for file in chosen[evidence.MOST_FILES :]]:
            problems = [f"{evidence.MOST_FILES} files are the most at a time. Not taken: {', '.join(too_many)}."]
        for file in chosen[: evidence.MOST_FILES]:
            try:
                added = evidence.add(
                    submission,
                    question,
                    row,
                    file.name or "",
                    cast("BinaryIO", file.file),
                    by=access.actor(request),
                    at=timezone.now(),
                )
            except LookupError:
                raise Http404 from None
            except (FileRefused, DraftRefused) as refused:
                problems.append(str(refused))
            except DrawRefused as refused:
                problems += refused.sentences
            else:
                messages.success(request, f"{added.name} is added.")
        if not problems:
            return redirect(_address(submission.number, code, row))
    back = reverse("portal:step", args=[submission.number, page_of_form.step])
    if row:
        back += f"?rows={page_of_row(submission, page_of_form, row)}#row-{row}"
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "question": question,
        "row": row,
        "row_name": row_name(page_of_form, Row(row, sheet.values), answers_of(submission, timezone.now()))
        if sheet and row
        else "",
        "files": submission.evidence.filter(code=code, row=row, removed_at=None),
        "may_change": unlocking.unlocked(submission)(code, row),
        "problems": [("files", sentence) for sentence in problems],
        "limits": intake,
        "back": back,
    }
    return render(request, "portal/files.html", page, status=422 if problems else 200)


@require_POST
@access.member
def file_remove(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponse:
    found = access.find_evidence(vendor, uid)
    try:
        evidence.remove(found, by=access.actor(request), at=timezone.now())
    except DraftRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{found.name} is removed.")
    return redirect(_address(found.submission.number, found.code, found.row))


@require_safe
@access.member
def file(request: HttpRequest, vendor: Vendor, uid: UUID) -> HttpResponseBase:
    """The file, to save: never shown in the browser."""
    found = access.find_evidence(vendor, uid)
    return attachment(found.place, found.name, found.media_type)


def _address(number: str, code: str, row: str) -> str:
    address = reverse("portal:files", args=[number, code])
    return f"{address}?row={row}" if row else address
