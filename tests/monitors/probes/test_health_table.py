"""Whether a list can be believed: every case of the table of health, over real sockets.

Each case says what is wrong. Whatever the list then says of a listed and of an unlisted sender is unknown.
"""

from collections.abc import Callable

import pytest

from monitors.probes.blocklist import query_name
from monitors.probes.entry import Blocklist
from monitors.probes.health import MUST, MUST_NOT, stranger
from monitors.probes.reading import Severity, Verdict
from tests.monitors.fakes import house
from tests.monitors.probes.wire import BUILT_IN, Wire, a_code_of, keyed_zen, target_of

ZEN, DBL, COP, URIBL = (BUILT_IN[name] for name in ("spamhaus-zen", "spamhaus-dbl", "spamcop", "uribl-multi"))
ERS, SEM_URI, SEM_V6 = (BUILT_IN[name] for name in ("trendmicro-ers-standard", "sem-uri", "sem-ipv6"))
ABUSIX, VALIDITY = BUILT_IN["abusix-combined"], BUILT_IN["validity-rpbl"]
KEYED = keyed_zen()
Trouble = Callable[[Wire, Blocklist], None]


def no_trouble(wire: Wire, entry: Blocklist) -> None:
    """The list is kept well, and the path is honest."""


def mood(name: str, code: str = "", patience: float = 3.0) -> Trouble:
    """The whole zone answers in this mood."""

    def trouble(wire: Wire, entry: Blocklist) -> None:
        wire.world.set_mood(entry.zone_asked, name, code=code)
        wire.patience = patience

    return trouble


def path(name: str, patience: float = 3.0) -> Trouble:
    """The resolver does this to all answers."""

    def trouble(wire: Wire, entry: Blocklist) -> None:
        wire.server.set_mood(name)
        wire.patience = patience

    return trouble


def without(target: str) -> Trouble:
    def trouble(wire: Wire, entry: Blocklist) -> None:
        assert wire.world.delist(entry.zone_asked, target)

    return trouble


def listing(target: str, code: str = "") -> Trouble:
    def trouble(wire: Wire, entry: Blocklist) -> None:
        wire.world.list(entry.zone_asked, target, codes=(code or a_code_of(entry),))

    return trouble


def listing_the_stranger(wire: Wire, entry: Blocklist) -> None:
    wire.world.list(entry.zone_asked, str(stranger(entry, "n")))


CASES: dict[str, tuple[Blocklist, Trouble, str | None]] = {
    "all three answer as they must": (ZEN, no_trouble, None),
    "a list of domains, by its own test names": (SEM_URI, no_trouble, None),
    "a list of IPv6": (SEM_V6, no_trouble, None),
    "both families, each with its test entry": (ABUSIX, no_trouble, None),
    "the key of MAPS, proved by 0.0.0.0": (ERS, no_trouble, None),
    "a key zone": (KEYED, no_trouble, None),
    "the answers truncated over UDP": (ZEN, path("truncate"), None),
    # (1) the positive test entry
    "positive missing": (ZEN, without("127.0.0.2"), "blinded"),
    "positive of one family missing": (ABUSIX, without("::ffff:127.0.0.2"), "blinded"),
    "positive of a list of domains missing": (DBL, without("dbltest.com"), "blinded"),
    "positive with a code that we do not know": (ZEN, listing("127.0.0.2", "127.0.0.77"), "blinded"),
    "key of MAPS not accepted": (ERS, without("0.0.0.0"), "blinded"),  # noqa: S104
    "emptied": (ZEN, mood("empty"), "blinded"),
    "answers without an address": (ZEN, mood("nodata"), "blinded"),
    # (2) the negative one
    "negative listed": (ZEN, listing("127.0.0.1"), "lists_the_world"),
    "negative of one family listed": (ABUSIX, listing("::ffff:127.0.0.1"), "lists_the_world"),
    "negative of a list of domains listed": (DBL, listing("invalid"), "lists_the_world"),
    "negative name of its own listed": (SEM_URI, listing("_dnsblneg_.test"), "lists_the_world"),
    "negative with a code that we do not know": (ZEN, listing("127.0.0.1", "127.0.0.77"), "lists_the_world"),
    # (3) the one picked at random
    "nonce listed": (ZEN, listing_the_stranger, "lists_the_world"),
    "nonce name listed": (DBL, listing_the_stranger, "lists_the_world"),
    "the whole world listed": (ZEN, mood("wildcard"), "lists_the_world"),
    # (4) answers within 127/8
    "positive outside 127/8": (ZEN, listing("127.0.0.2", "91.195.240.117"), "hijacked"),
    "negative outside 127/8": (ZEN, listing("127.0.0.1", "91.195.240.117"), "hijacked"),
    "parked": (ZEN, mood("park"), "hijacked"),
    # refusals
    "refused by a code": (ZEN, mood("refuse_code", "127.255.255.254"), "refused"),
    "refused by a code that we have no words for": (COP, mood("refuse_code", "127.255.255.9"), "refused"),
    "refused by 127.0.0.1": (URIBL, mood("refuse_code", "127.0.0.1"), "refused"),
    "refused because we are not registered": (VALIDITY, mood("refuse_code", "127.255.255.255"), "refused"),
    "refused by REFUSED": (ZEN, mood("refused"), "refused"),
    "key disabled": (KEYED, mood("refuse_code", "127.255.255.250"), "refused"),
    "key rejected": (KEYED, mood("refuse_code", "127.255.255.251"), "refused"),
    "key without this data set": (KEYED, mood("servfail"), "silent"),
    "our own mistake on DBL": (DBL, mood("refuse_code", "127.0.1.255"), "refused"),
    # no answer
    "silent": (ZEN, mood("timeout", patience=0.2), "silent"),
    "SERVFAIL": (ZEN, mood("servfail"), "silent"),
    # the path
    "strict QNAME minimisation": (ZEN, path("strict_qname"), "blinded"),
    "strict QNAME minimisation, a list of domains": (DBL, path("strict_qname"), "blinded"),
    "rebinding protection": (ZEN, path("strip_loopback"), "blinded"),
    "NXDOMAIN rewritten": (ZEN, path("rewrite_nxdomain"), "hijacked"),
    "the resolver refuses": (ZEN, path("refused"), "refused"),
    "the resolver is cut off": (ZEN, path("nxdomain_everything"), "blinded"),
    "the resolver is silent": (ZEN, path("silent", patience=0.2), "silent"),
    "the resolver talks noise": (ZEN, path("garbage", patience=0.2), "silent"),
    "the resolver answers another question": (ZEN, path("impostor", patience=0.2), "silent"),
}


@pytest.mark.parametrize(("entry", "trouble", "fault"), CASES.values(), ids=CASES)
def test_each_case_of_health_is_told_and_nothing_else_counts(
    wire: Wire, entry: Blocklist, trouble: Trouble, fault: str | None
) -> None:
    bad, good = _targets(entry)
    wire.keep(entry)
    wire.world.list(entry.zone_asked, bad, codes=(a_code_of(entry),))
    trouble(wire, entry)

    proof = wire.prove(entry)
    assert (proof.healthy, proof.fault) == (fault is None, fault)
    assert entry.name in proof.sentence
    assert proof.sentence.endswith(".")
    if fault is None:
        verdicts = (wire.see(entry, bad).verdict, wire.see(entry, good).verdict)
        assert verdicts == (Verdict.ADVERSE, Verdict.CLEAR)
        return
    for target in (bad, good):
        reading = wire.see(entry, target)
        assert reading.verdict is Verdict.UNKNOWN
        assert reading.severity is Severity.NONE
        assert reading.grounds == ()


def test_a_list_without_a_negative_test_entry_is_proved_without_one(wire: Wire) -> None:
    """Hostkarma lists 127.0.0.1: it is the code of its allow list."""
    hostkarma = house(zone="hostkarma.junkemailfilter.com", negative=())
    wire.keep(hostkarma)
    wire.world.list(hostkarma.zone, "127.0.0.1", codes=("127.0.0.9",))
    assert wire.prove(hostkarma).healthy
    assert not wire.prove(house(zone=hostkarma.zone)).healthy


def test_a_proof_keeps_what_it_asked_with_what_had_to_come_back(wire: Wire) -> None:
    wire.keep(ZEN)
    asked = {part["name"]: part["test"] for part in wire.prove(ZEN).evidence}
    nonce = query_name(stranger(ZEN, "n"), ZEN.zone)
    assert asked == {f"2.0.0.127.{ZEN.zone}": MUST, f"1.0.0.127.{ZEN.zone}": MUST_NOT, nonce: MUST_NOT}


def test_a_passing_ipv6_test_entry_does_not_make_a_list_hold_ipv6(wire: Wire) -> None:
    """rbldnsd answers the wrapped test entry from its IPv4 data; support is declared, never tried."""
    wire.world.add_blocklist(COP.zone)
    wire.world.list(COP.zone, "::ffff:203.0.113.5")
    assert wire.see(COP, "2001:db8::5").result == "not_covered"


def test_the_ipv6_test_entry_is_asked_as_itself_and_not_as_the_ipv4_one(wire: Wire) -> None:
    wire.keep(SEM_V6)
    wire.prove(SEM_V6)
    names = {asked.name for asked in wire.world.queries.last()}
    assert f"2.0.0.0.0.0.f.7.f.f.f.f.{'0.' * 20}{SEM_V6.zone}" in names
    assert all(name.count(".") == 32 + SEM_V6.zone.count(".") for name in names)


def test_sight_that_comes_back_is_believed_again(wire: Wire) -> None:
    wire.keep(ZEN)
    wire.world.set_mood(ZEN.zone, "empty")
    assert wire.see(ZEN, "203.0.113.5").verdict is Verdict.UNKNOWN
    wire.world.set_mood(ZEN.zone, "normal")
    assert wire.see(ZEN, "203.0.113.5").verdict is Verdict.CLEAR


def _targets(entry: Blocklist) -> tuple[str, str]:
    """(one that is on the list, one that is not)."""
    if "domain" in entry.targets:
        return "alder.example.com", "birch.example.org"
    bad, good = ("203.0.113.5", "203.0.113.6") if "ipv4" in entry.targets else ("2001:db8::5", "2001:db8::6")
    assert entry.covers(target_of(bad))
    return bad, good
