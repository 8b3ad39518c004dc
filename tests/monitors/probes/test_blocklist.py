"""What an answer of a blocklist means: RFC 5782, RFC 6471, and the codes by which lists refuse."""

import asyncio
import json
from ipaddress import IPv4Address, IPv6Address, ip_address

import dns.reversename
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Outcome
from monitors.probes.blocklist import judge_answer, look, query_name
from monitors.probes.entry import Blocklist, Code, Kind, Mode
from monitors.probes.reading import Severity, Verdict
from tests.monitors.fakes import ZONE, FakeWorld, answer, house

SENDER = IPv4Address("203.0.113.5")
BITS = house(
    mode=Mode.BITS,
    refused=1,
    codes={"2": Code("black", Severity.WARN), "8": Code("phishing", Severity.HALT)},
)


# ---- The question ----


def test_an_ipv4_address_is_asked_by_octets_in_reverse_as_rfc_5782_section_2_1_says() -> None:
    assert query_name(IPv4Address("192.0.2.99"), "bad.example.net") == "99.2.0.192.bad.example.net"


def test_an_ipv6_address_is_asked_by_its_32_nibbles_as_rfc_5782_section_2_4_says() -> None:
    asked = query_name(IPv6Address("2001:db8:1:2:3:4:567:89ab"), "ugly.example.com")
    assert asked == "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com"


def test_the_ipv6_test_entry_does_not_turn_into_the_ipv4_one() -> None:
    """RFC 5782 section 5. dnspython's reversename makes 2.0.0.127.in-addr.arpa of it."""
    asked = query_name(IPv6Address("::ffff:127.0.0.2"), "zone.example")
    assert asked == "2.0.0.0.0.0.f.7.f.f.f.f." + "0." * 20 + "zone.example"


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_the_question_agrees_with_dnspython_on_every_address_but_the_mapped_ones(
    address: IPv4Address | IPv6Address,
) -> None:
    if getattr(address, "ipv4_mapped", None):
        return
    zone = "in-addr.arpa" if address.version == 4 else "ip6.arpa"
    assert query_name(address, zone) + "." == dns.reversename.from_address(str(address)).to_text()


# ---- The answer ----


def test_nxdomain_is_the_only_way_to_be_clean_without_an_answer() -> None:
    reading = judge_answer(house(), answer(outcome=Outcome.NXDOMAIN))
    assert (reading.verdict, reading.result) == (Verdict.CLEAR, "clean")
    assert reading.sentence == "Not listed on House."


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Outcome.NODATA, "nodata"),
        (Outcome.ANSWER, "nodata"),
        (Outcome.SERVFAIL, "servfail"),
        (Outcome.REFUSED, "refused"),
        (Outcome.TIMEOUT, "timeout"),
        (Outcome.UNREACHABLE, "timeout"),
        (Outcome.MALFORMED, "servfail"),
    ],
)
def test_no_answer_is_unknown_and_never_clean(outcome: Outcome, result: str) -> None:
    reading = judge_answer(house(), answer(outcome=outcome))
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.UNKNOWN, result, Severity.NONE)
    assert "House" in reading.sentence


def test_an_odd_rcode_is_told_as_it_was() -> None:
    reading = judge_answer(house(), answer(outcome=Outcome.SERVFAIL, rcode="NOTIMP"))
    assert reading.sentence == "House could not be resolved (NOTIMP)."


def test_a_code_of_the_table_is_a_listing_and_the_sentence_says_what_it_means() -> None:
    reading = judge_answer(house(), answer("127.0.0.2"))
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.ADVERSE, "listed", Severity.HALT)
    assert (reading.codes, reading.meanings, reading.clause) == (("127.0.0.2",), ("spam source",), "R5")
    assert reading.sentence == "Listed on House: spam source (127.0.0.2)."


def test_all_records_are_read_and_the_gravest_severity_wins() -> None:
    reading = judge_answer(house(), answer("127.0.0.9", "127.0.0.3", "127.0.0.2"))
    assert reading.severity is Severity.HALT
    assert reading.codes == ("127.0.0.9", "127.0.0.3", "127.0.0.2")


def test_a_code_that_the_table_does_not_know_is_unknown() -> None:
    reading = judge_answer(house(), answer("127.0.0.77"))
    assert (reading.verdict, reading.result, reading.codes) == (
        Verdict.UNKNOWN,
        "unmapped_code",
        ("127.0.0.77",),
    )
    assert "127.0.0.77" in reading.sentence


def test_a_known_code_beside_an_unknown_one_is_a_listing_and_both_are_named() -> None:
    reading = judge_answer(house(), answer("127.0.0.77", "127.0.0.2"))
    assert (reading.verdict, reading.codes) == (Verdict.ADVERSE, ("127.0.0.2", "127.0.0.77"))
    assert "spam source (127.0.0.2)" in reading.sentence
    assert "127.0.0.77, which is not in our table" in reading.sentence


def test_a_known_answer_that_is_no_complaint_is_clear() -> None:
    reading = judge_answer(house(), answer("127.0.0.9"))
    assert (reading.verdict, reading.severity, reading.codes) == (
        Verdict.CLEAR,
        Severity.NONE,
        ("127.0.0.9",),
    )
    assert reading.sentence == "Known to House, but not as a complaint: known good (127.0.0.9)."


@pytest.mark.parametrize("code", ["127.255.255.252", "127.255.255.254", "127.255.255.255", "127.255.255.1"])
def test_the_range_of_refusals_is_never_a_listing_on_any_list(code: str) -> None:
    for entry in (house(), house(mode=Mode.ANY_127, codes={"any": Code("listed", Severity.HALT)}), BITS):
        assert judge_answer(entry, answer(code)).result == "refused_by_list"


def test_one_refusal_among_listings_makes_the_whole_answer_unknown() -> None:
    reading = judge_answer(house(), answer("127.0.0.2", "127.255.255.254"))
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.UNKNOWN, "refused_by_list", ())


def test_a_refusal_says_why_when_the_entry_knows() -> None:
    entry = house(errors={"127.0.1.255": "an address was asked of a list of domains"})
    reading = judge_answer(entry, answer("127.0.1.255"))
    assert reading.sentence == "House refused to answer us (127.0.1.255): an address was asked of a list of domains."


@pytest.mark.parametrize("foreign", ["91.195.240.117", "203.0.113.80", "0.0.0.1", "128.0.0.2", "nonsense"])
def test_an_answer_outside_127_8_is_a_hijack_even_beside_a_listing(foreign: str) -> None:
    """bl.spamcop.net on 30 January 2021, bl.spamcannibal.org on 30 May 2018: expired and parked."""
    for records in ((foreign,), ("127.0.0.2", foreign)):
        reading = judge_answer(house(), answer(*records))
        assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "hijacked")
        assert foreign in reading.sentence


def test_127_0_0_1_means_what_the_list_says_it_means() -> None:
    """A listing on Validity, a refusal on URIBL. What RFC 5782 forbids is the question, not the answer."""
    bot = house(mode=Mode.BITS, codes={"1": Code("bot", Severity.WARN)})
    assert judge_answer(bot, answer("127.0.0.1")).result == "listed"
    assert judge_answer(BITS, answer("127.0.0.1")).result == "refused_by_list"
    assert judge_answer(house(), answer("127.0.0.1")).result == "unmapped_code"


def test_bits_are_read_one_by_one_and_strange_ones_named() -> None:
    reading = judge_answer(BITS, answer("127.0.0.26"))  # 16 + 8 + 2
    assert (reading.severity, reading.codes) == (Severity.HALT, ("127.0.0.2", "127.0.0.8", "127.0.0.16"))
    assert "127.0.0.16, which is not in our table" in reading.sentence


def test_a_refusing_bit_beside_a_listing_bit_is_unknown() -> None:
    assert judge_answer(BITS, answer("127.0.0.9")).result == "refused_by_list"


def test_bits_live_in_the_last_octet_only() -> None:
    assert judge_answer(BITS, answer("127.0.1.8")).result == "unmapped_code"
    assert judge_answer(BITS, answer("127.0.0.0")).result == "unmapped_code"


def test_a_span_of_codes_ends_where_it_says() -> None:
    entry = house(mode=Mode.RANGE, codes={"127.0.2.2-127.0.2.24": Code("new domain", Severity.WARN)})
    found = {n: judge_answer(entry, answer(f"127.0.2.{n}")).result for n in (1, 2, 24, 25)}
    assert found == {1: "unmapped_code", 2: "listed", 24: "listed", 25: "unmapped_code"}


def test_an_open_octet_takes_any_number() -> None:
    entry = house(
        mode=Mode.SPECIAL,
        codes={"127.0.x.2": Code("medium", Severity.NONE)},
        errors={"127.0.0.255": "too many questions", "127.0.10.x": "too many questions"},
    )
    assert judge_answer(entry, answer("127.0.7.2")).verdict is Verdict.CLEAR
    assert judge_answer(entry, answer("127.0.10.2")).result == "refused_by_list"
    assert judge_answer(entry, answer("127.0.7.9")).result == "unmapped_code"


@given(
    st.lists(
        st.ip_addresses(v=4).map(str) | st.sampled_from(["127.0.0.2", "127.0.0.9", "127.255.255.1"]),
        max_size=4,
    )
)
def test_no_answer_whatever_is_called_a_listing_without_a_code_of_the_table(records: list[str]) -> None:
    reading = judge_answer(house(), answer(*records))
    assert json.dumps(reading.evidence)
    if reading.verdict is Verdict.ADVERSE:
        assert {"127.0.0.2", "127.0.0.3"} & set(records)
        assert all(record.startswith("127.") for record in records)
        assert not any(record.startswith("127.255.255.") for record in records)
    if reading.verdict is Verdict.CLEAR:
        assert set(records) == {"127.0.0.9"}


# ---- The look ----


def test_the_list_s_own_words_are_fetched_for_the_target_itself_after_a_listing() -> None:
    world = FakeWorld()
    world.list("203.0.113.5", "127.0.0.2", text="See https://dnsbl.example.org/why")
    reading = asyncio.run(look(world, house(), SENDER, path=1))
    assert reading.text == ("See https://dnsbl.example.org/why",)
    name = f"5.113.0.203.{ZONE}"
    assert world.asked == [(name, "A", 1), (name, "TXT", 1)]
    assert [part["rdtype"] for part in reading.evidence] == ["A", "TXT"]


def test_a_listing_stands_without_the_list_s_words() -> None:
    reading = asyncio.run(look(_listed(), house(), SENDER))
    assert (reading.verdict, reading.text) == (Verdict.ADVERSE, ())


def test_no_words_are_fetched_without_a_listing() -> None:
    world = FakeWorld()
    asyncio.run(look(world, house(), SENDER))
    assert [rdtype for _, rdtype, _ in world.asked] == ["A"]


def test_long_words_are_cut_in_the_reading_and_in_the_evidence() -> None:
    world = _listed()
    world.say(f"5.113.0.203.{ZONE}", *("x" * 4_000 for _ in range(9)), rdtype="TXT")
    reading = asyncio.run(look(world, house(), SENDER))
    assert len(reading.text) == 5
    assert all(len(text) == 500 for text in reading.text)
    assert len(json.dumps(reading.evidence)) < 5_000


def test_a_list_without_ipv6_data_is_not_asked_about_ipv6_and_never_calls_it_clear() -> None:
    world = FakeWorld()
    reading = asyncio.run(look(world, house(), IPv6Address("2001:db8::5")))
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "not_covered")
    assert reading.sentence == "House holds no IPv6 addresses, so it can say nothing about this one."
    assert world.asked == []


def test_a_list_with_ipv6_data_finds_an_ipv6_listing() -> None:
    world = FakeWorld()
    world.list("2001:db8::5", "127.0.0.3")
    reading = asyncio.run(look(world, house(targets=("ipv4", "ipv6")), ip_address("2001:db8::5")))
    assert (reading.verdict, reading.severity) == (Verdict.ADVERSE, Severity.WARN)


def test_a_list_of_domains_is_asked_about_names() -> None:
    world = FakeWorld()
    world.say(f"bad.example.{ZONE}", "127.0.0.2")
    reading = asyncio.run(look(world, house(targets=("domain",)), "Bad.Example."))
    assert reading.verdict is Verdict.ADVERSE


def test_a_name_too_long_to_ask_is_not_covered_and_raises_nothing() -> None:
    reading = asyncio.run(look(FakeWorld(), house(targets=("domain",)), f"{'a.' * 120}example"))
    assert reading.result == "not_covered"


@pytest.mark.parametrize("entry", [house(zone="", key_zone="{key}.x.example"), house(zone="", kind=Kind.ATTESTED)])
def test_a_list_that_cannot_be_asked_is_not_asked(entry: Blocklist) -> None:
    with pytest.raises(ValueError, match="house is not configured"):
        asyncio.run(look(FakeWorld(), entry, SENDER))


# ---- The key ----


def test_the_key_is_asked_with_and_shown_nowhere() -> None:
    key = "sfdsfdxyzzy42"
    entry = house(zone="zen.example", key_zone="{key}.zen.dq.example", key=key)
    world = FakeWorld()
    name = f"5.113.0.203.{key}.zen.dq.example"
    world.say(name, "127.0.0.2", canonical=name.upper())
    world.say(name, f"https://example/?k={key.upper()}", "y" * 490 + key, rdtype="TXT")
    reading = asyncio.run(look(world, entry, SENDER))
    assert world.asked[0][0] == name
    assert reading.verdict is Verdict.ADVERSE
    shown = f"{reading!r} {json.dumps(reading.evidence)} {entry!r} {entry.zone_shown}".lower()
    assert key not in shown
    assert "sfdsfdx" not in shown  # nor half of it, where a long text was cut
    assert entry.zone_shown == "….zen.dq.example"
    assert reading.evidence[0]["name"] == "5.113.0.203.….zen.dq.example"


def test_without_its_key_the_public_zone_is_asked() -> None:
    entry = house(zone="zen.example", key_zone="{key}.zen.dq.example")
    assert (entry.zone_asked, entry.zone_shown, entry.is_configured) == ("zen.example", "zen.example", True)


def _listed() -> FakeWorld:
    world = FakeWorld()
    world.list("203.0.113.5", "127.0.0.2")
    return world
