"""The pretend registries over port 43: who is asked where, in every mood."""

import socket
from collections.abc import Iterator

import pytest

from lab.registry import Registrant, Shield
from lab.run import Lab
from lab.whois import Role, WhoisServer
from lab.world import World
from tests.lab.conftest import PATIENCE


@pytest.fixture
def registry(world: World) -> Iterator[WhoisServer]:
    world.register("acme.example.com", Registrant("Acme Ltd", email="post@acme.example.com", phone="+442079460100"))
    with WhoisServer(world) as registry:
        yield registry


def ask(place: str, question: str, *, most: int = 1 << 20) -> str:
    host, port = place.split(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as client:
        client.sendall(question.encode() + b"\r\n")
        heard = b""
        while len(heard) < most and (piece := client.recv(65536)):
            heard += piece
    return heard.decode()


def place(registry: WhoisServer, role: Role) -> str:
    return f"127.0.0.1:{registry.ports[role]}"


def test_the_root_names_the_registry_and_the_registry_the_holder(registry: WhoisServer) -> None:
    registry_place = place(registry, Role.REGISTRY)
    assert f"whois:        {registry_place}\r\n" in ask(registry.root, "com")
    assert "0 objects" in ask(registry.root, "nowhere")
    record = ask(registry_place, "acme.example.com")
    assert "Registrant Organization: Acme Ltd\r\n" in record
    assert "Registrar WHOIS Server: \r\n" in record
    assert registry.asked == [(Role.ROOT, "com"), (Role.ROOT, "nowhere"), (Role.REGISTRY, "acme.example.com")]
    assert ask(registry_place, "birch.example.com").startswith("No match")


def test_a_thin_registry_leaves_the_holder_to_the_registrar(registry: WhoisServer) -> None:
    registry.world.register("acme.example.com", Registrant("Acme Ltd", shield=Shield.THIN))
    record = ask(place(registry, Role.REGISTRY), "acme.example.com")
    assert f"Registrar WHOIS Server: {place(registry, Role.REGISTRAR)}\r\n" in record
    assert "Acme Ltd" not in record
    assert "Acme Ltd" in ask(place(registry, Role.REGISTRAR), "acme.example.com")


@pytest.mark.parametrize("shield", [Shield.REDACTED, Shield.PROXY])
def test_a_shield_hides_the_holder(registry: WhoisServer, shield: Shield) -> None:
    registry.world.register("acme.example.com", Registrant("Acme Ltd", shield=shield))
    assert "Acme Ltd" not in ask(place(registry, Role.REGISTRY), "acme.example.com")


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        ("limited", "WHOIS LIMIT EXCEEDED"),
        ("inside", "Registrar WHOIS Server: 127.0.0.2:"),
        ("chain", "Registrar WHOIS Server: 127.0.0.1:"),
        ("long", "A" * 40_000),
        ("flood", "Registrant Organization: Acme Ltd"),
    ],
)
def test_moods(registry: WhoisServer, mood: str, says: str) -> None:
    registry.set_mood(mood)
    assert says in ask(place(registry, Role.REGISTRY), "acme.example.com", most=100_000)
    assert "whois:" in ask(registry.root, "com")


@pytest.mark.parametrize("mood", ["silent", "drip"])
def test_slow_moods(registry: WhoisServer, mood: str) -> None:
    registry.set_mood(mood)
    with socket.create_connection(("127.0.0.1", registry.ports[Role.REGISTRY]), timeout=0.3) as client:
        client.sendall(b"acme.example.com\r\n")
        if mood == "silent":
            with pytest.raises(TimeoutError):
                client.recv(1)
        else:
            assert client.recv(100) == b"D"


def test_an_unknown_mood_is_refused(registry: WhoisServer) -> None:
    with pytest.raises(ValueError, match="sulky"):
        registry.set_mood("sulky")


def test_the_lab_serves_its_vendors_registrations() -> None:
    with Lab() as lab:
        assert lab.whois_root == lab.whois.root
        record = ask(f"127.0.0.1:{lab.whois.ports[Role.REGISTRY]}", "brambleford.example")
        assert "Brambleford Mailings" in record
