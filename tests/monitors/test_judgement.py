"""When a run of readings opens a finding, and when it closes one."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.judgement import Judgement, Standing, Thresholds, judge
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from tests.monitors.fakes import NOON

MINUTE = timedelta(minutes=1)
TWICE = Thresholds(confirm_count=2, confirm_spacing=10 * MINUTE, clear_count=2)

CLEAR = Reading(Verdict.CLEAR, "clean", Severity.NONE, "Not listed.")
UNKNOWN = Reading(Verdict.UNKNOWN, "timeout", Severity.NONE, "No answer.")


def listed(*codes: str) -> Reading:
    codes = codes or ("127.0.0.2",)
    grounds = tuple(Ground(code, Severity.HALT, code) for code in codes)
    return Reading(Verdict.ADVERSE, "listed", Severity.HALT, "Listed.", codes=codes, clause="R5", grounds=grounds)


def failed(result: str) -> Reading:
    grounds = (Ground("R7", Severity.WARN, "No reverse name."),)
    return Reading(Verdict.ADVERSE, result, Severity.WARN, "No reverse name.", clause="R7", grounds=grounds)


def count(judgement: Judgement) -> int:
    """Of the fault that was seen most often."""
    return max((sighting.count for sighting in judgement.standing.faults.values()), default=0)


def run(
    *steps: tuple[float, Reading], thresholds: Thresholds = TWICE, unproved: tuple[float, ...] = ()
) -> list[Judgement]:
    """Judge readings one after another; each step is (minutes after noon, reading)."""
    standing, judgements = Standing(), []
    for minutes, reading in steps:
        at = NOON + minutes * MINUTE
        judgement = judge(standing, reading, at=at, proved=minutes not in unproved, thresholds=thresholds)
        judgements.append(judgement)
        standing = judgement.standing
    return judgements


# ---- Opening ----


def test_one_adverse_reading_is_a_suspicion_and_is_looked_at_again_after_the_spacing() -> None:
    (first,) = run((0, listed()))
    assert (first.opens, count(first), first.next_in) == (False, 1, 10 * MINUTE)
    assert first.standing.verdict is Verdict.ADVERSE


def test_a_second_one_after_the_spacing_opens_and_the_regular_grid_goes_on() -> None:
    *_, second = run((0, listed()), (10, listed()))
    assert (second.opens, second.closes, second.next_in) == (True, False, None)
    assert second.standing.is_open
    assert second.first_at == NOON


def test_a_second_one_before_the_spacing_does_not_count() -> None:
    *_, early = run((0, listed()), (4, listed()))
    assert (early.opens, count(early), early.next_in) == (False, 1, 6 * MINUTE)


def test_a_finding_opens_once_however_long_the_listing_lasts() -> None:
    assert [judgement.opens for judgement in run(*((10 * n, listed()) for n in range(6)))].count(True) == 1


def test_a_clear_reading_between_starts_the_count_again() -> None:
    judgements = run((0, listed()), (10, CLEAR), (20, listed()))
    assert [count(judgement) for judgement in judgements] == [1, 0, 1]
    assert judgements[1].next_in is None


def test_two_listings_for_different_reasons_do_not_confirm_each_other() -> None:
    *_, other = run((0, listed("127.0.0.2")), (10, listed("127.0.0.10")))
    assert (other.opens, count(other)) == (False, 1)
    *_, shared = run((0, listed("127.0.0.2", "127.0.0.4")), (10, listed("127.0.0.4", "127.0.0.10")))
    assert shared.opens
    assert shared.confirmed == {"127.0.0.4"}


def test_a_code_that_was_seen_once_is_not_confirmed_by_another_that_was_seen_twice() -> None:
    _, second, third = run(
        (0, listed("127.0.0.10")),
        (10, listed("127.0.0.10", "127.0.0.2")),
        (20, listed("127.0.0.10", "127.0.0.2")),
    )
    assert second.opens
    assert second.confirmed == {"127.0.0.10"}
    assert second.next_in == 10 * MINUTE  # the other is still a suspicion
    assert not third.opens
    assert third.confirmed == {"127.0.0.10", "127.0.0.2"}


def test_a_code_that_blinks_is_not_confirmed_while_another_lasts() -> None:
    steps = [(10 * n, listed("127.0.0.10", "127.0.0.2") if n % 2 else listed("127.0.0.10")) for n in range(8)]
    assert all(judgement.confirmed <= {"127.0.0.10"} for judgement in run(*steps))


def test_a_reading_without_a_ground_confirms_nothing() -> None:
    bare = replace(listed(), grounds=())
    assert not any(judgement.opens for judgement in run((0, bare), (10, bare), (20, bare)))


def test_a_reverse_name_that_fails_in_two_ways_fails_all_the_same() -> None:
    *_, second = run((0, failed("fail_no_ptr")), (10, failed("fail_mismatch")))
    assert second.opens


def test_a_reading_delivered_twice_counts_once() -> None:
    *_, doubled = run((0, listed()), (0, listed()), thresholds=replace(TWICE, confirm_spacing=0 * MINUTE))
    assert (doubled.opens, count(doubled)) == (False, 1)


def test_a_reading_that_arrives_late_counts_for_nothing() -> None:
    judgements = run((0, listed()), (20, CLEAR), (10, listed()))
    assert judgements[2].standing == judgements[1].standing


def test_one_reading_is_enough_where_one_is_asked_for() -> None:
    (only,) = run((0, listed()), thresholds=Thresholds(confirm_count=1))
    assert only.opens


# ---- Not seeing ----


def test_unknown_freezes_a_suspicion_which_then_goes_on() -> None:
    _, blind, second = run((0, listed()), (10, UNKNOWN), (20, listed()))
    assert (blind.standing.verdict, count(blind)) == (Verdict.UNKNOWN, 1)
    assert blind.next_in == 10 * MINUTE  # the suspicion is not left waiting for the grid
    assert second.opens


def test_a_suspicion_of_long_ago_confirms_nothing_and_is_looked_at_on_the_grid() -> None:
    _, blind, second, third = run(
        (0, listed()), (60 * 24 * 90 - 1, UNKNOWN), (60 * 24 * 90, listed()), (130_000, listed())
    )
    assert blind.next_in is None
    assert (second.opens, count(second), second.next_in) == (False, 1, 10 * MINUTE)
    assert not third.opens  # more than two hours later again
    *_, soon = run((0, listed()), (120, listed()))
    assert soon.opens


def test_a_suspicion_from_the_future_confirms_nothing() -> None:
    (first,) = run((0, listed()))
    before = replace(first.standing, seen_at=None)  # as the caller gives it after the clock was set back
    again = judge(before, listed(), at=NOON - 60 * MINUTE, proved=True, thresholds=TWICE)
    assert (again.opens, count(again), again.next_in) == (False, 1, 10 * MINUTE)
    blind = judge(before, UNKNOWN, at=NOON - 60 * MINUTE, proved=True, thresholds=TWICE)
    assert blind.next_in is None


def test_unknown_neither_closes_a_finding_nor_breaks_the_run_of_clear_readings() -> None:
    judgements = run((0, listed()), (10, listed()), (20, CLEAR), (30, UNKNOWN), (40, CLEAR))
    assert [judgement.closes for judgement in judgements] == [False, False, False, False, True]


def test_a_list_that_was_not_proved_counts_neither_way() -> None:
    judgements = run((0, listed()), (10, listed()), (20, CLEAR), unproved=(0, 10, 20))
    for judgement in judgements:
        assert not judgement.opens
        assert judgement.standing.verdict is Verdict.UNKNOWN
        assert (count(judgement), judgement.standing.clear_count) == (0, 0)


def test_blindness_is_dated_from_its_first_moment() -> None:
    judgements = run((0, CLEAR), (5, UNKNOWN), (10, UNKNOWN), (15, CLEAR))
    assert [judgement.standing.since for judgement in judgements] == [
        NOON,
        NOON + 5 * MINUTE,
        NOON + 5 * MINUTE,
        NOON + 15 * MINUTE,
    ]


# ---- Closing ----


def test_a_finding_closes_after_enough_clear_readings_on_the_regular_grid() -> None:
    judgements = run((0, listed()), (10, listed()), (20, CLEAR), (30, CLEAR))
    assert [judgement.closes for judgement in judgements] == [False, False, False, True]
    assert judgements[2].next_in is None
    assert judgements[3].standing == replace(judgements[3].standing, is_open=False, faults={})


def test_a_listing_that_comes_back_while_it_clears_keeps_the_finding_open() -> None:
    judgements = run((0, listed()), (10, listed()), (20, CLEAR), (30, listed()), (40, CLEAR))
    assert not any(judgement.closes for judgement in judgements)
    assert judgements[3].next_in == 10 * MINUTE  # it may be a graver one


def test_after_a_close_it_takes_a_full_confirmation_to_open_again() -> None:
    steps = [(0, listed()), (10, listed()), (20, CLEAR), (30, CLEAR), (40, listed()), (50, listed())]
    assert [judgement.opens for judgement in run(*steps)] == [False, True, False, False, False, True]


def test_nothing_closes_that_was_not_open() -> None:
    assert not any(judgement.closes for judgement in run((0, CLEAR), (10, CLEAR), (20, CLEAR)))


def test_thresholds_that_confirm_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer readings than one"):
        Thresholds(confirm_count=0)
    with pytest.raises(ValueError, match="longer than the spacing"):
        Thresholds(longest_age=1 * MINUTE)


# ---- Laws ----

readings = st.sampled_from([CLEAR, UNKNOWN, listed(), listed("127.0.0.2", "127.0.0.4"), listed("127.0.0.4")])
rounds = st.lists(st.tuples(readings, st.booleans(), st.sampled_from([0, 1, 5, 10, 30])), max_size=25)
thresholds = st.builds(
    Thresholds,
    confirm_count=st.integers(1, 4),
    confirm_spacing=st.sampled_from([0 * MINUTE, 5 * MINUTE, 10 * MINUTE]),
    clear_count=st.integers(1, 3),
)


@given(rounds, thresholds)
def test_the_laws_hold_for_every_history(history: list[tuple[Reading, bool, int]], limits: Thresholds) -> None:
    standing, at = Standing(), NOON
    seen_at: dict[str, list[datetime]] = {}  # each code that the last adverse reading named, since it is named
    clears = 0  # since the last adverse one
    for reading, proved, gap in history:
        at += gap * MINUTE
        repeated = standing.seen_at is not None and at <= standing.seen_at
        judgement = judge(standing, reading, at=at, proved=proved, thresholds=limits)
        after = judgement.standing
        assert not (judgement.opens and judgement.closes)
        assert judgement.opens == (after.is_open and not standing.is_open)
        assert count(judgement) <= limits.confirm_count
        assert after.clear_count <= limits.clear_count
        if judgement.next_in is not None:
            assert timedelta(0) <= judgement.next_in <= limits.confirm_spacing

        if repeated:
            assert after == standing
        elif not proved or reading.verdict is Verdict.UNKNOWN:
            assert after == replace(standing, verdict=Verdict.UNKNOWN, since=after.since, seen_at=at)
        elif reading.verdict is Verdict.CLEAR:
            seen_at, clears = {}, clears + 1
            assert after.faults == {}
        else:
            seen_at, clears = {code: [*seen_at.get(code, []), at] for code in reading.codes}, 0

        if judgement.opens:
            assert judgement.confirmed
        for code in judgement.confirmed:
            assert code in reading.codes
            assert _spread(seen_at[code], limits) >= limits.confirm_count
        if judgement.closes:
            assert clears >= limits.clear_count
        standing = after


@given(rounds, thresholds)
def test_every_reading_delivered_twice_changes_nothing(
    history: list[tuple[Reading, bool, int]], limits: Thresholds
) -> None:
    once, twice, at = Standing(), Standing(), NOON
    for reading, proved, gap in history:
        at += gap * MINUTE
        once = judge(once, reading, at=at, proved=proved, thresholds=limits).standing
        for _ in range(2):
            twice = judge(twice, reading, at=at, proved=proved, thresholds=limits).standing
    assert once == twice


def _spread(moments: list[datetime], limits: Thresholds) -> int:
    """How many of the moments can be picked so that each lies the spacing or more after the one before."""
    picked = moments[:1]
    for moment in moments[1:]:
        if moment > picked[-1] and moment - picked[-1] >= limits.confirm_spacing:
            picked.append(moment)
    assert all(later > earlier for earlier, later in pairwise(picked))
    return len(picked)
