"""`manage.py blocklist-scan`: screens many addresses against many blocklists. Needs no database."""

import argparse
import asyncio
import contextlib
import ipaddress
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from egress import resolver
from egress.exchange import Exchange
from monitors.scan import Scan, Tally
from monitors.scan_files import Table, check, check_address, check_zone, entries

TRIES = 5  # sends of one lookup: where one packet in fifty is lost, one lookup in 300 million gets no answer
POLITE_RATE = 50.0  # lookups a second
MOST_IN_FLIGHT = 10_000


class Command(BaseCommand):
    help = (
        "Screen many IP addresses against many DNS blocklists: ask for A, then for TXT where something is "
        "listed, and write a CSV file. Any answer in 127.0.0.0/8 counts as listed, except 127.255.255.0/24. "
        "Rows come in the order of the addresses and, within one, of the zones. Scanning public lists at "
        "full speed is abuse and ends in a block: ask a mirror of your own, or keep to the list's terms and "
        "a low --rate."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--targets", required=True, type=Path, metavar="FILE", help="addresses, one a line")
        add("--zones", required=True, type=Path, metavar="FILE", help="names of blocklist zones, one a line")
        add("--resolver", required=True, type=_path, metavar="HOST:PORT", help="the DNS server to ask")
        add("--csv", required=True, metavar="OUT", help="file to write; - for standard output")
        add("--all", action="store_true", help="write a row for what is clear, too")
        add("--in-flight", type=_in_flight, default=100, metavar="N", help="lookups at a time (default 100)")
        add(
            "--rate",
            type=_rate,
            metavar="N",
            help="lookups a second, repetitions included; 0 for no limit (default: no limit for a resolver "
            f"on this machine or a private network, {POLITE_RATE:.0f} for any other: it may be a public one)",
        )
        add("--json", action="store_true", help="print the summary as JSON on standard output")

    def handle(self, *_: object, **options: Any) -> None:
        out = None if options["csv"] == "-" else Path(options["csv"])
        if out is None and options["json"]:
            raise CommandError("--csv - and --json both write to standard output; give --csv a file.")
        table = Table(out, self.stdout)
        has_begun = False
        try:
            total = self._refuse_bad_lines(options["targets"], options["zones"])
            zones = [zone for _, zone in entries(options["zones"])]
            with table:
                has_begun = True
                tally = asyncio.run(_scan(table, zones, total, options))
        except OSError as mishap:
            culprit = mishap.filename or out or "standard output"
            fate = "The scan broke off before its end." if has_begun else "Nothing was scanned."
            raise CommandError(f"{culprit}: {mishap.strerror}. {fate}") from mishap
        except KeyboardInterrupt:
            rows = f"; the rows so far are in {table.unfinished}" if table.unfinished else ""
            raise CommandError(f"Stopped before the end{rows}.", returncode=130) from None
        if options["json"]:
            self.stdout.write(json.dumps(_summary(tally, len(zones), options["csv"])))
        else:
            self.stderr.write(_in_words(tally, len(zones), options["csv"]), lambda text: text)
        if tally.answers == 0 or tally.is_deaf:
            fate = "stopped answering" if tally.answers else "did not answer at all"
            raise CommandError(
                f"{options['resolver']} {fate}: what it did not answer is unknown. "
                "See whether it runs and may be asked from here, then scan again."
            )

    def _refuse_bad_lines(self, targets: Path, zones: Path) -> int:
        """The number of addresses. Names every line that cannot be used before anything is asked."""
        bad = 0

        def complain(sentence: str) -> None:
            nonlocal bad
            bad += 1
            self.stderr.write(sentence)

        total = check(targets, check_address, complain)
        check(zones, check_zone, complain, once=True)
        if bad:
            these = "this" if bad == 1 else f"these {bad:,}"
            raise CommandError(f"Nothing was scanned. Correct {these} first.")
        return total


async def _scan(table: Table, zones: list[str], total: int, options: dict[str, Any]) -> Tally:
    path, rate = options["resolver"], options["rate"]
    if rate is None and not ipaddress.ip_address(path.host).is_private:  # loopback counts as private
        rate = POLITE_RATE
    async with Exchange(
        path.host, path.port, tries=TRIES, in_flight=options["in_flight"], rate=rate or None
    ) as exchange:
        scan = Scan(zones, exchange, table.write, with_clear=options["all"])
        async with _progress(scan.tally, total):
            return await scan.run(address for _, address in entries(options["targets"]))


@contextlib.asynccontextmanager
async def _progress(tally: Tally, total: int) -> AsyncIterator[None]:
    """A bar on standard error while the scan runs, when somebody is looking."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # not needed, and not paid for, in a script
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("addresses, {task.description}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=total)

        def show() -> None:
            sofar = f"{tally.listed:,} listed, {tally.unknown:,} unknown"
            bar.update(task, completed=tally.addresses, description=sofar)

        async def keep_showing() -> None:
            while True:
                show()
                await asyncio.sleep(0.2)

        showing = asyncio.create_task(keep_showing())
        try:
            yield
        finally:
            showing.cancel()
            show()


def _summary(tally: Tally, zones: int, csv: str) -> dict[str, Any]:
    return {
        "addresses": tally.addresses,
        "zones": zones,
        "listed": tally.listed,
        "clear": tally.clear,
        "unknown": tally.unknown,
        "unknown_because": dict(tally.unknown_because),
        "silent_zones": tally.silent,
        "lookups": tally.lookups,
        "resends": tally.resends,
        "seconds": round(tally.seconds, 3),
        "lookups_per_second": _a_second(tally),
        "csv": csv,
    }


def _in_words(tally: Tally, zones: int, csv: str) -> str:
    causes = ", ".join(f"{count:,} {cause}" for cause, count in tally.unknown_because.most_common())
    found = f"{tally.listed:,} listed, {tally.clear:,} clear, {tally.unknown:,} unknown"
    speed = f"{_counted(tally.lookups, 'lookup', 'lookups')} in {tally.seconds:.1f} s, {_a_second(tally):,} a second"
    what = f"{_counted(tally.addresses, 'address', 'addresses')} in {_counted(zones, 'zone', 'zones')}"
    lines = [
        f"{what}: {found}{causes and f' ({causes})'}.",
        f"{speed}, {tally.resends:,} asked again.",
    ]
    lines += [f"{zone} stopped answering; what it was not asked is unknown." for zone in tally.silent]
    if csv != "-":
        lines.append(f"Written to {csv}.")
    return "\n".join(lines)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _a_second(tally: Tally) -> int:
    return round(tally.lookups / tally.seconds) if tally.seconds else 0


def _path(text: str) -> resolver.Path:
    try:
        return resolver.Path.parse(text)
    except ValueError as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal


def _in_flight(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_IN_FLIGHT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r}; give a whole number from 1 to {MOST_IN_FLIGHT}.")


def _rate(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= (rate := float(text)) <= 1e6:
            return rate
    raise argparse.ArgumentTypeError(f"{text!r}; give the lookups a second, or 0 for no limit.")
