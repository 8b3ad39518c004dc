"""`manage.py sweep`: one round of every stage, now, in this process. For cron, for scripts, and to see what is due."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

import halts.sweep
import monitors.enrolment
import monitors.evidence_sweep
import monitors.pruning
import monitors.sight
import monitors.survey
import monitors.sweep
import notices.sweep
import questionnaires.looks
import questionnaires.sweep
from engine.cycle import Sweep, ring

STAGES: dict[str, Callable[[Sweep], None]] = {
    "enrol": monitors.enrolment.sweep,
    "watch": monitors.sweep.sweep,
    "survey": monitors.survey.sweep,
    "evidence": monitors.evidence_sweep.sweep,
    "sight": monitors.sight.sweep,
    "order": halts.sweep.sweep_findings,
    "step": halts.sweep.sweep_orders,
    "deliver": notices.sweep.sweep,
    "look": questionnaires.looks.sweep,
    "remind": questionnaires.sweep.sweep,
    "prune": monitors.pruning.sweep,
}


class Command(BaseCommand):
    help = f"Do once, now, what is due in every stage: {', '.join(STAGES)}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=STAGES, action="append", help="only this stage; may be given again")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        report: dict[str, dict[str, Any]] = {}
        for stage in options["stage"] or STAGES:
            done = ring(stage, STAGES[stage])
            if done is None:  # only another thread of this process could be at it
                continue
            report[stage] = {"done": done.claimed - done.failed, "failed": done.failed, "error": done.error}
            if not options["json"]:
                self.stdout.write(f"{stage:<8} {self._sentence(done)}")
        if options["json"]:
            self.stdout.write(json.dumps(report))
        if any(one["error"] or one["failed"] for one in report.values()):
            raise SystemExit(1)

    @staticmethod
    def _sentence(done: Sweep) -> str:
        if done.failed:
            last = f"; the last: {done.error}" if done.error else ""
            return f"{done.claimed - done.failed} done, {done.failed} failed and will be tried again{last}"
        if done.error:
            return f"broke off: {done.error}"
        return f"{done.claimed} done" if done.claimed else "nothing was due"
