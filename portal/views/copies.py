"""Copies of a form to keep: as PDF, and as JSON for machines. Signed ones are the very bytes that were signed over."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from notices.attachment import attached, attachment
from portal import access
from questionnaires import letters, snapshot
from questionnaires.amendments import policy_of
from questionnaires.picture import picture_of
from questionnaires.reading import answers_of
from vendors.models import Vendor


@require_safe
@access.member
def copy_pdf(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponseBase:
    submission = access.find_submission(vendor, number)
    signature = submission.signature_of(submission.round)
    if signature:
        if not signature.copy_place:
            return redirect("portal:signed", submission.number)  # which says that the copy follows
        return attachment(signature.copy_place, f"{submission.number}-signed.pdf", "application/pdf")
    content = letters.copy_of(submission, at=timezone.now())
    return attached(content, f"{submission.number}-not-signed.pdf", "application/pdf")


@require_safe
@access.member
def copy_json(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponseBase:
    submission = access.find_submission(vendor, number)
    signature = submission.signature_of(submission.round)
    if signature:
        content = signature.snapshot.encode()
    else:
        now = timezone.now()
        policy = policy_of(submission, now)
        content = snapshot.canonical(picture_of(submission, answers_of(submission, now), policy=policy))
    return attached(content, f"{submission.number}.json", "application/json")
