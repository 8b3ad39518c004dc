"""What was asked of the pretend internet, for tests that count questions."""

from __future__ import annotations

import collections
import threading
from datetime import UTC, datetime
from typing import NamedTuple

import dns.rdatatype


class Asked(NamedTuple):
    """One question that reached a server; `server` like "127.0.0.1:5353"."""

    at: datetime
    name: str
    rdtype: str
    server: str
    tcp: bool


class QueryLog:
    """A counter and the last `kept` questions, oldest first; safe from any thread."""

    def __init__(self, kept: int = 1000) -> None:
        self._lock = threading.Lock()
        self._last: collections.deque[Asked] = collections.deque(maxlen=kept)
        self._count = 0

    def note(self, name: str, rdtype: int, server: str, *, tcp: bool) -> None:
        """Take down one question as it arrives, answered or not."""
        asked = Asked(datetime.now(UTC), name, _TYPES.get(rdtype, f"TYPE{rdtype}"), server, tcp)
        with self._lock:
            self._count += 1
            self._last.append(asked)

    @property
    def count(self) -> int:
        """Questions since the world began, repeats included."""
        return self._count

    def last(self, name: str | None = None) -> tuple[Asked, ...]:
        """The last questions: all, or those for one name (lower case, without the trailing dot)."""
        with self._lock:
            return tuple(asked for asked in self._last if name in (None, asked.name))


_TYPES = {int(kind): kind.name for kind in dns.rdatatype.RdataType}
