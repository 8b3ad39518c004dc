"""What reviewers write is kept whole or refused with a sentence, and what was refused is still on the page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from questionnaires import review
from questionnaires.models import Comment, Return, SectionLook, Submission
from questionnaires.review import ReviewRefused
from tests import submissions
from tests.desk.conftest import Desk
from tests.desk.pages import text
from tests.world import NOON, People

LONG = "x" * (review.LONGEST_TEXT + 1)
UNSEEN = "The text holds a character that cannot be seen (U+0000). Type it anew."
FORMS: list[tuple[str, tuple[str, ...], str, dict[str, str]]] = [
    ("look", ("A2",), "remark", {}),
    ("return", (), "text", {"code": "A1.04", "row": ""}),
    ("comment", (), "text", {"code": "A1.04", "row": ""}),
    ("send_back", (), "note", {}),
    ("decline", (), "note", {}),
]


@pytest.fixture
def people(desk: Desk) -> People:
    desk.contact.delete()  # the one who proved the authority comes with the submission
    return desk.people


@pytest.fixture
def in_review(people: People) -> Submission:
    return submissions.make_in_review(people.vendor_a, people.alice, people.rita)


@pytest.mark.parametrize(("name", "more", "field", "data"), FORMS, ids=[one[0] for one in FORMS])
def test_a_text_that_is_too_long_or_holds_a_zero_is_refused_and_still_there(
    dana: Client, in_review: Submission, name: str, more: tuple[Any, ...], field: str, data: dict[str, str]
) -> None:
    url = reverse(f"desk:submission_{name}", args=[in_review.number, *more]) + "?section=A2" * bool(more)
    answer = dana.post(url, data | {field: LONG})
    assert "under 4,000 characters." in text(answer)
    assert LONG in answer.content.decode()
    answer = dana.post(url, data | {field: "We saw\0 it."})
    assert UNSEEN in text(answer)
    assert "We saw\0 it." in answer.content.decode()
    assert not any(model.objects.exists() for model in (Comment, Return, SectionLook))
    in_review.refresh_from_db()
    assert in_review.state == "in_review"


def test_as_much_as_fits_is_kept_to_the_last_character_and_a_line_break_counts_once(
    in_review: Submission, people: People
) -> None:
    longest = "\r\n".join(["x" * 1999, "x" * 2000])
    by = people.rita.actor()
    said = review.comment(in_review, longest, is_from_desk=True, by=by, at=NOON)
    assert said.text == longest.replace("\r\n", "\n")
    with pytest.raises(ReviewRefused, match="what you typed is still here"):
        review.comment(in_review, longest + "x", is_from_desk=True, by=by, at=NOON)


def test_a_row_that_is_no_row_is_none(dana: Client, in_review: Submission) -> None:
    url = reverse("desk:submission_comment", args=[in_review.number])
    assert dana.post(url, {"code": "A1.04", "row": "a\0b", "text": "Seen."}).status_code == 302
    assert Comment.objects.get().row == ""
