"""The vendor's forms: what is under way, what was accepted, and beginning a new one."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from journal.actor import Actor
from portal import access
from questionnaires import drafts, exhibit_b, renewals
from questionnaires.acceptances import standing_for
from questionnaires.amendments import waiting_for
from questionnaires.definition_file import newest
from questionnaires.drafts import DraftRefused
from questionnaires.models import Acceptance, Submission
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
        "may_renew": renewals.accepted_before(vendor) is not None,
        "amendment": waiting_for(vendor, timezone.now()),
        "exhibit_a": newest("A"),
        "exhibit_b": newest("B"),
    }
    return render(request, "portal/forms.html", page)


@require_POST
@access.member
def begin(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """Begin Exhibit A or B, B also for one source; `reason` is what a vendor whose Exhibit A was accepted begins it
    again for."""
    exhibit = "B" if request.POST.get("exhibit") == "B" else "A"
    reason = request.POST.get("reason", "")
    by, now = access.actor(request), timezone.now()
    try:
        if exhibit == "B" and (uid := request.POST.get("source")):
            submission = exhibit_b.begin_for(access.find_source(vendor, uid), by=by, at=now)
        elif exhibit == "B" or not reason:
            submission = drafts.begin(vendor, exhibit, by=by, at=now)
        else:
            submission = _begin_again(vendor, reason, by, now)
    except DraftRefused as refused:
        messages.error(request, str(refused))
        return redirect("portal:forms")
    return redirect("portal:form", submission.number)


def _begin_again(vendor: Vendor, reason: str, by: Actor, at: datetime) -> Submission:
    if reason not in {Submission.Reason.RENEWAL, Submission.Reason.CHANGE, Submission.Reason.AMENDMENT}:
        raise SuspiciousOperation("No such reason.")
    version = None
    if reason == Submission.Reason.AMENDMENT:
        amendment = waiting_for(vendor, at)
        if amendment is None:
            raise DraftRefused("You have agreed to the policy as it is. There is nothing to accept.")
        version = amendment.version
    return renewals.begin_again(vendor, reason, by=by, at=at, amendment=version)
