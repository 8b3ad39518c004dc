"""A DNS server over a World, UDP and TCP on one loopback port; several share a world as independent paths.

It can play a broken path as a whole (:class:`ServerMood`), beside the moods that the world's zones have.
Built replies are kept until the world or the mood changes, by everything in the packet but its id.
"""

from __future__ import annotations

import asyncio
import enum
import functools
import os
import random
import socket
import struct
from collections.abc import Callable
from typing import NamedTuple, cast

from dns.rcode import NXDOMAIN, REFUSED, SERVFAIL

from lab import resolving, wire
from lab.loops import Server
from lab.names import check_pace
from lab.world import World
from lab.zone import Reply, Zone

DRAIN = 64  # datagrams read in one turn of the loop, so that TCP and timers get theirs
LARGEST_QUESTION = 4096  # octets
KEPT_REPLIES = 50_000
RECEIVE_BUFFER = 4 << 20  # octets; bursts of a bulk scan wait here
PORT_TRIES = 20
TCP_LIMIT = 65535  # octets


class ServerMood(enum.StrEnum):
    """How a whole path behaves."""

    NORMAL = "normal"
    SILENT = "silent"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    NXDOMAIN_EVERYTHING = "nxdomain_everything"  # as one that is cut off from the internet's names
    STRICT_QNAME = "strict_qname"  # strict QNAME minimisation; see lab.resolving for this and the next two
    STRIP_LOOPBACK = "strip_loopback"
    REWRITE_NXDOMAIN = "rewrite_nxdomain"
    TRUNCATE = "truncate"  # TC on every UDP reply; TCP tells
    GARBAGE = "garbage"  # the right id, then noise
    IMPOSTOR = "impostor"  # a well-formed reply to another question


ANOTHER_QUESTION = wire.read(bytes.fromhex("0000 0100 0001 0000 0000 0000") + b"\5other\0\0\1\0\1")
RCODES = {ServerMood.SERVFAIL: SERVFAIL, ServerMood.REFUSED: REFUSED}


class _Prepared(NamedTuple):
    """A reply without its id (None: silence), and what the log keeps of the question."""

    tail: bytes | None
    delay: float
    loss: float
    name: str
    rdtype: int


class DnsServer(Server):
    """One path into the world. `port` 0 takes a free one, for UDP and TCP; `seed` decides the losses."""

    def __init__(self, world: World, *, host: str = "127.0.0.1", port: int = 0, seed: int = 0) -> None:
        self.world = world
        self.host = host
        self.port = port
        self.mood = ServerMood.NORMAL
        self.delay = 0.0
        self.loss = 0.0
        self._chance = random.Random(seed)
        self._mood_version = 0
        self._kept: dict[tuple[bool, bytes], _Prepared] = {}
        self._kept_for = (0, 0)
        self._udp: socket.socket | None = None
        self._tcp: asyncio.Server | None = None
        self._streams: set[asyncio.Transport] = set()

    @property
    def address(self) -> str:
        """Host and port, as "127.0.0.1:5353" or "[::1]:5353"."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def set_mood(self, mood: str, *, delay: float = 0.0, loss: float = 0.0) -> None:
        """Say how the path behaves from the next packet on; `delay` in seconds, `loss` from 0 to 1."""
        try:
            chosen = ServerMood(mood)
        except ValueError:
            known = ", ".join(ServerMood)
            raise ValueError(f"There is no mood {mood!r} for a server; choose one of {known}.") from None
        check_pace(delay, loss)
        self.mood, self.delay, self.loss = chosen, delay, loss
        self._mood_version += 1

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._udp, listener = _bind(self.host, self.port)
        self.port = self._udp.getsockname()[1]
        self._tcp = await loop.create_server(lambda: _Stream(self.answer, self._streams), sock=listener)
        loop.add_reader(self._udp, self._drain, self._udp)

    async def close(self) -> None:
        if self._udp is not None:
            asyncio.get_running_loop().remove_reader(self._udp)
            self._udp.close()
            self._udp = None
        if self._tcp is not None:
            self._tcp.close()
            for stream in tuple(self._streams):
                stream.abort()
            await self._tcp.wait_closed()
            self._tcp = None
            await asyncio.sleep(0)  # the aborted streams close in the loop's next turn

    def _drain(self, udp: socket.socket) -> None:
        for _ in range(DRAIN):
            try:
                packet, peer = udp.recvfrom(LARGEST_QUESTION)
            except OSError:  # nothing left, or an ICMP error of an earlier reply
                return
            self.answer(packet, functools.partial(_send, udp, peer), tcp=False)

    def answer(self, packet: bytes, send: Callable[[bytes], None], *, tcp: bool) -> None:
        """Answer one packet through `send`: now, later or never, as the moods say."""
        now_for = (self.world.version, self._mood_version)
        if now_for != self._kept_for or len(self._kept) > KEPT_REPLIES:
            self._kept.clear()
            self._kept_for = now_for
        key = (tcp, packet[2:])
        prepared = self._kept.get(key)
        if prepared is None:
            try:
                prepared = self._kept[key] = self._prepare(wire.read(packet), tcp=tcp)
            except wire.NotAQuestion:
                return
        self.world.queries.note(prepared.name, prepared.rdtype, self.address, tcp=tcp)
        if prepared.tail is None or (prepared.loss and self._chance.random() < prepared.loss):
            return
        reply = packet[:2] + prepared.tail
        if prepared.delay:
            asyncio.get_running_loop().call_later(prepared.delay, send, reply)
        else:
            send(reply)

    def _prepare(self, query: wire.Query, *, tcp: bool) -> _Prepared:
        reply = self._reply(query)
        limit = TCP_LIMIT if tcp else query.udp_limit
        if self.mood is ServerMood.TRUNCATE and not tcp:
            limit = 0
        shown = ANOTHER_QUESTION if self.mood is ServerMood.IMPOSTOR else query
        tail = None if reply.is_silent else wire.write(shown, reply, limit=limit)
        if self.mood is ServerMood.GARBAGE:
            tail = b"\x81\x80" + os.urandom(23)
        loss = 1 - (1 - reply.loss) * (1 - self.loss)
        return _Prepared(tail, reply.delay + self.delay, loss, query.name, query.rdtype)

    def _reply(self, query: wire.Query) -> Reply:
        if query.fault:
            return Reply(query.fault)
        match self.mood:
            case ServerMood.SILENT:
                return Reply(is_silent=True)
            case ServerMood.SERVFAIL | ServerMood.REFUSED:
                return Reply(RCODES[self.mood])
            case ServerMood.NXDOMAIN_EVERYTHING:
                return Zone("").nothing(NXDOMAIN, self.world.ttl)
            case ServerMood.STRICT_QNAME:
                return resolving.label_by_label(self.world, query.name, query.rdtype)
        reply = self.world.answer(query.name, query.rdtype)
        match self.mood:
            case ServerMood.STRIP_LOOPBACK:
                return resolving.without_loopback(reply)
            case ServerMood.REWRITE_NXDOMAIN:
                return resolving.with_signpost(reply, query.name, query.rdtype)
        return reply


class _Stream(asyncio.Protocol):
    """One TCP connection: questions and replies, each behind its length in two octets (RFC 1035, 4.2.2)."""

    def __init__(self, answer: Callable[..., None], streams: set[asyncio.Transport]) -> None:
        self._answer = answer
        self._streams = streams
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._streams.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._streams.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while len(self._pending) >= 2:
            end = 2 + int.from_bytes(self._pending[:2], "big")
            if len(self._pending) < end:
                return
            packet, self._pending = self._pending[2:end], self._pending[end:]
            self._answer(packet, self._send, tcp=True)

    def _send(self, reply: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(struct.pack("!H", len(reply)) + reply)


def _send(udp: socket.socket, peer: tuple[object, ...], reply: bytes) -> None:
    try:
        udp.sendto(reply, peer)
    except OSError:
        return  # a full buffer or a closed socket loses a datagram, as a network does


def _bind(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A UDP and a TCP socket on one port; the TCP twin of a free UDP port may be taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for attempt in range(PORT_TRIES):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        try:
            udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            udp.bind((host, port))
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tcp.bind((host, udp.getsockname()[1]))
            udp.setblocking(False)
        except OSError:
            udp.close()
            tcp.close()
            if port or attempt == PORT_TRIES - 1:
                raise
        else:
            return udp, tcp
    raise AssertionError("unreachable")
