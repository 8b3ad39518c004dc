"""`manage.py create-token --role ROLE`: a token for the API, shown once."""

import json
from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, Role
from journal.actor import Actor

MOST_DAYS = 3650


class Command(BaseCommand):
    help = "Create a token for the API and print it. It is not stored and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", required=True, choices=Role.values, help="whose rights the token has")
        parser.add_argument("--name", default="created on the command line", help="which machine has it")
        parser.add_argument("--days", type=_days, default=tokens.LIFETIME, help="how long it lives (default 365)")
        parser.add_argument(
            "--scope",
            action="append",
            choices=ApiToken.Scope.values,
            help="narrow it to this; may be repeated (default: all that the role allows)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token, plain = tokens.create(
                role=options["role"],
                name=options["name"],
                scopes=options["scope"],
                lifetime=options["days"],
                by=Actor("command", "create-token"),
                at=timezone.now(),
            )
        except tokens.TokenRefused as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            facts = {
                "token": plain,
                "id": token.public_id,
                "name": token.name,
                "role": token.role,
                "scopes": token.scopes,
                "expires_at": token.expires_at.isoformat(),
            }
            self.stdout.write(json.dumps(facts))
            return
        self.stdout.write(plain)
        self.stderr.write(
            f"A token for the role {token.role} ({', '.join(token.scopes)}), good until {token.expires_at:%d %B %Y}. "
            "Keep it now: it is not stored and cannot be shown again."
        )


def _days(text: str) -> timedelta:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise ArgumentTypeError(f"{text!r} is not a number of days from 1 to {MOST_DAYS:,}")
    return timedelta(days=int(text))
