import threading

import pytest
import time_machine

from engine.cycle import Sweep, ring
from engine.models import Cycle
from tests.world import NOON

pytestmark = pytest.mark.django_db


def test_a_cycle_records_when_it_began_and_ended_and_what_it_saw() -> None:
    def sweep(state: Sweep) -> None:
        state.claimed, state.failed, state.oldest_due_at = 3, 1, NOON

    ring("test", sweep)
    row = Cycle.objects.get(stage="test")
    assert row.started_at
    assert row.finished_at
    assert row.started_at <= row.finished_at
    assert (row.claimed, row.failed, row.oldest_due_at, row.last_error) == (3, 1, NOON, "")


def test_a_sweep_that_fails_is_recorded_as_not_finished_and_the_next_ring_goes_on() -> None:
    def stumble(state: Sweep) -> None:
        raise ZeroDivisionError("by\0zero")

    ring("test", stumble)
    row = Cycle.objects.get(stage="test")
    assert (row.finished_at, row.last_error) == (None, "ZeroDivisionError: byzero")
    ring("test", lambda state: None)
    row.refresh_from_db()
    assert row.finished_at is not None
    assert row.last_error == ""


def test_a_row_that_fails_is_counted_and_named_and_the_others_still_get_their_turn() -> None:
    done = []

    def sweep(state: Sweep) -> None:
        for row in ("first", "poison", "last"):
            with state.each(row):
                if row == "poison":
                    raise ValueError("cannot be")
                done.append(row)

    ring("test", sweep)
    row = Cycle.objects.get(stage="test")
    assert done == ["first", "last"]
    assert (row.failed, row.last_error) == (1, "poison: ValueError: cannot be")
    assert row.finished_at is not None


def test_no_more_sweeps_of_a_stage_run_at_once_than_allowed() -> None:
    inner: list[bool] = []

    def sweep(state: Sweep) -> None:
        inner.append(ring("two at once", sweep, at_once=2) is None)

    assert ring("two at once", sweep, at_once=2)
    assert inner[0] is True  # the third at once was turned away
    assert inner[-1] is False  # the second was not
    assert ring("two at once", lambda state: None, at_once=2)


def test_the_number_at_once_is_a_stage_s_own() -> None:
    started = threading.Event()
    ring("one", lambda state: (ring("another", lambda inner: started.set()), None)[1])
    assert started.is_set()


def test_a_ring_that_was_turned_away_is_made_good_by_one_more_round() -> None:
    rounds: list[int] = []

    def sweep(state: Sweep) -> None:
        rounds.append(len(rounds))
        if len(rounds) < 3:
            for _ in range(2):
                assert ring("busy", sweep) is None

    ring("busy", sweep)
    assert len(rounds) == 2  # and no more than one, or a busy stage would never give its thread back
    ring("busy", sweep)
    assert len(rounds) == 3


@pytest.mark.parametrize(("seconds", "word"), [(-3600, "back"), (3600, "on")])
def test_a_clock_that_was_set_between_two_cycles_is_told_to_the_sweep_and_to_the_log(
    seconds: int, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[float] = []

    def sweep(state: Sweep) -> None:
        steps.append(round(state.clock_step, -1))

    with time_machine.travel(NOON, tick=False) as clock:
        for step in (0, 3, seconds, 3):
            clock.shift(step)
            ring(f"clock {word}", sweep)
    assert steps == [0, 0, seconds, 0]
    assert f"the clock was set {word} by 36" in caplog.text
