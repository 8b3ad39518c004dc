"""Removing a row of a repeated page: asked first, on a page of its own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal import access
from questionnaires import drafts
from questionnaires.definition import Row
from questionnaires.drafts import DraftRefused
from questionnaires.picture import row_name
from questionnaires.reading import answers_of
from vendors.models import Vendor


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def row_remove(request: HttpRequest, vendor: Vendor, number: str, step: str) -> HttpResponse:
    submission = access.find_submission(vendor, number)
    row = access.row_of(request)
    page_of_form = submission.definition.pages.get(step)
    if page_of_form is None or page_of_form.rows is None:
        raise Http404
    sheet = submission.sheets.filter(step=step, row=row).exclude(row="").first()
    if sheet is None:
        messages.info(request, f"That {page_of_form.rows.noun} is removed already.")
        return redirect("portal:step", submission.number, step)
    if request.method == "POST":
        try:
            drafts.remove_row(submission, step, row, by=access.actor(request), at=timezone.now())
        except DraftRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"The {page_of_form.rows.noun} is removed.")
        return redirect("portal:step", submission.number, step)
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "page": page_of_form,
        "row": row,
        "name": row_name(page_of_form, Row(row, sheet.values), answers_of(submission, timezone.now())),
        "files": submission.evidence.filter(row=row, removed_at=None).count(),
    }
    return render(request, "portal/row_remove.html", page)
