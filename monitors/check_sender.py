"""Everything that can be seen of one sender now: its address on every list, its names, and the domains beside it.

One look, not a judgement: nothing is confirmed over time, nothing is stored. The command `check-sender` prints it; how
each check is taken and what the paths amount to together is `monitors.sender`'s.
"""

import asyncio
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from egress.fetch import Fetcher, trusting
from egress.resolver import Ask, Path, Resolver
from monitors import websites
from monitors.probes.entry import Blocklist
from monitors.probes.fcrdns import Address, unwrapped
from monitors.probes.once import Once
from monitors.probes.resolver_test import diagnose
from monitors.registries import Registries
from monitors.sender import address as of_address
from monitors.sender import domain as of_domain
from monitors.sender.domain import Slow, Wanted, on_domain_lists
from monitors.sender.domains import MOST, met, reverse_names
from monitors.sender.looking import Looking, Progress
from monitors.sender.report import WORDS, Check, DomainReport, Report, ResolverReport, Word

__all__ = ["LASTS", "WORDS", "Check", "Report", "Sender", "Word", "check", "look", "look_now"]
LASTS = 18.0  # s, all of it
QUESTION = 5.0  # s, one question to the DNS or to a registry, one page
MARGIN = 0.5  # s before the end, by when registries must have answered
IN_FLIGHT = 300  # questions to one resolver at a time


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom to look at. `domains` are those that somebody names; `helo`, with which it greets, and the `selectors` of
    its DKIM keys are given where they are known."""

    address: Address
    domains: Sequence[str] = ()
    helo: str | None = None
    selectors: Sequence[str] = field(default_factory=tuple)


async def check(
    ask: Ask,
    entries: Sequence[Blocklist],
    address: Address,
    *,
    domain: str | None = None,
    helo: str | None = None,
    nonce: str | int,
    path: int = 0,
) -> Report:
    """Look at the address through one path: on every list that can be asked, and at its reverse DNS, all at once.

    `domain` is looked up on the lists of domains, `helo` compared with the reverse name, `nonce` picks the
    random target that proves a list's health. An IPv6 address that only wraps an IPv4 one
    (::ffff:203.0.113.5) is taken for what it wraps: that is how the mail leaves.
    """
    address = unwrapped(address)
    looking = Looking(ask, {path: "the resolver"}, nonce)
    checks, of_names = await asyncio.gather(
        _of_address(looking, entries, Sender(address, helo=helo), wants_domain=domain is None),
        on_domain_lists(looking, entries, domain) if domain else _nothing(),
    )
    return Report(str(address), domain, _in_order(entries, checks, of_names))


async def look_now(
    paths: Sequence[Path],
    entries: Sequence[Blocklist],
    sender: Sender,
    company: str = "",
    *,
    now: datetime,
    lasts: float = LASTS,
    progress: Progress | None = None,
) -> Report:
    """Look at all of it, over within `lasts` s, with the networks, authorities and ports that the settings name.
    Without a `company` nothing is held against a name."""
    ends = asyncio.get_running_loop().time() + lasts
    async with Resolver(paths, lifetime=QUESTION, in_flight=IN_FLIGHT) as resolver:
        once = Once(resolver.ask)
        numbered = {number: str(path) for number, path in enumerate(paths)}
        looking = Looking(once, numbered, secrets.token_hex(8), ends, progress or Progress())

        def fetcher(tls: ssl.SSLContext) -> Fetcher:
            allow, limit = settings.EGRESS_ALLOW, websites.LIMIT
            return Fetcher(looking.anywhere, allow=allow, tls=tls, deadline=QUESTION, limit=limit)

        def slow_with(domains: Sequence[str]) -> Slow:
            return Slow(
                Registries(looking.anywhere, QUESTION, ends - MARGIN),
                fetcher(trusting(settings.EGRESS_CA)).fetch,
                fetcher(websites.blind_trust()).fetch,
                now,
                company,
                domains,
                websites.ports(),
                is_rehearsal=settings.DEMO,
            )

        try:
            return await look(looking, entries, sender, slow_with)
        finally:
            await once.close()


async def look(
    looking: Looking, entries: Sequence[Blocklist], sender: Sender, slow_with: Callable[[Sequence[str]], Slow]
) -> Report:
    """Look at all of it, through every path of `looking`, until it ends: what is not known by then is unknown.
    `slow_with` gives what is needed to ask registries and to read websites, when the sender's domains are known."""
    loop = asyncio.get_running_loop()
    began, address = loop.time(), unwrapped(sender.address)
    here = asyncio.ensure_future(_of_address(looking, entries, sender, wants_domain=True))
    try:
        found = met(sender.domains, await reverse_names(looking, address), sender.helo)
        domains, left_out = found[:MOST], found[MOST:]
        slow = slow_with([one.name for one in found])
        further = [of_address.network(looking, slow.registries, address)]
        if sender.helo:
            further.insert(0, of_address.greeting(looking, address, sender.helo))
        wanted = [Wanted(one, address, entries, sender.selectors) for one in domains]
        checks, beside, reports = await asyncio.gather(
            here,
            asyncio.gather(*further),
            asyncio.gather(*(of_domain.look(looking, slow, one) for one in wanted)),
        )
    finally:
        here.cancel()
    suspicions = [of_address.suspicions(address, checks, entries)]
    suspicions += [of_domain.suspicions(report, entries) for report in reports]
    return Report(
        str(address),
        sender.domains[0] if sender.domains else None,
        _with_domains(entries, checks, reports),
        further=tuple(beside),
        domains=tuple(reports),
        suspicions=tuple(one for some in suspicions for one in some),
        resolvers=_diagnosed(looking, entries, [*checks, *(one for report in reports for one in report.checks)]),
        left_out=tuple(one.name for one in left_out),
        seconds=loop.time() - began,
    )


def _diagnosed(looking: Looking, entries: Sequence[Blocklist], checks: Sequence[Check]) -> tuple[ResolverReport, ...]:
    """What the proofs of the lists say of each resolver."""
    families = {entry.id: entry.family for entry in entries}
    found = []
    for path in looking.paths.values():
        seen = {check.id: one.proof for check in checks for one in check.paths if one.path == path and one.proof}
        found.append(ResolverReport(path, diagnose(path, seen, families=families)))
    return tuple(found)


async def _nothing() -> tuple[Check, ...]:
    return ()


async def _of_address(
    looking: Looking, entries: Sequence[Blocklist], sender: Sender, *, wants_domain: bool
) -> tuple[Check, ...]:
    """Reverse DNS, then every list. Lists of domains say that they know no addresses."""
    address = unwrapped(sender.address)
    return tuple(
        await asyncio.gather(
            of_address.reverse_dns(looking, address, sender.helo, sender.domains),
            *(of_address.on_list(looking, entry, address, wants_domain=wants_domain) for entry in entries),
        )
    )


def _with_domains(
    entries: Sequence[Blocklist], checks: tuple[Check, ...], reports: Sequence[DomainReport]
) -> tuple[Check, ...]:
    """The checks of the address, with the first named domain on lists of domains. Where domains were only met, those
    lists are left to the reports of these domains."""
    if not reports:
        return checks
    named = next((report for report in reports if report.is_given), None)
    return _in_order(entries, checks, named.checks if named else (), drops=True)


def _in_order(
    entries: Sequence[Blocklist], checks: Sequence[Check], of_names: Sequence[Check], *, drops: bool = False
) -> tuple[Check, ...]:
    """In the catalogue's order, what lists of domains say of the domain in place of what they say of the address."""
    by_id = {check.id: check for check in of_names}
    lists = {entry.id for entry in entries if "domain" in entry.targets}
    found = []
    for check in checks:
        if check.id in lists and (drops or by_id):
            found += [by_id[check.id]] if check.id in by_id else []
        else:
            found.append(check)
    return (*found, *([by_id["domain"]] if "domain" in by_id and "domain" not in lists else []))
