"""The vendor's forms: what is under way, what was accepted, and beginning a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal import access
from questionnaires import drafts, exhibit_b
from questionnaires.acceptances import standing_for
from questionnaires.definition_file import newest
from questionnaires.drafts import DraftRefused
from questionnaires.models import Acceptance
from vendors.models import Vendor


@require_safe
@access.member
def forms(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    submissions = list(vendor.submissions.all())
    accepted = standing_for(vendor)
    page = {
        "vendor_name": vendor.name,
        "open": [one for one in submissions if one.state in one.OPEN],
        "ended": [one for one in submissions if one.state not in one.OPEN],
        "may_begin_a": not any(one.exhibit == "A" and one.state in one.OPEN for one in submissions),
        "may_begin_b": accepted is not None and accepted.state == Acceptance.State.RECEIVED,
        "accepted": accepted,
        "exhibit_a": newest("A"),
        "exhibit_b": newest("B"),
    }
    return render(request, "portal/forms.html", page)


@require_POST
@access.member
def begin(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """Begin Exhibit A or B, B also for a source; a vendor with a standing acceptance begins a change or renewal of
    A."""
    exhibit = "B" if request.POST.get("exhibit") == "B" else "A"
    by, now = access.actor(request), timezone.now()
    try:
        if exhibit == "B" and (uid := request.POST.get("source")):
            submission = exhibit_b.begin_for(access.find_source(vendor, uid), by=by, at=now)
        else:
            submission = drafts.begin(vendor, exhibit, by=by, at=now)
    except DraftRefused as refused:
        messages.error(request, str(refused))
        return redirect("portal:forms")
    return redirect("portal:form", submission.number)
