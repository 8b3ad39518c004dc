from datetime import timedelta

import pytest
from pytest_django import Settings

from engine.cycle import Sweep
from monitors import pruning
from monitors.models import Finding, Observation, Watch
from tests.monitored import make_finding, make_observation, make_watch
from tests.world import NOON, make_server, make_vendor
from vendors.models import SendingServer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def watch_with(*ages: int, server: SendingServer | None = None) -> Watch:
    """A watch with one clear reading of each age in days, the oldest first."""
    watch = make_watch(server or make_server(make_vendor()))
    for age in ages:
        make_observation(watch, verdict="clear", result="clean", at=NOON - age * DAY)
    return watch


def ages(watch: Watch) -> list[int]:
    return sorted(((NOON - at).days for at in watch.observations.values_list("last_at", flat=True)), reverse=True)


def test_readings_older_than_ninety_days_go_and_younger_ones_stay() -> None:
    watch = watch_with(400, 91, 90, 89, 0)
    assert pruning.prune(NOON) == 2
    assert ages(watch) == [90, 89, 0]


def test_the_newest_reading_of_a_watch_stays_however_old_it_is() -> None:
    watch = watch_with(400, 300)
    pruning.prune(NOON)
    assert ages(watch) == [300]


def test_the_readings_around_a_finding_stay_with_a_few_from_before_it(settings: Settings) -> None:
    settings.WATCH_SECONDS = 86400
    server = make_server(make_vendor())
    watch = watch_with(*range(200, 100, -1), server=server)
    finding = make_finding(server, check_id=watch.check_id, at=NOON - 150 * DAY)
    Finding.objects.filter(pk=finding.pk).update(closed_at=NOON - 145 * DAY, state="closed")
    pruning.prune(NOON)
    assert ages(watch) == [*range(154, 144, -1), 101]


def test_the_readings_of_a_finding_that_is_still_open_stay_to_this_day() -> None:
    server = make_server(make_vendor())
    watch = watch_with(200, 120, 100, 95, server=server)
    make_finding(server, check_id=watch.check_id, at=NOON - 120 * DAY)
    pruning.prune(NOON)
    assert ages(watch) == [120, 100, 95]


def test_how_long_is_a_setting(settings: Settings) -> None:
    settings.KEEP_OBSERVATIONS_DAYS = 7
    watch = watch_with(9, 8, 6, 5)
    pruning.prune(NOON)
    assert ages(watch) == [6, 5]


def test_a_sweep_deletes_one_batch_and_rests_for_an_hour_when_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 3)
    monkeypatch.setattr(pruning, "_rests_until", 0.0)
    watch_with(*range(105, 100, -1))

    def swept() -> int:
        state = Sweep(NOON)
        pruning.sweep(state)
        return state.claimed

    assert [swept(), swept()] == [3, 1]
    watch_with(300, 200, 0)
    assert swept() == 0
    monkeypatch.setattr(pruning, "_rests_until", 0.0)
    assert swept() == 2
    assert Observation.objects.count() == 2
