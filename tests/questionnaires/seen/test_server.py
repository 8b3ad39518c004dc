"""What a look at a server says."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Outcome
from monitors.probes.entry import Code
from monitors.probes.reading import Severity
from questionnaires.seen import server
from tests.monitors.fakes import ZONE, FakeWorld, house
from tests.questionnaires.seen.looking import HOST, SENDER, check, of_server


def test_a_server_in_good_order_is_clear_in_few_lines(world: FakeWorld) -> None:
    seen = of_server(world)
    assert [one.sentence for one in seen.checks] == [
        "Not on the 2 lists that we asked.",
        f"{SENDER} has the name {HOST}, which leads back to it.",
        f"{HOST}, the name in HELO, leads to {SENDER}.",
    ]
    assert not seen.is_partial
    assert seen.facts == {
        "look.fcrdns": True,
        "look.ptr": HOST,
        "look.hosts": f"{HOST} ({SENDER})",
        "look.listed": [],
        "look.lists_asked": 2,
        "look.lists_silent": [],
        "look.helo_resolves": True,
    }


def test_a_listing_comes_first_with_how_it_ends(world: FakeWorld) -> None:
    world.list(SENDER, zone="quarry.example")
    seen = of_server(world)
    first = seen.checks[0]
    assert (first.id, first.verdict, first.as_json()["word"], first.clause) == (
        "list:quarry",
        "adverse",
        "Fails",
        "R5",
    )
    assert first.sentence == "Listed on Quarry: spam source (127.0.0.2)."
    assert first.cure == "End the cause first. How an entry ends: Ask them. Look it up at https://quarry.example/"
    assert check(seen, "lists").sentence == "Not on the 1 other list that we asked."
    assert seen.facts["look.listed"] == ["Quarry"]


def test_a_listing_that_is_no_ground_for_anything_asks_for_a_look_only(world: FakeWorld) -> None:
    known = house(codes={"127.0.0.2": Code("seen in a forum", Severity.INFO)})
    world.list(SENDER)
    seen = of_server(world, lists=(known,))
    assert check(seen, "list:house").verdict == "attention"
    assert seen.facts["look.listed"] == []


def test_a_network_of_homes_is_a_fact_of_its_own(world: FakeWorld) -> None:
    pbl = house(codes={"127.0.0.2": Code("PBL: end-user range that should not send mail", Severity.HALT)})
    world.list(SENDER)
    assert of_server(world, lists=(pbl,)).facts["look.dynamic"] is True
    assert "look.dynamic" not in of_server(world).facts


@pytest.mark.parametrize("listed", [True, False])
def test_a_list_that_fails_its_proof_is_unknown_whatever_it_says(world: FakeWorld, listed: bool) -> None:
    if listed:
        world.list(SENDER, zone="blind.example")
    blind = house(id="blind", name="Blind", zone="blind.example")
    seen = of_server(world, lists=(house(), blind))
    silent = check(seen, "lists-silent")
    assert (silent.verdict, silent.sentence) == ("unknown", "1 of 2 lists gave us no answer: Blind.")
    assert silent.cure == "We look again by ourselves. You need do nothing."
    assert check(seen, "lists").sentence == "Not on the 1 list that answered."
    assert seen.is_partial
    assert "look.listed" not in seen.facts  # of one list we do not know


def test_what_no_list_holds_is_said_and_not_tried_again(world: FakeWorld) -> None:
    world.name("2001:db8::5", HOST)
    seen = of_server(world, "2001:db8::5")
    assert "None of the lists that we ask holds IPv6 addresses" in check(seen, "lists").sentence
    assert not seen.is_partial


@pytest.mark.parametrize(
    ("names", "forward", "says", "cure"),
    [
        ((), False, "has no reverse name (PTR).", "Ask the provider"),
        ((HOST,), False, "and no such name exists.", "Publish an address"),
    ],
)
def test_a_reverse_name_that_fails_is_told_with_its_cure(
    names: tuple[str, ...], forward: bool, says: str, cure: str
) -> None:
    world = FakeWorld()
    world.keep_well(ZONE, "quarry.example")
    if names:
        world.name(SENDER, *names, forward=forward)
    seen = of_server(world, helo="")
    reverse = check(seen, "reverse")
    assert (reverse.verdict, reverse.clause) == ("adverse", "R7")
    assert reverse.sentence.endswith(says)
    assert reverse.cure.startswith(cure)
    assert seen.facts["look.fcrdns"] is False


def test_a_reverse_zone_that_is_silent_is_unknown_and_no_fact(world: FakeWorld) -> None:
    world.fail("5.113.0.203.in-addr.arpa", Outcome.TIMEOUT)
    seen = of_server(world)
    assert check(seen, "reverse").verdict == "unknown"
    assert {"look.fcrdns", "look.ptr", "look.hosts"} & seen.facts.keys() == set()
    assert seen.is_partial


@pytest.mark.parametrize(
    ("helo", "verdict", "resolves"),
    [
        (HOST, "clear", True),
        ("www.acme.example", "attention", True),
        ("nowhere.example", "adverse", False),
        ("localhost", "adverse", False),
        ("203.0.113.5", "adverse", False),
    ],
)
def test_the_greeting_is_looked_at(world: FakeWorld, helo: str, verdict: str, resolves: bool) -> None:
    seen = of_server(world, helo=helo)
    assert check(seen, "helo").verdict == verdict
    assert seen.facts["look.helo_resolves"] is resolves


def test_a_greeting_that_could_not_be_looked_up_is_unknown(world: FakeWorld) -> None:
    world.fail("slow.example", Outcome.SERVFAIL)
    seen = of_server(world, helo="slow.example")
    assert check(seen, "helo").verdict == "unknown"
    assert "look.helo_resolves" not in seen.facts


def test_advice_on_the_reverse_name_asks_for_a_look(world: FakeWorld) -> None:
    name = "pool-203-0-113-5.dyn.isp.example"
    other = FakeWorld()
    other.keep_well(ZONE, "quarry.example")
    other.name(SENDER, name)
    other.say(HOST, SENDER)
    seen = of_server(other)
    assert check(seen, "warn-generic").verdict == "attention"
    assert check(seen, "warn-generic").clause == "R9"
    assert check(seen, "warn-helo-mismatch").verdict == "attention"


def test_of_a_range_a_sample_is_looked_at_and_it_says_so(world: FakeWorld) -> None:
    seen = of_server(world, "203.0.113.0/24")
    part = check(seen, "range")
    assert part.sentence.startswith("We looked at 8 of the 256 addresses of 203.0.113.0/24: 203.0.113.1, ")
    assert part.sentence.endswith("203.0.113.254. Of the others we know nothing yet.")
    assert "look.ptr" not in seen.facts
    assert len(seen.facts["look.sampled"]) == 8
    assert "8 of the 8 that we looked at fail." in check(seen, "reverse").sentence


def test_a_range_with_a_listed_address_names_it(world: FakeWorld) -> None:
    world.list("203.0.113.1")
    world.list("203.0.113.2")
    seen = of_server(world, "203.0.113.0/30", lists=(house(),))
    assert "203.0.113.1: Listed on House" in check(seen, "list:house").sentence
    assert "So is 1 more of the addresses that we looked at." in check(seen, "list:house").sentence


networks = st.one_of(
    st.builds(lambda n, p: ip_network((n, p), strict=False), st.integers(0, 2**32 - 1), st.integers(16, 32)),
    st.builds(lambda n, p: ip_network((n, p), strict=False), st.integers(0, 2**128 - 1), st.integers(32, 128)),
)


@given(networks)
def test_a_sample_lies_in_the_range_and_is_at_most_eight(network: Any) -> None:
    found = server.sample(network)
    assert 1 <= len(found) <= 8
    assert found == sorted(set(found))
    assert all(address in network for address in found)
    if network.num_addresses <= 2:
        assert len(found) == network.num_addresses


def test_the_first_and_last_host_are_in_the_sample() -> None:
    found = server.sample(ip_network("192.0.2.0/24"))
    assert (found[0], found[-1]) == (ip_address("192.0.2.1"), ip_address("192.0.2.254"))
