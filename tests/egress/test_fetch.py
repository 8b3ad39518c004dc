"""The fetcher over real sockets: what comes, what is refused before a socket opens, and that it ends in time."""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from egress import guard
from egress.fetch import Fetcher, Page, Unfetched, Why
from tests.egress.web import Say, Web, certificates, plain
from tests.monitors.fakes import FakeWorld

LOOPBACK = (ip_network("127.0.0.1/32"),)
PUBLIC = "93.184.215.14"


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        return await work()

    return asyncio.run(main())


def names(**addresses: str) -> FakeWorld:
    """A DNS in which each name (with _ for a dot) has one address."""
    world = FakeWorld()
    for name, address in addresses.items():
        world.say(name.replace("_", "."), address, rdtype="AAAA" if ":" in address else "A")
    return world


def fetch(say: Say | bytes, path: str = "/", *, world: FakeWorld | None = None, **how: Any) -> tuple[Page, Web]:
    """One page of a server whose name is web.example."""

    async def work() -> tuple[Page, Web]:
        dns = world or names(web_example="127.0.0.1")
        async with Web(say) as web:
            fetcher = Fetcher(dns, allow=LOOPBACK, **how)
            return await fetcher.fetch(f"http://web.example:{web.port}{path}", accept="text/plain"), web

    found: tuple[Page, Web] = run(work)
    return found


def refused(url: str, world: FakeWorld | None = None, **how: Any) -> Unfetched:
    with pytest.raises(Unfetched) as caught:
        run(lambda: Fetcher(world or FakeWorld(), **how).fetch(url))
    return caught.value


def bad(say: Say | bytes, path: str = "/", **how: Any) -> Unfetched:
    with pytest.raises(Unfetched) as caught:
        fetch(say, path, **how)
    return caught.value


# ── what comes ──────────────────────────────────────────────────────────────
def test_a_page_comes_with_its_status_headers_and_body() -> None:
    page, web = fetch(plain(b"hello", "X-Kind: test"), "/a/b?c=d")
    assert (page.status, page.headers["x-kind"], page.body) == (200, "test", b"hello")
    assert web.paths == ["/a/b?c=d"]
    assert f"Host: web.example:{web.port}\r\n" in web.heads[0]
    assert "Accept: text/plain\r\n" in web.heads[0]
    assert "Cookie" not in web.heads[0]


def test_a_status_that_is_no_success_is_a_page_too() -> None:
    page, _ = fetch(plain(b"gone", status="404 Not Found"))
    assert (page.status, page.body) == (404, b"gone")


@pytest.mark.parametrize(
    "response",
    [
        plain(b"hello", length=False),  # until the connection ends
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + plain(b"hello"),
        plain(gzip.compress(b"hello"), "Content-Encoding: gzip"),
    ],
)
def test_a_body_may_end_in_every_way_that_http_knows(response: bytes) -> None:
    assert fetch(response)[0].body == b"hello"


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch(plain())[0].body == b"hello"


# ── where it must not be led ────────────────────────────────────────────────
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",  # noqa: S104
        "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:db8::1]", "198.18.0.1", "192.88.99.1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(host: str) -> None:
    assert refused(f"http://{host}/").why is Why.FORBIDDEN


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "017700000001", "localhost"])
def test_odd_spellings_of_loopback_are_names_like_any_other(host: str) -> None:
    assert refused(f"http://{host}/").why is Why.NO_NAME


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:10.0.0.1"])
def test_a_name_that_leads_to_such_an_address_is_refused(address: str) -> None:
    refusal = refused("https://inside.example/", names(inside_example=address))
    assert refusal.why is Why.FORBIDDEN
    assert "inside.example leads to" in str(refusal)


def test_one_bad_address_among_good_ones_is_enough_to_refuse() -> None:
    world = names(web_example=PUBLIC)
    world.say("web.example", "::1", rdtype="AAAA")
    assert refused("http://web.example/", world).why is Why.FORBIDDEN


def test_a_public_address_is_reached_on_the_ports_of_the_web_only() -> None:
    assert refused(f"http://{PUBLIC}:22/").why is Why.FORBIDDEN
    assert guard.may_connect(ip_address(PUBLIC), 443)
    assert guard.may_connect(ip_address("127.0.0.1"), 8043, LOOPBACK)
    assert not guard.may_connect(ip_address("127.0.0.2"), 8043, LOOPBACK)


@pytest.mark.parametrize(
    "to",
    ["http://127.0.0.2:{port}/secret", "http://10.0.0.1/", "//[::1]/", "ftp://web.example/", "http://inside.example/"],
)
def test_a_redirect_goes_through_the_same_gate(to: str) -> None:
    async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("sockname")[1]
        writer.write(plain(b"", f"Location: {to.format(port=port)}", status="302 Found"))

    world = names(web_example="127.0.0.1", inside_example="192.168.0.1")
    assert bad(say, world=world).why is Why.FORBIDDEN


def test_a_redirect_is_followed_and_a_circle_of_them_is_not() -> None:
    async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(plain(b"here") if path == b"/b" else plain(b"", "Location: /b", status="301 Moved"))

    page, web = fetch(say, "/a")
    assert (page.body, page.url.endswith("/b"), web.paths) == (b"here", True, ["/a", "/b"])
    assert bad(plain(b"", "Location: /a", status="302 Found")).why is Why.REDIRECTS


class Rebinding(FakeWorld):
    """Says 127.0.0.1 the first time it is asked for a name, and another machine's address ever after."""

    async def __call__(self, name: str, rdtype: str, *, path: int = 0) -> Any:
        found = await super().__call__(name, rdtype, path=path)
        if rdtype == "A":
            self.say(name, "127.0.0.2")
        return found


def test_a_name_that_changes_its_address_meanwhile_leads_nowhere_else() -> None:
    world = Rebinding()
    world.say("web.example", "127.0.0.1")
    page, web = fetch(plain(), world=world)
    assert (page.body, web.visits) == (b"hello", 1)
    assert [rdtype for _, rdtype, _ in world.asked] == ["A", "AAAA"]  # once: we connect to what was checked


@pytest.mark.parametrize(
    "url",
    ["ftp://web.example/", "file:///etc/passwd", "http://user:pw@web.example/", "http:///x", "http://web.example/a b",
     "http://web.example/\r\nX: y", "http://wéb.example/", "http://web.example:99999/", "gopher://x", ""],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert refused(url, names(web_example=PUBLIC)).why is Why.FORBIDDEN


# ── within limits ───────────────────────────────────────────────────────────
def test_a_name_without_an_address_is_told() -> None:
    refusal = refused("http://nobody.example/")
    assert (refusal.why, str(refusal)) == (Why.NO_NAME, "nobody.example has no address.")


def test_nobody_there_is_told() -> None:
    async def work() -> None:
        async with Web(plain()) as web:
            port = web.port
        await Fetcher(FakeWorld(), allow=LOOPBACK).fetch(f"http://127.0.0.1:{port}/")

    with pytest.raises(Unfetched) as caught:
        run(work)
    assert caught.value.why is Why.UNREACHABLE


async def drip_head(path: bytes, writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_body(path: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silence(path: bytes, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


@pytest.mark.parametrize("say", [drip_head, drip_body, silence])
def test_a_server_that_dawdles_is_left_in_time(say: Say) -> None:
    began = time.monotonic()
    assert bad(say, deadline=0.5).why is Why.TIMEOUT
    assert time.monotonic() - began < 3


async def flood(path: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


@pytest.mark.parametrize(
    "say",
    [
        flood,
        plain(b"x" * 2000),
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\nxx",
        plain(gzip.compress(b"x" * 5_000_000), "Content-Encoding: gzip"),
    ],
)
def test_more_than_we_want_to_read_is_not_read(say: Say | bytes) -> None:
    refusal = bad(say, limit=1000)
    assert refusal.why is Why.GARBLED
    assert "1,000 bytes" in str(refusal) or "5,000" not in str(refusal)


@pytest.mark.parametrize(
    "response",
    [
        b"220 mail.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        plain(b"hello", "Content-Encoding: br"),
        plain(b"hello", "Content-Encoding: gzip"),
        b"",
    ],
)
def test_what_is_no_answer_in_http_is_garbled(response: bytes) -> None:
    assert bad(response).why is Why.GARBLED


# ── TLS ─────────────────────────────────────────────────────────────────────
def over_tls(folder: Path, certified: str, asked: str, *, trusts: bool = True, say: bytes = b"") -> Page:
    server, client = certificates(folder, certified)

    async def work() -> Page:
        async with Web(say or plain(), tls=server) as web:
            world = names(**{asked.replace(".", "_"): "127.0.0.1"})
            fetcher = Fetcher(world, allow=LOOPBACK, tls=client if trusts else None)
            return await fetcher.fetch(f"https://{asked}:{web.port}/")

    page: Page = run(work)
    return page


def test_a_certificate_that_names_the_host_is_believed(tmp_path: Path) -> None:
    assert over_tls(tmp_path, "web.example", "web.example").body == b"hello"


@pytest.mark.parametrize(
    ("certified", "trusts"), [("other.example", True), ("127.0.0.1", True), ("web.example", False)]
)
def test_any_other_certificate_is_not(tmp_path: Path, certified: str, trusts: bool) -> None:
    with pytest.raises(Unfetched) as caught:
        over_tls(tmp_path, certified, "web.example", trusts=trusts)
    assert caught.value.why is Why.TLS


def test_what_speaks_no_tls_is_told(tmp_path: Path) -> None:
    _, client = certificates(tmp_path, "web.example")

    async def work() -> None:
        async with Web(b"220 hello\r\n") as web:
            fetcher = Fetcher(names(web_example="127.0.0.1"), allow=LOOPBACK, tls=client, deadline=2)
            await fetcher.fetch(f"https://web.example:{web.port}/")

    with pytest.raises(Unfetched) as caught:
        run(work)
    assert caught.value.why in (Why.TLS, Why.UNREACHABLE, Why.TIMEOUT)


def test_nothing_leads_from_https_to_http(tmp_path: Path) -> None:
    with pytest.raises(Unfetched, match="from https to http"):
        over_tls(
            tmp_path, "web.example", "web.example", say=plain(b"", "Location: http://web.example/", status="302 Found")
        )
