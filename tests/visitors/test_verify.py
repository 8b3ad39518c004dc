"""Is this letter genuine, and does it count now? The page decides by the moment, not by the last sweep."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from questionnaires import codes
from questionnaires.models import Acceptance
from tests import acceptances, amended, world
from tests.desk.pages import text
from tests.world import NOON
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def vendor() -> Vendor:
    return world.make_vendor("Alder Mailings")


def said(letter: Acceptance, after: timedelta) -> str:
    """What the page says of the letter that long after noon."""
    letter.code = codes.make()
    letter.save()
    with time_machine.travel(NOON + after, tick=False):
        return text(Client().get(f"/verify/{letter.code_shown}"))


@pytest.mark.parametrize("exhibit", ["A", "B"])
def test_a_letter_past_its_last_day_is_not_in_force_although_no_sweep_came_by(vendor: Vendor, exhibit: str) -> None:
    letter = acceptances.make_cleared(vendor, valid_for=DAY if exhibit == "A" else 9 * DAY)
    if exhibit == "B":
        letter = acceptances.make_acceptance(vendor, exhibit="B", valid_for=DAY)
    assert "In force until 22 Nov 2026" in said(letter, DAY - timedelta(seconds=1))
    after = said(letter, 2 * DAY)
    assert "Expired since 22 Nov 2026" in after
    assert "In force" not in after
    assert letter.state == Acceptance.State.RECEIVED


def test_one_that_nobody_received_by_its_last_day_has_expired_too(vendor: Vendor) -> None:
    letter = acceptances.make_cleared(vendor, state=Acceptance.State.ISSUED, valid_for=DAY)
    assert "Not yet received" in said(letter, timedelta(hours=1))
    assert "Expired since 22 Nov 2026" in said(letter, DAY)


@pytest.mark.parametrize("exhibit", ["A", "B"])
def test_under_a_policy_that_is_not_agreed_to_no_letter_is_in_force(vendor: Vendor, exhibit: str) -> None:
    letter = acceptances.make_cleared(vendor)
    if exhibit == "B":
        letter = acceptances.make_acceptance(vendor, exhibit="B")
    amended.make_version("R5", effective_at=NOON + DAY)
    assert "In force until 21 Nov 2027" in said(letter, DAY - timedelta(seconds=1))
    after = said(letter, DAY)
    assert "Does not count now since 22 Nov 2026: the policy changed, and the vendor has not agreed to it yet" in after
    assert "In force" not in after


@pytest.mark.parametrize(
    ("state", "words"),
    [(Acceptance.State.WITHDRAWN, "Withdrawn since 21 Nov"), (Acceptance.State.SUSPENDED, "Suspended")],
)
def test_what_people_ended_or_suspended_is_said_in_their_words(vendor: Vendor, state: str, words: str) -> None:
    assert words in said(acceptances.make_cleared(vendor, state=state), DAY)


def test_one_whose_waiver_ended_does_not_count_and_the_waiver_stays_between_us(vendor: Vendor) -> None:
    waiver = {"text": "Reverse DNS is mended by then.", "due": "2026-11-30", "is_waiver": True}
    letter = acceptances.make_cleared(vendor, conditions=[waiver])
    assert "In force until" in said(letter, DAY)
    after = said(letter, 10 * DAY)
    assert "Does not count now since 1 Dec 2026: what it let pass for a time has ended" in after
    assert "Reverse DNS" not in after


@pytest.mark.parametrize("state", [Acceptance.State.SUSPENDED, Acceptance.State.WITHDRAWN, Acceptance.State.EXPIRED])
def test_an_exhibit_b_counts_only_with_the_exhibit_a_that_it_adds_to(vendor: Vendor, state: str) -> None:
    acceptances.make_cleared(vendor, state=state)
    after = said(acceptances.make_acceptance(vendor, exhibit="B"), DAY)
    assert "Does not count now" in after
    assert "the acceptance of Exhibit A, which it adds to, does not count" in after
