"""What the machine saw of one row of a form, as the fragment that its page shows: asked for again while a look is under
way."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import access
from portal.filling import looks_at
from vendors.models import Vendor

PATIENCE = timedelta(minutes=2)  # then the page asks no longer by itself


@require_safe
@access.member
def look(request: HttpRequest, vendor: Vendor, number: str, row: str) -> HttpResponse:
    """`row` is the uid of a row, or the step of a page whose own answers are looked at."""
    submission = access.find_submission(vendor, number)
    sheet = submission.sheets.filter(row=row).first() or submission.sheets.filter(step=row, row="").first()
    page = submission.definition.pages.get(sheet.step) if sheet else None
    if sheet is None or page is None:
        raise Http404
    looked = looks_at(submission, page, [sheet]).get(sheet.row)
    if looked is None:
        raise Http404
    asked = [look.asked_at for look in looked.looks if look.is_under_way]
    if asked and timezone.now() - max(asked) > PATIENCE:
        looked = looks_at(submission, page, [sheet], is_patient=True)[sheet.row]
    return render(request, "portal/looks.html", {"looked": looked, "submission": submission})
