"""A DNS that says one thing when we check and another when we connect: a scripted server, and real doors to knock at.

127.0.0.1 stands for the public, by the operator's word. Its web server sends every visitor on to the same name once, so
that the name is resolved a second time within one fetch; then a third time by another fetch.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from egress.fetch import Fetcher, Unfetched, Why
from egress.resolver import Resolver
from tests.egress.scripted import ScriptedServer, reply
from tests.egress.web import Web, plain
from tests.egress.witness import Doors, doors, watching

GOOD, BAD = "127.0.0.1", "127.0.0.2"
NAME = "web.example"
FORBIDDEN = [
    BAD, "0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "192.168.1.1", "::1", "::", "::ffff:127.0.0.2",  # noqa: S104
    "::ffff:10.0.0.1", "64:ff9b::7f00:2", "2002:7f00:2::", "2001:0:7f00:2::", "fe80::1", "fd00::1", "::127.0.0.2",
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """`a` and `aaaa`: what is answered to the first question of that type, to the second, and so on; the last holds on.
    An entry has addresses, or a name (the CNAME whose addresses follow). `visits` is how often GOOD is reached."""

    label: str
    a: tuple[str, ...]
    aaaa: tuple[str, ...] = ("",)
    visits: int = 0
    ttl: int = 0


def later(address: str) -> tuple[str, str, str]:
    """(first nothing of it, then the address): its A script, its AAAA script, a label."""
    if ":" in address:
        return "", address, f"an AAAA {address}"
    return address, "", f"an A {address}"


def cases() -> list[Case]:
    found = []
    for bad in FORBIDDEN:
        a, aaaa, label = later(bad)
        found += [
            Case(f"good, then {label} instead", (GOOD, a), ("", aaaa), visits=1),
            Case(f"good, then {label} as well", (GOOD, f"{GOOD} {a}"), ("", aaaa), visits=1),
            Case(f"{label} from the start, beside a good one", (f"{GOOD} {a}",), (aaaa,)),
            Case(f"{label} first, then good", (a, GOOD), (aaaa, ""), visits=2),
            Case(f"{label} behind a CNAME", (f"inner.example {a}",), (f"inner.example {aaaa}",)),
        ]
    long_chain = "a.example b.example c.example d.example e.example"
    return [
        *found,
        Case("good each time", (GOOD,), visits=4),
        Case("good as an IPv4 address in IPv6 each time", ("",), (f"::ffff:{GOOD}",), visits=4),
        Case("good behind a CNAME, then forbidden behind it", (f"cdn.example {GOOD}", f"cdn.example {BAD}"), visits=1),
        Case("good, then a CNAME to a name of ours", (GOOD, f"localhost {BAD}"), visits=1),
        Case("a long chain to a forbidden address", (f"{long_chain} {BAD}",)),
        Case("a long chain to a good one, and a short one to a forbidden", (f"{long_chain} {GOOD}",), ("x.y ::1",)),
        Case("public and private in one set", (f"93.184.215.14 {BAD}",)),
        Case("private and public in one set", (f"{BAD} 93.184.215.14",)),
        Case("public over IPv4, private over IPv6", ("93.184.215.14",), ("::1",)),
        Case("private over IPv4, public over IPv6", (BAD,), ("2606:4700::1111",)),
        Case("three good ones and one that is not", (" ".join([GOOD] * 3 + [BAD]),)),
        Case("twenty of other networks after a good one", (" ".join([GOOD, *(f"10.0.0.{n}" for n in range(1, 20))]),)),
        Case("good, then no answer", (GOOD, "silence"), visits=1),
        Case("good, then a failure", (GOOD, "servfail"), visits=1),
        Case("a failure, then forbidden", ("servfail", BAD)),
        Case("good, with a TTL of a day, then forbidden all the same", (GOOD, BAD), visits=1, ttl=86400),
        Case("good twice, then forbidden", (GOOD, GOOD, BAD), visits=2),
        Case("good three times, then forbidden", (GOOD, GOOD, GOOD, BAD), visits=3),
        Case("in turns", (GOOD, BAD, GOOD, BAD), visits=2),
        Case("IPv6 turns forbidden while IPv4 stays", (GOOD,), ("", "", "::1"), visits=2),
    ]


class Script:
    """Answers by how often it was asked for that type."""

    def __init__(self, case: Case) -> None:
        self._lines = {dns.rdatatype.A: list(case.a), dns.rdatatype.AAAA: list(case.aaaa)}
        self._ttl = case.ttl

    def __call__(self, query: dns.message.Message, packet: bytes) -> bytes | None:
        rdtype = query.question[0].rdtype
        lines = self._lines[rdtype]
        line = lines.pop(0) if len(lines) > 1 else lines[0]
        if line == "silence":
            return None
        if line == "servfail":
            return reply(query, rcode=dns.rcode.SERVFAIL)
        owner, records = query.question[0].name.to_text(), []
        for word in line.split():
            with contextlib.suppress(ValueError):
                ip_address(word)
                records.append(f"{owner} {self._ttl} IN {rdtype.name} {word}")
                continue
            records.append(f"{owner} {self._ttl} IN CNAME {word}.")
            owner = f"{word}."
        return reply(query, *records)


CASES = cases()


def test_there_are_enough_of_them() -> None:
    assert len({case.label for case in CASES}) == len(CASES) > 50


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_no_second_answer_leads_where_the_first_did_not(case: Case) -> None:
    async def work() -> tuple[Web, Doors, set[tuple[str, int]], list[Unfetched]]:
        async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
            there = plain(b"here")
            writer.write(there if path == b"/b" else plain(b"", "Location: /b", status="302 Found"))

        refusals = []
        async with (
            ScriptedServer(Script(case)) as scripted,
            Resolver([scripted.path], timeout=0.1, lifetime=0.2, tries=1) as resolver,
            Web(say) as web,
            doors(BAD, "::1", port=web.port) as inside,
        ):
            fetcher = Fetcher(resolver.ask, allow=[ip_network(f"{GOOD}/32")], deadline=2)
            for _ in range(2):
                try:
                    assert (await fetcher.fetch(f"http://{NAME}:{web.port}/a")).body == b"here"
                except Unfetched as refusal:
                    refusals.append(refusal)
            mapped = str(ip_address(f"::ffff:{GOOD}"))
            may = {(GOOD, web.port), (mapped, web.port), (scripted.path.host, scripted.path.port)}
        return web, inside, may, refusals

    with watching() as witness:
        web, inside, may, refusals = asyncio.run(work())
    assert witness.connects_but(*may) == []
    assert witness.lookups == []
    assert sum(inside.visits.values()) == 0
    assert web.visits == case.visits
    assert {refusal.why for refusal in refusals} <= {Why.FORBIDDEN, Why.UNRESOLVED}
    assert bool(refusals) == (case.visits < 4)
