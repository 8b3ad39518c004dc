"""Everything that can be seen of one sender now."""

import asyncio
import json
from ipaddress import ip_address

import pytest

from egress.answer import Outcome
from monitors.check_sender import Check, Report, Word, check
from monitors.probes.entry import Blocklist, Kind
from monitors.probes.reading import Verdict
from tests.monitors.fakes import ZONE, FakeWorld, house

SENDER = "203.0.113.5"


@pytest.fixture
def world() -> FakeWorld:
    """A sender in good order, and a list that is kept well."""
    world = FakeWorld()
    world.keep_well(ZONE)
    world.name(SENDER, "mx1.example.com")
    return world


def look(
    world: FakeWorld,
    *entries: Blocklist,
    address: str = SENDER,
    domain: str | None = None,
    helo: str | None = None,
) -> Report:
    report = asyncio.run(check(world, entries or (house(),), ip_address(address), domain=domain, helo=helo, nonce=7))
    assert json.dumps(report.as_json())
    return report


def of(report: Report, name: str = "house") -> Check:
    (found,) = (seen for seen in report.checks if seen.id == name)
    return found


def test_a_sender_in_good_order_is_clear_on_every_check(world: FakeWorld) -> None:
    report = look(world)
    assert [(seen.name, seen.word) for seen in report.checks] == [
        ("Reverse DNS", "Clear"),
        ("House", "Clear"),
    ]
    assert (report.verdict, report.summary) == (Verdict.CLEAR, "Nothing adverse in what we saw.")


def test_a_listing_is_told_with_its_meaning_and_its_clause(world: FakeWorld) -> None:
    world.list(SENDER, "127.0.0.2", text="mailed a trap")
    report = look(world, house(lookup="https://dnsbl.example.org/"))
    seen = of(report)
    assert (seen.word, seen.clause, seen.lookup) == (Word.LISTED, "R5", "https://dnsbl.example.org/")
    assert seen.sentence == "Listed on House: spam source (127.0.0.2)."
    assert (report.verdict, report.summary) == (Verdict.ADVERSE, "Listed on House.")


def test_a_failed_reverse_name_is_adverse_too() -> None:
    world = FakeWorld()
    world.keep_well(ZONE)
    report = look(world)
    assert (of(report, "fcrdns").word, of(report, "fcrdns").clause) == (Word.FAILED, "R7")
    assert report.summary == "Failed: Reverse DNS."


@pytest.mark.parametrize("listed", [False, True])
def test_a_list_that_cannot_be_seen_is_unknown_whatever_it_says_of_the_sender(listed: bool) -> None:
    world = FakeWorld()
    world.name(SENDER, "mx1.example.com")
    if listed:
        world.list(SENDER)
    report = look(world)
    assert of(report).word is Word.UNKNOWN
    assert "does not list its own test entry" in of(report).sentence
    assert report.verdict is Verdict.UNKNOWN
    assert report.summary == "We could not see: House. Nothing adverse in what we saw."


def test_something_adverse_weighs_more_than_something_unknown(world: FakeWorld) -> None:
    world.list(SENDER)
    world.fail("*.other.example", Outcome.TIMEOUT)
    report = look(world, house(), house(id="other", name="Other", zone="other.example"))
    assert report.verdict is Verdict.ADVERSE
    assert report.summary == "Listed on House. We could not see: Other."


def test_a_list_without_its_key_is_named_and_not_asked(world: FakeWorld) -> None:
    report = look(world, house(zone="", key_zone="{key}.x.example"))
    assert of(report).word is Word.NOT_CONFIGURED
    assert of(report).sentence == "House answers only with a key. Put one for house into SLUICE_BLOCKLIST_KEYS."
    assert of(report).as_json()["verdict"] is None
    assert not any("x.example" in name for name, _, _ in world.asked)
    assert report.verdict is Verdict.CLEAR
    assert report.summary == "Nothing adverse in what we saw. Not asked: House."


def test_a_list_that_is_no_dns_list_is_left_to_a_person(world: FakeWorld) -> None:
    report = look(world, house(zone="", kind=Kind.ATTESTED))
    assert of(report).word is Word.NOT_COVERED
    assert of(report).sentence == "House has no DNS list to ask. A person has to look it up."


def test_an_ipv6_address_is_never_called_clear_by_a_list_of_ipv4(world: FakeWorld) -> None:
    world.name("2001:db8::5", "mx1.example.com")
    seen = of(look(world, address="2001:db8::5"))
    assert (seen.word, seen.reading) == (Word.NOT_COVERED, None)


def test_a_wrapped_ipv4_address_is_taken_for_what_it_wraps(world: FakeWorld) -> None:
    report = look(world, address="::ffff:203.0.113.5")
    assert report.address == SENDER
    assert of(report).word is Word.CLEAR


def test_a_domain_is_looked_up_on_lists_of_domains(world: FakeWorld) -> None:
    names = house(id="names", name="Names", zone="names.example", targets=("domain",), positive=("test",))
    world.say("test.names.example", "127.0.0.2")
    world.say("bad.example.names.example", "127.0.0.2")
    assert of(look(world, names, domain="bad.example"), "names").word is Word.LISTED
    assert of(look(world, names, domain="good.example"), "names").word is Word.CLEAR
    without = of(look(world, names), "names")
    assert without.word is Word.NOT_COVERED
    assert "Name a domain with --domain." in without.sentence


def test_a_domain_that_no_list_is_asked_about_is_said_so(world: FakeWorld) -> None:
    seen = of(look(world, domain="example.com"), "domain")
    assert seen.word is Word.NOT_COVERED
    assert "example.com was not looked up" in seen.sentence


def test_advice_on_the_reverse_name_is_told_and_changes_nothing(world: FakeWorld) -> None:
    seen = of(look(world, helo="other.example.com"), "fcrdns")
    assert seen.word is Word.CLEAR
    assert "It greets as other.example.com" in seen.sentence


def test_everything_is_asked_at_once(world: FakeWorld) -> None:
    look(world, house(), house(id="other", zone="other.example"))
    assert world.most_in_flight >= 9  # of each list three proofs and one look, and the reverse name


def test_no_key_is_in_anything_that_is_printed(world: FakeWorld) -> None:
    key = "sfdsfdxyzzy42"
    entry = house(zone="", key_zone="{key}.x.example", key=key)
    world.list(SENDER, zone=f"{key}.x.example", text=f"see {key}")
    for well in (True, False):
        if well:
            world.keep_well(f"{key}.x.example")
        else:
            world.fail(f"*.{key}.x.example", Outcome.SERVFAIL)
        report = look(world, entry)
        assert key not in json.dumps(report.as_json())
        assert key not in repr(report)
