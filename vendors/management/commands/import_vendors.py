"""`manage.py import-vendors FILE.csv`: add vendors, servers and contacts from a file. Exit 1 when it is refused."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from journal.actor import Actor
from vendors.csv_file import Fault, FileRefused
from vendors.csv_import import COLUMNS, OPTIONAL, Plan, apply, read


class Command(BaseCommand):
    help = (
        "Add vendors, their sending servers and their contacts from a CSV file (UTF-8), all of it or nothing. "
        "What is known already stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help=f"a CSV file with the header {','.join(COLUMNS)}; {' and '.join(OPTIONAL)} may be added",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be added")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            with file.open("rb") as content:
                plan = read(content)
            if not dry_run:
                apply(plan, by=Actor("command", "import-vendors"), at=timezone.now())
        except OSError as error:
            self._say_refused((Fault(0, "", "", f"{file} cannot be read: {error.strerror}."),), as_json=options["json"])
            raise SystemExit(1) from None
        except FileRefused as refused:
            self._say_refused(refused.faults, as_json=options["json"])
            raise SystemExit(1) from None
        self._say_added(plan, dry_run=dry_run, as_json=options["json"])

    def _say_added(self, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
        if as_json:
            facts = {"vendors": plan.vendors, "servers": plan.servers, "contacts": plan.contacts}
            self._say_json(
                ok=True,
                dry_run=dry_run,
                rows=plan.rows,
                added=facts,
                remarks=list(plan.remarks),
                warnings=list(plan.warnings),
                errors=[],
            )
            return
        for remark in (*plan.remarks, *plan.warnings):
            self.stdout.write(remark)
        if plan.is_empty:
            self.stdout.write(f"Nothing to add: all {plan.rows:,} rows are known already.")
        elif dry_run:
            self.stdout.write(f"Would add {plan} from {plan.rows:,} rows. Nothing was stored.")
        else:
            self.stdout.write(f"Added {plan} from {plan.rows:,} rows.")

    def _say_refused(self, faults: tuple[Fault, ...], *, as_json: bool) -> None:
        if as_json:
            errors = [
                {"row": fault.row, "column": fault.column, "value": fault.value, "sentence": fault.sentence}
                for fault in faults
            ]
            self._say_json(ok=False, errors=errors)
            return
        for fault in faults:
            self.stderr.write(str(fault))
        self.stderr.write(
            f"Nothing was added: mend the {len(faults):,} places above." if len(faults) > 1 else "Nothing was added."
        )

    def _say_json(self, **facts: Any) -> None:
        self.stdout.write(json.dumps(facts, ensure_ascii=False))
