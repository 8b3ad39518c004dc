"""Delisting, tracked: who asked, when and how, and what came back. It opens and closes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from journal.actor import ENGINE, Actor
from journal.models import Entry
from journal.record import move
from monitors.delistings import DelistingRefused, answer_delisting, ask_delisting
from monitors.models import Delisting, Finding
from tests import monitored, world
from tests.world import NOON

pytestmark = pytest.mark.django_db
DANA = Actor("user", "Dana")
HOUR = timedelta(hours=1)


@pytest.fixture
def finding() -> Finding:
    return monitored.make_finding(world.make_server(world.make_vendor()), at=NOON - 2 * HOUR)


def ask(finding: Finding, **more: Any) -> Delisting:
    said = {"party": "vendor", "asked_by": "Alice", "how": "Their form, ticket 7.", "asked_at": NOON - HOUR}
    return ask_delisting(finding, **{**said, "by": DANA, "at": NOON, **more})


def answer(row: Delisting, **more: Any) -> None:
    said = {"outcome": "agreed", "answer": "Off within a day.", "answered_at": NOON}
    answer_delisting(row, **{**said, "by": DANA, "at": NOON + HOUR, **more})


def test_who_asked_when_and_how_is_kept_and_stands_in_the_journal(finding: Finding) -> None:
    row = ask(finding, remark="They sounded busy.")
    assert (row.asked_by_name, row.party, row.asked_at) == ("Alice", "vendor", NOON - HOUR)
    assert (row.noted_by_name, row.note) == ("Dana", "They sounded busy.")
    entry = Entry.objects.get(object_type="monitors.delisting")
    assert (entry.verb, entry.after["party"], entry.after["how"]) == ("asked", "vendor", "Their form, ticket 7.")


def test_what_came_back_is_kept_once(finding: Finding) -> None:
    row = ask(finding)
    answer(row)
    row.refresh_from_db()
    assert (row.outcome, row.answer, row.answered_at) == ("agreed", "Off within a day.", NOON)
    with pytest.raises(DelistingRefused, match="noted already"):
        answer(row, outcome="refused")
    assert Entry.objects.get(verb="answered").why == "Off within a day."


def test_a_promise_closes_no_finding(finding: Finding) -> None:
    answer(ask(finding))
    finding.refresh_from_db()
    assert finding.state == Finding.State.OPEN


def test_several_may_be_asked_for_one_finding(finding: Finding) -> None:
    ask(finding)
    ask(finding, party="staff", asked_by="Dana", asked_at=NOON)
    assert [one.party for one in finding.delistings.all()] == ["staff", "vendor"]


def test_how_long_it_stayed_is_counted_from_the_request(finding: Finding) -> None:
    row = ask(finding)
    assert row.open_for(NOON) == HOUR
    move(finding, Finding.State.CLOSED, by=ENGINE, at=NOON, changes={"closed_at": NOON})
    row.refresh_from_db()
    assert row.open_for(NOON + 9 * HOUR) == HOUR


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"asked_by": " "}, "who asked"),
        ({"how": ""}, "who asked, and how"),
        ({"how": "x" * 4001}, "under 4,000"),
        ({"party": "somebody"}, "we, or the vendor"),
        ({"asked_at": NOON + HOUR}, "still to come"),
    ],
)
def test_what_is_not_whole_is_refused(finding: Finding, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DelistingRefused, match=sentence):
        ask(finding, **more)
    assert not Delisting.objects.exists()


def test_a_clock_that_runs_a_little_ahead_is_forgiven(finding: Finding) -> None:
    assert ask(finding, asked_at=NOON + timedelta(minutes=2)).asked_at == NOON


def test_of_a_closed_finding_nothing_is_asked(finding: Finding) -> None:
    move(finding, Finding.State.CLOSED, by=ENGINE, at=NOON, changes={"closed_at": NOON})
    with pytest.raises(DelistingRefused, match="is closed"):
        ask(finding)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"outcome": ""}, "Choose what came back"),
        ({"outcome": "other", "answer": " "}, "Write what they said"),
        ({"answered_at": NOON - 2 * HOUR}, "before it was asked"),
        ({"answered_at": NOON + 2 * HOUR}, "still to come"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(finding: Finding, more: dict[str, Any], sentence: str) -> None:
    row = ask(finding)
    with pytest.raises(DelistingRefused, match=sentence):
        answer(row, **more)
    row.refresh_from_db()
    assert row.answered_at is None
