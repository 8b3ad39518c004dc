"""The task list of one form: its sections, how far each is, who fills it in."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from policies.versions import amended_after
from portal import access
from questionnaires import assignments, decisions, designated, renewals, signing
from questionnaires.amendments import waiting_for
from questionnaires.drafts import DraftRefused, why_locked
from questionnaires.models import Submission
from questionnaires.reading import SectionProgress, answers_of, progress, sent_back, standing_signature
from questionnaires.review import ReviewRefused
from vendors.models import Vendor

LONGEST_ID = 19  # digits


@require_safe
@access.member
def form(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    submission = access.find_submission(vendor, number)
    now = timezone.now()
    answers = answers_of(submission, now)
    sections = progress(submission, answers)
    forms = [one for one in sections if one.section.kind == "form"]
    assigned = {one.section: one.user for one in submission.assignments.select_related("user")}
    parts: dict[str, list[dict[str, Any]]] = {}
    for one in sections:
        parts.setdefault(one.section.part, []).append(
            {"progress": one, "section": one.section, "user": assigned.get(one.section.code), **_standing(one)}
        )
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "definition": submission.definition,
        "parts": parts,
        "complete": sum(one.is_complete for one in forms),
        "total": len(forms),
        "obstacles": signing.obstacles(submission, answers, sections),
        "why_locked": "" if submission.is_editable else why_locked(submission),
        "members": vendor.members.select_related("user").filter(user__is_active=True).order_by("user__name"),
        "decision": submission.decisions.filter(kind__in=["return", "decline"]).last(),
        "signature": submission.signatures.last(),
        "unread_address": designated.unread(submission, answers),
        "unread_headers": designated.unread_headers(submission, answers),
        **_notices(submission, now),
    }
    return render(request, "portal/form.html", page)


def _notices(submission: Submission, at: datetime) -> dict[str, Any]:
    """A newer version of the form; the amendment that it accepts; one that was published since."""
    amendment = waiting_for(submission.vendor, at) if submission.amendment_id else None
    signature = standing_signature(submission)
    accepts_it = submission.amendment_id or not submission.is_editable
    read_at = signature.at if signature else submission.created_at
    return {
        "amended_meanwhile": None if accepts_it else amended_after(read_at, at),
        "newer": renewals.news(submission) if renewals.is_outdated(submission) else None,
        "amendment": amendment,
        "amendment_counts": bool(amendment and amendment.is_in_force(at)),
    }


def _standing(one: SectionProgress) -> dict[str, str]:
    """State and words of a section in the task list."""
    if one.stops:
        count = len(one.stops)
        return {
            "state": "shut",
            "word": "A check failed",
            "hint": one.stops[0][0].says if count == 1 else f"{count} problems",
        }
    if not one.pages or (one.is_complete and one.is_begun):
        return {"state": "done", "word": "Complete", "hint": ""}
    to_answer = sum(page.to_answer for page in one.pages)
    if to_answer:
        return {"state": "wait", "word": "Needs your attention", "hint": f"{to_answer} sent back"}
    if not one.is_begun:
        return {"state": "", "word": "Not started", "hint": ""}
    missing = sum(len(page.missing) + page.problems for page in one.pages)
    unconfirmed = sum(page.unconfirmed for page in one.pages)
    hint = f"{missing} to go" if missing else f"{unconfirmed} to confirm"
    return {"state": "wait", "word": "In progress", "hint": hint}


@require_POST
@access.member
def assign(request: HttpRequest, vendor: Vendor, number: str, code: str) -> HttpResponse:
    """Ask a colleague to fill in a section; an empty choice takes it back."""
    submission = access.find_submission(vendor, number)
    if code not in {section.code for section in submission.definition.sections}:
        raise Http404
    chosen = request.POST.get("user", "")
    member = (
        get_object_or_404(vendor.members, user_id=chosen) if chosen.isdecimal() and len(chosen) < LONGEST_ID else None
    )
    try:
        assignments.assign(
            submission, code, member.user if member else None, by=access.actor(request), at=timezone.now()
        )
    except DraftRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{code} is {member.user}'s now." if member else f"{code} is nobody's in particular.")
    return redirect("portal:form", submission.number)


@require_http_methods(["GET", "HEAD", "POST"])
@access.member
def give_up(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    """GET asks; POST withdraws the form, or takes a signed one back to change it."""
    submission = access.find_submission(vendor, number)
    access.demand_owner(request, vendor)
    takes_back = submission.state == Submission.State.SUBMITTED
    if request.method == "POST":
        verb = decisions.take_back if takes_back else decisions.withdraw
        try:
            verb(submission, by=access.actor(request), at=timezone.now())
        except ReviewRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _given_up(submission))
        return redirect("portal:form", submission.number)
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "takes_back": takes_back,
        "was_sent_back": sent_back(submission) is not None,
    }
    return render(request, "portal/give_up.html", page)


def _given_up(submission: Submission) -> str:
    match submission.state:
        case Submission.State.RETURNED:
            return "The answers that we sent back can be changed again. Sign it when you are done."
        case Submission.State.DRAFT:
            return "You can change it again. Sign it when you are done."
        case _:
            return "The form is withdrawn."
