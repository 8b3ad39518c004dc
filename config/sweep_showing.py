"""What `manage.py sweep` shows while it works, on standard error: a line or a bar on a terminal; in a pipe of the long
one a sentence now and then. Nothing of it is needed by anybody."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any, TextIO

from engine.cycle import Sweep
from monitors.everything import End, Run

NOW_AND_THEN = 10.0  # s between two sentences in a pipe


@contextmanager
def line(stage: str) -> Iterator[Callable[[Sweep], None]]:
    """Around one stage: a line that counts what it has done. Hand it the sweep's state when that is known."""
    states: list[Sweep] = []
    if not sys.stderr.isatty():
        yield states.append
        return
    from rich.console import Console  # not needed, and not paid for, in a script
    from rich.live import Live
    from rich.text import Text

    began = time.monotonic()

    class Line:
        def __rich__(self) -> Text:
            done = states[-1].claimed if states else 0
            return Text(f"{stage:<8} {done:,} so far ({time.monotonic() - began:.0f} s)", "dim")

    with Live(Line(), console=Console(stderr=True), refresh_per_second=4, transient=True):
        yield states.append


@contextmanager
def bar() -> Iterator[Callable[[Run], None]]:
    """Around a sweep of everything: hand it the run after each round."""
    if not sys.stderr.isatty():
        yield _sentences(sys.stderr)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        task = shown.add_task("", total=None)
        yield lambda run: shown.update(
            task, total=run.tally.total, completed=run.tally.looked, description=_counts(run)
        )


def _sentences(out: TextIO) -> Callable[[Run], None]:
    said_at = time.monotonic()

    def say(run: Run) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= NOW_AND_THEN:
            said_at = time.monotonic()
            left = f", about {run.tally.left / run.rate:,.0f} s left" if run.rate else ""
            out.write(f"{run.tally.looked:,} of {run.tally.total:,} looked at: {_counts(run)}{left}\n")
            out.flush()

    return say


def _counts(run: Run) -> str:
    tally = run.tally
    return f"{tally.adverse:,} adverse, {tally.unknown:,} unknown, {run.rate:,.0f} a second"


# ── at the end ──────────────────────────────────────────────────────────────
ENDS = {
    End.TIME: "The time was over",
    End.LIMIT: "The limit was reached",
    End.INTERRUPTED: "Interrupted",
    End.WAITING: "What is left may not be asked yet",
    End.FAILED: "What is left could not be worked on, or others have it",
}


def in_words(run: Run) -> list[str]:
    """How it ended, for people."""
    tally = run.tally
    looks = f"{run.lookups:,} looks in {run.seconds:.1f} s, {run.rate:,.0f} a second"
    found = f"{tally.adverse:,} adverse, {tally.unknown:,} unknown"
    lines = [f"Looked at {tally.looked:,} of {tally.total:,}: {found}. {looks}."]
    if run.failed:
        lines.append(f"{run.failed:,} failed and will be tried again; the last: {run.error}")
    for one in run.waiting:
        until = one.until.astimezone(UTC)
        lines.append(
            f"{one.count:,} at {one.check} wait until {until:%d %B, %H:%M:%S} UTC: it may not be asked faster."
        )
    if run.end is not End.FINISHED:
        lines.append(
            f"{ENDS[run.end]}; {tally.left:,} are left. What was looked at is kept: "
            "run it again with --all --resume to go on."
        )
    return lines


def as_json(run: Run) -> dict[str, Any]:
    """The same for machines."""
    tally = run.tally
    return {
        "began_at": run.began_at.isoformat(),
        "ended": run.end,
        "total": tally.total,
        "looked": tally.looked,
        "left": tally.left,
        "adverse": tally.adverse,
        "unknown": tally.unknown,
        "lookups": run.lookups,
        "seconds": round(run.seconds, 3),
        "lookups_per_second": round(run.rate, 1),
        "failed": run.failed,
        "error": run.error,
        "waiting": [{"check": one.check, "count": one.count, "until": one.until.isoformat()} for one in run.waiting],
    }
