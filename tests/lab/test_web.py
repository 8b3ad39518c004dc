"""The pretend websites: who answers for which name, in every mood, over TLS with the lab's own authority."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.registry import Registrant
from lab.run import Lab
from lab.web import STRANGER, SiteMood, WebServer
from lab.world import World
from tests.lab.conftest import PATIENCE

NAME = "www.acme.example.com"


@pytest.fixture
def web(world: World) -> Iterator[WebServer]:
    world.register("acme.example.com", Registrant("Acme & Sons Ltd"))
    with WebServer(world) as web:
        yield web


def get(web: WebServer, path: str = "/", name: str = NAME, *, patience: float = PATIENCE) -> tuple[int, str]:
    trust = ssl.create_default_context(cafile=web.authority)
    with (
        socket.create_connection(("127.0.0.1", web.port), timeout=patience) as plain,
        trust.wrap_socket(plain, server_hostname=name) as secure,
    ):
        secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {name}:{web.port}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(secure)
        answer.begin()
        return answer.status, answer.read().decode()


def test_a_registered_domain_has_a_site_with_its_name_and_a_way_out(web: WebServer) -> None:
    status, page = get(web)
    assert status == 200
    assert "Acme &amp; Sons Ltd" in page
    assert 'href="/leave"' in page
    assert "Unsubscribe" in get(web, "/leave?u=7")[1]
    assert get(web, "/nowhere")[0] == 404
    assert get(web, name="acme.example.com")[0] == 200
    assert web.url_of(NAME, "/leave") == f"https://{NAME}:{web.port}/leave"


def test_a_name_that_nobody_registered_has_none(web: WebServer) -> None:
    assert get(web, name="www.other.example.com")[0] == 404


def test_its_authority_is_trusted_by_nobody_else_and_leaves_with_it(world: World) -> None:
    with WebServer(world) as web:
        place = Path(web.authority)
        assert place.exists()
        with (
            socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            ssl.create_default_context().wrap_socket(plain, server_hostname=NAME)
    assert not place.exists()
    assert web.authority == ""


@pytest.mark.parametrize(
    ("mood", "status", "says"),
    [
        ("parked", 200, "for sale"),
        ("missing", 404, "Not found"),
        ("blocked", 403, "human"),
        ("drawn", 200, "<script"),
        ("mute", 200, "sorry"),
        ("boxed", 200, "Welcome to nginx!"),
        ("failing", 500, "broke"),
        ("file", 200, "nothing that anybody reads"),
        ("away", 302, ""),
    ],
)
def test_moods(web: WebServer, mood: str, status: int, says: str) -> None:
    web.set_mood("acme.example.com", mood)
    found, page = get(web, "/leave")
    assert found == status
    assert says in page
    assert "Unsubscribe" not in page
    web.set_mood("acme.example.com", SiteMood.NORMAL)
    assert "Unsubscribe" in get(web, "/leave")[1]


def plain(web: WebServer, path: str = "/", name: str = NAME) -> tuple[int, str, str]:
    with socket.create_connection(("127.0.0.1", web.plain_port), timeout=PATIENCE) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {name}:{web.plain_port}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.getheader("Location") or "", answer.read().decode()


def test_without_tls_everybody_is_sent_on_but_where_there_is_nothing_else(web: WebServer) -> None:
    assert plain(web, "/about")[:2] == (301, web.url_of(NAME, "/about"))
    web.set_mood("acme.example.com", "plain")
    assert "Who we are" in plain(web, "/about")[2]
    with pytest.raises(ssl.SSLError):
        get(web)


def test_a_misnamed_site_shows_a_certificate_for_another_name(web: WebServer) -> None:
    web.set_mood("acme.example.com", "misnamed")
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        get(web)


def test_a_site_that_leads_away_leads_to_a_strangers(web: WebServer) -> None:
    assert "somebody else" in get(web, name=STRANGER)[1]


def test_a_deep_site_and_a_nameless_one_keep_their_words(web: WebServer) -> None:
    web.set_mood("acme.example.com", "deep")
    assert get(web)[1].count("<div>") == 400
    web.set_mood("acme.example.com", "nameless")
    assert "<footer>" not in get(web)[1]


def test_a_dripping_site_takes_its_time(web: WebServer) -> None:
    web.set_mood("acme.example.com", "drip")
    trust = ssl.create_default_context(cafile=web.authority)
    with (
        socket.create_connection(("127.0.0.1", web.port), timeout=PATIENCE) as connection,
        trust.wrap_socket(connection, server_hostname=NAME) as secure,
    ):
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
        assert [secure.recv(100) for _ in range(3)] == [b"H", b"T", b"T"]


def test_a_silent_site_says_nothing(web: WebServer) -> None:
    web.set_mood("acme.example.com", "silent")
    with pytest.raises(TimeoutError):
        get(web, patience=0.3)


def test_moods_and_domains_that_there_are_not_are_refused(web: WebServer) -> None:
    with pytest.raises(ValueError, match="There is no mood 'sulky' for a website; choose one of normal,"):
        web.set_mood("acme.example.com", "sulky")
    with pytest.raises(ValueError, match=r"Nobody has registered other\.example\.com"):
        web.set_mood("other.example.com", "parked")


def test_the_lab_serves_its_vendors_sites_and_moves_their_moods() -> None:
    with Lab() as lab:
        assert "Brambleford Mailings" in get(lab.web, name="www.brambleford.example")[1]
        verbs = lab.control._levers
        verbs.pull("site", {"domain": "brambleford.example", "mood": "missing"})
        assert get(lab.web, name="www.brambleford.example")[0] == 404
