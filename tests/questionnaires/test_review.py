"""Taking part in a review: taking it up, looking at sections, comments, marking answers to go back."""

import pytest

from journal.models import Entry
from questionnaires import decisions, review
from questionnaires.models import Comment, Submission
from questionnaires.review import ReviewRefused
from tests import submissions, world
from tests.questionnaires.reviews import LATER, make_in_review, save, send_back
from tests.world import NOON, People

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def in_review(people: People) -> Submission:
    return make_in_review(people)


def test_only_what_is_signed_is_taken_up_and_only_once(people: People) -> None:
    draft = submissions.make_filled(people.vendor_a)
    with pytest.raises(ReviewRefused, match="was changed by somebody else"):
        review.take_up(draft, by=people.rita.actor(), at=NOON)
    submissions.sign(draft, people.alice)
    review.take_up(draft, by=people.rita.actor(), at=NOON)
    with pytest.raises(ReviewRefused):
        review.take_up(draft, by=people.dana.actor(), at=NOON)


def test_rows_name_the_person_and_the_journal_their_number(in_review: Submission, people: People) -> None:
    said = review.comment(in_review, "Well done.", is_from_desk=True, by=people.rita.actor(), at=NOON)
    assert said.by == "Rita"
    assert Entry.objects.get(verb="commented").actor == f"user:{people.rita.pk} (reviewer)"


def test_an_internal_note_and_its_words_stay_out_of_the_journal(in_review: Submission, people: People) -> None:
    review.comment(
        in_review, "I doubt it.", code="A5.01", audience=Comment.Audience.INTERNAL, is_from_desk=True,
        by=people.rita.actor(), at=NOON,
    )  # fmt: skip
    entry = Entry.objects.get(verb="commented")
    assert entry.after == {"code": "A5.01", "in_row": "", "audience": "internal"}
    assert "doubt" not in str(entry.after) + entry.why


def test_a_comment_needs_words_and_a_question_that_there_is(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="Write a sentence first"):
        review.comment(in_review, "  ", is_from_desk=True, by=people.rita.actor(), at=NOON)
    with pytest.raises(LookupError):
        review.comment(in_review, "Hm.", code="A99.1", is_from_desk=True, by=people.rita.actor(), at=NOON)


def test_only_answers_that_were_signed_can_go_back(in_review: Submission, people: People) -> None:
    for code, row in [("A15.02", ""), ("A5.01", "no-such-row"), ("X", "")]:
        with pytest.raises(LookupError):
            review.mark_return(in_review, code, row, "Look again.", by=people.rita.actor(), at=NOON)


def test_what_went_back_cannot_be_taken_back_again(in_review: Submission, people: People) -> None:
    send_back(in_review, people, "A1.04")
    with pytest.raises(ReviewRefused, match="It was sent to the vendor already"):
        review.unmark_return(in_review.returns.get(), by=people.rita.actor(), at=NOON)


def test_in_the_next_round_unchanged_sections_are_marked_at_once(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 7654321"})
    submissions.sign(in_review, people.alice, at=LATER)
    review.take_up(in_review, by=people.rita.actor(), at=LATER)
    marked = review.look_at_unchanged(in_review, by=people.dana.actor(), at=LATER)
    assert "A1" not in marked
    assert "A5" in marked
    left = decisions.obstacles(in_review, submissions.answers(in_review, LATER), LATER)
    assert left == ["3 sections are not looked at yet: A1, A17, A18."]
    assert in_review.section_looks.get(round=2, section="A2").remark == "Seen, and fine."


# ── accepting and declining ─────────────────────────────────────────────────
