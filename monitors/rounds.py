"""One round of looks: many checks at once over the resolver paths, and the proofs that they may be believed.

Touches the network and nothing else: no row is read or written here.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

from egress.resolver import Ask, Path, Resolver
from monitors import checks
from monitors.probes import blocklist, fcrdns, health
from monitors.probes.health import Proof
from monitors.probes.reading import Reading, Severity, Verdict

log = logging.getLogger(__name__)
IN_FLIGHT = 500
ListOnPath = tuple[str, str]  # list id, path as text
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """One look to take: `key` tells the caller which row it is for."""

    key: int
    check_id: str
    address: checks.Address
    helo: str
    path: int


@dataclass(frozen=True, slots=True)
class Round:
    readings: Mapping[int, Reading]
    proofs: Mapping[ListOnPath, Proof]


def take(looks: Iterable[Look], wants_proof: Callable[[Mapping[int, Reading]], Set[ListOnPath]]) -> Round:
    """Take all looks at once, then prove the lists on the paths that `wants_proof` names when it has seen the readings.

    Proofs come after the looks: a list that went wild a moment ago is caught before its word is believed.
    """
    wanted = list(looks)

    async def both(ask: Ask) -> Round:
        lists = checks.asked()
        taken = await asyncio.gather(*(_look(ask, one, lists) for one in wanted))
        readings = {one.key: reading for one, reading in zip(wanted, taken, strict=True)}
        return Round(readings, await _prove(ask, wants_proof(readings)))

    return _with_resolver(both)


def prove(pairs: Iterable[ListOnPath]) -> Mapping[ListOnPath, Proof]:
    """Prove each list on each path."""
    wanted = set(pairs)
    return _with_resolver(lambda ask: _prove(ask, wanted))


def _with_resolver(work: Callable[[Ask], Coroutine[Any, Any, T]]) -> T:
    """Run `work` with a resolver whose patience ends well within a lease: what is known late cannot be kept."""
    lifetime = min(5.0, settings.LEASE_SECONDS / 4)

    async def run() -> T:
        resolver = Resolver(checks.paths(), timeout=lifetime / 2.5, lifetime=lifetime, in_flight=IN_FLIGHT)
        async with resolver:
            return await work(resolver.ask)

    return asyncio.run(run())


async def _look(ask: Ask, look: Look, lists: Mapping[str, checks.Blocklist]) -> Reading:
    if look.check_id == checks.FCRDNS:
        return await _or_unknown(fcrdns.look(ask, look.address, helo=look.helo or None, path=look.path))
    entry = lists.get(look.check_id)
    if entry is None:
        return Reading(Verdict.UNKNOWN, "not_configured", Severity.NONE, "This list is no longer in the catalogue.")
    return await _or_unknown(blocklist.look(ask, entry, look.address, path=look.path))


async def _or_unknown(looking: Awaitable[Reading]) -> Reading:
    """A fault of our own in one look is unknown for that look, and leaves the other looks alone."""
    try:
        return await looking
    except Exception as error:
        log.exception("a look failed by our own fault")
        return Reading(
            Verdict.UNKNOWN, "own_fault", Severity.NONE, f"Our check failed by our own fault ({type(error).__name__})."
        )


async def _prove(ask: Ask, pairs: Set[ListOnPath]) -> Mapping[ListOnPath, Proof]:
    lists = checks.asked()
    numbers: dict[str, int] = {str(path): number for number, path in enumerate(checks.paths())}
    known = sorted(pair for pair in pairs if checks.DNSBL + pair[0] in lists and pair[1] in numbers)
    proofs = await asyncio.gather(
        *(
            health.prove(ask, lists[checks.DNSBL + one], nonce=secrets.randbits(32), path=numbers[path])
            for one, path in known
        )
    )
    gone = Proof(False, "gone", "This list or resolver is no longer in the settings.")
    return dict.fromkeys(pairs, gone) | dict(zip(known, proofs, strict=True))


def path_name(number: int) -> str:
    """The path that a look with this number takes, as text."""
    paths: tuple[Path, ...] = checks.paths()
    return str(paths[number % len(paths)])
