"""The same scan done by three clients, each in its own process.

    python -m bench.clients sluice|aiodns|asyncresolver PORT IN_FLIGHT TARGETS ZONES OUT

Asks for A, then for TXT where something is listed, writes one CSV row for each listed or unknown pair, and
prints as JSON the lookups, the seconds and the CPU seconds (from the first look at the files to the closed CSV)
and the peak memory in MB. `sluice` is the real command, its file checks included.
"""

import asyncio
import contextlib
import csv
import importlib
import io
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

TIMEOUT, TRIES = 0.5, 5
LookUp = Callable[[str, str], Awaitable[list[str]]]  # raises LookupError with the cause when unknown


def sluice(port: int, in_flight: int, targets: Path, zones: Path, out: Path) -> int:
    """The command itself, in a process that holds all of Sluice as `manage.py` does."""
    said = io.StringIO()
    call_command(
        "blocklist_scan",
        *("--targets", str(targets), "--zones", str(zones), "--resolver", f"127.0.0.1:{port}"),
        *("--csv", str(out), "--in-flight", str(in_flight), "--json"),
        stdout=said,
    )
    lookups: int = json.loads(said.getvalue())["lookups"]
    return lookups


def aiodns(port: int, in_flight: int, targets: Path, zones: Path, out: Path) -> int:
    """c-ares through aiodns, its usual way: a fixed number of tasks that share the work."""
    import aiodns

    names = zones.read_text().split()

    async def run() -> int:
        resolver = aiodns.DNSResolver(nameservers=[f"127.0.0.1:{port}"], timeout=TIMEOUT, tries=TRIES)

        async def look_up(name: str, rdtype: str) -> list[str]:
            try:
                answer: Any = (await resolver.query_dns(name, rdtype)).answer
            except aiodns.error.DNSError as refusal:
                if refusal.args[0] == aiodns.error.ARES_ENOTFOUND:
                    return []
                raise LookupError(refusal.args[1]) from refusal
            if rdtype == "A":
                return [record.data.addr for record in answer]
            return [record.data.data.decode() for record in answer]

        try:
            return await share_out(look_up, in_flight, targets, names, out)
        finally:
            await resolver.close()

    return asyncio.run(run())


def asyncresolver(port: int, in_flight: int, targets: Path, zones: Path, out: Path) -> int:
    """dnspython's own resolver."""
    import dns.asyncresolver
    import dns.exception
    import dns.resolver

    names = zones.read_text().split()
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    resolver.timeout, resolver.lifetime = TIMEOUT, TIMEOUT * TRIES

    async def look_up(name: str, rdtype: str) -> list[str]:
        try:
            answer = await resolver.resolve(name + ".", rdtype, search=False)
        except dns.resolver.NXDOMAIN:
            return []
        except dns.exception.DNSException as refusal:
            raise LookupError(type(refusal).__name__) from refusal
        if rdtype == "A":
            return [record.address for record in answer]
        return [b"".join(record.strings).decode() for record in answer]

    return asyncio.run(share_out(look_up, in_flight, targets, names, out))


async def share_out(look_up: LookUp, in_flight: int, targets: Path, names: list[str], out: Path) -> int:
    """Lets `in_flight` tasks work through every pair of target and zone; returns the number of lookups."""
    lookups = 0

    def pairs() -> Iterator[tuple[str, str]]:
        with targets.open() as lines:
            for line in lines:
                for zone in names:
                    yield line.strip(), zone

    with out.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("address", "zone", "verdict", "codes", "reason"))
        work = pairs()

        async def worker() -> None:
            nonlocal lookups
            for address, zone in work:
                name = ".".join(reversed(address.split("."))) + "." + zone
                lookups += 1
                try:
                    codes = await look_up(name, "A")
                except LookupError as cause:
                    writer.writerow((address, zone, "unknown", "", cause))
                    continue
                if codes:
                    lookups += 1
                    texts = []
                    with contextlib.suppress(LookupError):
                        texts = await look_up(name, "TXT")
                    writer.writerow((address, zone, "listed", " ".join(codes), "; ".join(texts)))

        await asyncio.gather(*(worker() for _ in range(in_flight)))
    return lookups


MODULES = {
    sluice: "monitors.management.commands.blocklist_scan",
    aiodns: "aiodns",
    asyncresolver: "dns.asyncresolver",
}


def main() -> None:
    """Times one client."""
    client = {client.__name__: client for client in MODULES}[sys.argv[1]]
    port, in_flight, *files = sys.argv[2:]
    if client is sluice:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()  # as manage.py does; starting up is not what is measured
    importlib.import_module(MODULES[client])
    started = time.perf_counter()
    used = time.process_time()
    lookups = client(int(port), int(in_flight), *map(Path, files))
    report = {"lookups": lookups, "seconds": time.perf_counter() - started, "cpu": time.process_time() - used}
    print(json.dumps(report | {"megabytes": peak_memory()}))


def peak_memory() -> float:
    """MB. Not ru_maxrss: that remembers the process that started this one, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
