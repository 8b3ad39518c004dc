"""A sweep's frame: it records the heartbeat, bounds how many run at once, and never lets an error stop the next
ring."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import Error
from django.utils import timezone

from engine.models import Cycle

LONGEST = 20.0  # s that one cycle may take; stages bound themselves by it, health and the watchdog wait longer
CLOCK_STEP = 5.0  # s; a wall clock that runs apart from the monotonic one by more was set, not adjusted
log = logging.getLogger(__name__)
_running: dict[str, threading.BoundedSemaphore] = {}
_running_lock = threading.Lock()
_turned_away: set[str] = set()  # stages that were rung for while nobody more could be at them
_clocks: dict[str, tuple[float, float]] = {}  # stage: the wall clock and the monotonic one when it was last rung, s


@dataclass(slots=True)
class Sweep:
    """What a sweep tells its heartbeat: rows claimed, rows that failed and the last one's error, and the oldest moment
    still due (None: nothing). `clock_step` tells the sweep by how many s the wall clock was set since the stage's last
    one in this process, negative for back; 0 when it only ran."""

    now: datetime
    clock_step: float = 0.0
    claimed: int = 0
    failed: int = 0
    oldest_due_at: datetime | None = None
    error: str = ""

    @contextmanager
    def each(self, row: object) -> Iterator[None]:
        """Around the work on one claimed row: its error is logged and counted, and the others still get their turn.

        The row stays due: it comes again, at the latest when its lease lapses.
        """
        try:
            yield
        except Exception as error:
            log.exception("%s could not be worked on", row)
            self.failed += 1
            self.error = f"{row}: {_said(error)}"


def ring(stage: str, sweep: Callable[[Sweep], None], *, at_once: int = 1) -> Sweep | None:
    """Run `sweep` as one cycle of `stage` and record it; None when `at_once` of this process are already at it.

    Whoever is turned away has what they rang for looked at all the same: one that is at it goes round once more.
    An exception is logged and kept in the stage's row; the stage counts as not having finished, so health turns red.
    """
    with _running_lock:
        gate = _running.setdefault(stage, threading.BoundedSemaphore(at_once))
    if not gate.acquire(blocking=False):
        _turned_away.add(stage)
        return None
    try:
        state = _once(stage, sweep)
        return _once(stage, sweep) if stage in _turned_away else state
    finally:
        gate.release()


def _once(stage: str, sweep: Callable[[Sweep], None]) -> Sweep:
    _turned_away.discard(stage)
    state = Sweep(timezone.now(), _clock_step(stage))
    with _heartbeat(stage, state):
        sweep(state)
    return state


def _clock_step(stage: str) -> float:
    wall, monotonic = time.time(), time.monotonic()
    wall_before, monotonic_before = _clocks.get(stage, (wall, monotonic))
    _clocks[stage] = wall, monotonic
    step = (wall - wall_before) - (monotonic - monotonic_before)
    if abs(step) <= CLOCK_STEP:
        return 0.0
    log.warning(
        "the clock was set %s by %.0f s since stage %s last ran", "back" if step < 0 else "on", abs(step), stage
    )
    return step


@contextmanager
def _heartbeat(stage: str, state: Sweep) -> Iterator[None]:
    row = Cycle.objects.filter(stage=stage)
    if not row.update(started_at=state.now):
        Cycle.objects.get_or_create(stage=stage, defaults={"started_at": state.now})
    try:
        yield
    except Exception as error:
        log.exception("stage %s failed", stage)
        state.error = _said(error)
        try:
            row.update(last_error=state.error)
        except Error:  # the database is what failed; the log has it
            log.warning("stage %s could not record its failure", stage)
        return
    row.update(
        finished_at=timezone.now(),
        claimed=state.claimed,
        failed=state.failed,
        oldest_due_at=state.oldest_due_at,
        last_error=state.error,
    )


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:2000]
