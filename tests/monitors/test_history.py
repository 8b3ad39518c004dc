"""From runs of readings to what stood when: nothing is claimed of a time at which nobody looked."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.history import Belief, Fault, Figures, History, Run, Stretch, What, days, figures, periods, stretches

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = datetime(2026, 11, 1, tzinfo=UTC)
BELIEF = Belief(turn=HOUR, within=4 * HOUR)
A, B = "192.0.2.53:53", "198.51.100.53:53"


def at(hours: float) -> datetime:
    return START + hours * HOUR


def run(first: float, last: float, verdict: str = "clear", path: str = A) -> Run:
    return Run(path, at(first), at(last), verdict)


def told(
    *runs: Run, faults: tuple[tuple[float, float | None], ...] = (), hours: float = 24
) -> list[tuple[str, float, float]]:
    """(what, from, to) in hours since the start."""
    stood = [Fault(at(first), None if until is None else at(until)) for first, until in faults]
    found = stretches(runs, stood, begin=START, end=at(hours), belief=BELIEF)
    return [(str(one.what), (one.begin - START) / HOUR, (one.end - START) / HOUR) for one in found]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([], [("unlooked", 0, 24)], id="nobody looked"),
        pytest.param([run(0, 24)], [("clear", 0, 24)], id="one run over all of it"),
        pytest.param([run(0, 22)], [("clear", 0, 24)], id="the next look may still come in time"),
        pytest.param([run(0, 10)], [("clear", 0, 11), ("unlooked", 11, 24)], id="a gap up to now"),
        pytest.param([run(0, 8), run(11, 24)], [("clear", 0, 24)], id="the next look came in time"),
        pytest.param(
            [run(0, 8), run(16, 24)],
            [("clear", 0, 9), ("unlooked", 9, 16), ("clear", 16, 24)],
            id="a gap is not bridged",
        ),
        pytest.param([run(6, 24)], [("unlooked", 0, 6), ("clear", 6, 24)], id="the first look"),
        pytest.param([run(0, 24, "unknown")], [("blind", 0, 24)], id="only unknown readings"),
        pytest.param([run(0, 24, "unknown"), run(0, 24, "clear", B)], [("clear", 0, 24)], id="one path sees"),
        pytest.param(
            [run(0, 24, "clear"), run(9, 9, "adverse", B), run(10, 24, "clear", B)],
            [("clear", 0, 9), ("suspected", 9, 10), ("clear", 10, 24)],
            id="one path lists, the other does not",
        ),
        pytest.param(
            [run(0, 9), run(10, 10, "adverse"), run(12, 24)],
            [("clear", 0, 10), ("suspected", 10, 12), ("clear", 12, 24)],
            id="seen once, and not confirmed",
        ),
        pytest.param(
            [run(0, 9), run(10, 12, "unknown"), run(13, 24)],
            [("clear", 0, 10), ("blind", 10, 13), ("clear", 13, 24)],
            id="blind between two clear runs",
        ),
    ],
)
def test_what_runs_amount_to(runs: list[Run], expected: list[tuple[str, float, float]]) -> None:
    assert told(*runs) == expected


def test_a_confirmed_fault_stands_from_when_it_was_first_seen() -> None:
    runs = [run(0, 9), run(10, 10, "adverse"), run(11, 11, "adverse", B), run(12, 15, "adverse"), run(16, 24)]
    assert told(*runs, faults=((10, 17),)) == [
        ("clear", 0, 10),
        ("adverse", 10, 17),
        ("clear", 17, 24),
    ]


def test_a_fault_stands_on_while_we_are_blind_or_do_not_look() -> None:
    runs = [run(0, 9), run(10, 12, "adverse"), run(13, 14, "unknown")]
    assert told(*runs, faults=((10, None),)) == [("clear", 0, 10), ("adverse", 10, 24)]


def test_a_clock_that_was_set_back_breaks_nothing() -> None:
    assert told(run(0, 12), run(9, 9, "unknown"), run(10, 24)) == [("clear", 0, 24)]


def history(*parts: tuple[str, float]) -> History:
    """Stretches one after the other, each so many hours long."""
    found, hours = [], 0.0
    for what, length in parts:
        found.append(Stretch(at(hours), at(hours + length), What(what)))
        hours += length
    return found


def test_a_day_is_told_in_shares_of_time() -> None:
    (first, second) = days([history(("clear", 18), ("blind", 6), ("adverse", 6), ("unlooked", 6))])
    assert first.date == date(2026, 11, 1)
    assert first.shares == {What.CLEAR: 0.75, What.BLIND: 0.25}
    assert first.what is What.CLEAR
    assert second.length == 12 * HOUR  # the rest of the day is not over
    assert second.shares == {What.ADVERSE: 0.5, What.UNLOOKED: 0.5}
    assert second.what is What.ADVERSE


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ([("clear", 24)], "clear"),
        ([("clear", 13), ("unlooked", 11)], "clear"),
        ([("clear", 12), ("blind", 12)], "blind"),
        ([("clear", 10), ("blind", 6), ("unlooked", 8)], "unlooked"),
        ([("unlooked", 24)], "unlooked"),
        ([("blind", 23.9), ("suspected", 0.1)], "suspected"),
        ([("suspected", 23), ("adverse", 1)], "adverse"),
    ],
)
def test_a_day_in_a_word(parts: list[tuple[str, float]], word: str) -> None:
    (day,) = days([history(*parts)])
    assert day.what == word


def test_several_checks_are_adverse_while_any_is_and_otherwise_their_mean() -> None:
    (day,) = days([history(("adverse", 6), ("clear", 18)), history(("blind", 24)), history(("clear", 24))])
    assert day.shares == pytest.approx({What.ADVERSE: 0.25, What.BLIND: 0.25, What.CLEAR: 0.5})


def test_uptime_is_of_the_time_seen_and_blindness_stands_beside_it() -> None:
    found = figures([history(("clear", 12), ("blind", 6), ("adverse", 6)), history(("blind", 24))])
    assert found == Figures(24 * HOUR, 18 * HOUR, 6 * HOUR, unseen=0.625)
    assert found.uptime == pytest.approx(2 / 3)


def test_of_what_was_never_seen_there_is_no_uptime() -> None:
    found = figures([history(("blind", 10), ("unlooked", 14))])
    assert found.uptime is None
    assert found.unseen == 1
    assert figures([]).uptime is None


def test_figures_of_the_last_days_leave_out_what_was_before() -> None:
    found = figures([history(("adverse", 24), ("clear", 24))], since=at(24))
    assert (found.watched, found.uptime) == (DAY, 1)


def test_days_are_told_in_runs() -> None:
    found = periods(days([history(("clear", 72), ("blind", 12), ("clear", 36), ("adverse", 24))]))
    assert [(one.first.day, one.last.day, [str(what) for what, _ in one.spans]) for one in found] == [
        (1, 3, ["clear"]),
        (4, 4, ["blind", "clear"]),
        (5, 5, ["clear"]),
        (6, 6, ["adverse"]),
    ]
    assert found[1].spans == ((What.BLIND, 12 * HOUR), (What.CLEAR, 12 * HOUR))


# ── laws ────────────────────────────────────────────────────────────────────
HOURS = 24 * 5
moments = st.integers(0, HOURS * 4).map(lambda quarter: quarter / 4)
verdicts = st.sampled_from(["clear", "adverse", "unknown"])


@st.composite
def lists_of_runs(draw: st.DrawFn) -> list[Run]:
    found = []
    for path in (A, B):
        edges = sorted(draw(st.lists(moments, max_size=12, unique=True)))
        found += [run(first, last, draw(verdicts), path) for first, last in zip(edges[::2], edges[1::2], strict=False)]
    return found


faults = st.lists(
    st.tuples(moments, st.one_of(st.none(), moments)).filter(lambda one: one[1] is None or one[0] < one[1]), max_size=3
)


def made(runs: list[Run], stood: list[tuple[float, float | None]]) -> History:
    found = [Fault(at(first), None if until is None else at(until)) for first, until in stood]
    return stretches(runs, found, begin=START, end=at(HOURS), belief=BELIEF)


@given(lists_of_runs(), faults)
def test_stretches_cover_all_of_the_time_once(runs: list[Run], stood: list[tuple[float, float | None]]) -> None:
    found = made(runs, stood)
    assert found[0].begin == START
    assert found[-1].end == at(HOURS)
    assert all(one.end == other.begin for one, other in pairwise(found))
    assert all(one.begin < one.end for one in found)


@given(st.lists(st.tuples(lists_of_runs(), faults), min_size=1, max_size=3))
def test_the_shares_of_each_day_sum_to_one(checks: list[tuple[list[Run], list[tuple[float, float | None]]]]) -> None:
    found = days([made(*one) for one in checks])
    assert len(found) == HOURS / 24
    for day in found:
        assert sum(day.shares.values()) == pytest.approx(1)
        assert day.length == DAY


@given(lists_of_runs(), faults, st.sets(st.integers(0, 20)))
def test_more_blindness_never_raises_the_uptime_nor_hides_itself(
    runs: list[Run], stood: list[tuple[float, float | None]], blinded: set[int]
) -> None:
    seen = figures([made(runs, stood)])
    less = [one._replace(verdict="unknown") if place in blinded else one for place, one in enumerate(runs)]
    after = figures([made(less, stood)])
    assert (after.uptime or 0) <= (seen.uptime or 0) + 1e-9
    assert after.unseen >= seen.unseen - 1e-9


@given(lists_of_runs(), lists_of_runs(), faults)
def test_a_further_check_never_makes_the_standing_look_better(
    runs: list[Run], more: list[Run], stood: list[tuple[float, float | None]]
) -> None:
    alone = figures([made(runs, stood)])
    both = figures([made(runs, stood), made(more, [])])
    assert both.adverse == alone.adverse
    assert both.seen >= alone.seen


@given(lists_of_runs())
def test_what_is_clear_was_looked_at_not_long_before(runs: list[Run]) -> None:
    for one in made(runs, []):
        if one.what is What.CLEAR:
            near = [r for r in runs if r.verdict == "clear" and r.first_at <= one.begin <= r.last_at + BELIEF.within]
            assert near


@given(lists_of_runs())
def test_without_a_finding_nothing_was_adverse(runs: list[Run]) -> None:
    assert What.ADVERSE not in {one.what for one in made(runs, [])}
