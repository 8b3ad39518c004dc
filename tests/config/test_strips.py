"""The strip of a check: what is drawn, and what is said to those who do not see it."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from config.strips import LITTLE, Bar, bars, draw, summed, write_days, write_share, write_spans
from monitors.history import Day, Period, What

FIRST = date(2026, 11, 2)
DAY = timedelta(days=1)
CLEAR, ADVERSE, BLIND = What.CLEAR, What.ADVERSE, What.BLIND


def day(place: int, shares: Mapping[What, float] | None = None) -> Day:
    return Day(FIRST + place * DAY, DAY, shares or {CLEAR: 1.0})


def test_days_of_one_kind_in_a_row_are_one_bar() -> None:
    assert bars([day(0), day(1), day(2)], FIRST) == [Bar(CLEAR, 0, 3)]


def test_a_day_that_was_not_to_be_looked_at_leaves_its_place_empty() -> None:
    assert bars([day(0), day(2)], FIRST) == [Bar(CLEAR, 0, 1), Bar(CLEAR, 2, 3)]


def test_a_day_of_two_parts_is_divided_by_their_time() -> None:
    assert bars([day(0, {ADVERSE: 0.25, CLEAR: 0.75})], FIRST) == [Bar(ADVERSE, 0, 0.25), Bar(CLEAR, 0.25, 1)]


def test_what_stood_the_day_before_goes_on_and_what_stands_on_the_next_comes_last() -> None:
    shown = bars([day(0), day(1, {ADVERSE: 0.5, CLEAR: 0.5}), day(2, {ADVERSE: 1.0})], FIRST)
    assert shown == [Bar(CLEAR, 0, 1.5), Bar(ADVERSE, 1.5, 3)]
    shown = bars([day(0, {ADVERSE: 1.0}), day(1, {ADVERSE: 0.5, CLEAR: 0.5}), day(2)], FIRST)
    assert shown == [Bar(ADVERSE, 0, 1.5), Bar(CLEAR, 1.5, 3)]


def test_a_minute_of_a_fault_is_wide_enough_to_be_seen() -> None:
    adverse, clear = bars([day(0, {ADVERSE: 1 / 1440, CLEAR: 1439 / 1440})], FIRST)
    assert adverse.end - adverse.begin > 0.1
    assert clear.end == 1


def test_a_little_blindness_of_many_checks_is_left_to_the_figure_and_of_one_check_is_drawn() -> None:
    some = day(0, {BLIND: 0.2, CLEAR: 0.8})
    assert [bar.what for bar in bars([some], FIRST, LITTLE)] == [CLEAR]
    assert [bar.what for bar in bars([some], FIRST)] == [BLIND, CLEAR]
    assert [bar.what for bar in bars([day(0, {BLIND: 0.3, CLEAR: 0.7})], FIRST, LITTLE)] == [BLIND, CLEAR]


def test_blindness_is_hatched_by_a_pattern_of_the_drawing_itself_and_nothing_has_a_style() -> None:
    drawn = draw("strip-w1", "SpamCop", [day(0), day(1, {BLIND: 1.0})], FIRST, 90)
    assert '<pattern id="strip-w1-h"' in drawn
    assert re.search(r'<rect class="s-gap" fill="url\(#strip-w1-h\)" x="1\.11%"', drawn)
    assert "style=" not in drawn


def test_the_drawing_has_a_role_and_a_title_that_says_what_it_shows() -> None:
    days = [day(0), day(1, {BLIND: 1.0}), day(2, {What.UNLOOKED: 1.0}), day(3, {ADVERSE: 0.1, CLEAR: 0.9})]
    drawn = draw("s", "<b>SpamCop</b>", days, FIRST, 4)
    assert '<svg class="chart" role="img" aria-labelledby="s-t"><title id="s-t">' in drawn
    said = "&lt;b&gt;SpamCop&lt;/b&gt;, 2 to 5 Nov 2026: clear on 1 day, adverse on 1, not seen on 2."
    assert said in drawn


def test_of_no_day_it_says_that_nothing_was_to_be_looked_at() -> None:
    assert summed([]) == "nothing was to be looked at"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2026, 11, 3), (2026, 11, 3), "3 Nov 2026"),
        ((2026, 11, 3), (2026, 11, 9), "3 to 9 Nov 2026"),
        ((2026, 10, 28), (2026, 11, 3), "28 Oct to 3 Nov 2026"),
        ((2026, 12, 28), (2027, 1, 3), "28 Dec 2026 to 3 Jan 2027"),
    ],
)
def test_days_are_written_in_runs(first: tuple[int, int, int], last: tuple[int, int, int], words: str) -> None:
    assert write_days(date(*first), date(*last)) == words


@pytest.mark.parametrize(
    ("share", "upwards", "words"),
    [
        (1, False, "100 %"),
        (0, True, "0 %"),
        (0.99999, False, "99.99 %"),  # never a hundred that is none
        (0.00001, True, "0.01 %"),  # never a nothing that is something
        (0.94, False, "94.00 %"),
        (0.29, True, "29.00 %"),
        (None, False, "not seen"),
    ],
)
def test_a_share_never_says_more_than_is_so(share: float | None, upwards: bool, words: str) -> None:
    assert write_share(share, upwards) == words


def test_the_parts_of_a_period_are_told_with_their_length_unless_there_is_one() -> None:
    assert write_spans(Period(FIRST, FIRST, ((CLEAR, DAY),))) == [("open", "clear")]
    parts = ((ADVERSE, timedelta(hours=6)), (BLIND, timedelta(hours=18)))
    assert write_spans(Period(FIRST, FIRST, parts)) == [("shut", "adverse 6 h"), ("unkn", "we could not see 18 h")]
