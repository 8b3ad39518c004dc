"""`manage.py sweep`: one round of every stage, now, in this process. For cron, for scripts, and to see what is due.
With --all, everything is looked at, due or not."""

import argparse
import contextlib
import inspect
import json
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from config import beat, sweep_showing
from engine.cycle import Sweep, ring
from monitors import everything
from monitors.everything import End, Looker, Run

SWEEPS = {  # stage of the beat table: what its task does
    "enrol": "monitors.enrolment.sweep",
    "watch": "monitors.sweep.sweep",
    "survey": "monitors.survey.sweep",
    "evidence": "monitors.evidence_sweep.sweep",
    "sight": "monitors.sight.sweep",
    "attest": "monitors.attest_sweep.sweep",
    "order": "halts.sweep.sweep_findings",
    "step": "halts.sweep.sweep_orders",
    "deliver": "notices.sweep.sweep",
    "look": "questionnaires.looks.sweep",
    "remind": "questionnaires.sweep.sweep",
    "tally": "monitors.tallying.sweep",
    "prune": "monitors.pruning.sweep",
}
STAGES: Mapping[str, Callable[[Sweep], None]] = {stage: import_string(SWEEPS[stage]) for stage in beat.STAGES}
LASTS = 3600.0  # s that --all looks, unless --for says otherwise
MOST_ENROLMENTS = 1000  # rounds of enrolment before --all
BAD_INPUT, LEFT, INTERRUPTED = 2, 3, 130


class Command(BaseCommand):
    help = (
        f"Do once, now, what is due in every stage: {', '.join(STAGES)}. With --all, look at everything first, due or "
        "not, in rounds, as fast as the lists allow; Ctrl-C ends it after the round that is under way (twice: at "
        "once), and --resume goes on. Exit status: 0; 1 when something failed; 2 for bad input; with --all also 3 when "
        "something is left, and 130 when it was interrupted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--stage", choices=STAGES, action="append", help="only this stage; may be given again")
        add("--all", action="store_true", help="look at everything, and not only at what is due")
        add("--resume", action="store_true", help="with --all: go on with the last one that was not finished")
        add("--for", type=_seconds, metavar="SECONDS", help=f"with --all: look no longer (default {LASTS:.0f})")
        add("--limit", type=_number, metavar="N", help="with --all: look at no more than N")
        add("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["all"] and (options["resume"] or options["for"] is not None or options["limit"] is not None):
            raise CommandError("--resume, --for and --limit belong to --all.", returncode=BAD_INPUT)
        stages = {stage: STAGES[stage] for stage in options["stage"] or STAGES}
        report: dict[str, Any] = {}
        run = self._look_at_everything(stages, options) if options["all"] else None
        if run is not None:
            stages = {stage: one for stage, one in stages.items() if stage != "enrol" and not _looker(stage, one)}
            report["all"] = sweep_showing.as_json(run)
        if run is None or run.end is not End.INTERRUPTED:
            for stage, sweep in stages.items():
                self._once(stage, sweep, report, options)
        if options["json"]:
            self.stdout.write(json.dumps(report))
        if code := _status(report, run):
            raise SystemExit(code)

    def _once(
        self, stage: str, sweep: Callable[[Sweep], None], report: dict[str, Any], options: Mapping[str, Any]
    ) -> None:
        done = _rung(stage, sweep)
        if done is None:  # only another thread of this process could be at it
            return
        report[stage] = {"done": done.claimed - done.failed, "failed": done.failed, "error": done.error}
        if not options["json"]:
            self.stdout.write(f"{stage:<8} {self._sentence(done)}")

    @staticmethod
    def _sentence(done: Sweep) -> str:
        if done.failed:
            last = f"; the last: {done.error}" if done.error else ""
            return f"{done.claimed - done.failed} done, {done.failed} failed and will be tried again{last}"
        if done.error:
            return f"broke off: {done.error}"
        return f"{done.claimed} done" if done.claimed else "nothing was due"

    # ── everything ──────────────────────────────────────────────────────────
    def _look_at_everything(self, stages: Mapping[str, Callable[[Sweep], None]], options: Mapping[str, Any]) -> Run:
        lookers = [looker for stage, sweep in stages.items() if (looker := _looker(stage, sweep))]
        if not lookers:
            raise CommandError("None of these stages looks at anything. Leave --all out.", returncode=BAD_INPUT)
        began_at = self._resumed(options) if options["resume"] else everything.begin(timezone.now())
        if "enrol" in stages:
            _enrol(stages["enrol"])
        with _gently(self._say_when) as is_stopped, sweep_showing.bar() as told:
            run = everything.look_at_everything(
                lookers,
                began_at,
                seconds=LASTS if options["for"] is None else options["for"],
                limit=options["limit"],
                is_stopped=is_stopped,
                told=told,
            )
        if not options["json"]:
            self.stdout.write("\n".join(sweep_showing.in_words(run)))
        return run

    def _resumed(self, options: Mapping[str, Any]) -> Any:
        row = everything.begun()
        if row is None:
            raise CommandError("There is no sweep --all to go on with. Leave --resume out.", returncode=BAD_INPUT)
        if row.finished_at is not None and not options["json"]:
            self.stderr.write(f"The last one was finished at {row.finished_at:%d %B, %H:%M:%S} UTC.", lambda text: text)
        return row.started_at

    def _say_when(self) -> None:
        self.stderr.write("Stopping after this round. Ctrl-C again breaks off at once.", lambda text: text)


def _looker(stage: str, sweep: Callable[[Sweep], None]) -> Looker | None:
    """A stage that looks says beside its sweep what it looks at, and how many in a round."""
    module: Any = inspect.getmodule(sweep)
    if not hasattr(module, "watches"):
        return None
    return Looker(stage, module.watches, module.BATCH, getattr(module, "LARGEST", module.BATCH))


def _rung(stage: str, sweep: Callable[[Sweep], None]) -> Sweep | None:
    """One cycle of a stage, counted on a terminal while it lasts."""
    with sweep_showing.line(stage) as counts:

        def counted(state: Sweep) -> None:
            counts(state)
            sweep(state)

        return ring(stage, counted)


def _enrol(sweep: Callable[[Sweep], None]) -> None:
    """Until nothing is left to enrol: what has no watches yet is to be looked at too."""
    for _ in range(MOST_ENROLMENTS):
        done = _rung("enrol", sweep)
        if done is None or done.error or done.claimed <= done.failed:
            return


@contextlib.contextmanager
def _gently(say: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """Ctrl-C and SIGTERM are heeded after the round that is under way; a second one breaks off."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    stopped = threading.Event()

    def heed(sign: int, _: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        say()

    before = {sign: signal.signal(sign, heed) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped.is_set
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _status(report: Mapping[str, Any], run: Run | None) -> int:
    if any(one["error"] or one["failed"] for one in report.values()):
        return 1
    if run is None or run.end is End.FINISHED:
        return 0
    return INTERRUPTED if run.end is End.INTERRUPTED else LEFT


def _seconds(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < (seconds := float(text)) < float("inf"):
            return seconds
    raise argparse.ArgumentTypeError(f"{text!r}; give the seconds, more than 0.")


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r}; give a whole number, at least 1.")
