"""Which checks there are: one for each configured blocklist, and forward-confirmed reverse DNS.

A check is named by its id, `dnsbl:LIST` or `fcrdns`; the catalogue and the resolver paths come from the settings.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path as File

from django.conf import settings

from egress.resolver import Path
from monitors import catalogue
from monitors.probes.entry import Blocklist

__all__ = ["DNSBL", "FCRDNS", "Address", "Blocklist", "address_of", "asked", "blocklists", "check_name", "checks_of"]
__all__ += ["fingerprint", "interval_of", "paths"]

FCRDNS = "fcrdns"
DNSBL = "dnsbl:"
Address = IPv4Address | IPv6Address


def blocklists() -> tuple[Blocklist, ...]:
    """The catalogue in force; read again only when the settings name another."""
    return _load(settings.BLOCKLISTS, tuple(sorted(settings.BLOCKLIST_KEYS.items())))


@lru_cache(maxsize=4)
def _load(file: File | None, keys: tuple[tuple[str, str], ...]) -> tuple[Blocklist, ...]:
    return catalogue.load(file, dict(keys))


def paths() -> tuple[Path, ...]:
    """The resolver paths, in the order of the settings."""
    return _parsed(tuple(settings.RESOLVERS))


@lru_cache(maxsize=4)
def _parsed(texts: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(Path.parse(text) for text in texts)


def asked() -> Mapping[str, Blocklist]:
    """The lists that can be asked over DNS, by their check's id."""
    return {DNSBL + entry.id: entry for entry in blocklists() if entry.is_configured}


def checks_of(address: Address) -> tuple[str, ...]:
    """The ids of the checks that can say anything about this address."""
    return (FCRDNS, *(check for check, entry in asked().items() if entry.covers(address)))


def interval_of(check_id: str) -> timedelta:
    """How often this check is looked at."""
    entry = asked().get(check_id)
    return (entry and entry.interval) or timedelta(seconds=settings.WATCH_SECONDS)


def check_name(check_id: str) -> str:
    """The check as people call it."""
    if check_id == FCRDNS:
        return "Forward and reverse DNS"
    return next((entry.name for entry in blocklists() if DNSBL + entry.id == check_id), check_id.removeprefix(DNSBL))


def fingerprint() -> str:
    """Changes whenever a server's set of watches might: another list, zone or coverage."""
    facts = [(check, entry.zone_shown, sorted(entry.targets)) for check, entry in sorted(asked().items())]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def address_of(text: str) -> Address:
    return ip_address(text)
