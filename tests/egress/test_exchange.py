"""The engine seen from its bulk door: pulling, repeating, pacing, and failing where it can be seen."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import dns.message
import dns.rcode
import pytest

from egress import window, wire
from egress.exchange import Exchange, Flight
from tests.egress.scripted import Script, ScriptedServer, name_of, reply


def body(number: int) -> bytes:
    return wire.body(wire.question(f"n{number}.example", "A"))


def nothing(query: dns.message.Message, _: bytes) -> bytes:
    return reply(query, rcode=dns.rcode.NXDOMAIN)


def fly_all(script: Script, flights: Callable[[Exchange], Iterator[Flight | None]], **limits: Any) -> Exchange:
    """Runs a bulk of flights against a scripted server; returns the exchange to look at."""

    async def run() -> Exchange:
        async with (
            ScriptedServer(script) as server,
            Exchange(server.path.host, server.path.port, **limits) as exchange,
        ):
            await exchange.fly_all(flights(exchange))
            return exchange

    return asyncio.run(run())


def test_all_land_once_and_no_more_are_pulled_than_fly() -> None:
    landed: list[Flight] = []
    pulled = 0
    most = 0

    def flights(_: Exchange) -> Iterator[Flight]:
        nonlocal pulled, most
        for number in range(1000):
            pulled += 1
            most = max(most, pulled - len(landed))
            yield Flight(body(number), landed.append)

    exchange = fly_all(nothing, flights, in_flight=40)

    assert len(landed) == len({flight.body for flight in landed}) == 1000
    assert most <= 40
    assert exchange.sends >= 1000


def test_a_flight_that_a_landing_adds_is_flown_before_the_end() -> None:
    second: list[Flight] = []

    def flights(exchange: Exchange) -> Iterator[Flight]:
        def ask_for_text(flight: Flight) -> None:
            exchange.fly(Flight(wire.retyped(flight.body, "TXT"), second.append))

        for number in range(50):
            yield Flight(body(number), ask_for_text)

    fly_all(nothing, flights)

    assert len(second) == 50
    assert all(flight.packet for flight in second)


def test_a_source_may_say_not_now_while_its_flights_are_in_the_air() -> None:
    landed: list[Flight] = []

    def flights(_: Exchange) -> Iterator[Flight | None]:
        for number in range(30):
            while number - len(landed) >= 3:
                yield None
            yield Flight(body(number), landed.append)

    fly_all(nothing, flights)

    assert len(landed) == 30


def test_no_flights_at_all_is_soon_over() -> None:
    assert fly_all(nothing, lambda _: iter(())).sends == 0


def test_every_second_query_lost_still_brings_every_answer() -> None:
    landed: list[Flight] = []
    heard: set[bytes] = set()

    def script(query: dns.message.Message, packet: bytes) -> bytes | None:
        question = packet[12:]
        if question in heard or int(name_of(query)[1 : -len(".example")]) % 2:
            return nothing(query, packet)
        heard.add(question)
        return None

    exchange = fly_all(
        script,
        lambda _: (Flight(body(number), landed.append) for number in range(300)),
        tries=20,
        lifetime=60,
    )

    assert len(landed) == 300
    assert all(flight.packet for flight in landed)
    assert exchange.resends >= 150


def test_good_times_open_the_window() -> None:
    exchange = fly_all(nothing, lambda _: (Flight(body(n), lambda _: None) for n in range(500)), in_flight=400)

    assert exchange.window.size > window.FIRST


def test_heavy_loss_narrows_the_window() -> None:
    exchange = fly_all(
        lambda *_: None,
        lambda _: (Flight(body(n), lambda _: None) for n in range(300)),
        in_flight=400,
        timeout=0.02,
        tries=2,
    )

    assert window.LEAST <= exchange.window.size < window.FIRST


def test_a_server_that_pauses_is_not_buried_under_repetitions() -> None:
    seen = 0

    def script(query: dns.message.Message, packet: bytes) -> bytes:
        nonlocal seen
        seen += 1
        if seen == 200:
            time.sleep(0.25)  # the loop of this test is the client's, too: so is the pause
        return nothing(query, packet)

    exchange = fly_all(script, lambda _: (Flight(body(number), lambda _: None) for number in range(400)))

    assert exchange.resends < 200


def test_a_rate_is_kept_with_repetitions_counted_in() -> None:
    async def run() -> float:
        async with (
            ScriptedServer(nothing) as server,
            Exchange(server.path.host, server.path.port, rate=100) as exchange,
        ):
            started = asyncio.get_running_loop().time()
            await exchange.fly_all(Flight(body(number), lambda _: None) for number in range(30))
            return asyncio.get_running_loop().time() - started

    assert asyncio.run(run()) > (30 - window.BATCH) / 100  # a busy machine only makes it slower


def test_what_a_landing_raises_comes_out_of_fly_all() -> None:
    def landed(_: Flight) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fly_all(nothing, lambda _: (Flight(body(number), landed) for number in range(500)))


def test_what_the_source_raises_comes_out_of_fly_all() -> None:
    def flights(_: Exchange) -> Iterator[Flight]:
        yield Flight(body(1), lambda _: None)
        raise ValueError("line 2 is no address")

    with pytest.raises(ValueError, match="line 2"):
        fly_all(nothing, flights)


def test_a_flood_of_guesses_lands_nothing_and_stops_nothing() -> None:
    landed: list[Flight] = []

    def script(query: dns.message.Message, packet: bytes) -> list[bytes]:
        guesses = [bytes((packet[0] ^ n, packet[1])) + nothing(query, packet)[2:] for n in range(1, 60)]
        return [*guesses, nothing(query, packet)]

    fly_all(script, lambda _: (Flight(body(number), landed.append) for number in range(40)), tries=10)

    assert len(landed) == 40
    assert all(flight.packet for flight in landed)
