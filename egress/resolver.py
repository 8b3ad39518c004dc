"""The door through which everything asks the DNS, one question at a time.

A `Path` is one server. A `Resolver` holds one or several paths and never mixes them: an answer belongs to the
server that gave it, so that two paths are two witnesses. It keeps no cache, searches no domains, reads no
system configuration and judges nothing.
"""

import asyncio
import contextlib
import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Self

from egress import wire
from egress.answer import Answer, Outcome, Question
from egress.exchange import Exchange, Flight

_WRITTEN = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<host>[^:]*))(?::(?P<port>[0-9]{1,5}))?")


@dataclass(frozen=True, slots=True)
class Path:
    """One DNS server: its IP address and port."""

    host: str
    port: int = 53

    @classmethod
    def parse(cls, text: str) -> "Path":
        """Reads "127.0.0.1:5353", "[::1]:53", or an address alone, which means port 53. Raises ValueError
        with a sentence; a server's name is refused, because finding its address would need a resolver."""
        text = text.strip()
        with contextlib.suppress(ValueError):
            return cls(str(ipaddress.ip_address(text)))
        written = _WRITTEN.fullmatch(text)
        if not written:
            raise ValueError(f"{text!r} is not a resolver; write ADDRESS:PORT, as 127.0.0.1:53 or [::1]:53.")
        host = written["v6"] if written["v6"] is not None else written["host"]
        try:
            address = ipaddress.ip_address("127.0.0.1" if host.lower() == "localhost" else host)
        except ValueError:
            raise ValueError(
                f"{text!r} is not a resolver: {host!r} is not an IP address; a server is named by its address."
            ) from None
        port = int(written["port"] or 53)
        if not 0 < port < 65536:
            raise ValueError(f"{text!r} is not a resolver: the port must lie between 1 and 65535.")
        return cls(str(address), port)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Ask(Protocol):
    """What a probe needs of the DNS; `Resolver.ask` is one, a scripted fake another."""

    async def __call__(self, name: str, rdtype: str, *, path: int = 0) -> Answer: ...


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Resolver:
    """Asks the servers of `paths`. An async context manager, for one event loop in any thread: it opens its
    sockets when entered. Leave it when every `ask` is done.

    `timeout` is the longest wait of one try and `lifetime` that of one question, in s, its wait for a turn
    included; `tries` the most sends of one question; `in_flight` the most questions to one server at a time
    (more wait their turn);
    `now` gives the aware UTC moment that an answer is stamped with.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        timeout: float = 2.0,
        lifetime: float = 5.0,
        tries: int = 3,
        in_flight: int = 100,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        if not paths:
            raise ValueError("A resolver needs at least one server to ask.")
        self.paths = tuple(paths)
        self._now = now
        self._exchanges = [
            Exchange(path.host, path.port, timeout=timeout, lifetime=lifetime, tries=tries, in_flight=in_flight)
            for path in self.paths
        ]
        self._open = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as opening:
            for exchange in self._exchanges:
                await opening.enter_async_context(exchange)
            self._open = opening.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def ask(self, name: str, rdtype: str, *, path: int = 0) -> Answer:
        """Asks the server of `paths[path % len(paths)]` for records of type `rdtype` at the absolute `name`.

        Ends within `lifetime`, however many questions are before it and however silent the server is; what was
        not answered by then is a TIMEOUT, with no tries if its turn never came.
        Never raises for what the network or a server does: that is the answer's `outcome`. Raises ValueError
        for a name that cannot be a DNS name and for a type that Sluice does not ask for.
        """
        asked = wire.question(name, rdtype)
        index = path % len(self.paths)
        exchange = self._exchanges[index]
        loop = asyncio.get_running_loop()
        over: asyncio.Future[float] = loop.create_future()

        def landed(_: Flight) -> None:
            if not over.done():
                over.set_result(loop.time())

        flight = Flight(wire.body(asked), landed)
        asked_at = loop.time()
        exchange.fly(flight)
        # The exchange counts a lifetime from the first send, as a bulk scan needs it; one asker waits no longer.
        bell = loop.call_at(asked_at + exchange.lifetime, landed, flight)
        try:
            over_at = await over
        finally:
            bell.cancel()
            exchange.abandon(flight)
        elapsed = over_at - (flight.first_at if flight.tries else asked_at)
        return self.answer(flight, asked, path=path, elapsed=elapsed, at=self._now())

    async def fly_all(self, flights: Iterable[Flight | None], *, path: int = 0) -> None:
        """Many questions to one path at a time, put together by the asker, as `Exchange.fly_all` takes them. A flight
        counts its lifetime from its first send, so the asker stops giving them in time."""
        await self._exchanges[path % len(self.paths)].fly_all(flights)

    def answer(self, flight: Flight, asked: Question, *, path: int, elapsed: float, at: datetime) -> Answer:
        """What became of a flight that asked `asked` through `path` and is over; `at` is when that was known."""
        contents = None if flight.packet is None else wire.read(flight.packet, flight.body)
        return Answer(
            name=asked.name,
            rdtype=asked.rdtype,
            outcome=contents.outcome if contents else why_nothing_came(flight),
            records=contents.records if contents else (),
            ttl=contents.ttl if contents else None,
            rcode=contents.rcode if contents else None,
            server=str(self.paths[path % len(self.paths)]),
            at=at,
            elapsed=elapsed,
            tries=flight.tries,
            tcp=flight.over_tcp,
            canonical=contents.canonical if contents else asked.name,
        )


def why_nothing_came(flight: Flight) -> Outcome:
    """The outcome of a flight that landed without a packet."""
    if flight.is_unreachable:
        return Outcome.UNREACHABLE
    return Outcome.MALFORMED if flight.is_garbled else Outcome.TIMEOUT
