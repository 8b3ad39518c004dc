"""One page of a form. The wizard does the work; this finds the form that is the visitor's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from portal import access
from portal.exhibit_wizard import wizard_for
from vendors.models import Vendor


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def step(request: HttpRequest, vendor: Vendor, number: str, step: str) -> HttpResponse:
    """GET shows the page; POST saves it, good or bad, and goes on when nothing is missing."""
    submission = access.find_submission(vendor, number)
    if step == "sign":
        return redirect("portal:sign", submission.number)
    if not submission.is_editable and request.method != "POST":
        return redirect("portal:check", submission.number)
    answer: HttpResponse = wizard_for(submission.exhibit, submission.version)(request, submission=submission, step=step)
    return answer
