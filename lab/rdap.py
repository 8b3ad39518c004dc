"""The pretend registries' RDAP server: one loopback port for all endings, and the bootstrap file that says so."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import json
from typing import Any
from urllib.parse import unquote

from lab.loops import Server
from lab.registry import as_rdap
from lab.world import World

MOST_OCTETS = 16 * 1024  # of a request
PATIENCE = 10.0  # s for a client that says nothing


class RdapMood(enum.StrEnum):
    """How the server answers."""

    NORMAL = "normal"
    SILENT = "silent"
    LIMITED = "limited"  # 429 with Retry-After
    DENIED = "denied"  # 403
    BROKEN = "broken"  # 200 with a web page


class RdapServer(Server):
    """Answers for the domains that the world has registered. `port` 0 takes a free one."""

    def __init__(self, world: World, *, port: int = 0) -> None:
        self.world = world
        self.port = port
        self.mood = RdapMood.NORMAL
        self.bootstrap_fails = False
        self.asked: list[str] = []
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[Any]] = set()

    @property
    def base(self) -> str:
        """Where the questions go, as "http://127.0.0.1:8043/rdap/"."""
        return f"http://127.0.0.1:{self.port}/rdap/"

    @property
    def bootstrap_url(self) -> str:
        """What SLUICE_RDAP_BOOTSTRAP takes; 127.0.0.1/32 must stand in SLUICE_EGRESS_ALLOW."""
        return f"http://127.0.0.1:{self.port}/dns.json"

    def set_mood(self, mood: str) -> None:
        """Say how it answers from the next question on."""
        self.mood = RdapMood(mood)

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            for visit in tuple(self._visits):
                visit.cancel()
            await asyncio.gather(*self._visits, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)
        try:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                path = unquote(head.split(b" ", 2)[1].decode("ascii", "replace"))
                self.asked.append(path)
                if self.mood is RdapMood.SILENT and path.startswith("/rdap/"):
                    await asyncio.sleep(PATIENCE)
                writer.write(self._answer(path))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
            pass  # a client that went away, or sent nothing that we know
        except asyncio.CancelledError:
            pass  # the server closes; asyncio reports visits that end cancelled as errors
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    def _answer(self, path: str) -> bytes:
        if path == "/dns.json" and self.bootstrap_fails:
            return _response(503, "text/plain", "Later.")
        if path == "/dns.json":
            return _response(200, "application/json", json.dumps(self._bootstrap()))
        match self.mood:
            case RdapMood.LIMITED:
                return _response(429, "text/plain", "Slow down.", "Retry-After: 120")
            case RdapMood.DENIED:
                return _response(403, "text/plain", "No.")
            case RdapMood.BROKEN:
                return _response(200, "text/html", "<h1>Moved</h1>")
        domain = path.removeprefix("/rdap/domain/")
        registrant = self.world.registrant_of(domain)
        if registrant is None:
            fault = {"errorCode": 404, "title": "Not found"}
            return _response(404, "application/rdap+json", json.dumps(fault))
        return _response(200, "application/rdap+json", json.dumps(as_rdap(domain, registrant, self.base)))

    def _bootstrap(self) -> dict[str, Any]:
        """RFC 9224: every ending below which the world has a registration."""
        return {
            "version": "1.0",
            "publication": "2026-11-01T00:00:00Z",
            "description": "The lab's registries",
            "services": [[list(self.world.endings()), [self.base]]],
        }


def _response(status: int, kind: str, body: str, *headers: str) -> bytes:
    octets = body.encode()
    lines = (f"HTTP/1.1 {status} Lab", f"Content-Type: {kind}", f"Content-Length: {len(octets)}", "Connection: close")
    return "\r\n".join((*lines, *headers, "", "")).encode() + octets
