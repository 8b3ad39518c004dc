"""Rules that stop, and waivers that let them pass for a time."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from gate.ask import clearance
from questionnaires import acceptances, decisions, review, waivers
from questionnaires.models import Submission
from questionnaires.review import ReviewRefused
from tests import submissions, world
from tests.questionnaires.reviews import LATER, make_in_review, obstacles, save, send_back
from tests.world import NOON, People

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def in_review(people: People) -> Submission:
    return make_in_review(people)


@pytest.fixture
def stopped(people: People) -> Submission:
    """Bounces are no opt-outs to them: a rule stops that."""
    found = make_in_review(people, {"A12.01": "no"})
    submissions.look_at_all(found, people.rita)
    return found


def waive(submission: Submission, people: People, days: int, rule: str = "bounces-ignored") -> None:
    until = (NOON + timedelta(days=days)).date()
    waivers.waive(submission, rule, "", "Their system is replaced in May.", until, by=people.dana.actor(), at=NOON)


def test_a_stop_rule_stops_until_it_is_waived_and_again_when_the_waiver_ends(
    stopped: Submission, people: People
) -> None:
    assert obstacles(stopped) == "1 rule stops it. Acceptance is not possible until that is cured or waived."
    waive(stopped, people, 30)
    assert obstacles(stopped) == ""
    answers = submissions.answers(stopped)
    on_the_day, after = NOON + timedelta(days=30), NOON + timedelta(days=31)
    assert decisions.obstacles(stopped, answers, on_the_day) == []
    assert "1 rule stops it." in decisions.obstacles(stopped, answers, after)[0]


def test_a_revoked_waiver_stops_again(stopped: Submission, people: People) -> None:
    waive(stopped, people, 30)
    waivers.revoke(stopped.waivers.get(), by=people.dana.actor(), at=NOON)
    assert obstacles(stopped).startswith("1 rule stops it.")


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_waiver_ends_after_today_and_within_a_year(stopped: Submission, people: People, days: int) -> None:
    with pytest.raises(ReviewRefused, match="ends on a day after today, within a year"):
        waive(stopped, people, days)


@pytest.mark.parametrize("rule", ["proof-slow", "drill-old", "no-such-rule"])
def test_only_a_stop_rule_that_speaks_is_waived(stopped: Submission, people: People, rule: str) -> None:
    with pytest.raises(LookupError):
        waive(stopped, people, 30, rule)


def test_a_waiver_is_printed_as_a_condition(stopped: Submission, people: People, settings: Settings) -> None:
    settings.FOUR_EYES = False
    waive(stopped, people, 30)
    letter = acceptances.accept(stopped, [], user=people.rita, by=people.rita.actor(), at=NOON)
    [condition] = letter.conditions
    assert "Their system is replaced in May." in condition["text"]
    assert condition["due"] == "2026-12-21"


def test_a_waiver_of_what_was_cured_is_no_condition_and_shuts_nothing_when_it_ends(
    stopped: Submission, people: People, settings: Settings
) -> None:
    settings.FOUR_EYES = False
    waive(stopped, people, 30)
    send_back(stopped, people, "A12.01")
    save(stopped, people, "bounces", {"A12.01": "all"})
    submissions.sign(stopped, people.alice, at=LATER)
    review.take_up(stopped, by=people.rita.actor(), at=LATER)
    submissions.look_at_all(stopped, people.rita, at=LATER)
    letter = acceptances.accept(stopped, [], user=people.rita, by=people.rita.actor(), at=LATER)
    assert letter.conditions == []
    acceptances.receive(letter, "portal", "Alice", by=people.alice.actor(), at=LATER)
    assert clearance(people.vendor_a, at=NOON + timedelta(days=32)).is_open


@pytest.mark.parametrize(("seen", "is_condition"), [(None, True), (False, True), (True, False)])
def test_a_waiver_is_a_condition_unless_its_rule_is_known_to_be_cured(
    people: People, settings: Settings, seen: bool | None, is_condition: bool
) -> None:
    settings.FOUR_EYES = False
    form = make_in_review(people)
    look = people.vendor_a.looks.get(kind="server")
    look.facts |= {"look.fcrdns": False}
    look.save()
    submissions.look_at_all(form, people.rita)
    until = (NOON + timedelta(days=30)).date()
    waivers.waive(form, "server-reverse-dns", "servers0", "They move.", until, by=people.dana.actor(), at=NOON)
    look.facts = {name: fact for name, fact in look.facts.items() if name != "look.fcrdns"}
    look.facts |= {} if seen is None else {"look.fcrdns": seen}
    look.save()
    letter = acceptances.accept(form, [], user=people.rita, by=people.rita.actor(), at=NOON)
    assert [one["due"] for one in letter.conditions] == (["2026-12-21"] if is_condition else [])
    acceptances.receive(letter, "portal", "Alice", by=people.alice.actor(), at=NOON)
    assert clearance(people.vendor_a, at=NOON + timedelta(days=29)).is_open
    assert clearance(people.vendor_a, at=NOON + timedelta(days=32)).is_open is not is_condition
