"""Headers and list sources, as the gate reads them from the rows."""

from datetime import date, timedelta
from typing import Any

import pytest
from pytest_django import Settings

from gate.ask import clearance
from journal.actor import ENGINE
from journal.record import turn
from questionnaires.acceptances import receive, resume, suspend, withdraw
from questionnaires.covering import cover
from questionnaires.exhibit_b import begin_for
from questionnaires.models import Acceptance, ListSource
from questionnaires.sources import counted, standings
from tests import acceptances, world
from tests.gate.rows import DAY, saying, shutting
from tests.world import NOON
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def test_an_advertisers_domain_is_open_while_its_approval_lasts(vendor: Vendor, settings: Settings) -> None:
    settings.ADVERTISER_DOMAINS = ("HarrowLyle.example",)
    acceptances.make_cleared(vendor, headers=["news@harrowlyle.example"])
    about = {"header": "news@harrowlyle.example"}
    assert shutting(vendor, **about) == ["header_not_approved"]
    acceptances.make_approval(vendor, "harrowlyle.example", since=date(2026, 11, 1), until=date(2026, 11, 21))
    assert shutting(vendor, **about) == []
    assert shutting(vendor, at=NOON + DAY, **about) == ["header_approval_ended"]


@pytest.mark.parametrize(
    ("header", "listed", "asked", "is_open"),
    [
        ("Return-Path", "bounce+{to}@post.example", "bounce+77@post.example", True),
        ("Return-Path", "bounce+{to}@post.example", "bounce+@post.example", False),
        ("Return-Path", "bounce+{to}@post.example", "ceo@post.example", False),
        ("Return-Path", "{any}@post.example", "ceo@post.example", False),
        ("From", "{all}@post.example", "ceo@post.example", False),
        ("From", "{all}@post.example", "{all}@post.example", True),
        ("From", "news+{all}@post.example", "news+ceo@post.example", False),
        ("Reply-To", "news@post.example", "news@post.example", True),
    ],
)
def test_only_a_return_path_with_something_fixed_before_its_token_is_the_form_of_many(
    vendor: Vendor, header: str, listed: str, asked: str, is_open: bool
) -> None:
    letter = acceptances.make_cleared(vendor)
    letter.scope["headers"] = [{"header": header, "address": listed}]
    letter.save()
    assert clearance(vendor, header=asked, at=NOON).is_open is is_open


@pytest.mark.parametrize(
    ("counts", "is_open"), [((499,), True), ((500,), True), ((501,), False), ((499, 2), False), ((499, 499), False)]
)
def test_new_addresses_of_a_source_are_counted_together(vendor: Vendor, counts: list[int], is_open: bool) -> None:
    acceptances.make_cleared(vendor)
    acceptances.make_source(vendor, "Web-2", *counts)
    assert clearance(vendor, source="WEB-2", at=NOON).is_open is is_open
    assert clearance(vendor, at=NOON).is_open


@pytest.mark.parametrize(
    ("state", "covered"),
    [
        (Acceptance.State.ISSUED, False),
        (Acceptance.State.RECEIVED, True),
        (Acceptance.State.SUSPENDED, False),
        (Acceptance.State.SUPERSEDED, False),
        (Acceptance.State.WITHDRAWN, False),
        (Acceptance.State.EXPIRED, False),
    ],
)
def test_an_exhibit_covers_from_its_receipt_until_it_ends_and_not_while_it_is_suspended(
    vendor: Vendor, state: str, covered: bool
) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", state=state)
    source = acceptances.make_source(vendor, "web-2", 10_000, accepted_in=exhibit)
    assert clearance(vendor, source="web-2", at=NOON).is_open is covered
    assert counted(source, NOON) == (0 if covered else 10_000)
    if state == Acceptance.State.ISSUED:
        assert exhibit.number in clearance(vendor, source="web-2", at=NOON).reasons[0].cure


def test_an_exhibit_b_past_its_last_moment_covers_nothing_although_no_sweep_came_by(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", valid_for=DAY, conditions=[waived("2026-11-20")])
    source = acceptances.make_source(vendor, "web-2", 10_000, accepted_in=exhibit)
    assert shutting(vendor, source="web-2", at=NOON + DAY - timedelta(seconds=1)) == ["source_waiver_ended"]
    assert shutting(vendor, source="web-2", at=NOON + DAY) == ["source_uncovered"], "its waiver ended with it"
    following = acceptances.make_acceptance(vendor, exhibit="B", at=NOON + DAY)
    with turn():
        cover(source, following, 10_000, by=ENGINE, at=NOON + DAY)
    assert shutting(vendor, source="web-2", at=NOON + DAY) == []


def test_what_a_replaced_exhibit_a_covers_is_covered_beyond_its_own_last_day(vendor: Vendor) -> None:
    first = acceptances.make_cleared(vendor, lists=["web-2"], valid_for=DAY)
    acceptances.make_source(vendor, "web-2", 10_000, accepted_in=first)
    following(vendor, lists=["web-2"])
    assert shutting(vendor, source="web-2", at=NOON + 2 * DAY) == []


def following(vendor: Vendor, **letter: Any) -> Acceptance:
    """The next letter, issued and received."""
    issued = acceptances.make_acceptance(vendor, state=Acceptance.State.ISSUED, **letter)
    receive(issued, Acceptance.Receipt.PORTAL, "Alice", by=ENGINE, at=NOON)
    return issued


@pytest.mark.parametrize("is_suspended", [False, True])
@pytest.mark.parametrize(("declared", "reason"), [((50_000,), "source_uncovered"), ((), "source_dropped")])
def test_a_source_that_the_next_exhibit_a_drops_is_shut(
    vendor: Vendor, declared: tuple[int, ...], reason: str, is_suspended: bool
) -> None:
    first = acceptances.make_cleared(vendor, lists={"web-2": 50_000})
    source = acceptances.make_source(vendor, "web-2", *declared, accepted_in=first, at=NOON - DAY)
    if is_suspended:
        suspend(first, "It is looked at.", by=ENGINE, at=NOON)
    following(vendor, lists=["web-1"])
    [shut] = clearance(vendor, source="web-2", at=NOON).shutting
    assert shut.id == reason
    assert f"{first.number} listed" in f"{shut.sentence} {shut.cure}"
    assert "listed again in Exhibit A, or Exhibit B" in shut.cure
    assert clearance(vendor, at=NOON).is_open, "other mail is not touched"
    exhibit = following(vendor, exhibit="B", lists={"web-2": 50_000})
    assert shutting(vendor, source="web-2") == []
    assert held(source, exhibit) == 50_000
    following(vendor, lists={"web-2": 50_000})
    assert shutting(vendor, source="web-2") == []


def test_a_letter_that_was_suspended_when_it_was_replaced_covers_nothing(vendor: Vendor) -> None:
    first = acceptances.make_cleared(vendor, lists={"web-2": 50_000})
    source = acceptances.make_source(vendor, "web-2", 50_000, accepted_in=first, at=NOON - DAY)
    suspend(first, "It is looked at.", by=ENGINE, at=NOON)
    following(vendor, lists={"web-2": 48_000})
    assert counted(source, NOON) == 2_000, "what the letter lists is covered, and no more"
    assert shutting(vendor, source="web-2") == ["source_uncovered"]


def test_a_suspended_exhibit_b_shuts_its_source_and_a_resumed_one_opens_it_again(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B")
    acceptances.make_source(vendor, "web-2", 10_000, accepted_in=exhibit)
    suspend(exhibit, "Its proof was forged.", by=ENGINE, at=NOON)
    assert clearance(vendor, at=NOON).is_open, "other mail is not touched"
    [reason] = clearance(vendor, source="web-2", at=NOON).shutting
    assert (reason.id, reason.ref, reason.word) == ("source_uncovered", exhibit.number, "Suspended")
    assert reason.cure.startswith(f"Opens when Harrow & Lyle resumes {exhibit.number}")
    resume(exhibit, "It was not.", by=ENGINE, at=NOON)
    assert shutting(vendor, source="web-2") == []


def test_a_letter_that_was_suspended_before_anybody_received_it_covers_nothing(vendor: Vendor) -> None:
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", state=Acceptance.State.SUSPENDED)
    Acceptance.objects.update(received_at=None)
    assert counted(acceptances.make_source(vendor, "web-2", 501, accepted_in=exhibit), NOON) == 501


def waived(until: str, **more: str) -> dict[str, Any]:
    return {"text": "No proof. Waived by IT: it is coming.", "due": until, "is_waiver": True} | more


def test_the_end_of_a_waiver_of_exhibit_b_shuts_the_source_that_it_covers_and_no_other(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-21")])
    acceptances.make_source(vendor, "web-2", 600, accepted_in=exhibit)
    acceptances.make_source(vendor, "web-3", 20)
    assert shutting(vendor, source="web-2") == [], "its last day"
    assert shutting(vendor, source="web-2", at=NOON + DAY) == ["source_waiver_ended"]
    assert shutting(vendor, source="web-3", at=NOON + DAY) == []
    assert shutting(vendor, at=NOON + DAY) == []
    assert "source_waiver_ended" in saying(vendor, at=NOON + DAY)


def test_a_waiver_for_one_source_of_a_form_says_nothing_of_the_others(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-20", source="WEB-2")])
    for code in ("web-2", "web-3"):
        acceptances.make_source(vendor, code, 600, accepted_in=exhibit)
    assert shutting(vendor, source="web-2") == ["source_waiver_ended"]
    assert shutting(vendor, source="web-3") == []


@pytest.mark.parametrize("state", [Acceptance.State.WITHDRAWN, Acceptance.State.EXPIRED])
def test_a_waiver_of_a_letter_that_has_ended_speaks_no_more(vendor: Vendor, state: str) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", state=state, conditions=[waived("2026-11-20")])
    acceptances.make_source(vendor, "web-2", 600, accepted_in=exhibit)
    assert shutting(vendor, source="web-2") == ["source_uncovered"]


def test_the_next_exhibit_b_covers_what_a_waiver_covered_until_it_ended(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-20")])
    source = acceptances.make_source(vendor, "web-2", 600, accepted_in=exhibit, at=NOON - DAY)
    following = acceptances.make_acceptance(vendor, exhibit="B")
    with turn():
        cover(source, following, 600, by=ENGINE, at=NOON)
    assert source.additions.get().accepted_in == following
    assert shutting(vendor, source="web-2") == []


def test_the_waiver_that_ended_speaks_until_the_next_exhibit_b_is_received(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-20")])
    source = acceptances.make_source(vendor, "web-2", 300, accepted_in=exhibit, at=NOON - DAY)
    acceptances.make_source(vendor, "web-2", 100, at=NOON - DAY)
    issued = [
        acceptances.make_acceptance(vendor, exhibit="B", state=Acceptance.State.ISSUED, lists={"web-2": 150})
        for _ in range(2)
    ]
    for letter in issued:
        with turn():
            cover(source, letter, 150, by=ENGINE, at=NOON)
        assert shutting(vendor, source="web-2") == ["source_waiver_ended"]
    first, second = issued
    assert held(source, first) == 100, "what nothing covers before what a waiver covered"
    withdraw(first, "It was a mistake.", by=ENGINE, at=NOON)
    assert shutting(vendor, source="web-2") == ["source_waiver_ended"]
    assert held(source, exhibit) == 300
    suspend(second, "It is looked at.", by=ENGINE, at=NOON)
    receive(second, Acceptance.Receipt.PORTAL, "Alice", by=ENGINE, at=NOON)
    assert (held(source, second), held(source, exhibit)) == (100, 300), "while it is suspended it takes nothing over"
    resume(second, "It is well.", by=ENGINE, at=NOON)
    assert (held(source, second), held(source, exhibit)) == (150, 250)
    following(vendor, exhibit="B", lists={"web-2": 250})
    assert shutting(vendor, source="web-2") == []
    assert sum(source.additions.values_list("count", flat=True)) == 400, "nothing was declared in the vendor's place"


def test_the_next_exhibit_b_is_begun_with_the_addresses_whose_waiver_has_ended(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    exhibit = acceptances.make_acceptance(vendor, exhibit="B", conditions=[waived("2026-11-21")])
    source = acceptances.make_source(vendor, "web-2", 300, accepted_in=exhibit)
    other = acceptances.make_source(vendor, "web-3", 40)
    acceptances.make_source(vendor, "web-2", 50)
    assert (counted(source, NOON), counted(source, NOON + DAY), counted(other, NOON + DAY)) == (50, 350, 40)
    for at, needs in ((NOON, False), (NOON + DAY, True)):
        [standing] = standings(vendor, 500, at, [source])
        assert (standing.new, standing.needs_exhibit) == (50, needs)
        assert clearance(vendor, source="web-2", at=at).is_open is not needs
    form = begin_for(source, by=ENGINE, at=NOON + DAY)
    assert form.sheets.exclude(row="").get(step="sources").values["B2.02"] == 350


def held(source: ListSource, letter: Acceptance) -> int:
    return sum(source.additions.filter(accepted_in=letter).values_list("count", flat=True))


def test_another_vendors_source_of_the_same_code_is_another(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor)
    acceptances.make_source(world.make_vendor(), "web-2", 10_000)
    assert saying(vendor, source="web-2") == ["source_unknown"]
