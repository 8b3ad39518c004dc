"""One round of looks: many checks at once over the resolver paths, and the proofs that they may be believed.

Touches the network and nothing else: no row is read or written here. A round ends in time whatever the resolvers do:
what is not known by then is unknown.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings

from egress.resolver import Ask, Path, Resolver
from engine.cycle import LONGEST
from monitors import checks
from monitors.probes import blocklist, fcrdns, health
from monitors.probes.health import Proof
from monitors.probes.reading import Reading, Severity, Verdict

log = logging.getLogger(__name__)
IN_FLIGHT = 500
ROUND = 0.6 * LONGEST  # s that a round may take at most
LOOKING = 0.6  # of a round is for the looks, the rest for the proofs
QUESTION = 0.375  # of a round is for one question: less than what is left for the proofs
ListOnPath = tuple[str, str]  # list id, path as text
T = TypeVar("T")
TOO_LATE = Reading(Verdict.UNKNOWN, "timeout", Severity.NONE, "It could not be asked in time.")


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

    async def both(ask: Ask, ends: float) -> Round:
        lists = checks.asked()
        looking = [_look(ask, one, lists) for one in wanted]
        taken = await _in_time(looking, ends - (1 - LOOKING) * longest())
        readings = {one.key: reading or TOO_LATE for one, reading in zip(wanted, taken, strict=True)}
        return Round(readings, await _prove(ask, wants_proof(readings), ends))

    return _with_resolver(both)


def prove(pairs: Iterable[ListOnPath]) -> Mapping[ListOnPath, Proof]:
    """Prove each list on each path."""
    wanted = set(pairs)
    return _with_resolver(lambda ask, ends: _prove(ask, wanted, ends))


def longest() -> float:
    """How long a round may take, in s: well below half a lease, because what is known late cannot be kept."""
    return float(min(ROUND, 0.4 * settings.LEASE_SECONDS))


def _with_resolver(work: Callable[[Ask, float], Coroutine[Any, Any, T]]) -> T:
    """Run `work` with a way to ask and the event loop's moment at which it must be over."""
    lifetime = QUESTION * longest()

    async def run() -> T:
        ends = asyncio.get_running_loop().time() + longest()
        resolver = Resolver(checks.paths(), timeout=lifetime / 2.5, lifetime=lifetime, in_flight=IN_FLIGHT)
        async with resolver:
            return await work(resolver.ask, ends)

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


async def _prove(ask: Ask, pairs: Set[ListOnPath], ends: float) -> Mapping[ListOnPath, Proof]:
    lists = checks.asked()
    numbers: dict[str, int] = {str(path): number for number, path in enumerate(checks.paths())}
    known = sorted(pair for pair in pairs if checks.DNSBL + pair[0] in lists and pair[1] in numbers)
    proofs = await _in_time([_proof(ask, lists[checks.DNSBL + one], numbers[path]) for one, path in known], ends)
    gone = Proof(False, "gone", "This list or resolver is no longer in the settings.")
    late = Proof(False, health.Fault.SILENT, "Its test entries could not be asked in time.")
    return dict.fromkeys(pairs, gone) | {pair: proof or late for pair, proof in zip(known, proofs, strict=True)}


async def _proof(ask: Ask, entry: checks.Blocklist, path: int) -> Proof:
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
