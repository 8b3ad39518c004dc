"""Registries that mean harm, over WHOIS and RDAP: bounded in time and memory, no crash, nobody inside is knocked at,
and what is said in the end is something that no reader takes for a registration.

127.0.0.1 stands for the public, by the operator's word; 127.0.0.2 and ::1 are inside, and have a banner.
"""

import asyncio
import contextlib
import json
import socket
import struct
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from egress import rdap
from egress.fetch import Fetcher
from egress.rdap import Bootstrap, Networks, Outcome
from egress.whois import Answer, Whois
from tests.egress.port43 import Answers, Port43
from tests.egress.test_hostile_web import BOMB, MEMORY, SLACK, forever
from tests.egress.web import Say, Web, plain
from tests.egress.witness import doors, watching
from tests.monitors.fakes import FakeWorld

ALLOW = [ip_network("127.0.0.1/32")]
DEADLINE = 0.8  # s
BANNER = b"Registrant Organization: SECRET of the inside\r\n"
UNCHECKED = {Outcome.UNREACHABLE, Outcome.MALFORMED, Outcome.LIMITED, Outcome.DENIED, Outcome.NO_SERVER}
FULL = b"Domain Name: ACME.TEST\r\nRegistrant Organization: Acme Ltd\r\n"


def bounded(work: Callable[[int], Awaitable[Any]]) -> Any:
    """Runs `work(port)`, `port` being that of the doors inside; fails when it took too long, too much, or knocked."""

    async def main() -> Any:
        async with doors("127.0.0.2", "::1", banner=BANNER) as inside:
            began = time.monotonic()
            found = await work(inside.port)
            assert time.monotonic() - began < DEADLINE + SLACK
        assert sum(inside.visits.values()) == 0
        return found

    tracemalloc.start()
    try:
        with watching() as witness:
            found = asyncio.run(main())
        assert {host for host, _ in witness.connects} <= {"127.0.0.1"}
        assert witness.lookups == []
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert "SECRET" not in repr(found)
    return found


# ── port 43 ─────────────────────────────────────────────────────────────────
def whois(registry: Answers, registrar: Answers = FULL) -> tuple[Answer, Answer | None, Port43, Port43]:
    """In `registry`, INSIDE stands for the port of the doors inside, REGISTRAR for the place of the registrar."""

    async def work(inside: int) -> tuple[Answer, Answer | None, Port43, Port43]:
        async with Port43(b"") as root, Port43(registry) as one, Port43(registrar) as other:
            root.says = f"domain: TEST\nwhois: {one.place}\n".encode()
            for server, next_one in ((one, other), (other, one)):
                if isinstance(server.says, bytes):
                    said = server.says.replace(b"INSIDE", str(inside).encode()).replace(b"SELF", server.place.encode())
                    server.says = said.replace(b"REGISTRAR", next_one.place.encode())
            world = FakeWorld()
            world.say("inside.test", "127.0.0.2")
            world.say("both.test", "127.0.0.1")
            world.say("both.test", "::1", rdtype="AAAA")
            asked = Whois(world, root=root.place, allow=ALLOW, deadline=DEADLINE)
            return (*await asked.ask_domain("acme.test"), one, other)

    found: tuple[Answer, Answer | None, Port43, Port43] = bounded(work)
    return found


@pytest.mark.parametrize(
    "to",
    ["127.0.0.2", "127.0.0.2:INSIDE", "localhost", "inside.test:INSIDE", "inside.test", "both.test:INSIDE",
     "[::1]:INSIDE", "::1", "2130706434:INSIDE", "0x7f.2:INSIDE", "127.0.0.2:INSIDE/", "whois://127.0.0.2:INSIDE",
     "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.2]:INSIDE", "[64:ff9b::7f00:2]:INSIDE",
     "93.184.215.14:INSIDE", "93.184.215.14:80",
     "http://127.0.0.2:INSIDE/", "a@127.0.0.2:INSIDE", "127.0.0.2:INSIDE\0", "..", "-", "\u2764"],
)  # fmt: skip
def test_a_referral_leads_to_nobody_inside_and_the_registrys_word_stays(to: str) -> None:
    registry, registrar, _, _ = whois(b"Domain Name: ACME.TEST\r\nRegistrar WHOIS Server: " + to.encode() + b"\r\n")
    assert registry.outcome is Outcome.FOUND
    assert registrar
    assert registrar.outcome in UNCHECKED
    assert registrar.text == ""


def test_a_chain_of_referrals_ends_with_the_registrar() -> None:
    chain = b"Domain Name: ACME.TEST\r\nRegistrar WHOIS Server: "
    registry, registrar, one, other = whois(chain + b"REGISTRAR\r\n", chain + b"127.0.0.2:INSIDE\r\n")
    assert registry.outcome is Outcome.FOUND
    assert registrar
    assert registrar.outcome is Outcome.FOUND  # its own text, and nobody else's
    assert (len(one.asked), len(other.asked)) == (1, 1)


def test_a_circle_of_referrals_is_gone_once() -> None:
    _, _, one, other = whois(b"Registrar WHOIS Server: REGISTRAR\r\n", b"Registrar WHOIS Server: REGISTRAR\r\n")
    assert (len(one.asked), len(other.asked)) == (1, 1)


@pytest.mark.parametrize("to", [b"SELF", b"SELF/", b"whois://SELF"])
def test_a_registry_that_refers_to_itself_is_asked_once(to: bytes) -> None:
    _, registrar, one, _ = whois(b"Domain Name: ACME.TEST\r\nRegistrar WHOIS Server: " + to + b"\r\n")
    assert (registrar, len(one.asked)) == (None, 1)


async def hang_up(question: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"Registrant Organization: Acme")
    await writer.drain()
    with_a_reset = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, with_a_reset)
    writer.transport.abort()


BAD_TEXTS: dict[str, Answers] = {
    "silence": forever(b"", b"", 0.05),
    "a drip": forever(b"", b"x", 0.05),
    "a drip of lines": forever(FULL, b"a: b\r\n", 0.05),
    "a flood of lines": forever(FULL, b"Registrant Organization: Acme Ltd\r\n" * 1000),
    "a flood without a line": forever(b"", b"A" * 65536),
    "a flood of NULs": forever(b"", bytes(65536)),
    "a line of 40 KB": b"A" * 40_000,
    "two lines of 30 KB": b"Registrant Organization: " + b"A" * 30_000 + b"\r\n" + b"b" * 30_000,
    "a bomb": BOMB[:60_000],
    "nothing": b"",
    "empty lines": b"\r\n" * 1000,
    "NULs": bytes(1000),
    "half of it": hang_up,
}


@pytest.mark.parametrize("says", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_what_is_no_registration_is_not_found(says: Answers) -> None:
    registry, registrar, _, _ = whois(says)
    assert (registry.outcome in UNCHECKED, registrar) == (True, None)
    assert len(registry.text) <= 65536
    assert all(len(line) <= 500 and line.isprintable() for line in registry.text.split("\n"))


@pytest.mark.parametrize("says", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_bad_registrar_leaves_the_registrys_word_alone(says: Answers) -> None:
    registry, registrar, _, _ = whois(b"Domain Name: ACME.TEST\r\nRegistrar WHOIS Server: REGISTRAR\r\n", says)
    assert registry.outcome is Outcome.FOUND
    assert registrar
    assert registrar.outcome in UNCHECKED


def test_lines_that_are_too_long_are_cut_and_the_others_stay() -> None:
    registry, _, _, _ = whois(FULL + b"Terms: " + b"x" * 40_000 + b"\r\n")
    assert registry.outcome is Outcome.FOUND
    *lines, cut = registry.text.splitlines()
    assert lines == FULL.decode().splitlines()
    assert (len(cut), cut[-1]) == (500, "…")


def test_half_a_byte_sequence_and_odd_bytes_are_no_crash() -> None:
    registry, _, _, _ = whois(b"Domain Name: ACME.TEST\r\nX: \xff\xfe\x00\xe2\x82\r\n\xe2\x82")
    assert registry.outcome is Outcome.FOUND
    registry.text.encode()


# ── RDAP ────────────────────────────────────────────────────────────────────
ENTITY: dict[str, Any] = {"objectClassName": "entity", "roles": ["registrant"], "entities": []}


def domain(**more: object) -> dict[str, Any]:
    return {"objectClassName": "domain", "ldhName": "acme.test", **more}


def nested(depth: int) -> str:
    """Entities in entities, as text: no JSON library would write so many."""
    opening = '{"objectClassName": "entity", "roles": ["registrant"], "entities": ['
    return f'{{"objectClassName": "domain", "ldhName": "acme.test", "entities": [{opening * depth}{"]}" * depth}]}}'


def body(said: object) -> bytes:
    text = said if isinstance(said, str) else json.dumps(said)
    return plain(text.encode(), "Content-Type: application/rdap+json")


def ask_rdap(say: Say | bytes, kind: str = "domain", *, limit: int = 512 * 1024) -> tuple[rdap.Answer, Web]:
    async def work(inside: int) -> tuple[rdap.Answer, Web]:
        async with Web(say) as web:
            base = f"http://127.0.0.1:{web.port}/"
            fetch = Fetcher(FakeWorld(), allow=ALLOW, deadline=DEADLINE, limit=limit).fetch
            if kind == "domain":
                return await rdap.ask_domain(fetch, Bootstrap({"test": base}), "acme.test"), web
            networks = Networks({ip_network("192.0.2.0/24"): base})
            return await rdap.ask_ip(fetch, networks, ip_address("192.0.2.1")), web

    found: tuple[rdap.Answer, Web] = bounded(work)
    return found


async def in_circles(path: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(plain(b"", f"Location: {'/b' if path == b'/a' else '/a'}", status="302 Found"))


async def to_a_404(path: bytes, writer: asyncio.StreamWriter) -> None:
    to = "Location: http://127.0.0.2:1/domain/acme.test"
    writer.write(plain(b"", to, status="302 Found"))


HUGE = json.dumps(domain(remarks=["x" * 1000] * 1000))
BAD_ANSWERS: dict[str, Say | bytes] = {
    "huge JSON": body(HUGE),
    "endless JSON": forever(b"HTTP/1.1 200 OK\r\n\r\n" + b'{"objectClassName": "domain", "x": [', b"[]," * 20_000),
    "a drip of JSON": forever(b"HTTP/1.1 200 OK\r\n\r\n{", b'"a":1,', 0.05),
    "a packed bomb": plain(BOMB, "Content-Encoding: gzip", "Content-Type: application/rdap+json"),
    "brackets only": body("[" * 200_000),
    "a hundred thousand brackets, closed": body(
        '{"objectClassName": "domain", "x": ' + "[" * 99_999 + "]" * 99_999 + "}"
    ),
    "entities in entities": body(nested(2000)),
    "entities a little too deep": body(nested(60)),
    "NaN": body('{"objectClassName": "domain", "ldhName": "acme.test", "x": NaN}'),
    "Infinity": body('{"objectClassName": "domain", "ldhName": "acme.test", "x": -Infinity}'),
    "1e999": body('{"objectClassName": "domain", "ldhName": "acme.test", "x": 1e999}'),
    "a number of 100,000 digits": body('{"objectClassName": "domain", "x": ' + "1" * 100_000 + "}"),
    "half of it": body('{"objectClassName": "domain", "ldhName": "acme.te'),
    "an array": body([domain()]),
    "a string": body('"domain"'),
    "null": body("null"),
    "nothing": body(""),
    "bytes": plain(b"\xff\xfe\x00\x00" * 100, "Content-Type: application/rdap+json"),
    "another class": body(domain(objectClassName="entity")),
    "a class that is no text": body(domain(objectClassName=["domain"])),
    "another domain": body(domain(ldhName="other.test")),
    "a web page": plain(b"<html>" + json.dumps(domain()).encode(), "Content-Type: text/html"),
    "JSON that says it is a web page": plain(json.dumps(domain()).encode(), "Content-Type: text/html"),
    "a banner": BANNER,
    "an SMTP greeting": b"220 mail.test ESMTP\r\n",
    "too often": plain(b"{}", "Retry-After: 999999999999", status="429 Later"),
    "later": plain(b"{}", "Retry-After: nonsense", status="503 Later"),
    "forbidden": plain(b"{}", status="403 No"),
    "redirects in a circle": in_circles,
    "a redirect inside": to_a_404,
    "a redirect to a file": plain(b"", "Location: file:///etc/passwd", status="302 Found"),
}


@pytest.mark.parametrize("say", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
@pytest.mark.parametrize("kind", ["domain", "ip"])
def test_what_is_no_answer_is_not_found_and_not_missing(say: Say | bytes, kind: str) -> None:
    answer, _ = ask_rdap(say, kind)
    assert answer.outcome in UNCHECKED
    assert answer.answer is None
    assert 0 <= answer.rest <= 900


WRONG_TYPES: list[dict[str, Any]] = [
    domain(entities={"roles": "registrant"}, links={"rel": "related"}, notices="x", events=7, status={}),
    domain(entities=[None, 1, "x", [], {"roles": 7}, {"roles": ["registrar"], "publicIds": {"type": 1}}], links=[None]),
    domain(links=[{"rel": ["related"], "href": 7}, {"rel": "related", "type": rdap.ACCEPT, "href": {"a": 1}}]),
    domain(ldhName=7, unicodeName=[], handle={}),
    domain(ldhName="ACME.TEST.", vcardArray="vcard"),
    domain(**{"\0": "\0", "\ud800": "\udfff"}),
]


@pytest.mark.parametrize("said", WRONG_TYPES)
def test_an_answer_with_wrong_types_is_kept_and_breaks_nothing(said: dict[str, Any]) -> None:
    answer, _ = ask_rdap(body(said))
    assert answer.outcome is Outcome.FOUND
    kept = json.dumps(answer.answer, ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in kept
    kept.encode()
    assert rdap._registrar_id(answer.answer or {}) == ""
    assert asyncio.run(rdap.follow(_nobody, answer)) is None


async def _nobody(url: str, *, accept: str = "*/*") -> Any:
    raise AssertionError(url)


def test_of_a_name_that_stands_twice_the_last_counts() -> None:
    answer, _ = ask_rdap(body('{"objectClassName": "x", "objectClassName": "domain", "ldhName": "acme.test"}'))
    assert answer.outcome is Outcome.FOUND


# ── `related`: where a registry sends us on ─────────────────────────────────
RELATED = [
    "http://127.0.0.2:{inside}/domain/acme.test",
    "https://127.0.0.2:{inside}/domain/acme.test",
    "https://127.0.0.2/domain/acme.test",
    "https://[::1]:{inside}/domain/acme.test",
    "http://[::ffff:127.0.0.2]:{inside}/domain/acme.test",
    "http://inside.test:{inside}/domain/acme.test",
    "http://localhost:{inside}/domain/acme.test",
    "http://169.254.169.254/domain/acme.test",
    "http://93.184.215.14:8080/domain/acme.test",
    "http://a:b@127.0.0.2:{inside}/domain/acme.test",
    "http://a:b@127.0.0.1:{self}/domain/acme.test",
    "http://127.0.0.2:{inside}\\@web.test/domain/acme.test",
    "gopher://127.0.0.2:{inside}/domain/acme.test",
    "file:///domain/acme.test",
    "http://[/domain/acme.test",
    "http:///domain/acme.test",
    "http://127.0.0.2:99999/domain/acme.test",
]


@pytest.mark.parametrize("href", RELATED)
def test_a_related_link_leads_to_nobody_inside(href: str) -> None:
    async def work(inside: int) -> tuple[rdap.Answer, rdap.Answer | None]:
        async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
            url = href.format(inside=inside, self=web.port)
            writer.write(body(domain(links=[{"rel": "related", "type": rdap.ACCEPT, "href": url}])))

        async with Web(say) as web:
            world = FakeWorld()
            world.say("inside.test", "127.0.0.2")
            fetch = Fetcher(world, allow=ALLOW, deadline=DEADLINE).fetch
            base = Bootstrap({"test": f"http://127.0.0.1:{web.port}/"})
            first = await rdap.ask_domain(fetch, base, "acme.test")
            return first, await rdap.follow(fetch, first)

    first, second = bounded(work)
    assert first.outcome is Outcome.FOUND
    assert second is not None
    assert second.outcome in UNCHECKED


def test_a_registrar_that_sends_us_on_is_not_followed() -> None:
    async def work(inside: int) -> tuple[rdap.Answer | None, list[str], list[str]]:
        async with contextlib.AsyncExitStack() as stack:

            async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
                to = {"rel": "related", "type": rdap.ACCEPT, "href": f"http://127.0.0.1:{other.port}/domain/acme.test"}
                writer.write(body(domain(links=[to])))

            async def say_on(path: bytes, writer: asyncio.StreamWriter) -> None:
                to = {"rel": "related", "type": rdap.ACCEPT, "href": f"http://127.0.0.2:{inside}/domain/acme.test"}
                writer.write(body(domain(links=[to])))

            one, other = await stack.enter_async_context(Web(say)), await stack.enter_async_context(Web(say_on))
            fetch = Fetcher(FakeWorld(), allow=ALLOW, deadline=DEADLINE).fetch
            base = Bootstrap({"test": f"http://127.0.0.1:{one.port}/"})
            second = await rdap.follow(fetch, await rdap.ask_domain(fetch, base, "acme.test"))
        return second, one.paths, other.paths

    second, first_paths, second_paths = bounded(work)
    assert second.outcome is Outcome.FOUND
    assert second.is_unlisted
    assert (first_paths, second_paths) == (["/domain/acme.test"], ["/domain/acme.test"])
