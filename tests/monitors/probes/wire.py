"""Probes over real sockets: the lab's world, one DNS server over it, and what a look and a proof come to."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TypeVar

from egress.resolver import Ask, Path, Resolver
from lab.dns import DnsServer
from lab.world import World
from monitors.catalogue import known
from monitors.probes import blocklist, health
from monitors.probes.entry import Blocklist, Mode, Target
from monitors.probes.health import Proof
from monitors.probes.reading import Reading

T = TypeVar("T")
KEYS = dict.fromkeys(("trendmicro-ers-standard", "abusix-combined", "spamhaus-zrd"), "k3yk3yk3y")
BUILT_IN = {entry.id: entry for entry in known(None, KEYS)}


def keyed_zen() -> Blocklist:
    (entry,) = (entry for entry in known(None, {"spamhaus-zen": "k3yk3yk3y"}) if entry.id == "spamhaus-zen")
    return entry


class Wire:
    """`patience` is how long, in s, an answer is awaited; a test that waits for silence makes it short."""

    def __init__(self, server: DnsServer) -> None:
        self.world, self.server, self.patience = server.world, server, 3.0

    def keep(self, *entries: Blocklist) -> None:
        """Open each list's own zone with the test entries that it must list, answering the first of its codes."""
        for entry in entries:
            self.world.add_blocklist(entry.zone_asked, test_points=entry.positive, codes=(a_code_of(entry),))

    def look(self, entry: Blocklist, target: str) -> Reading:
        """One look, as it is before a proof bears it out or does not."""
        return self.run(lambda ask: blocklist.look(ask, entry, target_of(target)))

    def prove(self, entry: Blocklist, nonce: str = "n") -> Proof:
        return self.run(lambda ask: health.prove(ask, entry, nonce=nonce))

    def see(self, entry: Blocklist, target: str) -> Reading:
        """What is believed in the end: the look, as far as a proof on the same path bears it out."""

        async def both(ask: Ask) -> Reading:
            reading, proof = await asyncio.gather(
                blocklist.look(ask, entry, target_of(target)), health.prove(ask, entry, nonce="n")
            )
            return proof.vouch(reading)

        return self.run(both)

    def run(self, work: Callable[[Ask], Awaitable[T]]) -> T:
        async def main() -> T:
            paths = [Path.parse(self.server.address)]
            async with Resolver(paths, timeout=self.patience / 2, lifetime=self.patience) as resolver:
                return await work(resolver.ask)

        return asyncio.run(main())


@contextmanager
def wire() -> Iterator[Wire]:
    with DnsServer(World()) as server:
        yield Wire(server)


def a_code_of(entry: Blocklist) -> str:
    """An answer by which the list says that something is listed."""
    code = next(iter(entry.codes))
    if entry.mode is Mode.ANY_127:
        return "127.0.0.2"
    if entry.mode is Mode.BITS:
        return f"127.0.0.{code}"
    return code.partition("-")[0].replace("x", "5")


def target_of(text: str) -> Target:
    try:
        return ip_address(text)
    except ValueError:
        return text
