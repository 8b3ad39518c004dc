"""``manage.py lab``: the pretend internet, until Ctrl-C."""

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lab import run


class Command(BaseCommand):
    """Opens the lab of :mod:`lab.run`; needs no database."""

    help = "Run a small pretend internet (DNS, mail, a page to change them) on loopback ports."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        run.add_arguments(parser)

    def handle(self, *args: str, **options: Any) -> None:
        try:
            run.serve(Namespace(**options), self.stdout)
        except (OSError, OverflowError, ValueError) as fault:
            raise CommandError(f"The lab could not start: {fault}. A port of 0 takes a free one.") from None
