"""Helpers of the tests of a review: one in review, an answer typed by Alice, what is in the way, answers sent back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from questionnaires import decisions, drafts, review
from questionnaires.fields import as_posted
from questionnaires.models import Submission
from questionnaires.sheet_form import code_of
from tests import submissions
from tests.world import NOON, People

LATER = NOON + timedelta(hours=4)


def make_in_review(people: People, said: Mapping[str, Any] | None = None) -> Submission:
    return submissions.make_in_review(people.vendor_a, people.alice, people.rita, said=said)


def save(submission: Submission, people: People, step: str, answers: Mapping[str, Any], *, row: str = "") -> None:
    """Alice types these answers and leaves the others of the sheet as they are."""
    sheet = drafts.sheet_of(submission, step, row)
    assert sheet is not None
    typed = dict(sheet.typed)
    for code, value in answers.items():
        typed = {name: of for name, of in typed.items() if code_of(name) != code}
        typed |= as_posted(submission.definition.questions[code], value, code)
    drafts.save(submission, step, typed, row=row, revision=sheet.revision, by=people.alice.actor(), at=LATER)


def obstacles(submission: Submission) -> str:
    return " ".join(decisions.obstacles(submission, submissions.answers(submission), NOON))


def send_back(submission: Submission, people: People, *codes: str) -> None:
    for key in codes:
        code, _, row = key.partition("@")
        review.mark_return(submission, code, row, "Look again.", by=people.rita.actor(), at=NOON)
    decisions.send_back(submission, "A few things.", user=people.rita, by=people.rita.actor(), at=NOON)
