"""How moments and spans are written for people: 24 hours, UTC, ages in words and figures.

Pure. The same words serve pages (through the template tags) and letters (through the filters).
"""

from datetime import UTC, datetime

MOMENT_STYLES = ("second", "minute", "clock", "day")


def write_moment(at: datetime, style: str = "second") -> str:
    """`21 Nov 2026, 14:14:20 UTC`; "minute" drops the seconds, "clock" is `14:14:20`, "day" `21 Nov 2026`."""
    if style not in MOMENT_STYLES:
        raise ValueError(f"{style!r} is no way to write a moment. Use one of {', '.join(MOMENT_STYLES)}.")
    at = at.astimezone(UTC)
    if style == "clock":
        return f"{at:%H:%M:%S}"
    day = f"{at.day} {at:%b %Y}"
    if style == "day":
        return day
    return f"{day}, {at:%H:%M:%S} UTC" if style == "second" else f"{day}, {at:%H:%M} UTC"


def write_span(seconds: float) -> str:
    """A length of time in at most two units: `38 s`, `3 h 53 min`, `3 d 9 h`; from ten days on, days."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if not minutes:
        return f"{whole} s"
    if not hours:
        return f"{minutes} min"
    if not days:
        return _two(hours, "h", minutes % 60, "min")
    return f"{days} d" if days >= 10 else _two(days, "d", hours % 24, "h")


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
