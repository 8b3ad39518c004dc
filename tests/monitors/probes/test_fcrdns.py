"""Forward-confirmed reverse DNS: the vocabulary of iprev (RFC 8601 section 2.7.3), told more finely."""

import asyncio
import json
from ipaddress import ip_address

import pytest

from egress.answer import Outcome
from monitors.probes.fcrdns import look
from monitors.probes.reading import Reading, Severity, Verdict
from tests.monitors.fakes import FakeWorld

V4, V6 = "203.0.113.5", "2001:db8::5"
PTR = "5.113.0.203.in-addr.arpa"
NO_VERDICT = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.MALFORMED]


def see(world: FakeWorld, address: str = V4, helo: str | None = None) -> Reading:
    reading = asyncio.run(look(world, ip_address(address), helo=helo, path=1))
    assert reading.clause == "R7"
    assert json.dumps(reading.evidence)
    assert {path for _, _, path in world.asked} == {1}
    return reading


@pytest.mark.parametrize("address", [V4, V6])
def test_it_passes_when_the_name_leads_back(address: str) -> None:
    world = FakeWorld()
    world.name(address, "mx1.example.com")
    reading = see(world, address)
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "pass", ())
    assert reading.sentence == f"{address} has the name mx1.example.com, which leads back to it."


def test_only_the_address_s_own_family_is_asked() -> None:
    for address, rdtype in ((V4, "A"), (V6, "AAAA")):
        world = FakeWorld()
        world.name(address, "mx1.example.com")
        see(world, address)
        assert [asked for _, asked, _ in world.asked] == ["PTR", rdtype]


def test_addresses_are_compared_as_addresses_and_names_without_regard_to_case() -> None:
    world = FakeWorld()
    world.name(V6, "MX1.Example.COM", forward=False)
    world.say("mx1.example.com", "2001:0DB8:0000::0005", rdtype="AAAA")
    assert see(world, V6).result == "pass"


@pytest.mark.parametrize("outcome", [Outcome.NXDOMAIN, Outcome.NODATA])
def test_an_address_without_a_name_fails(outcome: Outcome) -> None:
    world = FakeWorld()
    world.fail(PTR, outcome)
    reading = see(world)
    assert (reading.verdict, reading.result, reading.severity) == (
        Verdict.ADVERSE,
        "fail_no_ptr",
        Severity.WARN,
    )
    assert reading.sentence == "203.0.113.5 has no reverse name (PTR)."


def test_a_name_that_leads_elsewhere_fails_and_the_sentence_says_where() -> None:
    world = FakeWorld()
    world.name(V4, "mx1.example.com", forward=False)
    world.say("mx1.example.com", "203.0.113.99")
    reading = see(world)
    assert reading.result == "fail_mismatch"
    assert reading.sentence.endswith("mx1.example.com, which leads to 203.0.113.99 instead.")


def test_a_name_with_addresses_of_the_other_family_only_fails() -> None:
    world = FakeWorld()
    world.name(V4, "mx1.example.com", forward=False)
    world.say("mx1.example.com", V6, rdtype="AAAA")
    reading = see(world)
    assert reading.result == "fail_mismatch"
    assert reading.sentence.endswith("mx1.example.com, which has no IPv4 address.")


def test_a_name_that_does_not_exist_fails_in_its_own_way() -> None:
    world = FakeWorld()
    world.name(V4, "gone.example.com", forward=False)
    assert see(world).result == "fail_ptr_target_missing"


@pytest.mark.parametrize("outcome", NO_VERDICT)
def test_a_reverse_name_that_cannot_be_looked_up_is_unknown_and_no_failure(outcome: Outcome) -> None:
    world = FakeWorld()
    world.fail(PTR, outcome)
    reading = see(world)
    assert (reading.verdict, reading.result, reading.severity) == (
        Verdict.UNKNOWN,
        "temperror",
        Severity.NONE,
    )


@pytest.mark.parametrize("outcome", NO_VERDICT)
def test_one_name_that_cannot_be_looked_up_leaves_the_rest_unknown(outcome: Outcome) -> None:
    world = FakeWorld()
    world.name(V4, "a.example.com", "b.example.com", forward=False)
    world.say("a.example.com", "203.0.113.99")
    world.fail("b.example.com", outcome)
    reading = see(world)
    assert reading.result == "temperror"
    assert "b.example.com" in reading.sentence


def test_any_one_name_of_several_confirms_whatever_the_others_do() -> None:
    world = FakeWorld()
    world.name(V4, "a.example.com", "b.example.com", "c.example.com", forward=False)
    world.fail("a.example.com", Outcome.TIMEOUT)
    world.say("c.example.com", V4)
    reading = see(world)
    assert (reading.result, reading.codes) == ("pass", ("warn_many_ptr",))
    assert reading.meanings == ("It has 3 reverse names; one is best.",)


def test_ten_names_at_most_are_looked_at_always_the_same_and_all_at_once() -> None:
    names = [f"h{number:02}.example.com" for number in range(14)]
    for order in (names, names[::-1]):
        world = FakeWorld()
        world.name(V4, *order, forward=False)
        reading = see(world)
        assert sorted(name for name, rdtype, _ in world.asked if rdtype == "A") == names[:10]
        assert world.most_in_flight == 10
        assert "We looked at the first 10." in reading.meanings[0]


@pytest.mark.parametrize(
    "name",
    [
        "203.0.113.5",
        "5.113.0.203.in-addr.arpa",
        "localhost",
        "my_host.example.com",
        "-x.example.com",
        "a b.c",
    ],
)
def test_a_name_that_cannot_be_a_host_is_bad_and_is_not_asked(name: str) -> None:
    world = FakeWorld()
    world.name(V4, name)
    reading = see(world)
    assert (reading.verdict, reading.result) == (Verdict.ADVERSE, "bad_ptr")
    assert name in reading.sentence
    assert len(world.asked) == 1


def test_a_bad_name_beside_a_good_one_does_no_harm() -> None:
    world = FakeWorld()
    world.name(V4, "localhost", "mx1.example.com")
    assert see(world).result == "pass"


def test_a_reverse_zone_delegated_by_cname_passes_and_the_evidence_shows_it() -> None:
    """RFC 2317: 5.113.0.203.in-addr.arpa is an alias of a name in the customer's zone."""
    world = FakeWorld()
    world.name(V4, "mx1.example.com")
    world.say(PTR, "mx1.example.com", rdtype="PTR", canonical="5.0-63.113.0.203.in-addr.arpa")
    reading = see(world)
    assert (reading.result, reading.codes) == ("pass", ())
    assert reading.evidence[0]["canonical"] == "5.0-63.113.0.203.in-addr.arpa"


def test_a_name_that_is_an_alias_passes_with_advice() -> None:
    world = FakeWorld()
    world.name(V4, "mail.example.com", forward=False)
    world.say("mail.example.com", V4, canonical="host7.example.net")
    reading = see(world)
    assert (reading.result, reading.codes) == ("pass", ("warn_ptr_cname_target",))


def test_a_machine_made_name_passes_with_advice() -> None:
    world = FakeWorld()
    world.name(V4, "203-0-113-5.dyn.isp.example")
    reading = see(world)
    assert (reading.result, reading.codes) == ("pass", ("warn_generic",))
    assert "the address is written in it" in reading.meanings[0]


@pytest.mark.parametrize(
    ("helo", "codes"),
    [
        (None, ()),
        ("MX1.example.com.", ()),
        ("mail.example.com", ("warn_helo_mismatch",)),
        ("[203.0.113.5]", ("warn_helo_mismatch",)),
    ],
)
def test_a_greeting_by_another_name_is_advice_and_no_failure(helo: str | None, codes: tuple[str, ...]) -> None:
    world = FakeWorld()
    world.name(V4, "mx1.example.com")
    reading = see(world, helo=helo)
    assert (reading.verdict, reading.codes) == (Verdict.CLEAR, codes)
