"""Many questions to lists at once: bare no's, odd answers, lists that say nothing."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import dns.message
import dns.rcode
import pytest

from egress.answer import Outcome
from egress.resolver import Path, Resolver
from lab.dns import DnsServer
from lab.world import World
from monitors.flights import AT_LEAST, SILENT_AFTER, Flights, Query
from tests.egress.scripted import Script, ScriptedServer, black_hole, name_of, reply

ZONE, OTHER = "dnsbl.example.org", "other.example.org"
T = TypeVar("T")


def fly(
    resolver: Callable[[], Resolver], queries: Sequence[Query], then: Callable[[Flights], T], *, seconds: float = 5
) -> T:
    async def run() -> T:
        async with resolver() as entered:
            flights = Flights(entered)
            await flights.ask(queries, asyncio.get_running_loop().time() + seconds)
            return then(flights)

    return asyncio.run(run())


def scripted(script: Script, queries: Sequence[Query], then: Callable[[Flights], T]) -> T:
    async def run() -> T:
        async with ScriptedServer(script) as server, Resolver([server.path], timeout=0.5, lifetime=1.5) as resolver:
            flights = Flights(resolver)
            await flights.ask(queries, asyncio.get_running_loop().time() + 5)
            return then(flights)

    return asyncio.run(run())


def query(key: int = 1, target: str = "192.0.2.10", zone: str = ZONE, path: int = 0) -> Query:
    return Query(key, target, zone, path)


def test_answers_come_back_by_key_listed_and_not() -> None:
    world = World()
    world.add_blocklist(ZONE)
    world.list(ZONE, "192.0.2.11", codes=["127.0.0.3"])
    world.list(ZONE, "2001:db8::5")
    world.add_blocklist(OTHER, test_points=["test"])
    world.list(OTHER, "spam.example.com")
    asked = [
        query(1),
        query(2, "192.0.2.11"),
        query(3, "2001:db8::5"),
        query(4, "2001:db8::6"),
        query(5, "spam.example.com", OTHER),
        query(6, "fine.example.com", OTHER),
    ]
    with DnsServer(world) as one:
        found = fly(
            lambda: Resolver([Path.parse(one.address)]),
            asked,
            lambda flights: {
                key: (landed.is_bare_no, flights.answer(landed).records) for key, landed in flights.landed.items()
            },
        )
    assert found == {
        1: (True, ()),
        2: (False, ("127.0.0.3",)),
        3: (False, ("127.0.0.2",)),
        4: (True, ()),
        5: (False, ("127.0.0.2",)),
        6: (True, ()),
    }


def test_each_question_goes_down_its_own_path() -> None:
    worlds = [World(), World()]
    for world in worlds:
        world.add_blocklist(ZONE)
    worlds[1].list(ZONE, "192.0.2.10")
    with DnsServer(worlds[0]) as one, DnsServer(worlds[1]) as other:
        found = fly(
            lambda: Resolver([Path.parse(one.address), Path.parse(other.address)]),
            [query(number, path=number) for number in range(4)],
            lambda flights: {
                key: (flights.answer(landed).server, landed.is_bare_no) for key, landed in flights.landed.items()
            },
        )
    assert found == {number: ((one, other)[number % 2].address, number % 2 == 0) for number in range(4)}


ODD: dict[str, tuple[Callable[[dns.message.Message], bytes | None], Outcome]] = {
    "no such name": (lambda q: reply(q, rcode=dns.rcode.NXDOMAIN), Outcome.NXDOMAIN),
    "no such name behind an alias": (
        lambda q: reply(q, f"{name_of(q)}. 60 IN CNAME gone.example.", rcode=dns.rcode.NXDOMAIN),
        Outcome.NXDOMAIN,
    ),
    "nothing of that type": (reply, Outcome.NODATA),
    "a failure": (lambda q: reply(q, rcode=dns.rcode.SERVFAIL), Outcome.SERVFAIL),
    "a refusal": (lambda q: reply(q, rcode=dns.rcode.REFUSED), Outcome.REFUSED),
    "a listing": (lambda q: reply(q, f"{name_of(q)}. 60 IN A 127.0.0.2"), Outcome.ANSWER),
    "silence": (lambda q: None, Outcome.TIMEOUT),
}


@pytest.mark.parametrize("said", ODD)
def test_only_a_bare_no_such_name_is_one(said: str) -> None:
    """All else is looked at in full: it may be a listing, or a way of not telling."""
    answer, outcome = ODD[said]

    def look(flights: Flights) -> tuple[bool, Outcome]:
        [landed] = flights.landed.values()
        return landed.is_bare_no, flights.answer(landed).outcome

    assert scripted(lambda q, _: answer(q), [query()], look) == (said == "no such name", outcome)


def test_what_became_of_a_question_can_be_kept_as_evidence() -> None:
    evidence = scripted(
        lambda q, _: reply(q, f"{name_of(q)}. 77 IN A 127.0.0.2"),
        [query()],
        lambda flights: flights.answer(flights.landed[1]).evidence(),
    )
    assert (evidence["name"], evidence["rcode"], evidence["ttl"]) == (f"10.2.0.192.{ZONE}", "NOERROR", 77)
    assert evidence["records"] == ["127.0.0.2"]
    assert 0 <= evidence["elapsed"] < 5


def test_a_list_that_says_nothing_is_given_up_and_the_others_are_asked_on() -> None:
    def script(q: dns.message.Message, _: bytes) -> bytes | None:
        return None if name_of(q).endswith(ZONE) else reply(q, rcode=dns.rcode.NXDOMAIN)

    silent = [query(number, f"192.0.2.{number}") for number in range(1, 201)]
    heard = [query(1000 + number, f"192.0.2.{number}", OTHER) for number in range(1, 201)]
    mixed = [one for pair in zip(silent, heard, strict=True) for one in pair]

    def look(flights: Flights) -> tuple[int, int, bool, bool]:
        answered = sum(landed.is_bare_no for landed in flights.landed.values())
        return answered, len(flights.given_up), flights.is_silent(ZONE), flights.is_silent(OTHER)

    answered, given_up, is_silent, is_heard = scripted(script, mixed, look)
    assert (answered, is_silent, is_heard) == (200, True, False)
    assert 0 < given_up <= 200 - SILENT_AFTER


def test_a_list_of_which_each_first_packet_is_lost_is_not_given_up() -> None:
    seen: set[str] = set()

    def script(q: dns.message.Message, _: bytes) -> bytes | None:
        name = name_of(q)
        if name in seen:
            return reply(q, rcode=dns.rcode.NXDOMAIN)
        seen.add(name)
        return None

    asked = [query(number, f"192.0.2.{number}") for number in range(1, 121)]
    found = scripted(script, asked, lambda flights: (len(flights.landed), len(flights.given_up)))
    assert found == (120, 0)


def test_when_the_time_is_up_only_the_first_few_are_asked_and_the_others_neither_landed_nor_were_given_up() -> None:
    """Of as many lists, so that none of them is given up for its silence."""
    asked = [query(number, zone=f"list{number}.example.org") for number in range(3 * AT_LEAST)]
    with black_hole() as path:
        landed, given_up, is_silent = fly(
            lambda: Resolver([path], timeout=0.2, lifetime=0.4, in_flight=500),
            asked,
            lambda flights: (sorted(flights.landed), flights.given_up, flights.is_silent("list0.example.org")),
            seconds=-1,
        )
    assert landed == list(range(AT_LEAST))
    assert (given_up, is_silent) == (set(), True)


def test_what_is_not_answered_is_over_a_lifetime_after_it_was_asked() -> None:
    with black_hole() as path:
        began = time.monotonic()
        outcome = fly(
            lambda: Resolver([path], timeout=0.2, lifetime=0.4, in_flight=500),
            [query()],
            lambda flights: flights.answer(flights.landed[1]).outcome,
        )
    assert outcome is Outcome.TIMEOUT
    assert time.monotonic() - began < 3
