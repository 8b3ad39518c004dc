from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitors.grid import EPOCH, next_slot

HALF_HOUR = timedelta(minutes=30)
CENTURY = 100 * 365 * 86_400_000_000  # microseconds
moments = st.integers(0, CENTURY).map(lambda passed: EPOCH + timedelta(microseconds=passed))
intervals = st.timedeltas(timedelta(seconds=1), timedelta(days=2))
names = st.text(max_size=20)


@given(moments, intervals, names)
def test_the_next_look_is_half_an_interval_to_one_and_a_half_away(
    now: datetime, interval: timedelta, name: str
) -> None:
    assert interval / 2 < next_slot(now, interval, name) - now <= 3 * interval / 2


@given(moments, intervals, names)
def test_looks_that_keep_the_grid_are_exactly_one_interval_apart(now: datetime, interval: timedelta, name: str) -> None:
    first = next_slot(now, interval, name)
    assert next_slot(first, interval, name) - first == interval


@given(moments, intervals, names, st.floats(0, 0.45))
def test_a_late_look_does_not_shift_the_grid(now: datetime, interval: timedelta, name: str, late: float) -> None:
    first = next_slot(now, interval, name)
    assert next_slot(first + late * interval, interval, name) == first + interval


@given(moments)
def test_many_watches_spread_evenly_over_the_interval(now: datetime) -> None:
    slots = [next_slot(now, HALF_HOUR, str(number)) for number in range(600)]
    minutes = [int((slot - EPOCH) % HALF_HOUR / timedelta(minutes=3)) for slot in slots]
    assert all(30 < minutes.count(tenth) < 100 for tenth in range(10))
