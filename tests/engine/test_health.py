from datetime import timedelta

import pytest
from pytest_django import Settings

from engine.health import StageHealth, stages
from engine.models import Cycle
from tests.world import NOON

pytestmark = pytest.mark.django_db
FIVE = {"watch": 5.0}


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def health(interval: float = 5.0, **row: object) -> StageHealth:
    Cycle.objects.create(stage="watch", **row)
    [found] = stages(NOON, {"watch": interval})
    return found


def test_a_stage_without_a_row_has_not_run_yet() -> None:
    assert stages(NOON, FIVE) == [StageHealth("watch", None, "has not run yet")]


def test_a_stage_that_began_and_never_ended_is_late() -> None:
    assert health(started_at=NOON).late == "has never finished"


def test_a_stage_within_three_intervals_is_healthy() -> None:
    found = health(started_at=NOON - seconds(16), finished_at=NOON - seconds(15), claimed=4, failed=1)
    assert (found.late, found.claimed, found.failed) == ("", 4, 1)


def test_a_stage_that_missed_three_intervals_is_late() -> None:
    found = health(started_at=NOON - seconds(17), finished_at=NOON - seconds(16))
    assert found.late == "last finished 16 s ago; expected every 5 s"


def test_short_intervals_still_give_three_seconds() -> None:
    assert health(0.2, started_at=NOON - seconds(3), finished_at=NOON - seconds(3)).late == ""


def test_a_cycle_that_waits_for_silent_resolvers_is_under_way_and_not_late() -> None:
    assert health(1.0, started_at=NOON - seconds(9), finished_at=NOON - seconds(10)).late == ""


def test_a_cycle_that_hangs_is_late() -> None:
    found = health(1.0, started_at=NOON - seconds(26), finished_at=NOON - seconds(27))
    assert found.late == "last finished 27 s ago; expected every 1 s"


def test_a_stage_that_fails_again_and_again_is_late_although_it_always_begins_anew() -> None:
    found = health(1.0, started_at=NOON, finished_at=NOON - seconds(4), last_error="OperationalError: gone")
    assert (found.late, found.error) == ("last finished 4 s ago; expected every 1 s", "OperationalError: gone")


def test_a_stage_on_time_with_work_overdue_is_not_healthy() -> None:
    found = health(started_at=NOON, finished_at=NOON, oldest_due_at=NOON - seconds(75))
    assert found.late == "has work that was due 75 s ago"


def test_a_stage_that_finished_in_the_future_has_not_run_since_the_clock_was_set_back() -> None:
    found = health(started_at=NOON + seconds(3600), finished_at=NOON + seconds(3600))
    assert found.late == "last finished 3600 s from now: the clock was set back, and it has not run since"


def test_another_host_s_clock_that_is_a_little_ahead_makes_nothing_late() -> None:
    assert health(started_at=NOON + seconds(3), finished_at=NOON + seconds(4)).late == ""


def test_every_stage_of_the_beat_table_is_asked_after(settings: Settings) -> None:
    assert [one.stage for one in stages(NOON)] == list(settings.ENGINE_STAGES)
