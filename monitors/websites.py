"""Pages of vendors, fetched for one round of looks: each address once, few at a time of one host, and in time.

Reads nothing: what a page says is `monitors.probes.website`'s. Touches no row.
"""

import asyncio
import ssl
from functools import cache

from django.conf import settings

from egress.fetch import Fetcher, trusting
from egress.resolver import Ask
from monitors.probes import website
from monitors.probes.names import host_of
from monitors.probes.site.crawl import Ports
from monitors.probes.website import State, Website

AT_ONCE = 2  # pages of one host at a time
LIMIT = 1024 * 1024  # bytes of a page


def ports() -> Ports:
    """Where websites listen: the web's own two ports, unless the settings name those of a laboratory."""
    https, http = settings.WEB_PORTS
    return Ports(https, http)


@cache
def blind_trust() -> ssl.SSLContext:
    """Looks at no certificate: for what is only shown beside one that is refused, and counts for nothing."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Websites:
    """Visits pages. Ends when the event loop's time is `ends`."""

    def __init__(self, ask: Ask, deadline: float, ends: float) -> None:
        tls = trusting(settings.EGRESS_CA)
        self._fetcher = Fetcher(ask, allow=settings.EGRESS_ALLOW, tls=tls, deadline=deadline, limit=LIMIT)
        self._ends = ends
        self._visits: dict[str, asyncio.Task[Website]] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}

    async def visit(self, url: str) -> Website:
        """What came of the address, whose fragment no server sees."""
        url = url.partition("#")[0]
        if url not in self._visits:
            self._visits[url] = asyncio.ensure_future(self._visit(url))
        try:
            async with asyncio.timeout_at(self._ends):
                return await asyncio.shield(self._visits[url])
        except TimeoutError:
            return Website(url, State.UNREACHABLE, f"{host_of(url)} did not answer in time.")

    async def _visit(self, url: str) -> Website:
        async with self._gates.setdefault(host_of(url), asyncio.Semaphore(AT_ONCE)):
            return await website.look(self._fetcher.fetch, url)

    async def close(self) -> None:
        for task in self._visits.values():
            task.cancel()
        await asyncio.gather(*self._visits.values(), return_exceptions=True)
