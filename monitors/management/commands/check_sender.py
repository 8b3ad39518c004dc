"""`manage.py check-sender`: looks at one sender now. Needs no database and writes nothing."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from egress.resolver import Path
from monitors import catalogue
from monitors.check_sender import LASTS, Report, Sender, Word, look_now
from monitors.probes.entry import Blocklist
from monitors.probes.fcrdns import Address, is_host_name
from monitors.probes.reading import Verdict
from monitors.sender import progress, showing
from monitors.sender.looking import Progress

BAD_INPUT = 2
EXIT = {Verdict.CLEAR: 0, Verdict.ADVERSE: 1, Verdict.UNKNOWN: 3}


class Command(BaseCommand):
    help = (
        "Look at one sender now: its address on every blocklist of the catalogue, each proved to be visible on every "
        "resolver, its reverse DNS, its greeting, the holder of its network; and for each domain that is named or "
        "met in its names: lists of domains, MX, SPF, DKIM, DMARC, registration, website. Writes nothing, needs no "
        f"database, and is over within {LASTS:.0f} seconds. Exit status, of blocklists and reverse DNS: 0 when nothing "
        "adverse was seen, 1 when something was, 2 for bad input, 3 when something could not be seen or the resolvers "
        "differ. With --strict the exit status is about every check."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("address", help="an IPv4 or IPv6 address, such as 203.0.113.5")
        add("--domain", metavar="D", action="append", help="also look at this domain; may be given again")
        add("--helo", metavar="NAME", help="the name with which the server greets")
        add("--selector", metavar="S", action="append", help="a selector of its DKIM keys; may be given again")
        add("--name", metavar="COMPANY", default="", help="whose registration and website they should be")
        add("--strict", action="store_true", help="let the exit status be about every check")
        add("--json", action="store_true", help="print everything seen, evidence too, as JSON")

    def handle(self, *_: object, **options: Any) -> None:
        sender = Sender(
            _address(options["address"]),
            tuple(dict.fromkeys(filter(None, map(_domain, options["domain"] or ())))),
            _helo(options["helo"]),
            tuple(options["selector"] or ()),
        )
        began = datetime.now(UTC)
        try:
            entries = catalogue.load(settings.BLOCKLISTS, settings.BLOCKLIST_KEYS)
            paths = [Path.parse(text) for text in settings.RESOLVERS]
            report = asyncio.run(_look(paths, entries, sender, options["name"].strip(), began))
        except ValueError as refused:  # of the catalogue, or of a resolver's address
            raise CommandError(str(refused), returncode=BAD_INPUT) from refused
        if options["json"]:
            seen = {"checked_at": began.isoformat(), **report.as_json()}
            self.stdout.write(json.dumps(seen, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_table(report, options) if self.stdout.isatty() else showing.lines(report))
            if note := _note(report, paths):
                self.stderr.write(note, lambda text: text)
        if code := EXIT[report.overall if options["strict"] else report.verdict]:
            raise SystemExit(code)


async def _look(paths: list[Path], entries: Sequence[Blocklist], sender: Sender, company: str, now: datetime) -> Report:
    watched = Progress()
    async with progress.shown(watched):
        return await look_now(paths, entries, sender, company, now=now, progress=watched)


def _table(report: Report, options: dict[str, Any]) -> str:
    """For a terminal, in its width and colours."""
    console = Console(no_color=options["no_color"] or None, highlight=False)
    with console.capture() as printed:
        showing.show(report, console)
    return printed.get()


def _note(report: Report, paths: list[Path]) -> str:
    """What a person at the terminal should know beside the report; "" when there is nothing."""
    asked = [seen for seen in report.checks if seen.reading]
    if all(seen.word is Word.UNKNOWN for seen in asked):
        through = f"the resolver {paths[0]}" if len(paths) == 1 else "any resolver"
        return (
            f"Nothing at all could be seen through {through}. "
            "See whether it runs and may be asked from here, or name another in SLUICE_RESOLVERS."
        )
    if not ip_address(report.address).is_global:
        return f"{report.address} is not a public address, so the lists of the world cannot know it."
    return ""


def _address(text: str) -> Address:
    try:
        address = ip_address(text.strip())
    except ValueError:
        address = None
    if address is None or "%" in str(address):
        raise CommandError(
            f'"{text}" is not an IP address. Write one, such as 203.0.113.5 or 2001:db8::5.',
            returncode=BAD_INPUT,
        )
    if address.is_multicast or address.is_unspecified:
        raise CommandError(f"{address} cannot send mail. Write the address of a server.", returncode=BAD_INPUT)
    return address


def _domain(text: str) -> str | None:
    if not text:
        return None
    try:
        name = text.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    if not is_host_name(name):
        raise CommandError(f'"{text}" is not a domain. Write one, such as example.com.', returncode=BAD_INPUT)
    return name


def _helo(text: str | None) -> str | None:
    """As the server says it: what is no host name is a finding, and no bad input."""
    return text.strip() or None if text else None
