"""Questions are what dnspython would send; answers are read as dnspython reads them; nothing raises."""

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress import wire
from egress.answer import Outcome, Question
from tests.egress.scripted import reply

labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_ABCXYZ", min_size=1, max_size=20)
names = st.lists(labels, min_size=1, max_size=8).map(".".join)
rdtypes = st.sampled_from(sorted(wire.RDTYPES))
LISTED = wire.question("2.0.0.127.bl.example", "A")
BODY = wire.body(LISTED)


def query(asked: Question) -> dns.message.Message:
    return dns.message.from_wire(b"\x12\x34" + wire.HEADER + wire.body(asked))


@given(names, rdtypes)
def test_a_question_is_the_one_that_dnspython_would_send(name: str, rdtype: str) -> None:
    asked = wire.question(name, rdtype)

    theirs = dns.message.make_query(asked.name + ".", rdtype, id=0x1234, use_edns=False)

    assert b"\x12\x34" + wire.HEADER + wire.body(asked) == theirs.to_wire()
    assert asked.name == name.lower()


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=6))
def test_a_name_out_of_a_hostile_record_can_be_asked_about(raw: list[bytes]) -> None:
    shown = dns.name.Name([*raw, b""]).to_text()

    asked = wire.question(shown, "A")

    assert dns.name.from_wire(wire.body(asked), 0)[0] == dns.name.Name([*raw, b""])
    assert wire.question(asked.name, "A") == asked


def test_a_name_may_end_in_a_dot_and_the_root_is_a_dot() -> None:
    assert wire.question("Mail.Example.", "A") == Question("mail.example", "A")
    assert wire.body(wire.question(".", "A")) == b"\0\0\1\0\1"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "empty label"),
        ("..", "empty label"),
        ("a..b", "empty label"),
        (".example", "empty label"),
        ("x" * 64 + ".example", "64 characters; a DNS label has at most 63"),
        (".".join(["x" * 60] * 5), "304 characters; a DNS name has at most 253"),
        ("bücher.example", "xn--"),
        ("two words.example", "blank"),
        ("line\nbreak.example", "blank"),
        ("bad\\999.example", "is not a DNS name"),
        ("a\\..." + "b", "is not a DNS name"),
    ],
)
def test_a_name_that_cannot_exist_is_refused_with_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        wire.question(name, "A")


def test_the_longest_name_and_label_are_taken() -> None:
    longest = ".".join(["x" * 63] * 3 + ["y" * 61])
    assert len(longest) == 253
    assert len(wire.body(wire.question(longest, "A"))) == 255 + 4


def test_a_type_that_sluice_does_not_ask_for_is_refused() -> None:
    with pytest.raises(ValueError, match="'ANY'"):
        wire.question("example", "ANY")


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_raise(packet: bytes) -> None:
    wire.answers(packet, wire.body(LISTED))
    wire.read(packet, BODY)


@given(st.binary(max_size=200), st.integers(0, 255), st.integers(0, 3), st.integers(0, 3))
def test_no_bytes_behind_a_good_question_make_reading_raise(
    rest: bytes, flags: int, answers: int, authorities: int
) -> None:
    body = wire.body(LISTED)
    packet = b"\x12\x34\x84" + bytes((flags, 0, 1, 0, answers, 0, authorities, 0, 0)) + body + rest

    assert wire.answers(packet, body)
    wire.plain_records(packet, body)
    assert wire.read(packet, BODY).outcome in Outcome


@given(st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=8, unique=True))
def test_plain_addresses_are_read_as_dnspython_reads_them(addresses: list[str]) -> None:
    packet = reply(query(LISTED), *(f"{LISTED.name}. 60 IN A {address}" for address in addresses))

    fast = wire.plain_records(packet, BODY)

    assert fast == wire.read(packet, BODY).records
    assert fast
    assert set(fast) == set(addresses)


@given(st.lists(st.lists(st.binary(max_size=60), min_size=1, max_size=3), min_size=1, max_size=3))
def test_plain_texts_are_read_as_dnspython_reads_them(texts: list[list[bytes]]) -> None:
    body = wire.retyped(BODY, "TXT")
    packet = b"\x12\x34\x84\0\0\1" + bytes((0, len(texts))) + bytes(4) + body
    for strings in texts:
        data = b"".join(bytes((len(string),)) + string for string in strings)
        packet += b"\xc0\x0c\0\x10\0\1\0\0\0\0" + len(data).to_bytes(2, "big") + data

    fast = wire.plain_records(packet, body)

    assert fast is not None
    assert set(fast) == set(wire.read(packet, body).records)
    assert wire.plain_records(packet[:-1], body) is None


def test_an_answer_of_another_shape_is_left_to_the_full_reading() -> None:
    chained = reply(query(LISTED), f"{LISTED.name}. 60 IN CNAME x.example.", "x.example. 60 IN A 127.0.0.2")
    empty = reply(query(LISTED))

    assert wire.plain_records(chained, BODY) is None
    assert wire.plain_records(empty, BODY) is None
    assert wire.plain_records(chained[:-3], BODY) is None


def test_only_a_response_to_the_same_question_counts() -> None:
    body = wire.body(LISTED)
    good = reply(query(LISTED), f"{LISTED.name}. 60 IN A 127.0.0.2")
    other = wire.question("3.0.0.127.bl.example", "A")

    assert wire.answers(good, body)
    assert wire.answers(good[:12] + good[12:].upper(), body)
    assert not wire.answers(query(LISTED).to_wire(), body)  # a query, not a response
    assert not wire.answers(good, wire.body(other))
    assert not wire.answers(good, wire.retyped(body, "TXT"))
    assert not wire.answers(good[:11], body)
    assert not wire.answers(good[:20], body)


def test_a_bare_header_counts_only_as_an_error() -> None:
    body = wire.body(LISTED)

    assert wire.answers(b"\x12\x34\x80\x01" + bytes(8), body)  # FORMERR
    assert not wire.answers(b"\x12\x34\x80\x03" + bytes(8), body)  # NXDOMAIN: would say "not listed"
    assert not wire.answers(b"\x12\x34\x80\x00" + bytes(8), body)


def test_a_reverse_name_is_followed_through_a_classless_delegation() -> None:
    asked = wire.question("5.113.0.203.in-addr.arpa", "PTR")
    packet = reply(
        query(asked),
        "5.113.0.203.in-addr.arpa. 900 IN CNAME 5.0-63.113.0.203.in-addr.arpa.",
        "5.0-63.113.0.203.in-addr.arpa. 300 IN PTR Mail.Example.",
    )

    read = wire.read(packet, wire.body(asked))

    assert (read.outcome, read.records, read.ttl) == (Outcome.ANSWER, ("mail.example",), 300)
    assert read.canonical == "5.0-63.113.0.203.in-addr.arpa"


def test_name_servers_are_names_like_any_other() -> None:
    asked = wire.question("parked.example", "NS")
    packet = reply(
        query(asked), "parked.example. 300 IN NS NS1.Parking.Example.", "parked.example. 300 IN NS ns2.parking.example."
    )

    read = wire.read(packet, wire.body(asked))

    assert (read.outcome, set(read.records)) == (Outcome.ANSWER, {"ns1.parking.example", "ns2.parking.example"})


def test_only_records_of_the_asked_name_and_type_are_read() -> None:
    packet = reply(query(LISTED), "other.example. 60 IN A 127.0.0.9", f"{LISTED.name}. 60 IN TXT seen")

    assert wire.read(packet, BODY).outcome is Outcome.NODATA


@pytest.mark.parametrize(
    ("rcode", "outcome"),
    [(dns.rcode.NXDOMAIN, Outcome.NXDOMAIN), (dns.rcode.NOERROR, Outcome.NODATA)],
)
def test_a_negative_answer_keeps_the_negative_ttl(rcode: dns.rcode.Rcode, outcome: Outcome) -> None:
    soa = "bl.example. 3600 IN SOA ns.bl.example. h.bl.example. 1 2 3 4 150"

    with_soa = wire.read(reply(query(LISTED), rcode=rcode, authority=(soa,)), BODY)
    without = wire.read(reply(query(LISTED), rcode=rcode), BODY)

    assert (with_soa.outcome, with_soa.ttl) == (outcome, 150)
    assert (without.outcome, without.ttl) == (outcome, None)


@pytest.mark.parametrize(
    ("code", "outcome", "shown"),
    [
        (1, Outcome.SERVFAIL, "FORMERR"),
        (2, Outcome.SERVFAIL, "SERVFAIL"),
        (4, Outcome.SERVFAIL, "NOTIMP"),
        (5, Outcome.REFUSED, "REFUSED"),
        (13, Outcome.SERVFAIL, "RCODE13"),
    ],
)
def test_an_error_code_keeps_its_own_name(code: int, outcome: Outcome, shown: str) -> None:
    packet = b"\x12\x34\x80" + bytes((code,)) + b"\0\1\0\0\0\0\0\0" + wire.body(LISTED)

    read = wire.read(packet, BODY)

    assert (read.outcome, read.rcode) == (outcome, shown)


def test_a_chain_of_names_that_bites_its_tail_is_malformed() -> None:
    packet = reply(query(LISTED), f"{LISTED.name}. 60 IN CNAME x.example.", f"x.example. 60 IN CNAME {LISTED.name}.")

    assert wire.read(packet, BODY).outcome is Outcome.MALFORMED


def test_a_compression_pointer_that_points_at_itself_is_malformed() -> None:
    body = wire.body(LISTED)
    at = 12 + len(body)
    loop = bytes((0xC0 | at >> 8, at & 255)) + b"\0\1\0\1\0\0\0\0\0\4\x7f\0\0\2"
    packet = b"\x12\x34\x84\x00\0\1\0\1\0\0\0\0" + body + loop

    assert wire.read(packet, BODY).outcome is Outcome.MALFORMED


def test_a_name_that_does_not_exist_and_yet_has_an_address_is_malformed() -> None:
    packet = reply(query(LISTED), f"{LISTED.name}. 60 IN A 127.0.0.2", rcode=dns.rcode.NXDOMAIN)

    assert wire.read(packet, BODY).outcome is Outcome.MALFORMED


def test_text_is_joined_and_what_is_not_printable_is_escaped() -> None:
    asked = wire.question("2.0.0.127.bl.example", "TXT")
    packet = reply(query(asked), asked.name + r'. 60 IN TXT "listed\000 " "caf\195\169 \255 \226\128\174"')

    assert wire.read(packet, wire.body(asked)).records == (r"listed\x00 café \xff \u202e",)


@given(st.binary(max_size=400))
def test_whatever_a_server_writes_becomes_text_that_can_be_stored_and_shown(raw: bytes) -> None:
    text = wire.printable(raw)

    assert text.isprintable()
    text.encode("utf-8")  # nothing that cannot be stored
