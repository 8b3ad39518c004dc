"""What a run of readings amounts to: open a finding, close it, look again. Pure: values in, values out.

One listing answer is no proof: lists blink, resolvers lie. Each fault (a list's code) is counted by itself. It is
confirmed only after several adverse readings, some time apart, that all name it, each from a list that was proved to
be seen in the same round; the first fault that is confirmed opens a finding. Where there are several resolver paths,
two of them must have seen it: each is a witness, and what one of them denies stays a suspicion. The finding closes only
after several clear readings that the same number of witnesses gave, over a time that the check fixes. UNKNOWN does
neither and counts for nothing: it freezes the counts where they are, but a suspicion that was not renewed for long is
forgotten.

Nothing is stored, told or asked here, and severity plays no part: `halts.policy` says what a finding leads
to.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitors.probes.reading import Reading, Verdict

CACHE_SLACK = timedelta(seconds=1)  # TTLs are whole seconds


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to believe it.

    `confirm_count` adverse readings that name the same fault, each `confirm_spacing` or more after the one before, and
    through at least `witnesses` paths, open a finding. Through a path that named it before, another counts only when it
    is no repeat out of that path's cache. `clear_count` clear ones in a row, through as many paths and over
    `clear_hold`, close it. After `longest_age` without another, an adverse reading counts no more: what is seen then
    may be another listing.
    """

    confirm_count: int = 2
    confirm_spacing: timedelta = timedelta(minutes=10)
    clear_count: int = 2
    longest_age: timedelta = timedelta(hours=2)
    witnesses: int = 1
    clear_hold: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if self.confirm_count < 1 or self.clear_count < 1 or self.witnesses < 1 or self.confirm_spacing < timedelta(0):
            raise ValueError("Counts start at 1 and the spacing at 0 s: fewer readings than one confirm nothing.")
        if self.longest_age < self.confirm_spacing:
            raise ValueError("A reading must count for longer than the spacing, or nothing is ever confirmed.")


@dataclass(frozen=True, slots=True)
class Sighting:
    """How often one fault was seen: readings that count so far, at most `confirm_count`, the first and the latest.

    `paths` are the resolver paths that see it, each with the moment until which its cache may repeat the answer.
    """

    count: int
    first_at: datetime
    last_at: datetime
    paths: Mapping[str, datetime] = field(default_factory=dict)

    def is_fresh(self, at: datetime, thresholds: Thresholds) -> bool:
        """Whether it still counts. One from the future does not: the clock was set back, and nobody knows how far
        apart the two moments were."""
        return timedelta(0) <= at - self.last_at <= thresholds.longest_age

    def is_confirmed(self, thresholds: Thresholds) -> bool:
        return self.count >= thresholds.confirm_count and len(self.paths) >= thresholds.witnesses


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one watch after its latest reading. Moments are aware UTC.

    verdict      what was last seen; UNKNOWN when we could not see, whatever stood before
    since        when `verdict` became what it is
    faults       what the latest adverse readings named, and how often each was seen; a clear one ends what its path saw
    clear_count  clear readings in a row, unknown ones left out, at most `clear_count`
    clear_since  the first of them, and the paths that gave them
    seen_at      the moment of the latest reading, of whatever verdict: nothing up to it counts again
    is_open      a finding stands. The caller sets it from its own rows, and after a close by hand
    """

    verdict: Verdict = Verdict.UNKNOWN
    since: datetime | None = None
    faults: Mapping[str, Sighting] = field(default_factory=dict)
    clear_count: int = 0
    clear_since: datetime | None = None
    clear_paths: frozenset[str] = frozenset()
    seen_at: datetime | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The standing after a reading, and what to do.

    `confirmed` are the faults that the reading named and that were seen often enough, since `first_at`: what an open
    finding may say. `next_in` None: at the next slot of the regular grid.
    """

    standing: Standing
    confirmed: frozenset[str] = frozenset()
    first_at: datetime | None = None
    opens: bool = False
    closes: bool = False
    next_in: timedelta | None = None


def judge(
    standing: Standing,
    reading: Reading,
    *,
    at: datetime,
    proved: bool,
    thresholds: Thresholds,
    path: str = "",
    cached: timedelta = timedelta(0),
) -> Judgement:
    """Weigh one reading, taken `at` that moment through `path`; `cached` is its TTL, for which a cache may repeat it.

    `proved` says that the list was proved healthy on the same path in the same round; a check that needs no
    proof, such as reverse DNS, passes True. A reading no later than the last one is a repeat and changes
    nothing.
    """
    if standing.seen_at is not None and at <= standing.seen_at:
        return Judgement(standing, next_in=_recheck_in(standing, at, thresholds))
    verdict = reading.verdict if proved else Verdict.UNKNOWN
    seen = replace(
        standing,
        verdict=verdict,
        since=at if standing.since is None or verdict is not standing.verdict else standing.since,
        seen_at=at,
    )
    match verdict:
        case Verdict.UNKNOWN:
            after = seen
        case Verdict.CLEAR:
            after = _after_clear(seen, at, path, thresholds)
        case Verdict.ADVERSE:
            after = _after_adverse(seen, reading, at, path, cached, thresholds)
    named = {ground.fault for ground in reading.grounds}
    confirmed = _confirmed(after, named, thresholds) if verdict is Verdict.ADVERSE else {}
    return Judgement(
        after,
        confirmed=frozenset(confirmed),
        first_at=min((sighting.first_at for sighting in confirmed.values()), default=None),
        opens=after.is_open and not standing.is_open,
        closes=standing.is_open and not after.is_open,
        next_in=_recheck_in(after, at, thresholds),
    )


def _after_clear(standing: Standing, at: datetime, path: str, thresholds: Thresholds) -> Standing:
    count = min(standing.clear_count + 1, thresholds.clear_count)
    since = standing.clear_since if standing.clear_count and standing.clear_since else at
    paths = (standing.clear_paths if standing.clear_count else frozenset()) | {path}
    is_over = count >= thresholds.clear_count and len(paths) >= thresholds.witnesses
    return replace(
        standing,
        faults=_unseen_on(path, standing.faults),
        clear_count=count,
        clear_since=since,
        clear_paths=paths,
        is_open=standing.is_open and not (is_over and at - since >= thresholds.clear_hold),
    )


def _after_adverse(
    standing: Standing, reading: Reading, at: datetime, path: str, cached: timedelta, thresholds: Thresholds
) -> Standing:
    """A fault that this reading does not name was not there, for its path: that witness is gone."""
    named = {ground.fault for ground in reading.grounds}
    others = _unseen_on(path, {name: one for name, one in standing.faults.items() if name not in named})
    seen = {name: _seen(standing.faults.get(name), at, path, cached, thresholds) for name in named}
    after = replace(standing, clear_count=0, clear_since=None, clear_paths=frozenset(), faults={**others, **seen})
    return replace(after, is_open=standing.is_open or bool(_confirmed(after, named, thresholds)))


def _unseen_on(path: str, faults: Mapping[str, Sighting]) -> dict[str, Sighting]:
    """What is left when `path` does not see them: what other paths see."""
    left = {name: {by: until for by, until in one.paths.items() if by != path} for name, one in faults.items()}
    return {name: replace(faults[name], paths=paths) for name, paths in left.items() if paths}


def _seen(before: Sighting | None, at: datetime, path: str, cached: timedelta, thresholds: Thresholds) -> Sighting:
    if before is None or not before.is_fresh(at, thresholds):
        return Sighting(1, at, at, {path: at + cached})
    if at - before.last_at < thresholds.confirm_spacing or _is_repeat(before.paths.get(path), at, cached):
        return before  # too soon to be a second witness, or the first answer over again, out of a cache
    paths = {**before.paths, path: at + cached}
    return Sighting(min(before.count + 1, thresholds.confirm_count), before.first_at, at, paths)


def _is_repeat(until: datetime | None, at: datetime, cached: timedelta) -> bool:
    """Whether a cache gave the first answer over again: it counts the TTL down, so the answer ends when the first one
    does. One with its whole TTL was fetched anew."""
    return until is not None and at < until and at + cached - until <= CACHE_SLACK


def _confirmed(standing: Standing, named: Set[str], thresholds: Thresholds) -> dict[str, Sighting]:
    return {
        name: sighting
        for name, sighting in standing.faults.items()
        if name in named and sighting.is_confirmed(thresholds)
    }


def _recheck_in(standing: Standing, at: datetime, thresholds: Thresholds) -> timedelta | None:
    """A suspicion is looked at again as soon as a second reading can count, beside an open finding too: it may be the
    graver one. All else keeps to the grid."""
    waits = [
        sighting.last_at + thresholds.confirm_spacing - at
        for sighting in standing.faults.values()
        if not sighting.is_confirmed(thresholds) and sighting.is_fresh(at, thresholds)
    ]
    if not waits:
        return None
    return min((wait for wait in waits if wait > timedelta(0)), default=thresholds.confirm_spacing)
