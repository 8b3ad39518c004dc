"""Small words that pages share: counts as people say them, lists with "and", clocks that name the day when it is not
today."""

from collections.abc import Sequence
from datetime import UTC, datetime

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def number(count: int) -> str:
    """`two`, `12`, `1,204`."""
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """`one order`, `two orders`."""
    return f"{number(count)} {noun if count == 1 else plural or noun + 's'}"


def sentence(text: str) -> str:
    """With a capital at its start."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def clock(at: datetime, now: datetime) -> str:
    """`14:14` today, `14:14 on 20 Nov` else; UTC."""
    at, now = at.astimezone(UTC), now.astimezone(UTC)
    day = (
        ""
        if at.date() == now.date()
        else f" on {at.day} {at:%b}"
        if at.year == now.year
        else f" on {at.day} {at:%b %Y}"
    )
    return f"{at:%H:%M}{day}"
