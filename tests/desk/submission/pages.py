"""Addresses of one submission's pages, what its forms post, and how it comes to a second round."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from accounts.models import User
from questionnaires import acceptances, decisions, drafts, review
from questionnaires.fields import as_posted
from questionnaires.models import Acceptance, Submission
from questionnaires.sheet_form import code_of
from tests import submissions
from tests.world import NOON, People

LATER = NOON + timedelta(hours=3)


def page(submission: Submission, **query: str) -> str:
    address = reverse("desk:submission", args=[submission.number])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else address


def url(name: str, submission: Submission, *more: Any) -> str:
    return reverse(f"desk:submission_{name}", args=[submission.number, *more])


def answer_again(submission: Submission, people: People, code: str, value: Any, step: str, row: str = "") -> None:
    """Alice changes the answer that was sent back, and signs again."""
    sheet = drafts.sheet_of(submission, step, row)
    assert sheet
    typed = {name: of for name, of in sheet.typed.items() if code_of(name) != code}
    typed |= as_posted(submission.definition.questions[code], value, code)
    drafts.save(submission, step, typed, row=row, revision=sheet.revision, by=people.alice.actor(), at=LATER)


def second_round(submission: Submission, people: People) -> None:
    """A1.04 went back, was corrected, signed and taken up again."""
    by = people.rita.actor()
    review.mark_return(submission, "A1.04", "", "A digit is missing.", by=by, at=NOON)
    decisions.send_back(submission, "", user=people.rita, by=by, at=NOON)
    answer_again(submission, people, "A1.04", "GB 12345678", "company")
    submissions.sign(submission, people.alice, at=LATER)
    review.take_up(submission, by=by, at=LATER)


def hash_of(submission: Submission) -> str:
    return submission.signatures.latest("round").content_hash


def accept(submission: Submission, user: User) -> Acceptance:
    return acceptances.accept(submission, [], user=user, by=user.actor(), at=NOON)


def conditions(*lines: tuple[str, str]) -> dict[str, str]:
    """What the form of conditions posts."""
    posted = {"conditions-TOTAL_FORMS": "3", "conditions-INITIAL_FORMS": "0"}
    for number, (words, due) in enumerate(lines):
        posted |= {f"conditions-{number}-text": words, f"conditions-{number}-due": due}
    return posted


def saved(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)
