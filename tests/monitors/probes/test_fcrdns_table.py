"""Each row of the table of reverse DNS results, against a DNS server over real sockets.

The rows are those of RFC 8601's iprev, told more finely, and the rules beside them: whichever name confirms, RFC 2317,
the address's own family only, IPv4 inside IPv6.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

import pytest

from egress.resolver import Path, Resolver
from lab.dns import DnsServer, ServerMood
from lab.world import World
from monitors.probes.fcrdns import look
from monitors.probes.reading import Reading, Severity, Verdict

V4, V6 = "203.0.113.5", "2001:db8::5"
ZONE4, ZONE6 = "113.0.203.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa"
DOCUMENTS = (ip_network("203.0.113.0/24"), ip_network("2001:db8::/32"))


def named(*names: str, leads: str = "", address: str = V4, via: str | None = None) -> Callable[[World], None]:
    """The address has these names, and each of them leads to `leads`, or nowhere."""

    def make(world: World) -> None:
        world.set_reverse(address, *names, via=via)
        for name in names if leads else ():
            world.add_host(name, leads)

    return make


def mood(zone: str, mood: str) -> Callable[[World], None]:
    def make(world: World) -> None:
        world.add_zone(zone)
        world.set_mood(zone, mood)

    return make


def record(name: str, rdtype: str, value: str) -> Callable[[World], None]:
    return lambda world: world.add_record(name, rdtype, value)


@dataclass(frozen=True)
class Row:
    name: str
    steps: tuple[Callable[[World], None], ...]
    result: str
    codes: tuple[str, ...] = ()
    address: str = V4
    helo: str | None = None
    own: tuple[str, ...] = ()
    says: str = ""


MANY = [f"h{number:02}.example.com" for number in range(14)]
ROWS = [
    # pass
    Row("one name", (named("mx.example.com", leads=V4),), "pass"),
    Row("one name of IPv6", (named("mx.example.com", leads=V6, address=V6),), "pass", address=V6),
    Row("another spelling of IPv6", (named("mx.example.com", leads="2001:0DB8:0::5", address=V6),), "pass", address=V6),
    Row("another case", (named("MX.Example.COM", leads=V4),), "pass"),
    Row("IPv4 inside IPv6", (named("mx.example.com", leads=V4),), "pass", address="::ffff:203.0.113.5"),
    Row(
        "two addresses of a name",
        (named("mx.example.com", leads="203.0.113.9"), record("mx.example.com", "A", V4)),
        "pass",
    ),
    Row("a delegated reverse zone (RFC 2317)", (named("mx.example.com", leads=V4, via="0-63"),), "pass"),
    Row(
        "the silent family is the other one",
        (named("mx.example.com", leads=V4), record("mx.example.com", "AAAA", "2001:db8::99")),
        "pass",
    ),
    # fail_no_ptr
    Row("the reverse name does not exist", (), "fail_no_ptr", says="has no reverse name"),
    Row("it exists without a PTR", (record(f"5.{ZONE4}", "TXT", "nothing"),), "fail_no_ptr"),
    Row("no name of IPv6", (), "fail_no_ptr", address=V6),
    Row("a delegation that leads nowhere", (record(f"5.{ZONE4}", "CNAME", f"5.0-63.{ZONE4}."),), "fail_no_ptr"),
    # fail_mismatch
    Row("it leads elsewhere", (named("mx.example.com", leads="203.0.113.9"),), "fail_mismatch", says="203.0.113.9"),
    Row("it leads to IPv6 only", (named("mx.example.com", leads=V6),), "fail_mismatch", says="no IPv4 address"),
    Row(
        "it leads to IPv4 only",
        (named("mx.example.com", leads=V4, address=V6),),
        "fail_mismatch",
        address=V6,
        says="no IPv6 address",
    ),
    Row(
        "one name elsewhere, one nowhere",
        (named("mx.example.com", "gone.example.com"), record("mx.example.com", "A", "203.0.113.9")),
        "fail_mismatch",
        ("warn_many_ptr",),
    ),
    # fail_ptr_target_missing
    Row("no such name", (named("gone.example.com"),), "fail_ptr_target_missing", says="no such name exists"),
    Row(
        "no such names",
        (named("gone.example.com", "away.example.com"),),
        "fail_ptr_target_missing",
        ("warn_many_ptr",),
    ),
    # temperror
    *(
        Row(f"the reverse zone: {how}", (named("mx.example.com", leads=V4), mood(ZONE4, how)), "temperror")
        for how in ("servfail", "refused", "timeout")
    ),
    *(
        Row(f"the forward zone: {how}", (mood("example.com", how), named("mx.example.com")), "temperror")
        for how in ("servfail", "refused", "timeout")
    ),
    Row("the reverse zone of IPv6", (mood(ZONE6, "servfail"),), "temperror", address=V6),
    Row(
        "one name elsewhere, one silent",
        (
            mood("example.net", "servfail"),
            named("mx.example.com", "mx.example.net"),
            record("mx.example.com", "A", "203.0.113.9"),
        ),
        "temperror",
        ("warn_many_ptr",),
    ),
    Row(
        "a silent name beside one that confirms",
        (mood("example.net", "servfail"), named("mx.example.com", "mx.example.net"), record("mx.example.com", "A", V4)),
        "pass",
        ("warn_many_ptr",),
    ),
    # warn_many_ptr
    Row(
        "the second name confirms",
        (named("a.example.com", "b.example.com"), record("b.example.com", "A", V4)),
        "pass",
        ("warn_many_ptr",),
        says="It has 2 reverse names",
    ),
    Row("ten of fourteen", (named(*MANY, leads=V4),), "pass", ("warn_many_ptr",), says="We looked at the first 10."),
    Row(
        "the eleventh would confirm",
        (named(*MANY), record(MANY[10], "A", V4)),
        "fail_ptr_target_missing",
        ("warn_many_ptr",),
    ),
    # warn_ptr_cname_target
    Row(
        "the name is an alias",
        (
            named("mail.example.com"),
            record("mail.example.com", "CNAME", "h.example.net."),
            record("h.example.net", "A", V4),
        ),
        "pass",
        ("warn_ptr_cname_target",),
        says="mail.example.com is an alias",
    ),
    # warn_generic
    Row("a machine-made name", (named("203-0-113-5.dyn.isp.example", leads=V4),), "pass", ("warn_generic",)),
    Row(
        "one that leads nowhere", (named("203-0-113-5.dyn.isp.example"),), "fail_ptr_target_missing", ("warn_generic",)
    ),
    Row(
        "a wildcard of IPv6",
        (named("2001-db8-45f1-9a02--5.isp.example", leads="2001:db8:45f1:9a02::5", address="2001:db8:45f1:9a02::5"),),
        "pass",
        ("warn_generic",),
        address="2001:db8:45f1:9a02::5",
    ),
    Row(
        "the vendor's own numbering",
        (named("203-0-113-5.acme.example", leads=V4),),
        "pass",
        own=("acme.example",),
    ),
    # warn_helo_mismatch
    Row("it greets with its name", (named("mx.example.com", leads=V4),), "pass", helo="MX.example.com."),
    Row(
        "it greets with another",
        (named("mx.example.com", leads=V4),),
        "pass",
        ("warn_helo_mismatch",),
        helo="mail.example.com",
    ),
    Row(
        "it greets with an address",
        (named("mx.example.com", leads=V4),),
        "pass",
        ("warn_helo_mismatch",),
        helo="[203.0.113.5]",
    ),
    Row(
        "its name does not lead to it",
        (named("mx.example.com", leads="203.0.113.9"),),
        "fail_mismatch",
        ("warn_helo_mismatch",),
        helo="mx.example.com",
    ),
    Row("it greets, and has no name", (), "fail_no_ptr", helo="mx.example.com"),
    # bad_ptr
    Row("an address", (named("203.0.113.5"),), "bad_ptr", says="203.0.113.5"),
    Row("a reverse zone", (named(f"5.{ZONE4}"),), "bad_ptr"),
    Row("a reverse zone of IPv6", (named("5.ip6.arpa"),), "bad_ptr"),
    Row("a single label", (named("localhost"),), "bad_ptr", says="localhost"),
    Row("an underscore", (named("my_host.example.com"),), "bad_ptr"),
    Row("a bad name beside a good one", (named("localhost", "mx.example.com", leads=V4),), "pass", ("warn_many_ptr",)),
]
VERDICTS = {"pass": Verdict.CLEAR, "temperror": Verdict.UNKNOWN}


def see(world: World, row: Row, *, server_mood: str = "normal") -> Reading:
    with DnsServer(world) as server:
        server.set_mood(server_mood)

        async def work() -> Reading:
            async with Resolver([Path.parse(server.address)], timeout=0.1, lifetime=0.3, tries=2) as resolver:
                return await look(resolver.ask, ip_address(row.address), helo=row.helo, own=row.own, allow=DOCUMENTS)

        return asyncio.run(work())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_of_the_table_ends_as_it_says(row: Row) -> None:
    world = World()
    for step in row.steps:
        step(world)
    reading = see(world, row)
    assert (reading.result, reading.codes) == (row.result, row.codes)
    assert reading.verdict is VERDICTS.get(row.result, Verdict.ADVERSE)
    assert reading.severity is (Severity.WARN if reading.verdict is Verdict.ADVERSE else Severity.NONE)
    assert bool(reading.grounds) is (reading.verdict is Verdict.ADVERSE)
    assert row.says in " ".join((reading.sentence, *reading.meanings))


def test_the_delegation_of_a_reverse_zone_is_evidence() -> None:
    world = World()
    named("mx.example.com", leads=V4, via="0-63")(world)
    assert see(world, ROWS[0]).evidence[0]["canonical"] == f"5.0-63.{ZONE4}"


HONEST = ("normal", "truncate", "strict_qname", "strip_loopback", "rewrite_nxdomain")  # as far as this name goes


@pytest.mark.parametrize("server_mood", [mood for mood in ServerMood if mood not in HONEST])
def test_a_resolver_that_is_broken_as_a_whole_never_clears(server_mood: str) -> None:
    world = World()
    named("mx.example.com", leads=V4)(world)
    reading = see(world, ROWS[0], server_mood=server_mood)
    expected = "fail_no_ptr" if server_mood == "nxdomain_everything" else "temperror"
    assert reading.result == expected


def test_an_answer_that_was_cut_is_read_whole() -> None:
    world = World()
    named("mx.example.com", leads=V4)(world)
    assert see(world, ROWS[0], server_mood="truncate").result == "pass"


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "192.168.1.1", "224.0.0.1", "198.51.100.1", "fe80::1", "::ffff:10.0.0.1", "fc00::1"],
)
def test_an_address_that_is_not_public_is_not_asked_about(address: str) -> None:
    world = World()
    reading = see(world, Row("", (), "", address=address))
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "not_public")
    assert not world.queries.count
