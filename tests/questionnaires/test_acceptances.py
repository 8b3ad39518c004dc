"""The life of a letter: what may end it, and what never does."""

from datetime import timedelta

import pytest

from journal.actor import ENGINE
from questionnaires import acceptances, letters
from questionnaires.acceptances import AcceptanceRefused
from questionnaires.models import Acceptance
from tests import world
from tests.acceptances import make_acceptance
from tests.accepted import make_accepted
from tests.questionnaires import pdf
from tests.world import NOON, People
from vendors.models import Contact

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people() -> People:
    return world.make_people()


def test_a_letter_past_its_last_moment_is_not_received_and_ends_nothing() -> None:
    vendor = world.make_vendor()
    counting = make_acceptance(vendor, at=NOON - DAY)
    late = make_acceptance(vendor, state=Acceptance.State.ISSUED, valid_for=DAY)
    with pytest.raises(AcceptanceRefused) as refused:
        acceptances.receive(late, Acceptance.Receipt.PORTAL, "Alice", by=ENGINE, at=NOON + DAY)
    assert str(refused.value) == (
        f"{late.number} ended on 22 Nov 2026, 12:00 UTC, before anybody confirmed its receipt. Nothing was changed. "
        "Begin the next Exhibit A in the portal, or ask us."
    )
    for letter, state in ((counting, Acceptance.State.RECEIVED), (late, Acceptance.State.ISSUED)):
        letter.refresh_from_db()
        assert letter.state == state
    acceptances.receive(late, Acceptance.Receipt.PORTAL, "Alice", by=ENGINE, at=NOON + DAY - timedelta(microseconds=1))
    assert late.state == Acceptance.State.RECEIVED, "within its last moment it is"


def test_the_letter_names_the_first_contact_who_is_proven(people: People) -> None:
    world.make_contact(people.vendor_a, "Theo Marsh", rank=1)
    Contact.objects.update(declined_at=NOON)
    world.make_contact(people.vendor_a, "Lena Frost", rank=2, proven_at=NOON)
    said = " ".join(pdf.text(letters.acceptance_letter(make_accepted(people))).split())
    assert "The emergency contact known to us is Lena Frost." in said
    assert "Theo Marsh" not in said
