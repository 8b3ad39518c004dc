"""Looks at everything once, and not only at what is due: the work behind `sweep --all`.

When it began stands in a row of Cycle; what was looked at since then, the watches themselves say. So it can break off
at any moment and go on later, two may be at it, and a server may run beside it: rows go to whoever claims them. Paces
and caps of lists hold; what must wait is told.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Min, Q
from django.utils import timezone

from engine.cycle import LONGEST, Sweep
from engine.models import Cycle
from monitors import checks
from monitors.models import Watch, WatchQuerySet
from monitors.probes.reading import Verdict
from monitors.sweep import QUICK, look_at

STAGE = "all"  # of its row; no stage of the beat table is called so
NAP = 0.25  # s at most between two looks at the clock


class End(StrEnum):
    """Why it ended."""

    FINISHED = "finished"
    TIME = "time"
    LIMIT = "limit"
    INTERRUPTED = "interrupted"
    WAITING = "waiting"  # what is left may not be asked before the time is over
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Looker:
    """A stage that looks: `watches` gives what it looks at; a round takes `batch` of them, up to `largest` when rounds
    are over quickly."""

    stage: str
    watches: Callable[[], WatchQuerySet]
    batch: int
    largest: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it is. `adverse` and `unknown` are of those looked at, as their last reading was; whether a fault is
    confirmed is another question."""

    total: int = 0
    looked: int = 0
    adverse: int = 0
    unknown: int = 0

    @property
    def left(self) -> int:
        return self.total - self.looked


@dataclass(frozen=True, slots=True)
class Waiting:
    """So many watches of one check may not be asked about before `until`."""

    check: str
    count: int
    until: datetime


@dataclass(slots=True)
class Run:
    """One run of the command. `lookups` are those since it started; one that goes on has earlier ones in its tally."""

    began_at: datetime
    tally: Tally = field(default_factory=Tally)
    end: End = End.FINISHED
    failed: int = 0
    error: str = ""
    lookups: int = 0
    seconds: float = 0.0
    waiting: Sequence[Waiting] = ()
    pulled: set[int] = field(default_factory=set)

    @property
    def rate(self) -> float:
        """Lookups a second."""
        return self.lookups / self.seconds if self.seconds else 0.0


# ── since when ──────────────────────────────────────────────────────────────
def begin(now: datetime) -> datetime:
    """A new one begins: whatever was looked at before `now` is to be looked at."""
    fresh = {"started_at": now, "finished_at": None, "claimed": 0, "failed": 0, "last_error": ""}
    Cycle.objects.update_or_create(stage=STAGE, defaults=fresh)
    return now


def begun() -> Cycle | None:
    """The one that began last; its `finished_at` is None while there is something left of it."""
    return Cycle.objects.filter(stage=STAGE, started_at__isnull=False).first()


def _close(run: Run) -> None:
    """Keep how far it came; another that began since then has the row."""
    row = Cycle.objects.filter(stage=STAGE, started_at=run.began_at)
    finished_at = timezone.now() if run.end is End.FINISHED else None
    row.update(finished_at=finished_at, claimed=run.tally.looked, failed=run.failed, last_error=run.error)


# ── the work ────────────────────────────────────────────────────────────────
def look_at_everything(
    lookers: Sequence[Looker],
    began_at: datetime,
    *,
    seconds: float,
    limit: int | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    told: Callable[[Run], None] = lambda _: None,
) -> Run:
    """Look at all that was not looked at since `began_at`, in rounds, for so many `seconds` and at most `limit` looks;
    `told` after each round. A round that is under way is finished. Raises nothing for what the network does."""
    started, run = time.monotonic(), Run(began_at)
    now = timezone.now()
    for looker in lookers:
        # What was put off is due now; whether it may be asked is decided again, when its turn comes.
        _left(looker, began_at).filter(next_action_at__gt=now).update(next_action_at=now)
    before = tally(lookers, began_at).looked
    batches = {looker.stage: looker.batch for looker in lookers}

    def note() -> None:
        run.tally = tally(lookers, began_at)
        run.lookups, run.seconds = max(0, run.tally.looked - before), time.monotonic() - started

    note()
    told(run)
    while run.tally.left:
        claimed = 0
        for looker in lookers:
            room = batches[looker.stage] if limit is None else min(batches[looker.stage], limit - run.lookups)
            if end := _over(run, started + seconds, room, is_stopped):
                run.end = end
                break
            taken, was_quick = _round(looker, room, run)
            is_full = taken >= batches[looker.stage]
            larger = min(2 * batches[looker.stage], looker.largest) if is_full else batches[looker.stage]
            batches[looker.stage] = larger if was_quick else looker.batch
            claimed += taken
            if taken:
                note()
                told(run)
        else:
            if claimed or (end := _wait(lookers, run, started + seconds, is_stopped)) is None:
                note()
                continue
            run.end = end
        break
    note()
    told(run)
    run.waiting = _waiting(lookers, began_at)
    run.end = run.end if run.tally.left else End.FINISHED
    _close(run)
    return run


def _over(run: Run, ends: float, room: int, is_stopped: Callable[[], bool]) -> End | None:
    if is_stopped():
        return End.INTERRUPTED
    if time.monotonic() >= ends:
        return End.TIME
    return End.LIMIT if room <= 0 else None


def _round(looker: Looker, limit: int, run: Run) -> tuple[int, bool]:
    """(how many were claimed, whether it was over quickly)."""
    state, began = Sweep(timezone.now()), time.monotonic()
    claimed = look_at(_left(looker, run.began_at), state, limit)
    run.failed += state.failed
    run.error = state.error or run.error
    return claimed, time.monotonic() - began < QUICK


def _wait(lookers: Sequence[Looker], run: Run, ends: float, is_stopped: Callable[[], bool]) -> End | None:
    """Nothing can be claimed: wait for the first that can; why there is no sense in that, or None to go on."""
    now = timezone.now()
    if any(_pull(looker, run, now) for looker in lookers):
        return None
    moments: list[datetime] = []
    is_put_off = False
    for looker in lookers:
        left = _left(looker, run.began_at)
        put_off = left.filter(next_action_at__gt=now).aggregate(first=Min("next_action_at"))["first"]
        held = left.filter(lease_until__gt=now, next_action_at__lte=now).aggregate(first=Min("lease_until"))["first"]
        is_put_off = is_put_off or put_off is not None
        moments += [moment for moment in (put_off, held) if moment is not None]
    if run.failed and not is_put_off:
        return End.FAILED  # only those are left that we could not work on, or that others have
    pause = max(0.0, (min(moments) - now).total_seconds()) if moments else NAP
    if time.monotonic() + pause > ends:
        return End.WAITING if is_put_off else End.TIME
    until = time.monotonic() + (pause if is_put_off else min(pause, NAP))  # others may be done with theirs before
    while (rest := until - time.monotonic()) > 0 and not is_stopped():
        time.sleep(min(rest, NAP))
    return None


def _pull(looker: Looker, run: Run, now: datetime) -> bool:
    """A round that was under way when this began has looked at some a moment too early, and set when they are next due:
    that is no pace, and they are due now. Whether there were any; each once, for a list may put them off after all."""
    rows = _left(looker, run.began_at).filter(
        next_action_at__gt=now, looked_at__gte=run.began_at - timedelta(seconds=LONGEST)
    )
    found = set(rows.values_list("pk", flat=True)) - run.pulled
    run.pulled |= found
    return bool(found and Watch.objects.filter(pk__in=found, next_action_at__gt=now).update(next_action_at=now))


# ── how far it is ───────────────────────────────────────────────────────────
def tally(lookers: Sequence[Looker], began_at: datetime) -> Tally:
    """Counted in the rows: whoever looked, and before or after a break."""
    looked = Q(looked_at__gte=began_at)
    parts = [
        looker.watches().aggregate(
            total=Count("pk"),
            looked=Count("pk", filter=looked),
            adverse=Count("pk", filter=looked & Q(verdict=Verdict.ADVERSE)),
            unknown=Count("pk", filter=looked & Q(verdict=Verdict.UNKNOWN)),
        )
        for looker in lookers
    ]
    names = ("total", "looked", "adverse", "unknown")
    return Tally(*(sum(part[name] for part in parts) for name in names))


def _left(looker: Looker, began_at: datetime) -> WatchQuerySet:
    return looker.watches().filter(Q(looked_at=None) | Q(looked_at__lt=began_at))


def _waiting(lookers: Sequence[Looker], began_at: datetime) -> tuple[Waiting, ...]:
    """What is put off, by check."""
    now = timezone.now()
    found: list[Waiting] = []
    for looker in lookers:
        rows = _left(looker, began_at).filter(next_action_at__gt=now).order_by().values("check_id")
        counted = rows.annotate(count=Count("pk"), until=Min("next_action_at")).order_by("check_id")
        found += [Waiting(checks.check_name(row["check_id"]), row["count"], row["until"]) for row in counted]
    return tuple(found)
