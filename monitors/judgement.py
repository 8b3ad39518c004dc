"""What a run of readings amounts to: open a finding, close it, look again. Pure: values in, values out.

One listing answer is no proof: lists blink, resolvers lie. Each fault (a list's code) is counted by itself. It is
confirmed only after several adverse readings, some time apart, that all name it, each from a list that was proved to
be seen in the same round; the first fault that is confirmed opens a finding. The finding closes only after several
clear readings. UNKNOWN does neither and counts for nothing: it freezes the counts where they are, but a suspicion
that was not renewed for long is forgotten.

Nothing is stored, told or asked here, and severity plays no part: `halts.policy` says what a finding leads
to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitors.probes.reading import Reading, Verdict


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to believe it.

    `confirm_count` adverse readings that name the same fault, each `confirm_spacing` or more after the one before, open
    a finding; `clear_count` clear ones in a row close it. The spacing must outlast the resolver's cache to mean
    anything. After `longest_age` without another, an adverse reading counts no more: what is seen then may be another
    listing.
    """

    confirm_count: int = 2
    confirm_spacing: timedelta = timedelta(minutes=10)
    clear_count: int = 2
    longest_age: timedelta = timedelta(hours=2)

    def __post_init__(self) -> None:
        if self.confirm_count < 1 or self.clear_count < 1 or self.confirm_spacing < timedelta(0):
            raise ValueError("Counts start at 1 and the spacing at 0 s: fewer readings than one confirm nothing.")
        if self.longest_age < self.confirm_spacing:
            raise ValueError("A reading must count for longer than the spacing, or nothing is ever confirmed.")


@dataclass(frozen=True, slots=True)
class Sighting:
    """How often one fault was seen: readings that count so far, at most `confirm_count`, the first and the latest."""

    count: int
    first_at: datetime
    last_at: datetime

    def is_fresh(self, at: datetime, thresholds: Thresholds) -> bool:
        """Whether it still counts. One from the future does not: the clock was set back, and nobody knows how far
        apart the two moments were."""
        return timedelta(0) <= at - self.last_at <= thresholds.longest_age


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one watch after its latest reading. Moments are aware UTC.

    verdict      what was last seen; UNKNOWN when we could not see, whatever stood before
    since        when `verdict` became what it is
    faults       what the latest adverse reading named, and how often each was seen; none after a clear one
    clear_count  clear readings in a row, unknown ones left out, at most `clear_count`
    seen_at      the moment of the latest reading, of whatever verdict: nothing up to it counts again
    is_open      a finding stands. The caller sets it from its own rows, and after a close by hand
    """

    verdict: Verdict = Verdict.UNKNOWN
    since: datetime | None = None
    faults: Mapping[str, Sighting] = field(default_factory=dict)
    clear_count: int = 0
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


def judge(standing: Standing, reading: Reading, *, at: datetime, proved: bool, thresholds: Thresholds) -> Judgement:
    """Weigh one reading, taken `at` that moment.

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
            after = _after_clear(seen, thresholds)
        case Verdict.ADVERSE:
            after = _after_adverse(seen, reading, at, thresholds)
    confirmed = _confirmed(after, thresholds) if verdict is Verdict.ADVERSE else {}
    return Judgement(
        after,
        confirmed=frozenset(confirmed),
        first_at=min((sighting.first_at for sighting in confirmed.values()), default=None),
        opens=after.is_open and not standing.is_open,
        closes=standing.is_open and not after.is_open,
        next_in=_recheck_in(after, at, thresholds),
    )


def _after_clear(standing: Standing, thresholds: Thresholds) -> Standing:
    count = min(standing.clear_count + 1, thresholds.clear_count)
    return replace(
        standing,
        faults={},
        clear_count=count,
        is_open=standing.is_open and count < thresholds.clear_count,
    )


def _after_adverse(standing: Standing, reading: Reading, at: datetime, thresholds: Thresholds) -> Standing:
    """A fault that this reading does not name was not there: its count is gone."""
    named = [ground.fault for ground in reading.grounds]
    after = replace(
        standing, clear_count=0, faults={name: _seen(standing.faults.get(name), at, thresholds) for name in named}
    )
    return replace(after, is_open=standing.is_open or bool(_confirmed(after, thresholds)))


def _seen(before: Sighting | None, at: datetime, thresholds: Thresholds) -> Sighting:
    if before is None or not before.is_fresh(at, thresholds):
        return Sighting(1, at, at)
    if at - before.last_at < thresholds.confirm_spacing:
        return before  # too soon to be a second witness
    return Sighting(min(before.count + 1, thresholds.confirm_count), before.first_at, at)


def _confirmed(standing: Standing, thresholds: Thresholds) -> dict[str, Sighting]:
    return {name: sighting for name, sighting in standing.faults.items() if sighting.count >= thresholds.confirm_count}


def _recheck_in(standing: Standing, at: datetime, thresholds: Thresholds) -> timedelta | None:
    """A suspicion is looked at again as soon as a second reading can count, beside an open finding too: it may be the
    graver one. All else keeps to the grid."""
    waits = [
        sighting.last_at + thresholds.confirm_spacing - at
        for sighting in standing.faults.values()
        if sighting.count < thresholds.confirm_count and sighting.is_fresh(at, thresholds)
    ]
    if not waits:
        return None
    return min((wait for wait in waits if wait > timedelta(0)), default=thresholds.confirm_spacing)
