from datetime import UTC, datetime, timedelta, timezone

import pytest

from config.clockface import write_moment, write_span

AT = datetime(2026, 11, 1, 14, 4, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("second", "1 Nov 2026, 14:04:20 UTC"),
        ("minute", "1 Nov 2026, 14:04 UTC"),
        ("clock", "14:04:20"),
        ("day", "1 Nov 2026"),
    ],
)
def test_a_moment_is_written_in_24_hours_and_utc(style: str, words: str) -> None:
    assert write_moment(AT, style) == words


def test_a_moment_from_elsewhere_is_told_in_utc() -> None:
    assert write_moment(AT.astimezone(timezone(timedelta(hours=-5))), "clock") == "14:04:20"


def test_an_unknown_way_to_write_a_moment_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'long' is no way to write a moment"):
        write_moment(AT, "long")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (38.9, "38 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (7 * 3600, "7 h"),
        (3 * 3600 + 53 * 60, "3 h 53 min"),
        (2 * 86400, "2 d"),
        (3 * 86400 + 9 * 3600, "3 d 9 h"),
        (12 * 86400 + 9 * 3600, "12 d"),
        (-5, "0 s"),
    ],
)
def test_a_span_has_at_most_two_units(seconds: float, words: str) -> None:
    assert write_span(seconds) == words
