"""What a run of readings amounts to: open a finding, close it, look again. Pure: values in, values out.

One listing answer is no proof: lists blink, resolvers lie. A finding opens only after several adverse
readings, some time apart, that name the same fault, each from a list that was proved to be seen in the same
round. It closes only after several clear ones. UNKNOWN does neither and counts for nothing: it freezes both
counts where they are.

Nothing is stored, told or asked here, and severity plays no part: `halts.policy` says what a finding leads
to.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitors.probes.reading import Reading, Verdict


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When to believe it.

    `confirm_count` adverse readings, each `confirm_spacing` or more after the one before, open a finding;
    `clear_count` clear ones in a row close it. The spacing must outlast the resolver's cache to mean
    anything.
    """

    confirm_count: int = 2
    confirm_spacing: timedelta = timedelta(minutes=10)
    clear_count: int = 2

    def __post_init__(self) -> None:
        if self.confirm_count < 1 or self.clear_count < 1 or self.confirm_spacing < timedelta(0):
            raise ValueError("Counts start at 1 and the spacing at 0 s: fewer readings than one confirm nothing.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one watch after its latest reading. Moments are aware UTC.

    verdict           what was last seen; UNKNOWN when we could not see, whatever stood before
    since             when `verdict` became what it is
    adverse_count     adverse readings that count so far, at most `confirm_count`
    clear_count       clear readings in a row, unknown ones left out, at most `clear_count`
    first_adverse_at  the first of those that `adverse_count` counts; None with none
    last_adverse_at   the latest of them
    seen_at           the moment of the latest reading, of whatever verdict: nothing up to it counts again
    faults            what the counted adverse readings have in common
    is_open           a finding stands. The caller sets it from its own rows, and after a close by hand
    """

    verdict: Verdict = Verdict.UNKNOWN
    adverse_count: int = 0
    clear_count: int = 0
    since: datetime | None = None
    first_adverse_at: datetime | None = None
    last_adverse_at: datetime | None = None
    seen_at: datetime | None = None
    faults: frozenset[str] = frozenset()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The standing after a reading, and what to do. `next_in` None: at the next slot of the regular grid."""

    standing: Standing
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
            after = _after_adverse(seen, _faults(reading), at, thresholds)
    return Judgement(
        after,
        opens=after.is_open and not standing.is_open,
        closes=standing.is_open and not after.is_open,
        next_in=_recheck_in(after, at, thresholds),
    )


def _after_clear(standing: Standing, thresholds: Thresholds) -> Standing:
    count = min(standing.clear_count + 1, thresholds.clear_count)
    return replace(
        standing,
        adverse_count=0,
        clear_count=count,
        first_adverse_at=None,
        last_adverse_at=None,
        faults=frozenset(),
        is_open=standing.is_open and count < thresholds.clear_count,
    )


def _after_adverse(standing: Standing, faults: frozenset[str], at: datetime, thresholds: Thresholds) -> Standing:
    standing = replace(standing, clear_count=0)
    common = standing.faults & faults
    if standing.last_adverse_at is None or not common:
        # The first, or another fault than before, which confirms nothing: counting starts here.
        count, first, common = 1, at, faults
    elif at - standing.last_adverse_at < thresholds.confirm_spacing:
        return standing  # too soon to be a second witness
    else:
        count = min(standing.adverse_count + 1, thresholds.confirm_count)
        first = standing.first_adverse_at or at
    return replace(
        standing,
        adverse_count=count,
        first_adverse_at=first,
        last_adverse_at=at,
        faults=common,
        is_open=standing.is_open or count >= thresholds.confirm_count,
    )


def _recheck_in(standing: Standing, at: datetime, thresholds: Thresholds) -> timedelta | None:
    """A suspicion is looked at again as soon as a second reading can count; all else keeps to the grid."""
    if standing.is_open or standing.last_adverse_at is None:
        return None
    left = standing.last_adverse_at + thresholds.confirm_spacing - at
    return left if left > timedelta(0) else thresholds.confirm_spacing


def _faults(reading: Reading) -> frozenset[str]:
    """What another adverse reading must share to confirm this one.

    Of a list, a code: SBL today and PBL tomorrow are two suspicions. Elsewhere the check itself is the fault:
    a server without a reverse name, whose name next leads nowhere, was at no time in order.
    """
    return frozenset(reading.codes if reading.result == "listed" else (reading.clause,))
