"""What a letter covers is what was signed: not what stands in the form besides, nor what was seen later."""

from datetime import timedelta

import pytest

from gate.ask import clearance
from questionnaires import acceptances, decisions, review
from questionnaires.models import Acceptance, Look, Signature, Submission
from tests import submissions, world
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
HIDDEN = "replies@elsewhere.example.org"


@pytest.fixture
def people() -> People:
    return world.make_people()


def accept(submission: Submission, people: People) -> Acceptance:
    review.take_up(submission, by=people.rita.actor(), at=NOON)
    submissions.look_at_all(submission, people.rita)
    decisions.recommend(submission, [], user=people.rita, by=people.rita.actor(), at=NOON)
    return acceptances.accept(submission, [], user=people.dana, by=people.dana.actor(), at=NOON)


def test_an_address_that_another_answer_made_needless_is_neither_signed_nor_accepted_nor_cleared(
    people: People,
) -> None:
    submission = submissions.make_filled(people.vendor_a)
    sheet = submission.sheets.get(step=submission.definition.page_of["A6.02"].step, row="")
    sheet.values = {**sheet.values, "A6.02": [{"address": HIDDEN}]}
    sheet.save()
    submissions.sign(submission, people.alice)
    assert HIDDEN not in Signature.objects.get().snapshot
    letter = accept(submission, people)
    addresses = {one["address"] for one in letter.scope["headers"]}
    assert HIDDEN not in addresses
    assert addresses
    acceptances.receive(letter, "portal", "Alice", by=people.alice.actor(), at=NOON)
    later = NOON + timedelta(hours=1)
    assert not clearance(people.vendor_a, header=HIDDEN, at=later).is_open
    assert clearance(people.vendor_a, header=min(addresses), at=later).is_open


def test_the_host_name_in_the_letter_is_the_one_seen_when_it_was_signed(people: People) -> None:
    submission = submissions.make_signed(people.vendor_a, people.alice)
    look = Look.objects.get(vendor=people.vendor_a, kind="server")
    seen = look.facts["look.ptr"]
    look.facts = {**look.facts, "look.ptr": "renamed.fieldnote.example.net"}
    look.save()
    assert [server["hostname"] for server in accept(submission, people).scope["servers"]] == [seen]
