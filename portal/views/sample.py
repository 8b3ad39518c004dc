"""The table that a vendor fills in to prove the rows drawn by lot: their numbers and sources, the rest empty."""

import csv
from io import StringIO

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from notices.attachment import attached
from portal import access
from questionnaires import draws
from questionnaires.sampling import COLUMNS
from vendors.models import Vendor


@require_safe
@access.member
def sample(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponseBase:
    submission = access.find_submission(vendor, number)
    draw = draws.newest(submission)
    if draw is None:
        raise Http404
    text = StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([place.number, "", _tame(place.code), "", "", ""] for place in draws.places(draw))
    return attached(text.getvalue().encode(), f"{submission.number}-sample.csv", "text/csv; charset=utf-8")


def _tame(code: str) -> str:
    """A code that a spreadsheet would run is written as text."""
    return f"'{code}" if code.startswith(("=", "+", "-", "@")) else code
