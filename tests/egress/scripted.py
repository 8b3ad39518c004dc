"""A DNS server for the tests of egress: one function says what it sends back, over UDP and over TCP."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from egress.resolver import Path

Script = Callable[[dns.message.Message, bytes], bytes | list[bytes] | None]


def reply(
    query: dns.message.Message,
    *records: str,
    rcode: dns.rcode.Rcode = dns.rcode.NOERROR,
    authority: tuple[str, ...] = (),
    truncated: bool = False,
) -> bytes:
    """A response to `query`; records are written as in a zone file: "name ttl IN type data"."""
    response = dns.message.make_response(query)
    response.set_rcode(rcode)
    if truncated:
        response.flags |= dns.flags.TC
    for section, lines in ((response.answer, records), (response.authority, authority)):
        for line in lines:
            name, ttl, rdclass, rdtype, text = line.split(maxsplit=4)
            section.append(dns.rrset.from_text(name, int(ttl), rdclass, rdtype, text))
    return response.to_wire()


def name_of(query: dns.message.Message) -> str:
    """The name that was asked, without its final dot."""
    return query.question[0].name.to_text(omit_final_dot=True)


@contextlib.contextmanager
def black_hole() -> Iterator[Path]:
    """A server that takes every packet and says nothing, not even that nobody is there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield Path("127.0.0.1", sock.getsockname()[1])


class ScriptedServer:
    """Answers with what `script(query, packet)` returns: a packet, several, or None for silence.

    `over_tcp` scripts TCP; without it nobody listens there. `asked` keeps each UDP query's packet,
    `sources` the port it came from.
    """

    def __init__(self, script: Script, *, over_tcp: Script | None = None) -> None:
        self.script, self.over_tcp = script, over_tcp
        self.asked: list[bytes] = []
        self.asked_over_tcp = 0
        self.sources: list[int] = []

    async def __aenter__(self) -> Self:
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._sock.setblocking(False)
        self._sock.bind(("127.0.0.1", 0))
        self.path = Path("127.0.0.1", self._sock.getsockname()[1])
        self._listener = None
        if self.over_tcp:
            try:
                self._listener = await asyncio.start_server(self._serve_tcp, "127.0.0.1", self.path.port)
            except OSError:  # that port is free for UDP only
                self._sock.close()
                return await self.__aenter__()
        asyncio.get_running_loop().add_reader(self._sock, self._serve_udp)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._sock)
        self._sock.close()
        if self._listener:
            self._listener.close()
            await self._listener.wait_closed()

    def _serve_udp(self) -> None:
        packet, peer = self._sock.recvfrom(4096)
        self.asked.append(packet)
        self.sources.append(peer[1])
        answers = self.script(dns.message.from_wire(packet), packet)
        for answer in [answers] if isinstance(answers, bytes) else answers or []:
            self._sock.sendto(answer, peer)

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self.over_tcp
        self.asked_over_tcp += 1
        packet = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        answers = self.over_tcp(dns.message.from_wire(packet), packet)
        for answer in [answers] if isinstance(answers, bytes) else answers or []:
            writer.write(len(answer).to_bytes(2, "big") + answer)
        writer.close()


@contextlib.contextmanager
def serving(script: Script, *, over_tcp: Script | None = None) -> Iterator[ScriptedServer]:
    """A scripted server in a thread of its own, for code that runs an event loop itself."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = ScriptedServer(script, over_tcp=over_tcp)
    try:
        asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
        yield server
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
