"""The gate between a letter and the one that replaces it, under a policy that was amended: signed, accepted and
received by the verbs that people use."""

from datetime import datetime, timedelta

import pytest

from gate.ask import clearance, open_among
from journal.actor import ENGINE
from questionnaires import decisions
from questionnaires.acceptances import accept, receive, suspend, withdraw
from questionnaires.amendments import waiting_for
from questionnaires.models import Acceptance, Submission
from questionnaires.renewals import begin_again
from tests import acceptances, amended, submissions, world
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people() -> People:
    return world.make_people()


def accepted(submission: Submission, people: People, at: datetime) -> Acceptance:
    """Looked at, and accepted by Rita and Dana: the letter is issued."""
    submissions.look_at_all(submission, people.rita, at=at)
    decisions.recommend(submission, [], user=people.rita, by=people.rita.actor(), at=at)
    return accept(submission, [], user=people.dana, by=people.dana.actor(), at=at)


def test_an_old_letter_does_not_open_by_a_new_one_that_nobody_received(people: People) -> None:
    old = acceptances.make_cleared(people.vendor_a)
    amended.make_version("R5", at=NOON, effective_at=NOON + DAY)
    signed = submissions.make_in_review(people.vendor_a, people.alice, people.rita, at=NOON + DAY)
    new = accepted(signed, people, NOON + DAY)
    [reason] = clearance(people.vendor_a, at=NOON + DAY).shutting
    assert (reason.id, reason.word, reason.ref) == ("lapsed", "To confirm", new.number)
    assert reason.cure == f"Opens when the vendor confirms the receipt of {new.number}."
    assert open_among([people.vendor_a], NOON + DAY) == set()
    receive(new, Acceptance.Receipt.PORTAL, "Alice", by=people.alice.actor(), at=NOON + DAY)
    assert clearance(people.vendor_a, at=NOON + DAY).is_open
    old.refresh_from_db()
    assert old.state == Acceptance.State.SUPERSEDED


def test_a_new_letter_that_was_withdrawn_agrees_to_nothing_and_the_vendor_is_asked_again(people: People) -> None:
    acceptances.make_cleared(people.vendor_a)
    version = amended.make_version("R5", at=NOON, effective_at=NOON + DAY)
    signed = submissions.make_in_review(people.vendor_a, people.alice, people.rita, at=NOON + DAY)
    new = accepted(signed, people, NOON + DAY)
    assert waiting_for(people.vendor_a, NOON + DAY) is None, "all that is left is the receipt"
    withdraw(new, "It lists a wrong server.", by=people.rita.actor(), at=NOON + DAY)
    [reason] = clearance(people.vendor_a, at=NOON + DAY).shutting
    assert (reason.id, reason.word) == ("lapsed", "Lapsed")
    waiting = waiting_for(people.vendor_a, NOON + DAY)
    assert waiting
    assert waiting.version == version


def test_a_new_letter_that_is_suspended_before_its_receipt_still_waits_to_be_received(people: People) -> None:
    acceptances.make_cleared(people.vendor_a)
    version = amended.make_version("R5", at=NOON, effective_at=NOON + DAY)
    new = acceptances.make_acceptance(people.vendor_a, state=Acceptance.State.ISSUED, policy=version, at=NOON + DAY)
    suspend(new, "A server is to be looked at.", by=people.rita.actor(), at=NOON + DAY)
    [reason] = clearance(people.vendor_a, at=NOON + DAY).shutting
    assert (reason.id, reason.word, reason.ref) == ("lapsed", "To confirm", new.number)


def test_an_amendment_is_of_the_letter_that_counts_and_not_of_one_that_nobody_received(people: People) -> None:
    old = acceptances.make_cleared(people.vendor_a)
    acceptances.make_acceptance(people.vendor_a, state=Acceptance.State.ISSUED, at=NOON + DAY)
    version = amended.make_version("R5", at=NOON, effective_at=NOON + 2 * DAY)
    form = begin_again(people.vendor_a, "amendment", amendment=version, by=ENGINE, at=NOON + DAY)
    assert form.previous == old.submission


@pytest.mark.parametrize("times", [1, 2])
def test_an_amendment_with_the_answers_of_a_letter_that_never_counted_agrees_to_nothing(
    people: People, times: int
) -> None:
    vendor = people.vendor_a
    acceptances.make_cleared(vendor)
    new = acceptances.make_acceptance(vendor, state=Acceptance.State.ISSUED, at=NOON)
    version = amended.make_version("R5", at=NOON, effective_at=NOON + DAY)
    form = new.submission
    for _ in range(times):
        form = acceptances.make_submission(vendor, reason="amendment", amendment=version, previous=form)
        acceptances.make_signature(form, policy=version)
    assert [one.id for one in clearance(vendor, at=NOON + DAY).shutting] == ["lapsed"]
    withdraw(new, "It lists a wrong server.", by=people.rita.actor(), at=NOON + DAY)
    assert [one.id for one in clearance(vendor, at=NOON + DAY).shutting] == ["lapsed"]
    waiting = waiting_for(vendor, NOON + DAY)
    assert waiting
    assert waiting.version == version, "the vendor is asked again"
