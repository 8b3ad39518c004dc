"""What can be saved from a submission: its evidence, what was signed as JSON and as PDF, and the log of its review."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from desk.access import find_evidence, find_submission, staff
from desk.queries.review_log import csv_of, log_of
from notices.attachment import attached, attachment
from questionnaires import letters
from questionnaires.models import Signature, Submission
from questionnaires.reading import standing_signature


@require_safe
@staff
def evidence(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    found = find_evidence(uid)
    return attachment(found.place, found.name, found.media_type)


@require_safe
@staff
def as_json(request: HttpRequest, number: str) -> HttpResponseBase:
    """The canonical snapshot, byte for byte as it was hashed. Of a form that is not signed there is none."""
    submission = find_submission(number)
    signature = _signature(request, submission)
    if signature is None:
        raise Http404
    name = f"{submission.number}-round-{signature.round}.json"
    return attached(signature.snapshot.encode(), name, "application/json")


@require_safe
@staff
def as_pdf(request: HttpRequest, number: str) -> HttpResponseBase:
    """The signed copy as the vendor got it; of a form that is not signed, a copy of it as it stands."""
    submission = find_submission(number)
    signature = _signature(request, submission)
    if signature is None:
        copy = letters.copy_of(submission, at=timezone.now())
        return attached(copy, f"{submission.number}-not-signed.pdf", "application/pdf")
    if not signature.copy_place:
        messages.warning(request, "The signed copy could not be made yet. It is tried again every few minutes.")
        return redirect("desk:submission", number=submission.number)
    name = f"{submission.number}-round-{signature.round}.pdf"
    return attachment(signature.copy_place, name, "application/pdf")


@require_safe
@staff
def log(request: HttpRequest, number: str) -> HttpResponseBase:
    submission = find_submission(number)
    name = f"{submission.number}-review-log.csv"
    return attached(csv_of(log_of(submission)), name, "text/csv; charset=utf-8")


def _signature(request: HttpRequest, submission: Submission) -> Signature | None:
    """Of the round that the address asks for, else the newest that counts."""
    wanted = request.GET.get("round", "")
    if wanted:
        is_round = wanted.isascii() and wanted.isdecimal() and len(wanted) < 5
        found = submission.signatures.filter(round=int(wanted)).first() if is_round else None
        if found is None:
            raise Http404
        return found
    return standing_signature(submission)
