"""Who holds a domain or a network: which registry to ask, once a name, no faster than it likes. For one round of looks.

RDAP first. Port 43 only where nobody announces RDAP, or it could not be had; never after a 404, which is an answer, nor
after "too often", which is a request. Knows the servers from the lists of `monitors.server_lists` and from the root of
WHOIS, and from nothing else. Reads no answer: what it says of a holder is `monitors.probes`'s. Touches no row.
"""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from egress import rdap
from egress.fetch import Fetcher, Page, Unfetched, Why, trusting
from egress.guard import Address
from egress.pace import MayAsk, Spacing, turn
from egress.rdap import Outcome
from egress.resolver import Ask
from egress.whois import NAME, Directory, Whois
from monitors.probes.names import registrable
from monitors.probes.registered import Registered
from monitors.server_lists import DOMAINS, LIMIT, NETWORKS, REGISTRARS

AT_ONCE = 2  # questions to one registry at a time
MARGIN = 0.3  # s before the end of the round, by when a question that had no turn is given up
ELSEWHERE = frozenset({Outcome.NO_SERVER, Outcome.UNREACHABLE, Outcome.DENIED, Outcome.MALFORMED})
T = TypeVar("T")
DIRECTORY = Directory()  # of this process, as the two below
SPACING = Spacing()


def spaced(server: str) -> float:
    """One question each SLUICE_REGISTRY_SECONDS to a server, counted in this process."""
    return SPACING(server, settings.REGISTRY_SECONDS)


class Registries:
    """Asks who holds a domain or a network, each once a round. Ends when the event loop's time is `ends`; `deadline`
    bounds one question, in s. `may_ask` says of a server (its host, with the port when it is an odd one) for how many s
    it must be waited for, and takes the turn when that is 0.0; it is called in threads."""

    def __init__(self, ask: Ask, deadline: float, ends: float, may_ask: MayAsk = spaced) -> None:
        self._ends, self._may_ask = ends, may_ask
        tls = trusting(settings.EGRESS_CA)
        self._fetcher = Fetcher(ask, allow=settings.EGRESS_ALLOW, tls=tls, deadline=deadline)
        self._lists = Fetcher(ask, allow=settings.EGRESS_ALLOW, tls=tls, deadline=deadline, limit=LIMIT)
        self._whois = Whois(
            ask, root=settings.WHOIS_ROOT, allow=settings.EGRESS_ALLOW, directory=DIRECTORY, may_ask=may_ask
        )
        self._tasks: dict[object, asyncio.Task[Any]] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}

    async def ask(self, name: str) -> Registered:
        """Who holds the domain that `name` lies in."""
        try:
            async with asyncio.timeout_at(self._ends):
                return await self._find(name)
        except TimeoutError:
            return Registered(registrable(name) or name, _LATE)

    async def ask_network(self, address: Address) -> rdap.Answer:
        """Who holds the network that `address` lies in: information, for the policy speaks of domains."""
        try:
            async with asyncio.timeout_at(self._ends):
                return await self._once(address, self._ask_network(address))
        except TimeoutError:
            return _LATE

    async def _find(self, name: str) -> Registered:
        bootstrap = await self._once(DOMAINS, DOMAINS.get(self._lists.fetch))
        registered = registrable(name)
        if bootstrap is not None:
            suffix = registered.partition(".")[2]
            registered = rdap.registered_name(name, [suffix, bootstrap.ending_of(name)])
        if not registered:
            return Registered("", None) if bootstrap is not None else Registered(name, _NO_LIST)
        return await self._once(registered, self._ask(bootstrap, registered))

    async def _once(self, key: object, work: Coroutine[Any, Any, T]) -> T:
        """The same for everybody who asks in this round; who gives up leaves the others theirs."""
        if key in self._tasks:
            work.close()
        else:
            self._tasks[key] = asyncio.ensure_future(work)
        found: T = await asyncio.shield(self._tasks[key])
        return found

    async def _ask(self, bootstrap: rdap.Bootstrap | None, name: str) -> Registered:
        answer = _NO_LIST if bootstrap is None else await rdap.ask_domain(self._fetch, bootstrap, name)
        RESTING.heed(answer)
        if answer.outcome in ELSEWHERE and NAME.fullmatch(name):
            first, second = await self._whois.ask_domain(name, ends=self._ends - MARGIN)
            return Registered(name, answer, whois=first, whois_registrar=second)
        if not rdap.sends_on(answer):
            return Registered(name, answer)
        registrars = await self._once(REGISTRARS, REGISTRARS.get(self._lists.fetch))
        registrar = await rdap.follow(self._fetch, answer, registrars)
        if registrar is not None:
            RESTING.heed(registrar)
        return Registered(name, answer, registrar)

    async def _ask_network(self, address: Address) -> rdap.Answer:
        networks = await self._once(NETWORKS, NETWORKS.get(self._lists.fetch))
        if networks is None:
            return _NO_LIST
        answer = await rdap.ask_ip(self._fetch, networks, address)
        RESTING.heed(answer)
        return answer

    async def _fetch(self, url: str, *, accept: str = "*/*") -> Page:
        host, ends = urlsplit(url).netloc.lower(), self._ends - MARGIN
        gate = self._gates.setdefault(host, asyncio.Semaphore(AT_ONCE))
        try:
            async with asyncio.timeout_at(ends):
                await gate.acquire()
        except TimeoutError:
            raise _no_turn(host) from None
        try:
            if RESTING.is_resting(host):
                return Page(url, 429, {"retry-after": "60"}, b"")
            if not await turn(self._may_ask, host, ends):
                raise _no_turn(host)
            return await self._fetcher.fetch(url, accept=accept)
        finally:
            gate.release()


_NO_LIST = rdap.Answer(Outcome.UNREACHABLE, "We could not learn which registry to ask who holds it.")
_LATE = rdap.Answer(Outcome.UNREACHABLE, "The registry did not answer in time.")


def _no_turn(host: str) -> Unfetched:
    return Unfetched(
        Why.LIMITED, f"We ask {host} one question after the other, and the turn of this one did not come in time."
    )


class Resting:
    """Which servers asked to be left alone, until when. Of this process; others learn it from the server themselves."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def heed(self, answer: rdap.Answer) -> None:
        if answer.rest and not self.is_resting(answer.host):
            self._until[answer.host] = time.monotonic() + answer.rest

    def is_resting(self, host: str) -> bool:
        return self._until.get(host, 0.0) > time.monotonic()


RESTING = Resting()
