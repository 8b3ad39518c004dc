"""Who was knocked at? A record of every connection that this process opens, and doors that count their visitors."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

Address = tuple[str, int]
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
_watching: list["Witness"] = []
_is_installed = False


class Witness:
    """What was seen: `connects` as (host, port), of UDP too, and `lookups` that the system was asked for."""

    def __init__(self) -> None:
        self.connects: list[Address] = []
        self.lookups: list[object] = []

    def connects_but(self, *fine: Address) -> list[Address]:
        """Those to anybody else."""
        return [one for one in self.connects if one not in fine]


@contextlib.contextmanager
def watching() -> Iterator[Witness]:
    """The interpreter itself tells of every `connect` (PEP 578): nothing that a caller does goes past it."""
    global _is_installed
    if not _is_installed:  # such a hook stays to the end of the process
        sys.addaudithook(_hear)
        _is_installed = True
    witness = Witness()
    _watching.append(witness)
    try:
        yield witness
    finally:
        _watching.remove(witness)


def _hear(event: str, words: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "socket.connect" and isinstance(words[1], tuple):
        for witness in _watching:
            witness.connects.append((words[1][0], words[1][1]))
    elif event in LOOKUPS and words[0] is not None and not _is_number(words[0]):
        for witness in _watching:
            witness.lookups.append(words[0])


def _is_number(host: object) -> bool:
    """Servers that are opened on a number make the system read it, which is no question to anybody."""
    return isinstance(host, str) and not host.strip("0123456789abcdef:.")


class Doors:
    """One port on several addresses of this machine; `visits` counts who came to each."""

    def __init__(self) -> None:
        self.port = 0
        self.visits: dict[str, int] = {}


@contextlib.asynccontextmanager
async def doors(*hosts: str, port: int = 0, banner: bytes = b"") -> AsyncIterator[Doors]:
    """Doors on `hosts`, at a free port unless given; ::1 is left out where there is no IPv6. They say `banner` and
    close."""
    found = Doors()
    found.port = port
    async with contextlib.AsyncExitStack() as stack:
        for host in hosts:

            async def visit(_: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str = host) -> None:
                found.visits[host] += 1
                writer.write(banner)
                writer.close()

            try:
                server = await asyncio.start_server(visit, host, found.port)
            except OSError:
                if host != "::1":
                    raise
                continue
            found.visits[host] = 0
            found.port = server.sockets[0].getsockname()[1]
            stack.callback(server.close)
        yield found
        await asyncio.sleep(0.02)  # whoever knocked is let in, and so counted
