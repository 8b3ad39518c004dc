"""`manage.py check-resolvers`: can listings be seen through our resolvers? Needs no database and writes nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.text import Text

from egress.resolver import Path
from monitors import catalogue, self_test
from monitors.probes.resolver_test import Kind
from monitors.self_test import PathReport

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Prove every blocklist that can be asked on every resolver of SLUICE_RESOLVERS, now, and say what is "
        "wrong with a resolver and how to cure it: some ordinary settings hide every listing without any error. "
        "Asks each list three questions a resolver. Needs no database, so what was changed at the desk is not "
        "known to it. Exit status: 0 when every resolver is fit, 1 when one is not, 2 for settings that cannot "
        "be used."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print everything seen, evidence too, as JSON")

    def handle(self, *_: object, **options: Any) -> None:
        began = datetime.now(UTC)
        try:
            entries = catalogue.load(settings.BLOCKLISTS, settings.BLOCKLIST_KEYS)
            paths = [Path.parse(text) for text in settings.RESOLVERS]
        except ValueError as refused:  # of the catalogue, or of a resolver's address
            raise CommandError(str(refused), returncode=BAD_INPUT) from refused
        reports = self_test.run(paths, entries)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(reports, began), ensure_ascii=False, indent=2))
        else:
            names = {entry.id: entry.name for entry in entries}
            console = Console(
                file=cast("IO[str]", self.stdout),
                force_terminal=self.stdout.isatty(),
                no_color=options["no_color"] or None,
                highlight=False,
                soft_wrap=not self.stdout.isatty(),
            )
            for report in reports:
                _show(console, report, names)
        if not all(report.is_fit for report in reports):
            raise SystemExit(1)


def _show(console: Console, report: PathReport, names: dict[str, str]) -> None:
    """The verdict, then each list that cannot be seen."""
    is_fine = report.diagnosis.kind is Kind.FINE
    word = (
        Text("Fit", "green") if is_fine else Text("Fit, but", "yellow") if report.is_fit else Text("Unfit", "bold red")
    )
    console.print(word, Text(report.path, "bold"), Text(report.diagnosis.sentence))
    if report.diagnosis.cure:
        console.print(Text(f"  {report.diagnosis.cure}"))
    for list_id, proof in report.proofs.items():
        if not proof.healthy:
            console.print(Text(f"  {names[list_id]}: ", "yellow"), Text(proof.sentence), sep="")


def _as_json(reports: Sequence[PathReport], began: datetime) -> dict[str, Any]:
    return {
        "checked_at": began.isoformat(),
        "is_fit": all(report.is_fit for report in reports),
        "paths": [
            {
                "path": report.path,
                "is_fit": report.is_fit,
                "kind": report.diagnosis.kind,
                "sentence": report.diagnosis.sentence,
                "cure": report.diagnosis.cure or None,
                "lists_concerned": list(report.diagnosis.lists),
                "lists": {
                    list_id: {
                        "healthy": proof.healthy,
                        "fault": proof.fault,
                        "sentence": proof.sentence,
                        "evidence": list(proof.evidence),
                    }
                    for list_id, proof in report.proofs.items()
                },
            }
            for report in reports
        ],
    }
