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


def test_a_suspended_letter_is_not_received_while_another_counts_and_takes_over_once_it_is_resumed() -> None:
    vendor = world.make_vendor()
    counting = make_acceptance(vendor, at=NOON - DAY)
    new = make_acceptance(vendor, state=Acceptance.State.ISSUED)
    acceptances.suspend(new, "A question is open.", by=ENGINE, at=NOON)
    with pytest.raises(AcceptanceRefused, match=f"is suspended, so it cannot replace {counting.number} yet"):
        acceptances.receive(new, Acceptance.Receipt.LINK, "Alice", by=ENGINE, at=NOON)
    for letter in (counting, new):
        letter.refresh_from_db()
    assert (counting.state, new.received_at) == (Acceptance.State.RECEIVED, None)
    acceptances.resume(new, "It is answered.", by=ENGINE, at=NOON)
    acceptances.receive(new, Acceptance.Receipt.LINK, "Alice", by=ENGINE, at=NOON)
    counting.refresh_from_db()
    assert (counting.state, new.state) == (Acceptance.State.SUPERSEDED, Acceptance.State.RECEIVED)


@pytest.mark.parametrize("is_suspended", [True, False])
def test_a_letter_withdrawn_since_the_page_was_opened_is_not_received_and_ends_nothing(is_suspended: bool) -> None:
    vendor = world.make_vendor()
    counting = make_acceptance(vendor, at=NOON - DAY)
    new = make_acceptance(vendor, state=Acceptance.State.ISSUED)
    if is_suspended:
        acceptances.suspend(new, "A question is open.", by=ENGINE, at=NOON)
    opened = Acceptance.objects.get(pk=new.pk)
    acceptances.withdraw(new, "A slip of ours.", by=ENGINE, at=NOON)
    with pytest.raises(AcceptanceRefused, match="is withdrawn or was changed just now"):
        acceptances.receive(opened, Acceptance.Receipt.LINK, "Alice", by=ENGINE, at=NOON)
    for letter in (counting, new):
        letter.refresh_from_db()
    assert (counting.state, new.state) == (Acceptance.State.RECEIVED, Acceptance.State.WITHDRAWN)
    assert new.received_at is None


def test_the_only_letter_is_received_while_it_is_suspended_and_counts_when_it_is_resumed() -> None:
    letter = make_acceptance(world.make_vendor(), state=Acceptance.State.ISSUED)
    opened = Acceptance.objects.get(pk=letter.pk)
    acceptances.suspend(letter, "A question is open.", by=ENGINE, at=NOON)
    acceptances.receive(opened, Acceptance.Receipt.LINK, "Alice", by=ENGINE, at=NOON)
    assert (opened.state, opened.received_at) == (Acceptance.State.SUSPENDED, NOON)
    acceptances.resume(letter, "It is answered.", by=ENGINE, at=NOON)
    assert letter.state == Acceptance.State.RECEIVED, "whoever resumes has not seen that it was received meanwhile"


def test_the_letter_names_the_first_contact_who_is_proven(people: People) -> None:
    world.make_contact(people.vendor_a, "Theo Marsh", rank=1)
    Contact.objects.update(declined_at=NOON)
    world.make_contact(people.vendor_a, "Lena Frost", rank=2, proven_at=NOON)
    said = " ".join(pdf.text(letters.acceptance_letter(make_accepted(people))).split())
    assert "The emergency contact known to us is Lena Frost." in said
    assert "Theo Marsh" not in said
