"""What a reviewer's page compares with: the last round that somebody of the desk decided."""

from datetime import timedelta

import pytest

from desk.queries.submission import Reading
from questionnaires import decisions, review
from questionnaires.models import Submission
from tests import submissions, world
from tests.questionnaires.reviews import make_in_review, save, send_back
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=4)


@pytest.fixture
def people() -> People:
    return world.make_people()


def read(submission: Submission, against: str = "") -> Reading:
    return Reading(Submission.objects.get(pk=submission.pk), LATER, against)


def sign_take_back_and_sign(submission: Submission, people: People) -> None:
    submissions.sign(submission, people.alice, at=LATER)
    decisions.take_back(submission, by=people.alice.actor(), at=LATER)
    submissions.sign(submission, people.alice, at=LATER)


def test_a_round_that_was_taken_back_hides_no_change_since_the_one_that_was_sent_back(people: People) -> None:
    submission = make_in_review(people)
    send_back(submission, people, "A1.04")
    save(submission, people, "company", {"A1.04": "GB 99999999"})
    sign_take_back_and_sign(submission, people)
    review.take_up(submission, by=people.rita.actor(), at=LATER)
    reading = read(submission)
    assert reading.baseline is not None
    assert reading.baseline.key == "round-1"
    assert reading.changed == {"A1.04"}
    assert read(submission, "round-2").changed == frozenset(), "the round that was taken back, for whoever asks"


def test_while_it_is_with_the_vendor_again_the_page_shows_what_was_sent_back(people: People) -> None:
    submission = make_in_review(people)
    send_back(submission, people, "A1.04")
    save(submission, people, "company", {"A1.04": "GB 99999999"})
    submissions.sign(submission, people.alice, at=LATER)
    decisions.take_back(submission, by=people.alice.actor(), at=LATER)
    signature = read(submission).signature
    assert signature is not None
    assert signature.round == 1


def test_a_first_round_that_was_taken_back_is_nothing_to_compare_with(people: People) -> None:
    submission = submissions.make_filled(people.vendor_a)
    sign_take_back_and_sign(submission, people)
    reading = read(submission)
    assert reading.baseline is None
    assert [one.words for one in reading.baselines] == ["round 1, taken back by the vendor"]
