"""Is the engine alive? Answered from the database, so that it still answers when every worker is dead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from engine.cycle import CLOCK_STEP, LONGEST
from engine.models import Cycle

MISSED = 3  # cycles a stage may miss before it is late
UNDER_WAY = LONGEST + 5  # seconds until a cycle hangs; resolvers that say nothing keep one waiting
OVERDUE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class StageHealth:
    """`late` says why the stage is not healthy, or is empty."""

    stage: str
    finished_at: datetime | None
    late: str
    claimed: int = 0
    failed: int = 0
    error: str = ""


def stages(now: datetime, intervals: Mapping[str, float] | None = None) -> list[StageHealth]:
    """The health of each stage of the beat table (`intervals`: stage to seconds)."""
    rows = {row.stage: row for row in Cycle.objects.all()}
    found = []
    for stage, interval in (intervals or settings.ENGINE_STAGES).items():
        row = rows.get(stage)
        if row is None:
            found.append(StageHealth(stage, None, "has not run yet"))
            continue
        found.append(
            StageHealth(stage, row.finished_at, _late(row, interval, now), row.claimed, row.failed, row.last_error)
        )
    return found


def _late(row: Cycle, interval: float, now: datetime) -> str:
    patience = timedelta(seconds=max(MISSED * interval, 3))
    if row.finished_at is None:
        return "has never finished"
    if row.finished_at - now > timedelta(seconds=CLOCK_STEP):
        ahead = (row.finished_at - now).total_seconds()
        return f"last finished {ahead:.0f} s from now: the clock was set back, and it has not run since"
    if now - row.finished_at > patience and not _is_under_way(row, now):
        return f"last finished {(now - row.finished_at).total_seconds():.0f} s ago; expected every {interval:g} s"
    if row.oldest_due_at and now - row.oldest_due_at > OVERDUE:
        return f"has work that was due {(now - row.oldest_due_at).total_seconds():.0f} s ago"
    return ""


def _is_under_way(row: Cycle, now: datetime) -> bool:
    """A cycle has begun since the last one ended, not long ago. Those that fail begin anew all the time: they do not
    count."""
    if row.last_error or not (row.started_at and row.finished_at):
        return False
    return row.finished_at < row.started_at and now - row.started_at <= timedelta(seconds=UNDER_WAY)
