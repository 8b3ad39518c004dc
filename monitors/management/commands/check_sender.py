"""`manage.py check-sender`: looks at one sender now. Needs no database and writes nothing."""

import asyncio
import json
import secrets
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table
from rich.text import Text

from egress.resolver import Path, Resolver
from monitors import catalogue
from monitors.check_sender import Report, Word, check
from monitors.probes.fcrdns import is_host_name
from monitors.probes.reading import Verdict

BAD_INPUT = 2
EXIT = {Verdict.CLEAR: 0, Verdict.ADVERSE: 1, Verdict.UNKNOWN: 3}
STYLE = {
    Word.CLEAR: "green",
    Word.LISTED: "bold red",
    Word.FAILED: "bold red",
    Word.UNKNOWN: "yellow",
    Word.NOT_COVERED: "dim",
    Word.NOT_CONFIGURED: "dim",
}


class Command(BaseCommand):
    help = (
        "Look at one sender now: its address on every blocklist of the catalogue, each proved to be visible, "
        "and its reverse DNS. Writes nothing and needs no database. Exit status: 0 when nothing adverse was "
        "seen, 1 when something was, 2 for bad input, 3 when something could not be seen."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="an IPv4 or IPv6 address, such as 203.0.113.5")
        parser.add_argument("--domain", metavar="D", help="also look this domain up on lists of domains")
        parser.add_argument("--json", action="store_true", help="print everything seen, evidence too, as JSON")

    def handle(self, *_: object, **options: Any) -> None:
        address, domain = _address(options["address"]), _domain(options["domain"])
        began = datetime.now(UTC)
        try:
            entries = catalogue.load(settings.BLOCKLISTS, settings.BLOCKLIST_KEYS)
            paths = [Path.parse(text) for text in settings.RESOLVERS]
            report = asyncio.run(_look(paths, entries, address, domain))
        except ValueError as refused:  # of the catalogue, or of a resolver's address
            raise CommandError(str(refused), returncode=BAD_INPUT) from refused
        if options["json"]:
            seen = {"checked_at": began.isoformat(), **report.as_json()}
            self.stdout.write(json.dumps(seen, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_table(report, options) if self.stdout.isatty() else _lines(report))
            if note := _note(report, paths):
                self.stderr.write(note, lambda text: text)
        if code := EXIT[report.verdict]:
            raise SystemExit(code)


async def _look(
    paths: list[Path],
    entries: tuple[catalogue.Blocklist, ...],
    address: IPv4Address | IPv6Address,
    domain: str | None,
) -> Report:
    async with Resolver(paths) as resolver:
        return await check(resolver.ask, entries, address, domain=domain, nonce=secrets.token_hex(8))


def _lines(report: Report) -> str:
    """For a pipe: one line a check, its parts between tabs, and the summary last."""
    lines = ["\t".join((seen.word, seen.name, seen.sentence, seen.lookup)) for seen in report.checks]
    return "\n".join((*lines, report.summary))


def _table(report: Report, options: dict[str, Any]) -> str:
    """For a terminal, in its width and colours."""
    console = Console(no_color=options["no_color"] or None, highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for column in ("word", "name", "sentence"):
        table.add_column(column, no_wrap=column == "word")
    for seen in report.checks:
        sentence = Text(seen.sentence)
        if seen.lookup and seen.word is not Word.CLEAR:
            sentence.append(f"\n{seen.lookup}", "dim")
        table.add_row(Text(seen.word, STYLE[seen.word]), Text(seen.name), sentence)
    with console.capture() as printed:
        console.print(table)
        console.print(Text(f"\n{report.address}: {report.summary}", "bold"))
    return printed.get()


def _note(report: Report, paths: list[Path]) -> str:
    """What a person at the terminal should know beside the report; "" when there is nothing."""
    asked = [seen for seen in report.checks if seen.reading]
    if all(seen.word is Word.UNKNOWN for seen in asked):
        return (
            f"Nothing at all could be seen through the resolver {paths[0]}. "
            "See whether it runs and may be asked from here, or name another in SLUICE_RESOLVERS."
        )
    if not ip_address(report.address).is_global:
        return f"{report.address} is not a public address, so the lists of the world cannot know it."
    return ""


def _address(text: str) -> IPv4Address | IPv6Address:
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


def _domain(text: str | None) -> str | None:
    if not text:
        return None
    try:
        name = text.strip().rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    if not is_host_name(name):
        raise CommandError(f'"{text}" is not a domain. Write one, such as example.com.', returncode=BAD_INPUT)
    return name
