"""Is a name parked, as far as the DNS and its redirects tell? The table of services is `parking.toml`.

A sign, and no proof: whoever asks holds it against the page that came. The words and code of parked pages are known to
`monitors.probes.website`.
"""

import asyncio
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.names import host_of, is_within, registrable

FILE = Path(__file__).with_name("parking.toml")


@dataclass(frozen=True, slots=True)
class Table:
    names: frozenset[str]
    networks: tuple[IPv4Network | IPv6Network, ...]
    markets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Signs:
    """`sentence` names the first sign of parking, "" when there is none. `answers` are what it stands on."""

    sentence: str
    answers: tuple[Answer, ...]


@cache
def table() -> Table:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    networks = tuple(ip_network(text) for text in read["networks"])
    return Table(frozenset(read["names"]), networks, frozenset(read["markets"]))


async def signs(ask: Ask, domain: str, *, path: int = 0) -> Signs:
    """What the name servers and the address of a domain say. No answer is no sign."""
    asked = (ask(registrable(domain) or domain, "NS", path=path), ask(domain, "A", path=path))
    servers, hosts = await asyncio.gather(*asked)
    return Signs(read(domain, servers, hosts), (servers, hosts))


def read(domain: str, servers: Answer, hosts: Answer) -> str:
    """The first sign among two answers, as a sentence. All name servers must be a parking service's: one among others
    may be left over. The name servers are the registrable domain's, so they say nothing of a host below it that has an
    address of its own."""
    known = table()
    is_own = servers.outcome is Outcome.ANSWER and domain == (registrable(domain) or domain)
    if is_own and servers.records and all(is_within(name, known.names) for name in servers.records):
        return f"Its name servers ({servers.records[0]}) are those of a service that parks names."
    if hosts.canonical != domain and is_within(hosts.canonical, known.names):
        return f"It is an alias of {hosts.canonical}, which a service for parked names keeps."
    found = [address for address in hosts.records if _is_parked_at(address, known.networks)]
    if found and len(found) == len(hosts.records):
        return f"Its address {found[0]} belongs to a service that parks names."
    return ""


def is_market(url: str) -> bool:
    """Does an address lead to a host that offers names for sale?"""
    host = host_of(url)
    return is_within(host, table().markets)


def _is_parked_at(address: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return any(number in network for network in networks if network.version == number.version)
