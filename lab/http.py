"""A server of pages on a loopback port: one request, one answer, then the connection ends."""

from __future__ import annotations

import abc
import asyncio
import contextlib
import ssl
from typing import Any
from urllib.parse import unquote

from lab.loops import Server

PATIENCE = 10.0  # s for a client that says nothing, or is left without an answer


class HttpServer(Server):
    """`port` 0 takes a free one."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self.asked: list[str] = []
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[Any]] = set()

    @abc.abstractmethod
    def answer(self, host: str, path: str) -> bytes | None:
        """The whole response; None for silence."""

    def tls(self) -> ssl.SSLContext | None:
        """How it is encrypted; not at all unless a server says."""
        return None

    async def send(self, writer: asyncio.StreamWriter, response: bytes, host: str) -> None:
        """Put a response on the wire, at once unless a server says."""
        writer.write(response)
        await writer.drain()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._visit, "127.0.0.1", self.port, ssl=self.tls())
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
                head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii", "replace")
                path = unquote(head.split(" ", 2)[1])
                self.asked.append(path)
                response = self.answer(_host(head), path)
                if response is None:
                    await asyncio.sleep(PATIENCE)
                else:
                    await self.send(writer, response, _host(head))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
            pass  # a client that went away, or sent nothing that we know
        except asyncio.CancelledError:
            pass  # the server closes; asyncio reports visits that end cancelled as errors
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


def response(status: int, kind: str, body: str, *headers: str) -> bytes:
    octets = body.encode()
    lines = (f"HTTP/1.1 {status} Lab", f"Content-Type: {kind}", f"Content-Length: {len(octets)}", "Connection: close")
    return "\r\n".join((*lines, *headers, "", "")).encode() + octets


def _host(head: str) -> str:
    """The Host header's name without its port, in lower case."""
    named = (line.partition(":")[2] for line in head.split("\r\n") if line.lower().startswith("host:"))
    return next(named, "").strip().partition(":")[0].lower()
