"""The strip of a check: its days as SVG, in words, and as text for those who do not see it. Pure.

Each day is a column. Colour says it, and height says it too: adverse is full, suspected reaches the middle, clear is
low, what was not seen is hatched, a day on which nobody looked is an empty frame. A day of several parts is divided by
their share of its time. Of several checks together, a little that was not seen is left to the figure beside the strip,
or every day of many checks would be a fence. Positions are in per cent and heights in pixels, so that nothing stretches
on any screen.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from monitors.history import DAY, Day, Period, What
from notices.clockface import write_span

HEIGHT = 26  # px
LEAST = 0.14  # of a day's width: a minute of a listing must not vanish
LITTLE = 0.25  # of a day's time, of several checks together
STATES = {What.ADVERSE: "shut", What.SUSPECTED: "wait", What.BLIND: "unkn", What.UNLOOKED: "unkn", What.CLEAR: "open"}
WORDS = {
    What.ADVERSE: "adverse",
    What.SUSPECTED: "suspected",
    What.BLIND: "we could not see",
    What.UNLOOKED: "we did not look",
    What.CLEAR: "clear",
}
_SHAPES = {  # class, top and height in px
    What.ADVERSE: ("s-shut", 0, 26),
    What.SUSPECTED: ("s-wait", 9, 17),
    What.BLIND: ("s-gap", 1, 24),
    What.UNLOOKED: ("s-none", 1, 24),
    What.CLEAR: ("s-open", 17, 9),
}


class Bar(NamedTuple):
    """From `begin` to `end`, in days since the first column."""

    what: What
    begin: float
    end: float


def bars(days: Sequence[Day], first: date, least: float = 0.0) -> list[Bar]:
    """What is drawn: days of one kind in a row are one bar. Less than `least` that was not seen is not drawn where
    something else was."""
    drawn = [_drawn(day, least) for day in days]
    found: list[Bar] = []
    for day, parts, following in zip(days, drawn, [*drawn[1:], {}], strict=True):
        before = found[-1].what if found else None
        for bar in _parts(parts, (day.date - first).days, before, set(following)):
            last = found[-1] if found else None
            if last and last.what is bar.what and abs(last.end - bar.begin) < 1e-9:
                found[-1] = Bar(bar.what, last.begin, bar.end)
            else:
                found.append(bar)
    return found


def _drawn(day: Day, least: float) -> dict[What, float]:
    """The parts of a day that are drawn, worst first, each wide enough to be seen."""
    parts = {what: day.shares[what] for what in What if day.shares.get(what)}
    some = {what: share for what, share in parts.items() if what.is_seen or share >= least} or parts
    return {what: max(share, LEAST) for what, share in some.items()}


def _parts(parts: Mapping[What, float], place: int, before: What | None, following: Collection[What]) -> Iterator[Bar]:
    """The parts of one day from left to right: what stood the day before comes first, what stands on the next last."""
    wide = sorted(parts.items(), key=lambda one: (one[0] is not before, one[0] in following))
    total = sum(share for _, share in wide)
    at = float(place)
    for number, (what, share) in enumerate(wide, 1):
        end = place + 1.0 if number == len(wide) else at + share / total
        yield Bar(what, at, end)
        at = end


def draw(
    ident: str, name: str, days: Sequence[Day], first: date, count: int, *, is_of_many: bool = False
) -> SafeString:
    """The strip of `count` days from `first` on; `ident` is its own on the page, `is_of_many` checks together."""
    shown = bars(days, first, LITTLE if is_of_many else 0.0)
    rects = format_html_join("", "{}", ((_rect(bar, ident, count),) for bar in shown))
    return format_html(
        '<svg class="chart" role="img" aria-labelledby="{0}-t"><title id="{0}-t">{1}</title><defs>'
        '<pattern id="{0}-h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="s-ground" width="6" height="6"/><line class="s-hatch" x1="1" y1="0" x2="1" y2="6"/></pattern>'
        "</defs>{2}{3}"
        '<line class="s-base" x1="0" x2="100%" y1="25.5" y2="25.5"/></svg>',
        ident,
        f"{name}, {write_days(first, first + (count - 1) * DAY)}: {summed(days)}.",
        rects,
        format_html_join("", '<line class="s-slit" x1="{0}%" x2="{0}%" y1="0" y2="25"/>', _slits(first, count)),
    )


def _rect(bar: Bar, ident: str, count: int) -> SafeString:
    kind, top, height = _SHAPES[bar.what]
    fill = format_html(' fill="url(#{}-h)"', ident) if bar.what is What.BLIND else ""
    return format_html(
        '<rect class="{}"{} x="{}%" y="{}" width="{}%" height="{}"/>',
        kind,
        fill,
        f"{100 * bar.begin / count:.2f}",
        top,
        f"{100 * (bar.end - bar.begin) / count:.2f}",
        height,
    )


def _slits(first: date, count: int) -> Iterator[tuple[str]]:
    """Where a Monday begins: a week is what people count by."""
    for place in range(1, count):
        if (first + place * DAY).weekday() == 0:
            yield (f"{100 * place / count:.2f}",)


# ── in words ────────────────────────────────────────────────────────────────
def summed(days: Sequence[Day]) -> str:
    """`clear on 87 days, adverse on 1, not seen on 2`."""
    if not days:
        return "nothing was to be looked at"
    counts = Counter(day.what for day in days)
    unseen = counts[What.BLIND] + counts[What.UNLOOKED]
    told = [
        ("clear", counts[What.CLEAR]),
        ("adverse", counts[What.ADVERSE]),
        ("suspected", counts[What.SUSPECTED]),
        ("not seen", unseen),
    ]
    parts = [f"{word} on {count}" for word, count in told if count]
    return ", ".join([f"{parts[0]} {'day' if parts[0].endswith(' 1') else 'days'}", *parts[1:]])


def write_days(first: date, last: date) -> str:
    """`3 to 9 Nov 2026`, `28 Oct to 3 Nov 2026`, `3 Nov 2026`."""
    if first == last:
        return f"{last.day} {last:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%b %Y}"
    if first.year == last.year:
        return f"{first.day} {first:%b} to {last.day} {last:%b %Y}"
    return f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"


def write_spans(period: Period) -> list[tuple[str, str]]:
    """(state, words) of each part of a period, worst first; with its length when it is not all."""
    if len(period.spans) == 1:
        ((what, _),) = period.spans
        return [(STATES[what], WORDS[what])]
    return [(STATES[what], f"{WORDS[what]} {write_span(_whole(length))}") for what, length in period.spans]


def _whole(length: timedelta) -> float:
    return max(1.0, length.total_seconds())


def write_share(share: float | None, upwards: bool = False) -> str:
    """`99.98 %`. Rounded so that it never says more than is so: down, or `upwards` for what was not seen."""
    if share is None:
        return "not seen"
    hundredths = int(share * 10_000 + 1e-6)
    if upwards and share * 10_000 - hundredths > 1e-6:
        hundredths += 1
    whole, rest = divmod(hundredths, 100)
    return f"{whole} %" if hundredths in (0, 10_000) else f"{whole}.{rest:02d} %"
