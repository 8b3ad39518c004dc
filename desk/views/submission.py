"""One submission: its page, taking it up, and marking sections as looked at. Answers and decisions have modules of
their own beside this one; all of them draw the page again, with what was typed, when they are refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.rights import Right
from desk.access import actor, find_submission, may, person, staff
from desk.queries.sample import sample_of
from desk.queries.submission import Reading, anchor
from desk.timeline import entries_about, events
from desk.views.submissions import STATES
from questionnaires import decisions, review
from questionnaires.models import Acceptance, Return, Submission
from questionnaires.review import ReviewRefused
from questionnaires.signing import signatory_of

KEPT = ("section", "show", "against", "page")  # of the address, through every form of the page
EVENTS = 15
SMALL = ("section looked at", "filled in", "row added", "row removed")  # steps that would fill the short timeline
STOPS = 6  # named beside the decision; the index has the rest


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that was refused: the form it stood in, and why."""

    form: str
    text: str
    problem: str


@require_safe
@staff
def submission(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, find_submission(number))


@require_POST
@may(Right.REVIEW)
def take_up(request: HttpRequest, number: str) -> HttpResponse:
    row = find_submission(number)
    try:
        review.take_up(row, by=actor(request), at=timezone.now())
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{row.number} is in review now. The vendor can no longer take it back.")
    return back(request, row)


@require_POST
@may(Right.REVIEW)
def look_at(request: HttpRequest, number: str, section: str) -> HttpResponse:
    row = find_submission(number)
    remark = request.POST.get("remark", "")
    try:
        review.look_at(row, section, remark, by=actor(request), at=timezone.now())
    except LookupError:
        raise Http404 from None
    except ReviewRefused as refused:
        return page(request, row, Typed("look", remark, str(refused)))
    messages.success(request, f"Section {section} is marked as looked at.")
    return back(request, row)


@require_POST
@may(Right.REVIEW)
def look_at_unchanged(request: HttpRequest, number: str) -> HttpResponse:
    row = find_submission(number)
    try:
        marked = review.look_at_unchanged(row, by=actor(request), at=timezone.now())
    except ReviewRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Marked as looked at: {', '.join(marked) or 'none'}.")
    return back(request, row)


# ── the page ────────────────────────────────────────────────────────────────
def page(request: HttpRequest, row: Submission, typed: Typed | None = None) -> HttpResponse:
    """The page of the section that the address asks for."""
    now = timezone.now()
    prefetch_related_objects([row], "decisions")
    reading = Reading(row, now, request.GET.get("against", ""))
    line = reading.line(request.GET.get("section", ""))
    only_changed = request.GET.get("show") == "changed" and reading.baseline is not None
    at_key = request.GET.get("at", "")
    in_review = row.state == Submission.State.IN_REVIEW
    first, voided = decisions.recommended(row)
    context = {
        "submission": row,
        "state": STATES[Submission.State(row.state)],
        "reading": reading,
        "line": line,
        "groups": reading.groups(
            line.section.code, only_changed=only_changed, page=request.GET.get("page"), at_key=at_key
        ),
        "only_changed": only_changed,
        "looked": sum(one.look is not None for one in reading.lines),
        "kept": kept(request),
        "typed": typed,
        "general": [one for one in reading.comments if not one.code],
        "evidence": _evidence(reading) if line.section.kind == "evidence" else [],
        "stops": [(flag, where(reading, flag.rule.question, flag.row_uid)) for flag in reading.flags if flag.stops],
        "most_stops": STOPS,
        "obstacles": reading.obstacles if in_review else [],
        "unchanged": review.sections_unchanged(row, reading.answers) if in_review else {},
        "returns": _returned(row),
        "sample": sample_of(row, line.section),
        "ticked": request.POST.getlist("failed"),
        "four_eyes": settings.FOUR_EYES,
        "overtaken": bool(in_review and decisions.overtaken_by(row, now)),
        "first": first,
        "voided": voided if in_review else None,
        "is_first": first is not None and first.user_id == person(request).pk,
        "signatory": signatory_of(reading.answers) if line.section.kind == "signature" else {},
        "decisions": list(row.decisions.all()),
        "acceptance": Acceptance.objects.filter(submission=row).first(),
        "events": events(entries_about({Submission: [row.pk]}).exclude(verb__in=SMALL)[:EVENTS]),
    }
    return render(request, "desk/submission.html", context)


def _evidence(reading: Reading) -> list[tuple[Any, Any, str, str]]:
    """Each file, where it is kept, the row that it belongs to, and the address of the answer that it proves."""
    names = {(one["code"], one["row"]): one["row_name"] for one in reading.picture["answers"]}
    return [
        (signed, file, names.get((signed["code"], signed["row"]), ""), where(reading, signed["code"], signed["row"]))
        for signed, file in reading.files
    ]


def _returned(row: Submission) -> Mapping[str, int]:
    """How many answers of the last returned round the vendor still has."""
    open_ones = row.returns.filter(state=Return.State.OPEN)
    return {"open": open_ones.count(), "noted": row.returns.filter(state=Return.State.NOTED).count()}


def kept(request: HttpRequest, **other: str) -> str:
    """The query of the page's address, to be kept through a form or changed by a link; "" or "?…"."""
    query = {name: request.GET[name] for name in KEPT if request.GET.get(name)} | other
    return f"?{urlencode(query)}" if query else ""


def where(reading: Reading, code: str, row: str) -> str:
    """The address of an answer on this submission's page."""
    key = f"{code}@{row}" if row else code
    address = reverse("desk:submission", args=[reading.submission.number])
    return f"{address}?{urlencode({'section': reading.section_of(code), 'at': key})}#{anchor(key)}"


def back(request: HttpRequest, row: Submission, fragment: str = "", **other: Any) -> HttpResponse:
    """To the section where the visitor was."""
    address = reverse("desk:submission", args=[row.number]) + kept(request, **other)
    return redirect(f"{address}#{fragment}" if fragment else address)
