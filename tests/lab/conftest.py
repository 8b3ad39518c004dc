"""A small world with one list and one path, and a plain DNS peer to ask it."""

from collections.abc import Callable, Iterator

import dns.message
import dns.query
import pytest

from lab.dns import DnsServer
from lab.world import World

PATIENCE = 20.0  # s, for a busy machine; nothing waits this long when all is well
ZEN = "zen.spamhaus.org"

Dig = Callable[..., dns.message.Message]


@pytest.fixture
def world() -> World:
    world = World()
    world.add_blocklist(ZEN)
    return world


@pytest.fixture
def server(world: World) -> Iterator[DnsServer]:
    with DnsServer(world) as server:
        yield server


@pytest.fixture
def dig(server: DnsServer) -> Dig:
    def ask(
        name: str, rdtype: str = "A", *, tcp: bool = False, timeout: float = PATIENCE, payload: int = 1232
    ) -> dns.message.Message:
        question = dns.message.make_query(name, rdtype, use_edns=payload > 0, payload=payload)
        send = dns.query.tcp if tcp else dns.query.udp
        return send(question, server.host, timeout=timeout, port=server.port)

    return ask
