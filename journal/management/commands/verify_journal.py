"""`manage.py verify-journal`: does the hash chain hold? Exit 0 when it does, 1 when it does not."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from journal.verification import verify


class Command(BaseCommand):
    help = "Walk the journal's hash chain and name every entry that does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify()
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "ok": not found.faults,
                        "entries": found.entries,
                        "head": found.head,
                        "faults": [{"position": f.position, "sentence": f.sentence} for f in found.faults],
                    }
                )
            )
        elif not found.faults:
            self.stdout.write(f"The journal holds: {found.entries:,} entries, head {found.head[:16]}.")
        else:
            for fault in found.faults:
                self.stdout.write(f"Entry {fault.position}: {fault.sentence}")
            self.stdout.write(f"The journal does NOT hold: see the {len(found.faults)} lines above.")
        if found.faults:
            raise SystemExit(1)
