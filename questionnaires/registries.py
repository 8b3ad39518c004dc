"""Who holds a domain: which registry to ask, once a name, no faster than it likes. For one round of looks.

Knows which server stands for which ending from the list that SLUICE_RDAP_BOOTSTRAP names, and from nothing else. Reads
no answer: what it says of a holder is `monitors.probes.registration`'s. Touches no row.
"""

import asyncio
import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from egress import rdap
from egress.fetch import Fetcher, Page, Unfetched, trusting
from egress.resolver import Ask
from monitors.probes.names import registrable
from monitors.probes.registered import Registered

log = logging.getLogger(__name__)
AT_ONCE = 2  # questions to one registry at a time
BOOTSTRAP_LIMIT = 4 * 1024 * 1024  # bytes
FRESH = 24 * 3600.0  # s that the list of registries is believed without asking for it again
STALE = 48 * 3600.0  # s that it is believed when it cannot be had again
PAUSE = 300.0  # s before it is asked for again after a failure


class Registries:
    """Asks who holds a domain, each name once a round. Ends when the event loop's time is `ends`."""

    def __init__(self, ask: Ask, deadline: float, ends: float) -> None:
        self._ends = ends
        tls = trusting(settings.EGRESS_CA)
        self._fetcher = Fetcher(ask, allow=settings.EGRESS_ALLOW, tls=tls, deadline=deadline)
        self._list = Fetcher(ask, allow=settings.EGRESS_ALLOW, tls=tls, deadline=deadline, limit=BOOTSTRAP_LIMIT)
        self._bootstrap: asyncio.Task[rdap.Bootstrap | rdap.Answer] | None = None
        self._asked: dict[str, asyncio.Task[Registered]] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}

    async def ask(self, name: str) -> Registered:
        try:
            async with asyncio.timeout_at(self._ends):
                return await self._find(name)
        except TimeoutError:
            sentence = "The registry did not answer in time."
            return Registered(registrable(name) or name, rdap.Answer(rdap.Outcome.UNREACHABLE, sentence))

    async def _find(self, name: str) -> Registered:
        if self._bootstrap is None:
            self._bootstrap = asyncio.ensure_future(_bootstrap(self._list))
        bootstrap = await asyncio.shield(self._bootstrap)
        suffix = registrable(name).partition(".")[2]
        if isinstance(bootstrap, rdap.Answer):
            return Registered(registrable(name) or name, bootstrap)
        registered = rdap.registered_name(name, [suffix, bootstrap.ending_of(name)])
        if not registered:
            return Registered("", None)
        if registered not in self._asked:
            self._asked[registered] = asyncio.ensure_future(self._ask(bootstrap, registered))
        return await asyncio.shield(self._asked[registered])

    async def _ask(self, bootstrap: rdap.Bootstrap, name: str) -> Registered:
        answer = await rdap.ask_domain(self._fetch, bootstrap, name)
        RESTING.heed(answer)
        if answer.outcome is not rdap.Outcome.FOUND:
            return Registered(name, answer)
        second = await rdap.follow(self._fetch, answer)
        if second is not None:
            RESTING.heed(second)
        return Registered(name, answer, second)

    async def _fetch(self, url: str, *, accept: str = "*/*") -> Page:
        host = urlsplit(url).netloc.lower()
        async with self._gates.setdefault(host, asyncio.Semaphore(AT_ONCE)):
            if RESTING.is_resting(host):
                return Page(url, 429, {"retry-after": "60"}, b"")
            return await self._fetcher.fetch(url, accept=accept)


class Resting:
    """Which servers asked to be left alone, until when. Of this process; others learn it from the server themselves."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def heed(self, answer: rdap.Answer) -> None:
        if answer.outcome is rdap.Outcome.LIMITED and not self.is_resting(answer.host):
            self._until[answer.host] = time.monotonic() + answer.rest

    def is_resting(self, host: str) -> bool:
        return self._until.get(host, 0.0) > time.monotonic()


RESTING = Resting()


# ── which registry knows a name ─────────────────────────────────────────────
@dataclass(slots=True)
class _Kept:
    """The list of registries as last read, from where and when (monotonic s)."""

    place: str = ""
    bootstrap: rdap.Bootstrap | None = None
    read_at: float = 0.0
    failed_at: float | None = None
    fault: str = ""


_kept = _Kept()
_kept_lock = threading.Lock()


async def _bootstrap(fetcher: Fetcher) -> rdap.Bootstrap | rdap.Answer:
    """The list in force, or why there is none. It is kept a day; where it cannot be had anew, a second day."""
    global _kept
    place, now = settings.RDAP_BOOTSTRAP, time.monotonic()
    with _kept_lock:
        kept = _kept if _kept.place == place else _Kept(place)
    age = now - kept.read_at
    if kept.bootstrap and age < FRESH:
        return kept.bootstrap
    if kept.failed_at is None or now - kept.failed_at > PAUSE:
        try:
            kept = _Kept(place, await _read(fetcher, place), now)
        except (Unfetched, OSError, rdap.BootstrapRefused) as fault:
            log.warning("The list of RDAP servers, %s, cannot be had: %s", place, fault)
            kept = _Kept(place, kept.bootstrap, kept.read_at, now, str(fault))
        with _kept_lock:
            _kept = kept
    if kept.bootstrap and now - kept.read_at < STALE:
        return kept.bootstrap
    return rdap.Answer(rdap.Outcome.UNREACHABLE, "We could not learn which registry to ask who holds it.")


async def _read(fetcher: Fetcher, place: str) -> rdap.Bootstrap:
    if not place.startswith(("http://", "https://")):
        return rdap.Bootstrap.read(await asyncio.to_thread(Path(place).read_bytes))
    page = await fetcher.fetch(place, accept="application/json")
    if page.status != 200:
        raise rdap.BootstrapRefused(f"{urlsplit(place).hostname} answered with HTTP status {page.status}.")
    return rdap.Bootstrap.read(page.body)
