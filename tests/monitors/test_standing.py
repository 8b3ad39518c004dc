"""Histories of watches from their rows: what was seen, since when, and in how few queries."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from monitors.history import What
from monitors.models import Finding, Observation, Watch
from monitors.probes.reading import Verdict
from monitors.standing import SPAN, Strip, first_moment, told_of
from tests import monitored, world
from tests.world import NOON
from vendors.models import SendingServer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PATH = "192.0.2.53:53"


@pytest.fixture(autouse=True)
def one_path(settings: Settings) -> None:
    settings.RESOLVERS, settings.WATCH_SECONDS = [PATH], 1800


@pytest.fixture
def watch() -> Watch:
    server = world.make_server(world.make_vendor(at=NOON - 200 * DAY), at=NOON - 200 * DAY)
    return monitored.make_watch(server, "dnsbl:spamcop")


def saw(watch: Watch, first: float, last: float, verdict: str = Verdict.CLEAR) -> Observation:
    """A run from `first` to `last` days ago."""
    observation = monitored.make_observation(watch, verdict=verdict, at=NOON - first * DAY, path=PATH)
    Observation.objects.filter(pk=observation.pk).update(last_at=NOON - last * DAY)
    return observation


def strip(*watches: Watch) -> Strip:
    return Strip("all", "All", told_of(Watch.objects.filter(pk__in=[one.pk for one in watches]), NOON), NOON)


def test_the_last_ninety_days_are_told_today_among_them(watch: Watch) -> None:
    saw(watch, 150, 0)
    found = strip(watch)
    assert len(found.days) == SPAN
    assert found.days[0].date == first_moment(NOON).date()
    assert found.days[-1].date == NOON.date()
    assert {day.what for day in found.days} == {What.CLEAR}
    assert found.days[-1].length == timedelta(hours=12)
    assert found.figures.uptime == 1
    assert found.figures.unseen == 0


def test_a_check_tells_from_its_first_look_on(watch: Watch) -> None:
    saw(watch, 10, 0)
    assert len(strip(watch).days) == 11


def test_a_check_that_waits_for_its_first_look_was_not_looked_at(watch: Watch) -> None:
    found = strip(watch)
    assert {day.what for day in found.days} == {What.UNLOOKED}
    assert found.figures.uptime is None
    assert found.figures.unseen == 1


def test_a_gap_of_the_engine_is_not_clear(watch: Watch) -> None:
    saw(watch, 80, 40)
    saw(watch, 30, 0)
    words = [day.what for day in strip(watch).days]
    assert words.count(What.UNLOOKED) == 10


def test_an_old_run_shows_that_nobody_looked_since(watch: Watch) -> None:
    saw(watch, 180, 100)
    found = strip(watch)
    assert len(found.days) == SPAN
    assert found.figures.seen == timedelta(0)


def test_a_finding_stands_from_its_first_sign_to_its_close(watch: Watch) -> None:
    saw(watch, 80, 20)
    saw(watch, 20, 15, Verdict.ADVERSE)
    saw(watch, 15, 0)
    finding = monitored.make_finding(watch.server, check_id=watch.check_id, at=NOON - 20 * DAY)  # type: ignore[arg-type]
    Finding.objects.filter(pk=finding.pk).update(state=Finding.State.CLOSED, closed_at=NOON - 14 * DAY)
    found = strip(watch)
    assert found.figures.adverse == 6 * DAY
    assert [day.what for day in found.days].count(What.ADVERSE) == 7  # the first and the last by half


def test_of_what_is_watched_no_more_the_last_reading_ends_it(watch: Watch) -> None:
    saw(watch, 60, 30)
    SendingServer.objects.update(state=SendingServer.State.RETIRED)
    found = strip(watch)
    assert found.figures.watched == 30 * DAY + timedelta(minutes=30)
    assert found.figures.unseen == 0


def test_a_retired_server_whose_finding_stands_is_adverse_no_longer_than_it_was_looked_at(watch: Watch) -> None:
    saw(watch, 60, 30, Verdict.ADVERSE)
    monitored.make_finding(watch.server, check_id=watch.check_id, at=NOON - 60 * DAY)  # type: ignore[arg-type]
    SendingServer.objects.update(state=SendingServer.State.RETIRED)
    found = strip(watch)
    assert found.figures.adverse == found.figures.watched


def test_readings_that_are_not_kept_are_not_told_of(watch: Watch, settings: Settings) -> None:
    settings.KEEP_OBSERVATIONS_DAYS = 30
    saw(watch, 150, 0)
    assert len(strip(watch).days) == 31


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(
    watch: Watch, django_assert_num_queries: Any
) -> None:
    saw(watch, 10, 0)
    with django_assert_num_queries(4):
        told_of(Watch.objects.all(), NOON)
    for check in ("dnsbl:psbl", "fcrdns"):
        other = monitored.make_watch(watch.server, check)  # type: ignore[arg-type]
        saw(other, 10, 5)
        saw(other, 5, 0)
    with django_assert_num_queries(4):
        assert len(told_of(Watch.objects.all(), NOON)) == 3
