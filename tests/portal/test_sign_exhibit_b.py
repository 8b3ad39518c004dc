"""Who signs an Exhibit B: the person whom the accepted Exhibit A names, whatever the account; the desk is told."""

import json
from collections.abc import Iterator

import pytest
import time_machine

from questionnaires import waivers
from questionnaires.models import Acceptance, Signature, Submission
from questionnaires.reading import answers_of
from tests import world
from tests.acceptances import make_cleared
from tests.exhibit_b_pages import Vendor, cleaned
from tests.world import NOON, come

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def people() -> world.People:
    people = world.make_people()
    servers = [world.make_server(people.vendor_a, hostname=f"out{n}.fieldnote.example") for n in (1, 2)]
    make_cleared(people.vendor_a, servers=servers, headers=["news@fieldnote.example"], lists={"Garden Weekly": 4000})
    return people


def name_signatory(name: str, email: str) -> None:
    """What A2.01 of the accepted Exhibit A says."""
    answers = [{"key": "A2.01", "value": {"name": name, "email": email}}]
    letter = Acceptance.objects.get(exhibit="A")
    Signature.objects.filter(pk=letter.signature_id).update(snapshot=json.dumps({"answers": answers}))


def filled(alice: Vendor) -> Submission:
    submission = alice.begin()
    alice.fill_in(submission, {"B2.02": "501", "B6.01": cleaned(501)})
    alice.draw(submission)
    alice.prove(submission)
    return submission


def is_flagged(submission: Submission) -> bool:
    submission.refresh_from_db()
    found = waivers.flags(submission, answers_of(submission, NOON), NOON)
    return any(flag.rule.id == "signed-from-another-account" for flag in found)


def test_another_name_than_that_of_the_accepted_exhibit_a_is_refused(people: world.People) -> None:
    name_signatory("Tove Berg", "tove@fieldnote.example")
    alice = Vendor(come(people.alice))
    submission = filled(alice)
    answer = alice.sign(submission).content.decode()
    assert "You typed “Mara Lindqvist”, and your accepted Exhibit A names Tove Berg as the one who signs" in answer
    assert not submission.signatures.exists()


def test_the_named_person_signs_and_another_account_is_flagged(people: world.People) -> None:
    name_signatory("Mara Lindqvist", "mara@fieldnote.example")
    alice = Vendor(come(people.alice))
    submission = filled(alice)
    assert alice.sign(submission).status_code == 302
    assert is_flagged(submission)


def test_the_account_of_the_named_person_is_not_flagged(people: world.People) -> None:
    name_signatory("Mara Lindqvist", people.alice.email.upper())
    alice = Vendor(come(people.alice))
    submission = filled(alice)
    assert alice.sign(submission).status_code == 302
    assert not is_flagged(submission)
