"""Many questions to blocklists at once, as blocklist-scan asks them: built from labels, read from the header.

Nearly every answer is a bare "there is no such name". What that is worth is not decided here; nor is what any other
answer means. A list that says nothing to many questions in a row is asked no more in this round: it would only keep the
others waiting.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from egress import wire
from egress.answer import Answer, Question
from egress.exchange import Flight
from egress.resolver import Resolver
from monitors import checks
from monitors.probes.blocklist import query_name
from monitors.scan import query_head

AT_LEAST = 64  # questions are asked however late it is: a busy machine must not keep all of them waiting
SILENT_AFTER = 40  # questions in a row without any answer


class Query(NamedTuple):
    """Is `target`, an address or a domain, on the list at `zone`? `key` is the asker's own."""

    key: int
    target: str
    zone: str
    path: int


class Landed(NamedTuple):
    """One question that is over. `after` is the s from the start of the batch until then."""

    query: Query
    flight: Flight
    after: float

    @property
    def is_bare_no(self) -> bool:
        """Whether the answer is that there is no such name, and nothing else."""
        packet = self.flight.packet
        return packet is not None and wire.rcode(packet) == wire.NXDOMAIN and wire.is_bare(packet)


class Flights:
    """One batch through an entered resolver. `landed` are the questions that are over, by their key, and `given_up`
    those that were not asked because their list says nothing; for the others the time was up."""

    def __init__(self, resolver: Resolver) -> None:
        self.landed: dict[int, Landed] = {}
        self.given_up: set[int] = set()
        self._resolver = resolver
        self._silent: Counter[str] = Counter()
        self._heard: set[str] = set()
        self._started = time.monotonic()
        self._started_at = datetime.now(UTC)

    async def ask(self, queries: Sequence[Query], until: float) -> None:
        """Asks all of them. But for a few, no question is begun after the event loop's time `until`, so that all is
        over one lifetime later."""
        by_path: dict[int, list[Query]] = defaultdict(list)
        for query in queries:
            by_path[query.path % len(self._resolver.paths)].append(query)
        await asyncio.gather(
            *(self._resolver.fly_all(self._of(some, until), path=path) for path, some in by_path.items())
        )

    def _of(self, queries: Sequence[Query], until: float) -> Iterator[Flight]:
        loop = asyncio.get_running_loop()
        for number, query in enumerate(queries):
            if self._silent[query.zone] >= SILENT_AFTER:
                self.given_up.add(query.key)
                continue
            if number >= AT_LEAST and loop.time() >= until:
                return
            yield Flight(_head(query.target) + _tail(query.zone), self._land, query)

    def _land(self, flight: Flight) -> None:
        query: Query = flight.tag
        if flight.packet is None:
            self._silent[query.zone] += 1
        else:
            self._silent[query.zone] = 0
            self._heard.add(query.zone)
        self.landed[query.key] = Landed(query, flight, time.monotonic() - self._started)

    def is_silent(self, zone: str) -> bool:
        """Whether nothing at all came from the list."""
        return zone not in self._heard

    def answer(self, landed: Landed) -> Answer:
        """The answer in full, to be judged and kept."""
        query, flight = landed.query, landed.flight
        elapsed = max(0.0, self._started + landed.after - flight.first_at) if flight.tries else 0.0
        return self._resolver.answer(
            flight,
            Question(query_name(checks.target_of(query.target), query.zone), "A"),
            path=query.path,
            elapsed=elapsed,
            at=self._started_at + timedelta(seconds=landed.after),
        )


@lru_cache(maxsize=65_536)
def _head(target: str) -> bytes:
    """The labels in front of the zone."""
    try:
        return query_head(target)
    except ValueError:
        return wire.encode_name(target)[:-1]


@lru_cache(maxsize=1024)
def _tail(zone: str) -> bytes:
    return wire.tail(zone, "A")
