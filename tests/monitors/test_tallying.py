"""The figures by which vendors are compared: counted in batches, anew when they are old, in few queries."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from engine.cycle import Sweep
from monitors import tallying
from monitors.models import Finding, Observation, TrackRecord, Watch
from monitors.probes.reading import Verdict
from tests import monitored, world
from tests.world import NOON
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PATH = "192.0.2.53:53"


@pytest.fixture(autouse=True)
def one_path(settings: Settings) -> None:
    settings.RESOLVERS, settings.WATCH_SECONDS = [PATH], 1800


def make_watched(first: float = 80, last: float = 0) -> Watch:
    """A vendor with one server, looked at from `first` to `last` days ago and clear all along."""
    vendor = world.make_vendor(at=NOON - 100 * DAY)
    watch = monitored.make_watch(world.make_server(vendor, at=NOON - 100 * DAY), "dnsbl:spamcop")
    seen = monitored.make_observation(watch, verdict=Verdict.CLEAR, at=NOON - first * DAY, path=PATH)
    Observation.objects.filter(pk=seen.pk).update(last_at=NOON - last * DAY)
    return watch


def fault(watch: Watch, opened: float, closed: float) -> None:
    """A finding that stood from `opened` to `closed` days ago."""
    assert watch.server
    finding = monitored.make_finding(watch.server, check_id=watch.check_id, at=NOON - opened * DAY)
    closing = {"state": Finding.State.CLOSED, "closed_at": NOON - closed * DAY}
    Finding.objects.filter(pk=finding.pk).update(**closing)


def sweep(after: timedelta = timedelta(0)) -> Sweep:
    state = Sweep(NOON + after)
    tallying.sweep(state)
    return state


def test_a_record_says_how_long_nothing_adverse_stood_and_how_fast_it_was_cleared() -> None:
    watch = make_watched()
    for opened, closed in ((60, 58), (40, 36), (10, 7)):
        fault(watch, opened, closed)
    sweep()
    record = TrackRecord.objects.get()
    assert record.uptime_90 == pytest.approx(1 - 9 / 80)
    assert record.uptime_30 == pytest.approx(1 - 3 / 29.5)
    assert (record.unseen_30, record.unseen_90) == (0, 0)
    assert (record.cleared, record.median_to_clear) == (3, 3 * 86_400)
    assert record.counted_at == NOON


def test_what_was_not_seen_is_told_beside_it() -> None:
    make_watched(80, 15)
    sweep()
    record = TrackRecord.objects.get()
    assert record.uptime_30 == 1
    assert record.unseen_30 == pytest.approx(0.51, abs=0.01)


def test_a_vendor_that_nobody_watches_has_no_figures() -> None:
    world.make_vendor()
    sweep()
    record = TrackRecord.objects.get()
    assert (record.uptime_90, record.unseen_90, record.median_to_clear) == (None, None, None)


def test_a_record_is_counted_anew_when_it_is_old_and_not_before() -> None:
    make_watched()
    assert sweep().claimed == 1
    assert sweep(tallying.every() / 2).claimed == 0
    assert sweep(tallying.every()).claimed == 1
    assert TrackRecord.objects.get().counted_at == NOON + tallying.every()


def test_those_without_a_record_come_first_then_the_oldest() -> None:
    first = make_watched().vendor
    sweep()
    second = make_watched().vendor
    due = Vendor.objects.exclude(track_record__counted_at__gt=NOON - tallying.every())
    assert list(due) == [second]
    assert sweep(3 * tallying.every()).claimed == 2
    assert TrackRecord.objects.filter(vendor=first).count() == 1


def test_more_vendors_take_no_more_queries(django_assert_num_queries: Any) -> None:
    for _ in range(2):
        make_watched()
    with django_assert_num_queries(7):
        sweep()
    for _ in range(5):
        fault(make_watched(), 20, 10)
    with django_assert_num_queries(7):
        sweep(2 * tallying.every())
