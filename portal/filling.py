"""What a step of an exhibit needs to be shown, read in a fixed number of queries; and what to look at when it is saved.

Rows come a page at a time: a form with 300 servers is as fast as one with three.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db.models import Count

from portal.step_form import Filling, Looked, Sample
from questionnaires import draws, unlocking
from questionnaires.definition import Answers, Page
from questionnaires.looks import ask_for, looks_of
from questionnaires.models import Comment, Return, Sheet, Submission
from questionnaires.subjects import subjects_of


def filling_of(
    submission: Submission, page: Page, answers: Answers, *, rows: str = "1", demands: bool = False
) -> Filling:
    """`rows` is the number of the page of rows, as typed in an address, or "all"."""
    own = submission.sheets.filter(step=page.step, row="").first()
    shown, slice_of = _rows(submission, page, rows)
    return Filling(
        page=page,
        answers=answers,
        sheet=own,
        rows=shown,
        rows_page=slice_of,
        may_change=unlocking.unlocked(submission),
        evidence=list(submission.evidence.filter(removed_at=None, code__in=[q.code for q in page.questions])),
        returned=_returned(submission),
        talk=_talk(submission),
        looks=looks_at(submission, page, [*shown, *([own] if own else [])]),
        demands=demands,
        sample=_sample(submission, answers) if draws.is_about(page) else None,
    )


def _sample(submission: Submission, answers: Answers) -> Sample:
    lacks = draws.lacking(submission, answers)
    draw = None if lacks else draws.newest(submission)
    return Sample(draw, draws.places(draw) if draw else [], lacks)


def _rows(submission: Submission, page: Page, number: str) -> tuple[list[Sheet], "Slice[Sheet] | None"]:
    if page.rows is None:
        return [], None
    rows = submission.sheets.filter(step=page.step).exclude(row="").order_by("position", "pk")
    if number == "all":
        return list(rows), None
    shown = Paginator(rows, page.rows.per_page).get_page(number)
    return list(shown.object_list), shown


def page_of_row(submission: Submission, page: Page, row: str) -> int:
    """The number of the page of rows that shows this one."""
    rows = list(
        submission.sheets.filter(step=page.step)
        .exclude(row="")
        .order_by("position", "pk")
        .values_list("row", flat=True)
    )
    return rows.index(row) // page.rows.per_page + 1 if page.rows and row in rows else 1


def _returned(submission: Submission) -> dict[str, str]:
    if submission.state != Submission.State.RETURNED:
        return {}
    sent_back = submission.returns.filter(state=Return.State.OPEN)
    return {f"{one.code}@{one.row}" if one.row else one.code: one.comment for one in sent_back}


def _talk(submission: Submission) -> dict[str, int]:
    counted = (
        submission.comments.filter(audience=Comment.Audience.SHARED)
        .exclude(code="")
        .values_list("code", "row")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {f"{code}@{row}" if row else code: count for code, row, count in counted}


# ── the form looks by itself ────────────────────────────────────────────────
def look_again(submission: Submission, page: Page, saved: Sequence[Sheet], at: datetime) -> None:
    """Have the machine look at what the saved sheets name."""
    whole = _whole(submission, page)
    if subjects := [subject for sheet in saved for subject in subjects_of(page, sheet.row, sheet.values, whole)]:
        ask_for(submission.vendor, subjects, at)


def looks_at(
    submission: Submission, page: Page, sheets: Sequence[Sheet], *, is_patient: bool = False
) -> dict[str, Looked]:
    """What was seen of what the sheets name, by row; "" for the page itself. A sheet that names nothing is left out,
    unless it is a row of a page that looks."""
    whole = _whole(submission, page)
    named = {sheet.row: subjects_of(page, sheet.row, sheet.values, whole) for sheet in sheets}
    seen = looks_of(submission.vendor, [subject for subjects in named.values() for subject in subjects])
    is_looked_at = bool(page.rows and page.rows.looks)
    return {
        row: Looked(row or page.step, [look for subject in subjects if (look := seen[subject])], is_patient)
        for row, subjects in named.items()
        if subjects or (row and is_looked_at)
    }


def _whole(submission: Submission, page: Page) -> dict[str, Any]:
    """The answers outside of rows, where rows of the page are looked at together with them."""
    if not page.rows or page.rows.looks != "domain":
        return {}
    found: dict[str, Any] = {}
    for values in submission.sheets.filter(row="").values_list("values", flat=True):
        found |= values
    return found
