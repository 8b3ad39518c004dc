"""What stood over time: from runs of readings to stretches, days and figures. Pure: values in, values out.

A run covers the time from its first reading to its last, and is believed on until the next look on its path, when that
came in time. Before a gap it is believed for one turn, until the next look was due. What no run covers, nobody looked
at: that time is never clear. A fault that was confirmed stands from when it was first seen until it was seen to end,
also while nobody could see: so our blindness never makes anybody's standing look better.

Nothing is fetched or drawn here. Days are UTC.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from typing import NamedTuple

from monitors.probes.reading import Verdict

DAY = timedelta(days=1)


class What(StrEnum):
    """What stood at a moment, worst first."""

    ADVERSE = "adverse"  # a confirmed fault
    SUSPECTED = "suspected"  # seen, and not confirmed: by one look, or on one path while the other denies it
    BLIND = "blind"  # looked at, and nothing seen
    UNLOOKED = "unlooked"  # nobody looked
    CLEAR = "clear"

    @property
    def is_seen(self) -> bool:
        return self not in UNSEEN


UNSEEN = (What.BLIND, What.UNLOOKED)


class Run(NamedTuple):
    """Like readings through one path, one after the other, with no gap between them."""

    path: str
    first_at: datetime
    last_at: datetime
    verdict: str


class Fault(NamedTuple):
    """A confirmed fault, from when it was first seen; `until` is None while it stands."""

    first_at: datetime
    until: datetime | None


class Stretch(NamedTuple):
    """From `begin` up to `end`, the same all along."""

    begin: datetime
    end: datetime
    what: What


History = Sequence[Stretch]
"""Of one check: stretches in order, without a hole between the first and the last."""


@dataclass(frozen=True, slots=True)
class Belief:
    """How long a run is believed after its last reading: for a `turn`, after which its path is due again, or until the
    next reading on its path when that comes `within` so long."""

    turn: timedelta
    within: timedelta


# ── of one check ────────────────────────────────────────────────────────────
def stretches(
    runs: Iterable[Run], faults: Iterable[Fault], *, begin: datetime, end: datetime, belief: Belief
) -> tuple[Stretch, ...]:
    """What stood at each moment from `begin` up to `end`, which is now or when the looking stopped."""
    edges: dict[datetime, Counter[What]] = defaultdict(Counter)

    def mark(what: What, first: datetime, last: datetime) -> None:
        first, last = max(first, begin), min(last, end)
        if first < last:
            edges[first][what] += 1
            edges[last][what] -= 1

    mark(What.UNLOOKED, begin, end)
    for run, until in _believed(runs, end, belief):
        mark(_WHATS.get(run.verdict, What.BLIND), run.first_at, until)
    for fault in faults:
        mark(What.ADVERSE, fault.first_at, fault.until or end)
    found: list[Stretch] = []
    counts: Counter[What] = Counter()
    for at, until in pairwise(sorted(edges)):
        counts.update(edges[at])
        what = next(one for one in _SPEAKS_FIRST if counts[one] > 0)
        if found and found[-1].what is what:
            found[-1] = Stretch(found[-1].begin, until, what)
        else:
            found.append(Stretch(at, until, what))
    return tuple(found)


_WHATS: Mapping[str, What] = {
    Verdict.CLEAR: What.CLEAR,
    Verdict.ADVERSE: What.SUSPECTED,
    Verdict.UNKNOWN: What.BLIND,
}
# A path that sees outweighs one that does not; what one of them finds outweighs what the other denies.
_SPEAKS_FIRST = (What.ADVERSE, What.SUSPECTED, What.CLEAR, What.BLIND, What.UNLOOKED)


def _believed(runs: Iterable[Run], end: datetime, belief: Belief) -> Iterator[tuple[Run, datetime]]:
    """Each run with the moment until which it is believed."""
    ordered = sorted(runs, key=lambda run: (run.path, run.first_at, run.last_at))
    for _, of_path in groupby(ordered, key=lambda run: run.path):
        some = list(of_path)
        following = [run.first_at for run in some[1:]] + [end]
        for run, next_at in zip(some, following, strict=True):
            in_time = next_at - run.last_at <= belief.within
            yield run, max(run.last_at, next_at) if in_time else run.last_at + belief.turn


# ── of several checks together ──────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Day:
    """One day. `length` is how much of it was to be looked at, `shares` what stood in which part of that; they sum to
    1. Of several checks together: adverse is the time in which any of them was, and the rest is their mean."""

    date: date
    length: timedelta
    shares: Mapping[What, float]

    @property
    def what(self) -> What:
        """The day in a word: the worst that was seen, else what most of it was. A day that was mostly not seen is not
        clear."""
        for what in (What.ADVERSE, What.SUSPECTED):
            if self.shares.get(what):
                return what
        blind, unlooked, clear = (self.shares.get(one, 0.0) for one in (What.BLIND, What.UNLOOKED, What.CLEAR))
        if blind + unlooked >= clear:
            return What.BLIND if blind >= unlooked else What.UNLOOKED
        return What.CLEAR


@dataclass(frozen=True, slots=True)
class Figures:
    """A stretch of time in figures. `seen` is the time in which any check saw anything, `adverse` that in which any
    fault stood, `unseen` the mean share of the checks' time that was not seen."""

    watched: timedelta
    seen: timedelta
    adverse: timedelta
    unseen: float

    @property
    def uptime(self) -> float | None:
        """The share of the time seen in which nothing adverse stood; None when nothing was seen. To be told beside
        `unseen`: it says nothing of that."""
        return 1 - self.adverse / self.seen if self.seen else None


def days(histories: Iterable[History]) -> tuple[Day, ...]:
    """Each day on which anything was to be looked at, oldest first."""
    lengths: dict[date, float] = defaultdict(float)
    parts: dict[date, dict[What, float]] = defaultdict(lambda: defaultdict(float))
    for begin, end, counts in _together(histories):
        shares = _shares(counts)
        for day, seconds in _by_day(begin, end):
            lengths[day] += seconds
            for what, share in shares.items():
                parts[day][what] += share * seconds
    return tuple(
        Day(
            day,
            timedelta(seconds=lengths[day]),
            {what: parts[day][what] / lengths[day] for what in What if parts[day][what]},
        )
        for day in sorted(lengths)
    )


def figures(histories: Iterable[History], *, since: datetime | None = None) -> Figures:
    """From `since` on, else of all the time that the histories cover."""
    watched = seen = adverse = timedelta(0)
    unseen = 0.0
    for begin, end, counts in _together(histories):
        length = end - (max(begin, since) if since else begin)
        if length <= timedelta(0):
            continue
        watched += length
        seen += length if any(counts[what] for what in What if what.is_seen) else timedelta(0)
        adverse += length if counts[What.ADVERSE] else timedelta(0)
        unseen += length.total_seconds() * sum(counts[what] for what in UNSEEN) / counts.total()
    return Figures(watched, seen, adverse, unseen / watched.total_seconds() if watched else 0.0)


def _together(histories: Iterable[History]) -> Iterator[tuple[datetime, datetime, Counter[What]]]:
    """The time that any history covers, in pieces: how many checks stood how, all along each."""
    edges: dict[datetime, Counter[What]] = defaultdict(Counter)
    for history in histories:
        for one in history:
            edges[one.begin][one.what] += 1
            edges[one.end][one.what] -= 1
    counts: Counter[What] = Counter()
    for begin, end in pairwise(sorted(edges)):
        counts.update(edges[begin])
        if counts.total():
            yield begin, end, counts


def _shares(counts: Counter[What]) -> dict[What, float]:
    if counts[What.ADVERSE]:
        return {What.ADVERSE: 1.0}
    return {what: count / counts.total() for what, count in counts.items() if count}


def _by_day(begin: datetime, end: datetime) -> Iterator[tuple[date, float]]:
    """(day, seconds of it) from `begin` up to `end`."""
    at = begin.astimezone(UTC)
    while at < end:
        midnight = datetime(at.year, at.month, at.day, tzinfo=UTC) + DAY
        until = min(midnight, end)
        yield at.date(), (until - at).total_seconds()
        at = midnight


# ── in few words ────────────────────────────────────────────────────────────
class Period(NamedTuple):
    """Days in a row on which the same was seen; `spans` says for how long each of it, worst first."""

    first: date
    last: date
    spans: tuple[tuple[What, timedelta], ...]


def periods(of: Sequence[Day]) -> tuple[Period, ...]:
    """The days in runs, oldest first; a day that is not there ends a run."""
    found: list[Period] = []
    for day in of:
        spans = tuple((what, day.length * day.shares[what]) for what in What if day.shares.get(what))
        last = found[-1] if found else None
        if last and last.last + DAY == day.date and [one for one, _ in last.spans] == [one for one, _ in spans]:
            together = tuple((what, a + b) for (what, a), (_, b) in zip(last.spans, spans, strict=True))
            found[-1] = Period(last.first, day.date, together)
        else:
            found.append(Period(day.date, day.date, spans))
    return tuple(found)
