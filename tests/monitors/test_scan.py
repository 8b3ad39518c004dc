"""The scan judges a plain zone, keeps the order of its files, and never takes silence for "clear"."""

import asyncio
import ipaddress
from typing import Any

import dns.message
import dns.rcode
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.exchange import Exchange
from monitors.scan import DEAF_AFTER, SILENT_AFTER, Row, Scan, Tally, plain_verdict, query_head
from tests.egress.scripted import Script, ScriptedServer, name_of, reply


def blocklist(query: dns.message.Message, _: bytes = b"") -> bytes | None:
    """192.0.2.N in each zone: what is seen depends on N."""
    name = name_of(query)
    number = name.partition(".")[0]
    if query.question[0].rdtype == dns.rdatatype.TXT:
        texts = {"2": f'{name}. 60 IN TXT "see " "https://bl.example/2"', "4": f"{name}. 60 IN TXT four"}
        return None if number == "9" else reply(query, *filter(None, [texts.get(number)]))
    codes = {
        "2": ["127.0.0.2"],
        "4": ["127.0.0.11", "127.0.0.4"],
        "9": ["127.0.0.9"],
        "20": ["127.255.255.254"],
        "21": ["192.0.2.80"],
        "22": ["127.0.0.2", "192.0.2.80"],
        "23": ["127.0.0.2", "127.255.255.252"],
    }
    errors = {"30": dns.rcode.SERVFAIL, "31": dns.rcode.REFUSED, "32": dns.rcode.NOERROR}
    if number == "33":
        return None
    if number in errors:
        return reply(query, rcode=errors[number])
    if number in codes:
        return reply(query, *(f"{name}. 60 IN A {code}" for code in codes[number]))
    return reply(query, rcode=dns.rcode.NXDOMAIN)


def scan(
    script: Script, addresses: list[str], zones: tuple[str, ...] = ("bl.example",), **options: Any
) -> tuple[list[Row], Tally]:
    """The rows and the tally of a scan against a scripted server."""
    rows: list[Row] = []
    limits = {"timeout": 0.2, "tries": 3} | options

    async def run() -> Tally:
        with_clear = limits.pop("with_clear", False)
        async with (
            ScriptedServer(script) as server,
            Exchange(server.path.host, server.path.port, **limits) as exchange,
        ):
            return await Scan(zones, exchange, rows.append, with_clear=with_clear).run(addresses)

    return rows, asyncio.run(run())


@given(st.ip_addresses())
def test_an_address_is_asked_as_octets_or_nibbles_last_first(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    digits = address.exploded.split(".") if address.version == 4 else list(address.exploded.replace(":", ""))

    assert query_head(str(address)) == b"".join(bytes((len(d),)) + d.encode() for d in reversed(digits))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("192.0.2.0/24", "is a network; write its addresses"),
        ("2001:db8::/64", "is a network"),
        ("fe80::1%eth0", "has a scope"),
        ("192.0.2", "is not an IPv4 or IPv6 address"),
        ("192.0.2.256", "is not an IPv4 or IPv6 address"),
        ("192.0.02.1", "is not an IPv4 or IPv6 address"),
        ("mail.example", "is not an IPv4 or IPv6 address"),
        ("192.0.2.1 192.0.2.2", "one address a line"),
        ("１92.0.2.1", "is not an IPv4 or IPv6 address"),
        ("192.0.2.1\0", "is not an IPv4 or IPv6 address"),
    ],
)
def test_what_is_not_one_address_is_refused_with_a_sentence(entry: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        query_head(entry)


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        (["127.0.0.2"], ("listed", "")),
        (["127.0.0.1"], ("listed", "")),
        (["127.9.9.9", "127.0.0.4"], ("listed", "")),
        (["127.255.254.1"], ("listed", "")),
        (["127.255.255.254"], ("unknown", "refused_by_list")),
        (["127.0.0.2", "127.255.255.254"], ("unknown", "refused_by_list")),
        (["203.0.113.9"], ("unknown", "hijacked")),
        (["127.0.0.2", "203.0.113.9"], ("unknown", "hijacked")),
        (["12.7.0.2"], ("unknown", "hijacked")),
    ],
)
def test_a_plain_zone_lists_with_loopback_addresses_only(codes: list[str], verdict: tuple[str, str]) -> None:
    assert plain_verdict(codes) == verdict


def test_every_kind_of_answer_gets_its_row_in_the_order_of_the_addresses() -> None:
    numbers = (33, 4, 2, 1, 9, 20, 21, 22, 23, 30, 31, 32)

    rows, tally = scan(blocklist, [f"192.0.2.{number}" for number in numbers], with_clear=True)

    assert [(row.address.rpartition(".")[2], *row[2:]) for row in rows] == [
        ("33", "unknown", (), "timeout"),
        ("4", "listed", ("127.0.0.4", "127.0.0.11"), "four"),
        ("2", "listed", ("127.0.0.2",), "see https://bl.example/2"),
        ("1", "clear", (), ""),
        ("9", "listed", ("127.0.0.9",), ""),  # its text cannot be had
        ("20", "unknown", ("127.255.255.254",), "refused_by_list"),
        ("21", "unknown", ("192.0.2.80",), "hijacked"),
        ("22", "unknown", ("127.0.0.2", "192.0.2.80"), "hijacked"),
        ("23", "unknown", ("127.0.0.2", "127.255.255.252"), "refused_by_list"),
        ("30", "unknown", (), "servfail"),
        ("31", "unknown", (), "refused"),
        ("32", "unknown", (), "nodata"),
    ]
    assert (tally.addresses, tally.lookups, tally.answers) == (12, 15, 11)
    assert (tally.listed, tally.clear, tally.unknown) == (3, 1, 8)
    assert tally.unknown_because["hijacked"] == 2


def test_what_is_clear_is_left_out_unless_asked_for() -> None:
    rows, tally = scan(blocklist, ["192.0.2.1", "192.0.2.2"])

    assert [row.address for row in rows] == ["192.0.2.2"]
    assert tally.clear == 1


def test_addresses_times_zones_come_in_order_and_repeated_addresses_stay() -> None:
    addresses = [f"192.0.2.{number}" for number in (2, 40, 4, *range(41, 90), 30)] * 3 + ["2001:db8::2"]
    zones = ("a.example", "b.example", "c.example")

    rows, _ = scan(blocklist, addresses, zones, with_clear=True, timeout=1, tries=5)

    assert [(row.address, row.zone) for row in rows] == [(a, zone) for a in addresses for zone in zones]


def test_an_answer_that_reaches_the_address_by_another_name_counts() -> None:
    def script(query: dns.message.Message, _: bytes) -> bytes:
        name, rdtype = name_of(query), query.question[0].rdtype
        record = "x.example. 60 IN A 127.0.0.3" if rdtype == dns.rdatatype.A else "x.example. 60 IN TXT why"
        return reply(query, f"{name}. 60 IN CNAME x.example.", record)

    rows, _ = scan(script, ["192.0.2.1"])

    assert rows == [Row("192.0.2.1", "bl.example", "listed", ("127.0.0.3",), "why")]


def test_nonsense_is_unknown_and_not_clear() -> None:
    rows, _ = scan(lambda query, packet: packet[:2] + b"\x84\x03" + b"\xff" * 40, ["192.0.2.1"], tries=1)

    assert [row[2:] for row in rows] == [("unknown", (), "malformed")]


def test_a_zone_that_falls_silent_is_left_alone_and_the_others_are_not() -> None:
    def script(query: dns.message.Message, packet: bytes) -> bytes | None:
        return None if name_of(query).endswith("dead.example") else blocklist(query, packet)

    addresses = ["192.0.2.2"] * (SILENT_AFTER + 300)
    rows, tally = scan(script, addresses, ("dead.example", "bl.example"), timeout=1, tries=1)

    assert len(rows) == 2 * len(addresses)
    assert {row.verdict for row in rows if row.zone == "dead.example"} == {"unknown"}
    assert {row.verdict for row in rows if row.zone == "bl.example"} == {"listed"}
    assert tally.silent == ["dead.example"]
    assert not tally.is_deaf
    assert tally.unknown_because["not asked: no answer to the lookups before"] > 0


def test_a_server_that_never_answers_ends_the_scan_soon_with_everything_unknown() -> None:
    addresses = [f"192.0.2.{number}" for number in range(200)]
    zones = tuple(f"bl{number}.example" for number in range(8))

    rows, tally = scan(lambda *_: None, addresses, zones, timeout=0.05, tries=2)

    assert tally.is_deaf
    assert tally.answers == 0
    assert DEAF_AFTER <= tally.lookups < len(rows) == 1600
    assert {row.verdict for row in rows} == {"unknown"}


def test_what_writing_raises_ends_the_scan() -> None:
    def write(_: Row) -> None:
        raise OSError(28, "No space left on device")

    async def run() -> None:
        async with (
            ScriptedServer(blocklist) as server,
            Exchange(server.path.host, server.path.port) as exchange,
        ):
            await Scan(["bl.example"], exchange, write).run(["192.0.2.2"] * 10)

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(run())
