"""IANA's lists of who is to be asked, each read once a day from where the settings say, for this process.

A list is kept a day; where it cannot be had anew, a second day, and no longer: servers change hands (decision 0009).
What stands in a list is `egress.bootstrap`'s to read. Touches no row.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from egress.bootstrap import Bootstrap, BootstrapRefused, Networks, Registrars
from egress.fetch import Fetch, Unfetched

log = logging.getLogger(__name__)
LIMIT = 4 * 1024 * 1024  # bytes of a list
FRESH = 24 * 3600.0  # s that a list is believed without asking for it again
STALE = 48 * 3600.0  # s that it is believed when it cannot be had again
PAUSE = 300.0  # s before it is asked for again after a failure
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """A list as last read, from where and when (monotonic s)."""

    places: Sequence[str] = ()
    found: T | None = None
    read_at: float = 0.0
    failed_at: float | None = None


class ServerList(Generic[T]):
    """One list. `places()` says which files or URLs it comes from, `read` makes it of their contents."""

    def __init__(self, places: Callable[[], Sequence[str]], read: Callable[..., T]) -> None:
        self._places, self._read = places, read
        self._kept: _Kept[T] = _Kept()
        self._lock = threading.Lock()

    async def get(self, fetch: Fetch) -> T | None:
        """The list in force; None when there is none to be believed."""
        places, now = self._places(), time.monotonic()
        with self._lock:
            kept = self._kept if self._kept.places == places else _Kept(places)
        if kept.found is not None and now - kept.read_at < FRESH:
            return kept.found
        if kept.failed_at is None or now - kept.failed_at > PAUSE:
            try:
                texts = await asyncio.gather(*(_text(fetch, place) for place in places))
                kept = _Kept(places, self._read(*texts), now)
            except (Unfetched, OSError, BootstrapRefused) as fault:
                log.warning("The list of servers at %s cannot be had: %s", " and ".join(places), fault)
                kept = _Kept(places, kept.found, kept.read_at, now)
            with self._lock:
                self._kept = kept
        return kept.found if now - kept.read_at < STALE else None


async def _text(fetch: Fetch, place: str) -> bytes:
    if "://" not in place:
        return await asyncio.to_thread(Path(place).read_bytes)
    page = await fetch(place)
    if page.status != 200:
        raise BootstrapRefused(f"{urlsplit(place).hostname} answered with HTTP status {page.status}.")
    return page.body


def _beside(place: str, name: str) -> str:
    return urljoin(place, name) if "://" in place else str(Path(place).with_name(name))


DOMAINS = ServerList(lambda: (settings.RDAP_BOOTSTRAP,), Bootstrap.read)
NETWORKS = ServerList(
    lambda: tuple(_beside(settings.RDAP_BOOTSTRAP, name) for name in ("ipv4.json", "ipv6.json")), Networks.read
)
REGISTRARS = ServerList(lambda: (settings.REGISTRAR_IDS,), Registrars.read)
