"""A vendor whose letter counts renews or changes Exhibit A: no letter about the new form tells it to stop all mail."""

import pytest

from notices.letters import render
from notices.models import Delivery
from questionnaires import acceptances, decisions, review
from questionnaires.models import Acceptance, Submission
from tests import submissions, world
from tests.acceptances import make_acceptance, make_cleared
from tests.world import NOON

pytestmark = pytest.mark.django_db
OF_ALL_MAIL = ("start mailing", "may not mail for", "may not mail in", "o mail may be sent")


@pytest.fixture
def people() -> world.People:
    return world.make_people()


@pytest.fixture
def standing(people: world.People) -> Acceptance:
    return make_cleared(people.vendor_a)


def said(name: str) -> list[str]:
    """The newest letter of the name, as text and as HTML, on one line each."""
    delivery = Delivery.objects.filter(letter=name).last()
    assert delivery, name
    written = render(name, delivery.facts)
    return [" ".join(one.split()) for one in (written.text, written.html)]


def says(name: str, sentence: str) -> None:
    for text in said(name):
        assert sentence in text
        assert not [words for words in OF_ALL_MAIL if words in text]


def again(people: world.People) -> Submission:
    return submissions.make_in_review(people.vendor_a, people.alice, people.rita)


def test_the_signed_copy(people: world.People, standing: Acceptance) -> None:
    again(people)
    says("signed_copy", "What is new may not be mailed yet.")


def test_what_is_sent_back(people: world.People, standing: Acceptance) -> None:
    submission, by = again(people), people.rita.actor()
    review.mark_return(submission, "A1.04", "", "A digit is missing.", by=by, at=NOON)
    decisions.send_back(submission, "", user=people.rita, by=by, at=NOON)
    says("submission_returned", "What is new may not be mailed yet.")


def test_what_is_declined(people: world.People, standing: Acceptance) -> None:
    by = people.rita.actor()
    decisions.decline(again(people), "The proof was false.", user=people.rita, by=by, at=NOON)
    says("submission_declined", f"No more may be mailed than {standing.number} allows.")


def test_a_new_letter_that_is_withdrawn_before_its_receipt(people: world.People, standing: Acceptance) -> None:
    new = make_acceptance(people.vendor_a, state=Acceptance.State.ISSUED)
    acceptances.withdraw(new, "A slip of ours.", by=people.rita.actor(), at=NOON)
    says("acceptance_changed", f"No more may be mailed than {standing.number} allows.")


def test_who_has_no_other_letter_may_mail_nothing(people: world.People) -> None:
    by = people.rita.actor()
    decisions.decline(again(people), "The proof was false.", user=people.rita, by=by, at=NOON)
    assert all("You may not mail for" in text for text in said("submission_declined"))
