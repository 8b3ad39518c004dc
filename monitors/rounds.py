"""One round of looks: many checks at once over the resolver paths, and the proofs that they may be believed.

Touches the network and nothing else: no row is read or written here. A round ends in time whatever the resolvers do:
what is not known by then is unknown. Blocklists are asked the fast way (monitors.flights); the other checks one by one.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

from django.conf import settings

from egress.resolver import Ask, Path, Resolver
from engine.cycle import LONGEST
from monitors import checks
from monitors.flights import Flights, Landed, Query
from monitors.probes import blocklist, dkim, dmarc, fcrdns, health, mail_hosts
from monitors.probes import greeting as greeting_of
from monitors.probes.entry import Blocklist
from monitors.probes.health import Proof
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.spf import look_spf_for
from monitors.surveying import Surveyor

log = logging.getLogger(__name__)
IN_FLIGHT = 150  # a list server holds about 170 questions in its buffer; more would be lost there
ROUND = 0.6 * LONGEST  # s that a round may take at most
LOOKING = 0.6  # of a round is for the looks, the rest for the proofs
QUESTION = 0.375  # of a round is for one question: less than what is left for the proofs
ListOnPath = tuple[str, str]  # list id, path as text
T = TypeVar("T")
TOO_LATE = Reading(Verdict.UNKNOWN, "timeout", Severity.NONE, "It could not be asked in time.")
GONE = Reading(Verdict.UNKNOWN, "not_configured", Severity.NONE, "This list is no longer in the catalogue.")


class Look(NamedTuple):
    """One look to take: `key` tells the caller which row it is for, `target` is an address or a domain. `facts` is what
    else the check needs to know of its subject."""

    key: int
    check_id: str
    target: str
    path: int
    helo: str = ""
    facts: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Round:
    """`as_before` are the keys of `calm` looks that were answered with a plain no; they have no reading of their own.
    `unasked` are those for which there was no time."""

    readings: Mapping[int, Reading]
    proofs: Mapping[ListOnPath, Proof]
    as_before: Set[int] = field(default_factory=frozenset)
    unasked: Set[int] = field(default_factory=frozenset)


def take(
    looks: Iterable[Look],
    wants_proof: Callable[[Mapping[int, Reading]], Set[ListOnPath]],
    *,
    calm: Set[int] = frozenset(),
) -> Round:
    """Take all looks at once, then prove the lists on the paths that `wants_proof` names when it has seen the readings.

    Proofs come after the looks: a list that went wild a moment ago is caught before its word is believed. `calm` are
    the keys of which a plain no is no news.
    """
    wanted = list(looks)

    async def both(resolver: Resolver, ends: float) -> Round:
        until = ends - (1 - LOOKING) * longest()
        lists, others = _sorted(wanted)
        readings: dict[int, Reading] = {}
        as_before: set[int] = set()
        await asyncio.gather(
            _ask_lists(resolver, lists, calm, until, readings, as_before),
            _ask_others(resolver.ask, others, until, readings),
        )
        unasked = {look.key for look in lists} - readings.keys() - as_before
        return Round(readings, await _prove(resolver.ask, wants_proof(readings), ends), as_before, unasked)

    return _with_resolver(both)


def prove(pairs: Iterable[ListOnPath]) -> Mapping[ListOnPath, Proof]:
    """Prove each list on each path."""
    wanted = set(pairs)
    return _with_resolver(lambda resolver, ends: _prove(resolver.ask, wanted, ends))


def longest() -> float:
    """How long a round may take, in s: well below half a lease, because what is known late cannot be kept."""
    return float(min(ROUND, 0.4 * settings.LEASE_SECONDS))


def _with_resolver(work: Callable[[Resolver, float], Coroutine[Any, Any, T]]) -> T:
    """Run `work` with a way to ask and the event loop's moment at which it must be over."""
    lifetime = QUESTION * longest()

    async def run() -> T:
        ends = asyncio.get_running_loop().time() + longest()
        resolver = Resolver(checks.paths(), timeout=lifetime / 2.5, lifetime=lifetime, in_flight=IN_FLIGHT)
        async with resolver:
            return await work(resolver, ends)

    return asyncio.run(run())


async def _in_time(works: Sequence[Coroutine[Any, Any, T]], ends: float) -> list[T | None]:
    """What each comes to, all at once; None for what is not over when the event loop's time is `ends`."""
    tasks = [asyncio.ensure_future(work) for work in works]
    if tasks:
        await asyncio.wait(tasks, timeout=max(0.0, ends - asyncio.get_running_loop().time()))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return [None if task.cancelled() else task.result() for task in tasks]


def _sorted(looks: Iterable[Look]) -> tuple[list[Look], list[Look]]:
    """(those at blocklists, the others)."""
    lists: list[Look] = []
    others: list[Look] = []
    for look in looks:
        (lists if look.check_id.startswith(checks.DNSBL) else others).append(look)
    return lists, others


# ── blocklists ──────────────────────────────────────────────────────────────
async def _ask_lists(
    resolver: Resolver,
    looks: Sequence[Look],
    calm: Set[int],
    until: float,
    readings: dict[int, Reading],
    as_before: set[int],
) -> None:
    entries = checks.asked()
    flights = Flights(resolver)
    queries = []
    for look in looks:
        entry = entries.get(look.check_id)
        if entry is None:
            readings[look.key] = GONE
        elif "domain" not in entry.targets:
            queries.append(Query(look.key, look.target, entry.zone_asked, look.path))
        elif entry.covers(look.target):
            queries.append(Query(look.key, str(entry.asked_about(look.target)), entry.zone_asked, look.path))
        else:
            readings[look.key] = blocklist.not_covered(entry, look.target)
    zones = {query.key: query.zone for query in queries}
    await flights.ask(queries, until - QUESTION * longest())
    listed = []
    for look in looks:
        landed = flights.landed.get(look.key)
        if landed is None:
            if look.key in flights.given_up or flights.is_silent(zones.get(look.key, "")):
                readings.setdefault(look.key, TOO_LATE)
        elif look.key in calm and landed.is_bare_no:
            as_before.add(look.key)
        else:
            entry = entries[look.check_id]
            reading = readings[look.key] = await _or_unknown(_judge(entry, look, flights, landed))
            if reading.result == "listed":
                listed.append((look, entry, reading))
    words = [
        _or_unknown(blocklist.explain(resolver.ask, e, checks.target_of(look.target), r, path=look.path))
        for look, e, r in listed
    ]
    for (look, _, _), explained in zip(listed, await _in_time(words, until), strict=True):
        if explained is not None and explained.verdict is not Verdict.UNKNOWN:
            readings[look.key] = explained


async def _judge(entry: Blocklist, look: Look, flights: Flights, landed: Landed) -> Reading:
    return blocklist.judge(entry, checks.target_of(look.target), flights.answer(landed))


# ── the other checks ────────────────────────────────────────────────────────
async def _ask_others(ask: Ask, looks: Sequence[Look], until: float, readings: dict[int, Reading]) -> None:
    is_slow = any(look.check_id in checks.SLOW for look in looks)
    surveyor = Surveyor(ask, QUESTION * longest(), until) if is_slow else None
    taken = await _in_time([_or_unknown(_look(ask, surveyor, one)) for one in looks], until)
    for one, reading in zip(looks, taken, strict=True):
        readings[one.key] = reading or TOO_LATE


async def _look(ask: Ask, surveyor: Surveyor | None, look: Look) -> Reading:
    target, path, facts = look.target, look.path, look.facts
    if surveyor is not None and look.check_id in checks.SLOW:
        now = asyncio.get_running_loop().time()
        return await surveyor.look(look.check_id, target, facts, path, now)
    match look.check_id:
        case checks.FCRDNS:
            return await _reverse_dns(ask, look)
        case checks.MX:
            return await mail_hosts.look_mail_hosts(ask, target, path=path)
        case checks.SPF:
            servers = [checks.address_of(address) for address in facts["servers"]]
            return await look_spf_for(ask, target, servers, path=path)
        case checks.DKIM:
            return await dkim.look_dkim(ask, target, facts["selectors"], path=path)
        case checks.DMARC:
            return await dmarc.look_policy(ask, target, facts["organisational"], path=path)
        case _:
            return GONE


async def _reverse_dns(ask: Ask, look: Look) -> Reading:
    """Reverse DNS, with what the greeting shows beside it as advice."""
    address, own = checks.address_of(look.target), look.facts.get("own", ())
    reading = await fcrdns.look(ask, address, helo=look.helo or None, own=own, path=look.path)
    if not look.helo:
        return reading
    greeting = await greeting_of.look_helo(ask, look.helo, address, path=look.path)
    if greeting.verdict is not Verdict.ADVERSE:
        return reading
    return replace(
        reading,
        codes=(*reading.codes, f"warn_helo_{greeting.result}"),
        meanings=(*reading.meanings, greeting.sentence),
        evidence=(*reading.evidence, *greeting.evidence),
    )


async def _or_unknown(looking: Awaitable[Reading]) -> Reading:
    """A fault of our own in one look is unknown for that look, and leaves the other looks alone."""
    try:
        return await looking
    except Exception as error:
        log.exception("a look failed by our own fault")
        return Reading(
            Verdict.UNKNOWN, "own_fault", Severity.NONE, f"Our check failed by our own fault ({type(error).__name__})."
        )


# ── proofs ──────────────────────────────────────────────────────────────────
async def _prove(ask: Ask, pairs: Set[ListOnPath], ends: float) -> Mapping[ListOnPath, Proof]:
    lists = checks.asked()
    numbers: dict[str, int] = {str(path): number for number, path in enumerate(checks.paths())}
    known = sorted(pair for pair in pairs if checks.DNSBL + pair[0] in lists and pair[1] in numbers)
    proofs = await _in_time([_proof(ask, lists[checks.DNSBL + one], numbers[path]) for one, path in known], ends)
    gone = Proof(False, "gone", "This list or resolver is no longer in the settings.")
    late = Proof(False, health.Fault.SILENT, "Its test entries could not be asked in time.")
    return dict.fromkeys(pairs, gone) | {pair: proof or late for pair, proof in zip(known, proofs, strict=True)}


async def _proof(ask: Ask, entry: Blocklist, path: int) -> Proof:
    """A fault of our own in one proof leaves that list unproved, and the other lists alone."""
    try:
        return await health.prove(ask, entry, nonce=secrets.randbits(32), path=path)
    except Exception as error:
        log.exception("a proof failed by our own fault")
        return Proof(False, "own_fault", f"Our own proof of {entry.name} failed ({type(error).__name__}).")


def path_name(number: int) -> str:
    """The path that a look with this number takes, as text."""
    paths: tuple[Path, ...] = checks.paths()
    return str(paths[number % len(paths)])
