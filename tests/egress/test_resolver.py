"""The resolver against real sockets on loopback: what it asks, what it believes, what it survives."""

import asyncio
import json
import socket
import threading
import time
from datetime import UTC, datetime
from typing import Any

import dns.message
import dns.rcode
import pytest

from egress.answer import Answer, Outcome
from egress.resolver import Path, Resolver
from tests.egress.scripted import Script, ScriptedServer, black_hole, name_of, reply

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def ask(
    script: Script,
    name: str = "host.example",
    rdtype: str = "A",
    *,
    over_tcp: Script | None = None,
    **limits: Any,
) -> tuple[Answer, ScriptedServer]:
    """One question to a scripted server."""

    async def run() -> tuple[Answer, ScriptedServer]:
        async with (
            ScriptedServer(script, over_tcp=over_tcp) as server,
            Resolver([server.path], now=lambda: NOON, **limits) as resolver,
        ):
            return await resolver.ask(name, rdtype), server

    return asyncio.run(run())


def listed(query: dns.message.Message, _: bytes = b"") -> bytes:
    return reply(query, f"{name_of(query)}. 300 IN A 127.0.0.2", f"{name_of(query)}. 300 IN A 127.0.0.4")


def test_an_answer_carries_everything_that_was_seen() -> None:
    answer, server = ask(listed, "Host.Example.")

    assert answer.name == answer.canonical == "host.example"
    assert answer.outcome is Outcome.ANSWER
    assert answer.records == ("127.0.0.2", "127.0.0.4")
    assert (answer.ttl, answer.rcode, answer.tries, answer.tcp) == (300, "NOERROR", 1, False)
    assert answer.server == str(server.path)
    assert answer.at == NOON
    assert 0 < answer.elapsed < 60


def test_the_evidence_of_an_answer_survives_json() -> None:
    answer, _ = ask(listed)

    kept = json.loads(json.dumps(answer.evidence()))

    assert kept["outcome"] == "answer"
    assert kept["records"] == ["127.0.0.2", "127.0.0.4"]
    assert kept["at"] == "2026-11-21T12:00:00+00:00"
    assert set(kept) == set(Answer.__slots__)


@pytest.mark.parametrize(
    ("rcode", "outcome"),
    [
        (dns.rcode.NOERROR, Outcome.NODATA),
        (dns.rcode.NXDOMAIN, Outcome.NXDOMAIN),
        (dns.rcode.SERVFAIL, Outcome.SERVFAIL),
        (dns.rcode.REFUSED, Outcome.REFUSED),
        (dns.rcode.NOTIMP, Outcome.SERVFAIL),
    ],
)
def test_each_response_code_is_its_own_outcome(rcode: dns.rcode.Rcode, outcome: Outcome) -> None:
    answer, server = ask(lambda query, _: reply(query, rcode=rcode))

    assert answer.outcome is outcome
    assert answer.rcode == dns.rcode.to_text(rcode)
    assert len(server.asked) == 1


def test_silence_is_a_timeout_after_the_tries_are_used_up() -> None:
    answer, server = ask(lambda *_: None, timeout=0.05, tries=3)

    assert answer.outcome is Outcome.TIMEOUT
    assert answer.rcode is None
    assert answer.tries == len(server.asked) == 3


def test_the_lifetime_ends_a_question_whose_tries_are_not_used_up() -> None:
    answer, server = ask(lambda *_: None, timeout=0.2, lifetime=0.3, tries=9)

    assert answer.outcome is Outcome.TIMEOUT
    assert len(server.asked) == answer.tries < 9


def test_hundreds_of_questions_to_a_silent_server_are_all_over_within_one_lifetime() -> None:
    async def run() -> list[Answer]:
        with black_hole() as path:
            async with Resolver([path], timeout=0.4, lifetime=1.0, in_flight=50) as resolver:
                return await asyncio.gather(*(resolver.ask(f"n{n}.example", "A") for n in range(600)))

    began = time.monotonic()
    answers = asyncio.run(run())

    assert time.monotonic() - began < 4
    assert {answer.outcome for answer in answers} == {Outcome.TIMEOUT}
    assert min(answer.tries for answer in answers) == 0  # their turn never came
    assert max(answer.elapsed for answer in answers) < 3


def test_a_question_that_was_given_up_leaves_its_turn_to_the_next() -> None:
    def script(query: dns.message.Message, _: bytes) -> bytes | None:
        return None if name_of(query).startswith("silent") else listed(query)

    async def run() -> Answer:
        async with (
            ScriptedServer(script) as server,
            Resolver([server.path], timeout=0.2, lifetime=0.3, in_flight=4) as resolver,
        ):
            await asyncio.gather(*(resolver.ask(f"silent{n}.example", "A") for n in range(20)))
            return await resolver.ask("host.example", "A")

    assert asyncio.run(run()).outcome is Outcome.ANSWER


def test_a_lost_answer_is_asked_for_again_with_another_id() -> None:
    lost: list[bytes] = []

    def script(query: dns.message.Message, packet: bytes) -> bytes | None:
        if not lost:
            lost.append(packet)
            return None
        return listed(query)

    answer, server = ask(script, timeout=0.1)

    assert (answer.outcome, answer.tries) == (Outcome.ANSWER, 2)
    assert server.asked[0][2:] == server.asked[1][2:]
    assert (server.asked[0][:2], server.sources[0]) != (server.asked[1][:2], server.sources[1])


def test_a_late_answer_to_an_early_try_is_taken() -> None:
    early: list[dns.message.Message] = []
    repeated = asyncio.Event()

    def script(query: dns.message.Message, _: bytes) -> None:
        early.append(query)
        if len(early) == 2:
            repeated.set()

    async def run() -> Answer:
        async with (
            ScriptedServer(script) as server,
            Resolver([server.path], timeout=0.1, tries=20) as resolver,
        ):
            asking = asyncio.create_task(resolver.ask("host.example", "A"))
            await repeated.wait()
            server._sock.sendto(listed(early[0]), ("127.0.0.1", server.sources[0]))
            return await asking

    answer = asyncio.run(run())
    assert answer.outcome is Outcome.ANSWER
    assert answer.tries >= 2


def test_a_port_where_nobody_listens_is_unreachable_and_not_an_exception() -> None:
    async def run() -> Answer:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
            closed.bind(("127.0.0.1", 0))
            path = Path("127.0.0.1", closed.getsockname()[1])
        async with Resolver([path], timeout=30, lifetime=60) as resolver:
            return await resolver.ask("host.example", "A")

    answer = asyncio.run(run())
    assert (answer.outcome, answer.tries, answer.rcode) == (Outcome.UNREACHABLE, 3, None)


def test_a_server_that_starts_late_is_found_by_the_next_try() -> None:
    async def run() -> Answer:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        async with Resolver([Path("127.0.0.1", port)], timeout=30, lifetime=60, tries=100) as resolver:
            asking = asyncio.create_task(resolver.ask("host.example", "A"))
            await asyncio.sleep(0.05)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.bind(("127.0.0.1", port))
                sock.setblocking(False)
                packet, peer = await asyncio.get_running_loop().sock_recvfrom(sock, 512)
                sock.sendto(listed(dns.message.from_wire(packet)), peer)
                return await asking

    assert asyncio.run(run()).outcome is Outcome.ANSWER


def test_a_server_that_cannot_be_routed_to_is_unreachable() -> None:
    async def run() -> Answer:
        async with Resolver([Path("255.255.255.255", 53)]) as resolver:  # connect() refuses a broadcast address
            return await resolver.ask("host.example", "A")

    assert asyncio.run(run()).outcome is Outcome.UNREACHABLE


def test_an_answer_to_another_question_or_with_another_id_is_not_believed() -> None:
    def script(query: dns.message.Message, packet: bytes) -> list[bytes]:
        good = listed(query)
        other = dns.message.make_query("evil.example", "A", id=query.id)
        return [
            bytes((good[0] ^ 1,)) + good[1:],
            listed(other),
            packet,  # our own question, echoed
            good[:2],
            good[:11],
            b"",
            reply(query, "host.example. 60 IN A 192.0.2.66")[:2] + b"\xff" * 60,
        ]

    answer, _ = ask(script, timeout=0.05, tries=2)

    assert answer.outcome is Outcome.MALFORMED
    assert answer.records == ()


def test_the_true_answer_counts_after_any_number_of_false_ones() -> None:
    answer, _ = ask(lambda query, packet: [b"\0" * 40, packet[:2] + b"\xff" * 30, listed(query)])

    assert answer.records == ("127.0.0.2", "127.0.0.4")


def test_an_answer_from_another_port_never_arrives() -> None:
    def script(query: dns.message.Message, packet: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forger:
            forger.bind(("127.0.0.1", 0))
            forger.sendto(listed(query), ("127.0.0.1", server_box[0].sources[-1]))

    server_box: list[ScriptedServer] = []

    async def run() -> Answer:
        async with (
            ScriptedServer(script) as server,
            Resolver([server.path], timeout=0.05, tries=2) as resolver,
        ):
            server_box.append(server)
            return await resolver.ask("host.example", "A")

    assert asyncio.run(run()).outcome is Outcome.TIMEOUT


def test_a_truncated_answer_is_fetched_whole_over_tcp() -> None:
    def whole(query: dns.message.Message, _: bytes) -> bytes:
        return reply(query, *(f"host.example. 60 IN TXT {'x' * 200}{n}" for n in range(250)))

    answer, server = ask(lambda query, _: reply(query, truncated=True), rdtype="TXT", over_tcp=whole)

    assert (answer.outcome, answer.tcp, answer.tries) == (Outcome.ANSWER, True, 1)
    assert len(answer.records) == 250
    assert server.asked_over_tcp == 1


def test_a_truncated_answer_with_nobody_at_tcp_is_unreachable() -> None:
    answer, _ = ask(lambda query, _: reply(query, "host.example. 60 IN A 127.0.0.2", truncated=True))

    assert (answer.outcome, answer.records, answer.tcp) == (Outcome.UNREACHABLE, (), True)


@pytest.mark.parametrize(
    ("over_tcp", "outcome"),
    [
        (lambda query, packet: [packet], Outcome.MALFORMED),
        (lambda query, packet: None, Outcome.MALFORMED),  # the connection ends without an answer
        (lambda query, packet: packet[:2] + listed(query)[2:20], Outcome.MALFORMED),
    ],
)
def test_nonsense_over_tcp_is_malformed(over_tcp: Script, outcome: Outcome) -> None:
    answer, _ = ask(lambda query, _: reply(query, truncated=True), over_tcp=over_tcp)

    assert answer.outcome is outcome


def test_a_hundred_questions_at_once_each_get_their_own_answer_from_scattered_ports() -> None:
    def script(query: dns.message.Message, _: bytes) -> bytes:
        return reply(query, f"{name_of(query)}. 60 IN TXT {name_of(query)}")

    async def run() -> tuple[list[Answer], ScriptedServer]:
        async with ScriptedServer(script) as server, Resolver([server.path], in_flight=7) as resolver:
            asks = (resolver.ask(f"n{n}.example", "TXT") for n in range(100))
            return await asyncio.gather(*asks), server

    answers, server = asyncio.run(run())
    assert [answer.records for answer in answers] == [(f"n{n}.example",) for n in range(100)]
    assert len(set(server.sources)) > 4
    assert len({packet[:2] for packet in server.asked}) > 90


def test_paths_are_never_mixed_and_are_counted_round() -> None:
    async def run() -> list[Answer]:
        async with (
            ScriptedServer(listed) as one,
            ScriptedServer(lambda query, _: reply(query, rcode=dns.rcode.NXDOMAIN)) as two,
            Resolver([one.path, two.path]) as resolver,
        ):
            return [await resolver.ask("host.example", "A", path=path) for path in range(3)]

    first, second, third = asyncio.run(run())
    assert (first.outcome, second.outcome, third.outcome) == ("answer", "nxdomain", "answer")
    assert first.server == third.server != second.server


def test_a_cancelled_question_leaves_the_others_alone() -> None:
    heard = asyncio.Event()

    def script(query: dns.message.Message, _: bytes) -> bytes | None:
        heard.set()
        return None if name_of(query) == "silent.example" else listed(query)

    async def run() -> Answer:
        async with ScriptedServer(script) as server, Resolver([server.path], in_flight=1) as resolver:
            silent = asyncio.create_task(resolver.ask("silent.example", "A"))
            waiting = asyncio.create_task(resolver.ask("host.example", "A"))
            await heard.wait()
            silent.cancel()
            return await waiting

    assert asyncio.run(run()).outcome is Outcome.ANSWER


def test_a_resolver_works_in_the_event_loop_of_any_thread() -> None:
    seen: list[Answer] = []
    threads = [threading.Thread(target=lambda: seen.append(ask(listed)[0])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.outcome for answer in seen] == [Outcome.ANSWER] * 3


def test_a_name_that_cannot_be_asked_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(ValueError, match="empty label"):
        ask(listed, "two..dots")


def test_a_resolver_needs_a_server() -> None:
    with pytest.raises(ValueError, match="at least one server"):
        Resolver([])


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("127.0.0.1:5353", Path("127.0.0.1", 5353)),
        ("127.0.0.1", Path("127.0.0.1", 53)),
        (" localhost:5353 ", Path("127.0.0.1", 5353)),
        ("[::1]:53", Path("::1", 53)),
        ("[2001:DB8::1]", Path("2001:db8::1", 53)),
        ("::1", Path("::1", 53)),
    ],
)
def test_a_path_is_read_from_what_an_operator_writes(text: str, path: Path) -> None:
    assert Path.parse(text) == path
    assert Path.parse(str(path)) == path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' is not an IP address"),
        ("dns.example:53", "not an IP address"),
        ("127.0.0.1:0", "between 1 and 65535"),
        ("127.0.0.1:99999", "between 1 and 65535"),
        ("127.0.0.1:dns", "write ADDRESS:PORT"),
        ("300.1.1.1:53", "not an IP address"),
    ],
)
def test_a_path_that_cannot_be_read_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Path.parse(text)
