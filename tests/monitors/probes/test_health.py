"""Whether a list can be seen: its test entries (RFC 5782 section 5), and an address that nobody can list."""

import asyncio
import json
from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Answer, Outcome
from monitors.probes.blocklist import judge_answer
from monitors.probes.entry import Blocklist, Code, Mode
from monitors.probes.health import Proof, prove, stranger
from monitors.probes.reading import Severity, Verdict
from tests.monitors.fakes import ZONE, FakeWorld, answer, house

POSITIVE, NEGATIVE = f"2.0.0.127.{ZONE}", f"1.0.0.127.{ZONE}"


def proof_of(world: FakeWorld, entry: Blocklist | None = None) -> Proof:
    return asyncio.run(prove(world, entry or house(), nonce="n", path=1))


def kept_well() -> FakeWorld:
    world = FakeWorld()
    world.keep_well(ZONE)
    return world


def test_a_list_that_answers_its_test_entries_as_it_must_is_healthy() -> None:
    proof = proof_of(kept_well())
    assert (proof.healthy, proof.fault) == (True, None)
    assert json.dumps(proof.evidence)


def test_all_three_questions_go_out_at_once_and_on_the_path_that_is_proved() -> None:
    world = kept_well()
    proof_of(world)
    assert len(world.asked) == world.most_in_flight == 3
    assert {path for _, _, path in world.asked} == {1}


def test_an_emptied_list_is_blinded_though_every_sender_looks_clean() -> None:
    """SORBS on 5 June 2024, NiX Spam on 16 January 2025; or a resolver with strict QNAME minimisation."""
    proof = proof_of(FakeWorld())
    assert (proof.healthy, proof.fault) == (False, "blinded")
    assert proof.sentence == (
        "House does not list its own test entry, 127.0.0.2. It was emptied, or our resolver hides its listings."
    )


def test_a_resolver_that_strips_127_8_blinds_us() -> None:
    world = FakeWorld()
    world.fail(POSITIVE, Outcome.NODATA)
    assert proof_of(world).fault == "blinded"


def test_a_test_entry_with_a_code_that_we_do_not_know_proves_nothing() -> None:
    world = FakeWorld()
    world.say(POSITIVE, "127.0.0.77")
    proof = proof_of(world)
    assert proof.fault == "blinded"
    assert "127.0.0.77" in proof.sentence


def test_a_test_entry_may_answer_with_a_code_that_is_no_complaint() -> None:
    world = FakeWorld()
    world.say(POSITIVE, "127.0.0.9")
    assert proof_of(world).healthy


def test_a_dead_list_that_lists_everybody_lists_the_world() -> None:
    """ORDB on 25 March 2008, AHBL on 1 January 2015."""
    world = FakeWorld()
    world.answer_all(ZONE, "127.0.0.2")
    proof = proof_of(world)
    assert proof.fault == "lists_the_world"
    assert "127.0.0.1" in proof.sentence


def test_a_list_that_lists_an_address_picked_at_random_lists_the_world() -> None:
    world = kept_well()
    picked = stranger(house(), "n")
    world.list(str(picked), "127.0.0.77")
    proof = proof_of(world)
    assert proof.fault == "lists_the_world"
    assert str(picked) in proof.sentence


def test_a_parked_domain_is_a_hijack_and_not_the_whole_world_listed() -> None:
    world = FakeWorld()
    world.answer_all(ZONE, "91.195.240.117")
    assert proof_of(world).fault == "hijacked"


def test_a_refusal_is_told_apart_from_listing_the_world() -> None:
    world = FakeWorld()
    world.answer_all(ZONE, "127.255.255.254")
    assert proof_of(world).fault == "refused"


def test_refused_by_dns_itself_is_a_refusal_too() -> None:
    world = FakeWorld()
    world.fail(f"*.{ZONE}", Outcome.REFUSED)
    assert proof_of(world).fault == "refused"


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.UNREACHABLE, Outcome.MALFORMED])
def test_a_list_that_does_not_answer_is_silent(outcome: Outcome) -> None:
    world = FakeWorld()
    world.fail(f"*.{ZONE}", outcome)
    assert proof_of(world).fault == "silent"


@pytest.mark.parametrize("broken", [POSITIVE, NEGATIVE])
def test_one_missing_answer_of_the_three_is_enough_to_prove_nothing(broken: str) -> None:
    world = kept_well()
    world.fail(broken, Outcome.TIMEOUT)
    assert proof_of(world).fault == "silent"


def test_what_must_not_be_listed_has_to_be_denied_and_not_just_left_open() -> None:
    world = kept_well()
    world.fail(NEGATIVE, Outcome.NODATA)
    assert not proof_of(world).healthy


def test_a_certain_fault_is_named_before_a_vague_one() -> None:
    world = FakeWorld()
    world.fail(NEGATIVE, Outcome.TIMEOUT)
    assert proof_of(world).fault == "blinded"


def test_an_ipv6_test_entry_is_asked_only_where_the_entry_says_so() -> None:
    entry = house(targets=("ipv4", "ipv6"))
    assert proof_of(kept_well(), entry).healthy
    both = house(targets=("ipv4", "ipv6"), positive=("127.0.0.2", "::ffff:127.0.0.2"))
    assert proof_of(kept_well(), both).fault == "blinded"
    world = kept_well()
    world.list("::ffff:127.0.0.2")
    assert proof_of(world, both).healthy


def test_the_key_of_maps_is_proved_by_its_own_test_entry() -> None:
    """0.0.0.0.KEY.r.mail-abuse.com answers to a valid activation code; NXDOMAIN means a bad one."""
    entry = house(
        zone="",
        key_zone="{key}.r.example",
        key="hushhush1",
        mode=Mode.ANY_127,
        codes={"any": Code("listed", Severity.HALT)},
        positive=("0.0.0.0",),  # noqa: S104 (a test entry, nothing binds to it)
    )
    world = FakeWorld()
    proof = proof_of(world, entry)
    assert proof.fault == "blinded"
    assert "it does not accept our key" in proof.sentence
    assert "hushhush1" not in f"{proof!r}"
    world.say("0.0.0.0.hushhush1.r.example", "127.0.0.1")
    assert proof_of(world, entry).healthy


def test_a_list_of_domains_is_proved_by_names() -> None:
    entry = house(targets=("domain",), positive=("dbltest.com",), negative=("invalid",))
    world = FakeWorld()
    world.say(f"dbltest.com.{ZONE}", "127.0.0.2")
    assert proof_of(world, entry).healthy
    assert any(name.endswith(f".invalid.{ZONE}") for name, _, _ in world.asked)
    assert "dbltest.com" in proof_of(FakeWorld(), entry).sentence


@given(st.integers() | st.text())
def test_the_stranger_is_never_a_test_entry_and_never_a_real_address(nonce: str | int) -> None:
    address = stranger(house(), nonce)
    assert isinstance(address, IPv4Address)
    assert address in IPv4Network("127.0.0.128/25")
    assert address != IPv4Address("127.0.0.255")
    assert stranger(house(targets=("ipv6",)), nonce) == IPv6Address(f"::ffff:{address}")


def test_strangers_differ_from_one_round_to_the_next() -> None:
    assert len({stranger(house(), nonce) for nonce in range(200)}) > 50


# ---- What a proof does to a reading ----

BLIND = Proof(False, "blinded", "House cannot be seen.")
WELL = Proof(True, None, "House can be seen.")


@pytest.mark.parametrize("seen", [answer(outcome=Outcome.NXDOMAIN), answer("127.0.0.2")])
def test_nothing_is_known_from_a_list_that_cannot_be_seen(seen: Answer) -> None:
    reading = BLIND.vouch(judge_answer(house(), seen))
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "list_unhealthy")
    assert (reading.severity, reading.sentence) == (Severity.NONE, "House cannot be seen.")


def test_a_proved_reading_stays_as_it_is_and_an_unknown_one_keeps_its_own_reason() -> None:
    clean = judge_answer(house(), answer(outcome=Outcome.NXDOMAIN))
    lost = judge_answer(house(), answer(outcome=Outcome.TIMEOUT))
    assert WELL.vouch(clean) is clean
    assert BLIND.vouch(lost) is lost
