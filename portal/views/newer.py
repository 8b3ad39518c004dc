"""Carrying a draft over to the newest version of its form."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal import access
from questionnaires import renewals
from questionnaires.drafts import DraftRefused
from vendors.models import Vendor


@require_POST
@access.member
def carry_over(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    submission = access.find_submission(vendor, number)
    try:
        renewals.carry_over(submission, by=access.actor(request), at=timezone.now())
    except DraftRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, f"Your answers are in version {submission.definition.version} now. What is new in it is asked."
        )
    return redirect("portal:form", submission.number)
