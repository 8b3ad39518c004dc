"""Which checks there are, of what, and how often: one for each configured blocklist, and those named below.

A check is named by its id. The catalogue comes from the settings and from what the desk laid over it, the resolver
paths from the settings.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path as File
from typing import NamedTuple

from django.conf import settings

from egress.resolver import Path
from monitors import catalogue, list_entries
from monitors.probes.entry import ATTEST_FOR, About, Blocklist, Kind, Target
from monitors.probes.names import registrable
from vendors.models import Domain

DNSBL = "dnsbl:"
ATTESTED = "attested:"  # a person looks it up and says so, for a time
FCRDNS, NETWORK = "fcrdns", "network"  # of a server
REGISTRATION, WEBSITE = "registration", "website"  # of a registered domain
MX, SPF, DKIM, DMARC = "mx", "spf", "dkim", "dmarc"  # of a domain that stands in headers
MAIL = (MX, SPF, DKIM, DMARC)
SLOW = (NETWORK, REGISTRATION, WEBSITE)  # over HTTP or port 43, daily: the survey stage's
NAMES = {
    FCRDNS: "Forward and reverse DNS",
    NETWORK: "Holder of the network",
    REGISTRATION: "Registration",
    WEBSITE: "Website",
    MX: "Mail exchangers (MX)",
    SPF: "SPF",
    DKIM: "DKIM keys",
    DMARC: "DMARC",
}
KINDS = {FCRDNS: "reverse_dns"}  # of findings: that of a listing is "listed", that of any other check its id
Address = IPv4Address | IPv6Address


class _Catalogue(NamedTuple):
    known: tuple[Blocklist, ...]  # with those that are left out
    misfits: Mapping[str, str]
    lists: tuple[Blocklist, ...]
    asked: Mapping[str, Blocklist]
    of_servers: Mapping[str, Blocklist]  # for a person, by check id
    of_vendors: Mapping[str, Blocklist]


def blocklists() -> tuple[Blocklist, ...]:
    """The catalogue in force; read again only when the settings name another, or somebody at the desk changed it."""
    return _catalogue().lists


def known() -> tuple[Blocklist, ...]:
    """The same with the lists that are left out between them (`is_enabled` is false)."""
    return _catalogue().known


def misfits() -> Mapping[str, str]:
    """What was changed at the desk and fits no more, by the list's id: the reason why it is left out."""
    return _catalogue().misfits


def asked() -> Mapping[str, Blocklist]:
    """The lists that can be asked over DNS, by their check's id."""
    return _catalogue().asked


def attested() -> Mapping[str, Blocklist]:
    """What no DNS answer tells, by check id: registers without a zone, and a list of the policy that lacks its key
    while no other list of the same operator can be asked. A person looks them up."""
    return {**_catalogue().of_servers, **_catalogue().of_vendors}


def _catalogue() -> _Catalogue:
    return _load(settings.BLOCKLISTS, tuple(sorted(settings.BLOCKLIST_KEYS.items())), list_entries.in_force())


@lru_cache(maxsize=8)
def _load(file: File | None, keys: tuple[tuple[str, str], ...], desk: list_entries.Laid) -> _Catalogue:
    layered = catalogue.layered(file, dict(keys), {name: json.loads(fields) for name, fields in desk})
    lists = tuple(entry for entry in layered.entries if entry.is_enabled)
    seen = {entry.policy_name for entry in lists if entry.is_configured}
    without_zone = [entry for entry in lists if entry.kind is Kind.ATTESTED]
    without_key: dict[str, Blocklist] = {}
    for entry in lists:
        if entry.kind is Kind.DNS and entry.policy_name and entry.policy_name not in seen:
            without_key.setdefault(entry.policy_name, entry)
    by_hand = [*without_key.values(), *without_zone]
    return _Catalogue(
        layered.entries,
        layered.misfits,
        lists,
        {DNSBL + entry.id: entry for entry in lists if entry.is_configured},
        {ATTESTED + entry.id: entry for entry in by_hand if entry.about is About.ADDRESS},
        {ATTESTED + entry.id: entry for entry in by_hand if entry.about is not About.ADDRESS},
    )


def paths() -> tuple[Path, ...]:
    """The resolver paths, in the order of the settings."""
    return _parsed(tuple(settings.RESOLVERS))


@lru_cache(maxsize=4)
def _parsed(texts: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(Path.parse(text) for text in texts)


def checks_of_server(address: Address) -> tuple[str, ...]:
    """The ids of the checks that can say anything about this address, and of those that a person has to make."""
    lists = [check for check, entry in asked().items() if entry.covers(address)]
    by_hand = [check for check, entry in _catalogue().of_servers.items() if entry.covers(address)]
    return (FCRDNS, *lists, NETWORK, *by_hand)


def checks_of_domain(domain: Domain) -> tuple[str, ...]:
    """The same for a domain, after what it is used for. Who holds it and what its website shows is asked of the name
    that somebody registered, once."""
    lists = tuple(check for check, entry in asked().items() if entry.covers(domain.name))
    mail = MAIL if {Domain.Use.HEADER, Domain.Use.RETURN_PATH, Domain.Use.DKIM} & set(domain.uses) else ()
    slow = (REGISTRATION, WEBSITE) if registrable(domain.name) == domain.name else ()
    return (*lists, *mail, *slow)


def checks_of_vendor() -> tuple[str, ...]:
    """Checks of the vendor itself: its name, and its standing where no address is asked about."""
    return tuple(_catalogue().of_vendors)


def interval_of(check_id: str) -> timedelta:
    """How often this check is looked at."""
    if check_id in SLOW:
        return timedelta(seconds=settings.SURVEY_SECONDS)
    if check_id.startswith(ATTESTED):
        by_hand = attested().get(check_id)
        return by_hand.attest_for if by_hand else ATTEST_FOR
    entry = asked().get(check_id)
    return (entry and entry.interval) or timedelta(seconds=settings.WATCH_SECONDS)


def cool_down_of(check_id: str) -> timedelta:
    """How long a listing must have been gone before it counts as ended."""
    entry = asked().get(check_id)
    if entry is None:
        return timedelta(0)
    if settings.COOL_DOWN_SECONDS is not None:
        return timedelta(seconds=settings.COOL_DOWN_SECONDS)
    return entry.cool_down


def kind_of(check_id: str) -> str:
    """What a finding of this check is called."""
    return "listed" if check_id.startswith(DNSBL) else KINDS.get(check_id, check_id.partition(":")[0])


def check_name(check_id: str) -> str:
    """The check as people call it."""
    if check_id in NAMES:
        return NAMES[check_id]
    list_id = check_id.partition(":")[2]
    return next((entry.name for entry in known() if entry.id == list_id), list_id or check_id)


def fingerprint() -> str:
    """Changes whenever a subject's set of watches might: another list, zone or coverage."""
    facts = [(check, entry.zone_shown, sorted(entry.targets)) for check, entry in sorted(asked().items())]
    by_hand = [(check, entry.about, sorted(entry.targets)) for check, entry in sorted(attested().items())]
    return hashlib.sha256(repr((facts, by_hand, sorted(NAMES))).encode()).hexdigest()


def address_of(text: str) -> Address:
    return ip_address(text)


def target_of(text: str) -> Target:
    """What a list is asked about, from how it is written: an address, or the name of a domain."""
    try:
        return ip_address(text)
    except ValueError:
        return text
