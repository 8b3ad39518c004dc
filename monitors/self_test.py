"""Can the resolvers be used at all? The proofs of all lists on each path, made now or read from the rows.

What they amount to is told by `monitors.probes.resolver_test`; nothing is stored here.
"""

import asyncio
import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from egress.resolver import Path, Resolver
from monitors import checks
from monitors.models import Sight
from monitors.probes import health
from monitors.probes.entry import Blocklist
from monitors.probes.health import Proof
from monitors.probes.resolver_test import Diagnosis, Kind, diagnose, zones_seen

log = logging.getLogger(__name__)
TIMEOUT, LIFETIME = 2.0, 5.0  # s of one try, of one question


@dataclass(frozen=True, slots=True)
class PathReport:
    """One resolver path: what its proofs amount to, and the proofs by list id."""

    path: str
    diagnosis: Diagnosis
    proofs: Mapping[str, Proof]

    @property
    def is_fit(self) -> bool:
        """Whether what is seen through it can be believed; single lists at fault are the lists' matter."""
        return self.diagnosis.kind in (Kind.FINE, Kind.LISTS)

    @property
    def sentence(self) -> str:
        """What is wrong and how to cure it, on one line."""
        return " ".join(part for part in (self.diagnosis.sentence, self.diagnosis.cure) if part)


def run(paths: Sequence[Path], entries: Iterable[Blocklist]) -> list[PathReport]:
    """Prove every list that can be asked on every path, now. Ends within some seconds whatever the resolvers do; raises
    nothing for what the network does."""
    return asyncio.run(_run(paths, [entry for entry in entries if entry.is_configured]))


def stored() -> list[PathReport]:
    """The same from the last proofs that the sight stage kept; a path on which nothing was proved yet says so."""
    kept: dict[str, dict[str, Proof]] = defaultdict(dict)
    for sight in Sight.objects.exclude(proved_at=None):
        proof = Proof(not sight.fault, sight.fault or None, sight.sentence, tuple(sight.evidence))
        kept[sight.path][sight.list_id] = proof
    families = {entry.id: entry.family for entry in checks.blocklists()}
    return [
        PathReport(path, diagnose(path, kept[path], families=families), kept[path]) for path in map(str, checks.paths())
    ]


async def _run(paths: Sequence[Path], entries: Sequence[Blocklist]) -> list[PathReport]:
    async with Resolver(paths, timeout=TIMEOUT, lifetime=LIFETIME) as resolver:
        return await asyncio.gather(*(_path(resolver, number, entries) for number in range(len(paths))))


async def _path(resolver: Resolver, number: int, entries: Sequence[Blocklist]) -> PathReport:
    path = str(resolver.paths[number])
    found = await asyncio.gather(*(_proof(resolver, entry, number) for entry in entries))
    proofs = {entry.id: proof for entry, proof in zip(entries, found, strict=True)}
    blind = [entry for entry in entries if not proofs[entry.id].healthy]
    existing = await zones_seen(resolver.ask, blind, path=number) if blind else None
    families = {entry.id: entry.family for entry in entries}
    return PathReport(path, diagnose(path, proofs, families=families, existing=existing), proofs)


async def _proof(resolver: Resolver, entry: Blocklist, path: int) -> Proof:
    try:
        return await health.prove(resolver.ask, entry, nonce=secrets.randbits(32), path=path)
    except Exception as error:
        log.exception("a proof failed by our own fault")
        return Proof(False, "own_fault", f"Our own proof of {entry.name} failed ({type(error).__name__}).")
