"""What each outcome of a question must become: every row of the table of answers, over real sockets.

Between "listed" and "clean" lie many answers that are neither. Each row says what the list's server does, and what is
read of it: before a proof, and in the end.
"""

from dataclasses import dataclass

import pytest

from monitors.probes.blocklist import look
from monitors.probes.entry import Blocklist, Code, Mode
from monitors.probes.reading import Severity, Verdict
from tests.monitors.fakes import house
from tests.monitors.probes.wire import BUILT_IN, Wire

SENDER, DOMAIN = "203.0.113.5", "alder.example"
CLEAR, ADVERSE, UNKNOWN = Verdict.CLEAR, Verdict.ADVERSE, Verdict.UNKNOWN

ZEN, DBL, COP = BUILT_IN["spamhaus-zen"], BUILT_IN["spamhaus-dbl"], BUILT_IN["spamcop"]
URIBL, SURBL, VALIDITY = BUILT_IN["uribl-multi"], BUILT_IN["surbl-multi"], BUILT_IN["validity-rpbl"]
DNSWL, ERS, ZRD = BUILT_IN["dnswl"], BUILT_IN["trendmicro-ers-standard"], BUILT_IN["spamhaus-zrd"]
HOSTKARMA = house(
    id="hostkarma",
    name="Hostkarma",
    zone="hostkarma.junkemailfilter.com",
    codes={"127.0.0.2": Code("black", Severity.WARN), "127.0.0.1": Code("white", Severity.NONE)},
    negative=(),
)


@dataclass(frozen=True)
class Row:
    """`codes` are answered for the target, `mood` is how the whole zone answers instead."""

    entry: Blocklist
    verdict: Verdict
    result: str
    codes: tuple[str, ...] = ()
    mood: str = ""
    code: str = ""
    target: str = ""

    @property
    def about(self) -> str:
        return self.target or (DOMAIN if "domain" in self.entry.targets else SENDER)


ROWS = {
    # NXDOMAIN, and the list's test entry is listed on the same path
    "no such name": Row(ZEN, CLEAR, "clean"),
    "no such domain": Row(DBL, CLEAR, "clean"),
    "no such IPv6 address": Row(ZEN, CLEAR, "clean", target="2001:db8::5"),
    # NOERROR with a code of the list's own table: all records are read
    "a code of the table": Row(ZEN, ADVERSE, "listed", ("127.0.0.2",)),
    "several codes at once": Row(ZEN, ADVERSE, "listed", ("127.0.0.9", "127.0.0.2", "127.0.0.11")),
    "a code for IPv6": Row(ZEN, ADVERSE, "listed", ("127.0.0.3",), target="2001:db8::5"),
    "the code above 15 that other tools drop": Row(ZEN, ADVERSE, "listed", ("127.0.0.30",)),
    "a code of a domain": Row(DBL, ADVERSE, "listed", ("127.0.1.103",)),
    "a code within a span": Row(ZRD, ADVERSE, "listed", ("127.0.2.24",)),
    "bits added up": Row(SURBL, ADVERSE, "listed", ("127.0.0.208",)),
    "anything in 127/8 where no codes are published": Row(ERS, ADVERSE, "listed", ("127.1.0.4",)),
    "a known code beside an unknown one": Row(ZEN, ADVERSE, "listed", ("127.0.0.77", "127.0.0.4")),
    "a known answer that is no complaint": Row(DNSWL, CLEAR, "clean", ("127.0.15.2",)),
    # 127.0.0.1 is what each list says it is
    "127.0.0.1 on URIBL": Row(URIBL, UNKNOWN, "refused_by_list", ("127.0.0.1",)),
    "127.0.0.1 on SURBL": Row(SURBL, UNKNOWN, "refused_by_list", ("127.0.0.1",)),
    "127.0.0.1 on Hostkarma": Row(HOSTKARMA, CLEAR, "clean", ("127.0.0.1",)),
    "127.0.0.1 on Validity": Row(VALIDITY, ADVERSE, "listed", ("127.0.0.1",)),
    "127.0.0.1 where nobody speaks of it": Row(ZEN, UNKNOWN, "unmapped_code", ("127.0.0.1",)),
    # in 127/8, and not in the table
    "a code that is not in the table": Row(ZEN, UNKNOWN, "unmapped_code", ("127.0.0.77",)),
    "the unused code of ZEN": Row(ZEN, UNKNOWN, "unmapped_code", ("127.0.0.8",)),
    "a code beyond the span": Row(ZRD, UNKNOWN, "unmapped_code", ("127.0.2.25",)),
    "a bit that is not in the table": Row(SURBL, UNKNOWN, "unmapped_code", ("127.0.0.2",)),
    "bits in another octet": Row(SURBL, UNKNOWN, "unmapped_code", ("127.0.8.0",)),
    # refusals
    "the zone is mistyped": Row(ZEN, UNKNOWN, "refused_by_list", ("127.255.255.252",)),
    "a public resolver": Row(ZEN, UNKNOWN, "refused_by_list", ("127.255.255.254",)),
    "too many questions": Row(ZEN, UNKNOWN, "refused_by_list", ("127.255.255.255",)),
    "the range of refusals where no error is known": Row(COP, UNKNOWN, "refused_by_list", ("127.255.255.9",)),
    "the range of refusals on any-127": Row(ERS, UNKNOWN, "refused_by_list", ("127.255.255.254",)),
    "a refusal beside a listing": Row(ZEN, UNKNOWN, "refused_by_list", ("127.0.0.2", "127.255.255.255")),
    "the refusing bit beside a listing bit": Row(URIBL, UNKNOWN, "refused_by_list", ("127.0.0.3",)),
    "127.0.1.255 on DBL": Row(DBL, UNKNOWN, "refused_by_list", ("127.0.1.255",)),
    "127.0.0.255 on dnswl": Row(DNSWL, UNKNOWN, "refused_by_list", ("127.0.0.255",)),
    "127.0.10.x on dnswl": Row(DNSWL, UNKNOWN, "refused_by_list", ("127.0.10.3",)),
    "not registered with Validity": Row(VALIDITY, UNKNOWN, "refused_by_list", ("127.255.255.255",)),
    # outside 127/8
    "an answer outside 127/8": Row(COP, UNKNOWN, "hijacked", ("91.195.240.117",)),
    "a listing beside an answer outside 127/8": Row(COP, UNKNOWN, "hijacked", ("127.0.0.2", "203.0.113.80")),
    "0.0.0.0 of a filter": Row(COP, UNKNOWN, "hijacked", ("0.0.0.0",)),  # noqa: S104 (an answer)
    "the whole zone is parked": Row(COP, UNKNOWN, "hijacked", mood="park", code="91.195.240.117"),
    # no answer
    "NOERROR without an address": Row(COP, UNKNOWN, "nodata", mood="nodata"),
    "SERVFAIL": Row(COP, UNKNOWN, "servfail", mood="servfail"),
    "REFUSED": Row(COP, UNKNOWN, "refused", mood="refused"),
    "silence": Row(COP, UNKNOWN, "timeout", mood="timeout"),
    # an answer that would count, from a list that cannot be believed
    "NXDOMAIN while the test entry is gone": Row(COP, UNKNOWN, "list_unhealthy", mood="empty"),
    "a listing of what nobody can list": Row(COP, UNKNOWN, "list_unhealthy", mood="wildcard"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_outcome_becomes_what_the_table_says(wire: Wire, row: Row) -> None:
    zone = row.entry.zone_asked
    wire.keep(row.entry)
    if row.codes:
        wire.world.list(zone, row.about, codes=row.codes, text="because we say so")
    if row.mood:
        wire.world.set_mood(zone, row.mood, code=row.code)
        wire.patience = 0.2 if row.mood == "timeout" else wire.patience

    reading = wire.see(row.entry, row.about)
    assert (reading.verdict, reading.result) == (row.verdict, row.result)
    assert (reading.severity is Severity.NONE) == (row.verdict is not ADVERSE)
    assert bool(reading.grounds) == (row.verdict is ADVERSE)
    assert row.entry.name in reading.sentence
    if row.verdict is ADVERSE:
        assert reading.text == ("because we say so",)
        assert [part["rdtype"] for part in reading.evidence] == ["A", "TXT"]
        assert set(reading.evidence[0]["records"]) == set(row.codes)


def test_all_codes_of_an_answer_are_named_with_their_meanings(wire: Wire) -> None:
    wire.keep(ZEN)
    wire.world.list(ZEN.zone, SENDER, codes=("127.0.0.4", "127.0.0.10", "127.0.0.77"))
    reading = wire.see(ZEN, SENDER)
    assert set(reading.codes) == {"127.0.0.4", "127.0.0.10", "127.0.0.77"}
    assert "XBL: exploited or infected machine (127.0.0.4)" in reading.sentence
    assert "It also answered 127.0.0.77, which is not in our table" in reading.sentence
    assert ZEN.signs(reading.codes) == {"127.0.0.4": "hijacked", "127.0.0.10": "home"}


def test_the_words_are_those_about_the_target_and_not_those_of_a_test_entry(wire: Wire) -> None:
    wire.keep(COP)
    wire.world.list(COP.zone, SENDER, text="Blocked, see https://lists.example.org/203.0.113.5")
    assert wire.see(COP, SENDER).text == ("Blocked, see https://lists.example.org/203.0.113.5",)
    texts = [asked.name for asked in wire.world.queries.last() if asked.rdtype == "TXT"]
    assert texts == [f"5.113.0.203.{COP.zone}"]


def test_a_listing_without_words_is_a_listing(wire: Wire) -> None:
    wire.keep(COP)
    wire.world.list(COP.zone, SENDER, text="")
    reading = wire.see(COP, SENDER)
    assert (reading.verdict, reading.text) == (ADVERSE, ())


def test_ipv6_is_asked_by_nibbles_and_a_wrapped_ipv4_address_as_what_it_wraps(wire: Wire) -> None:
    wire.keep(ZEN)
    wire.world.list(ZEN.zone, SENDER)
    assert wire.look(ZEN, f"::ffff:{SENDER}").verdict is ADVERSE
    assert wire.world.queries.last()[-1].name == f"5.113.0.203.{ZEN.zone}"
    wire.look(ZEN, "2001:db8::5")
    nibbles = "5.0.0.0." + "0.0.0.0." * 5 + "8.b.d.0.1.0.0.2"
    assert wire.world.queries.last()[-1].name == f"{nibbles}.{ZEN.zone}"


@pytest.mark.parametrize(
    "address",
    [SENDER, "2001:db8::5", "203.0.113.5.", "[2001:db8::5]", "0xcb007105", "mail.0xcb", "3405803781", "a..b", "test"],
)
@pytest.mark.parametrize("entry", [DBL, URIBL, SURBL, BUILT_IN["sem-uri"]], ids=lambda entry: entry.id)
def test_a_list_of_domains_is_never_asked_about_an_address(wire: Wire, entry: Blocklist, address: str) -> None:
    """DBL answers each with 127.0.1.255, URIBL and SURBL with 127.0.0.1; other tools show that as a listing."""
    wire.keep(entry)
    wire.world.set_mood(entry.zone, "refuse_code", code="127.0.1.255")
    reading = wire.look(entry, address)
    assert (reading.verdict, reading.result) == (UNKNOWN, "not_covered")
    assert wire.world.queries.count == 0
    as_text = wire.run(lambda ask: look(ask, entry, address))
    assert (as_text.verdict, as_text.result) == (UNKNOWN, "not_covered")
    assert wire.world.queries.count == 0


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("click.mail.alder.example.com", "example.com"),
        ("Alder.CO.UK.", "alder.co.uk"),
        ("news.alder.co.uk", "alder.co.uk"),
    ],
)
def test_a_list_of_registrable_domains_is_asked_about_those_only(wire: Wire, host: str, asked: str) -> None:
    wire.keep(URIBL, SURBL)
    wire.world.list(URIBL.zone, asked, codes=("127.0.0.2",))
    reading = wire.see(URIBL, host)
    assert reading.verdict is ADVERSE
    assert (f"so {asked} was asked about" in reading.sentence) == (host.rstrip(".").lower() != asked)
    names = {question.name for question in wire.world.queries.last() if "test" not in question.name}
    assert f"{asked}.{URIBL.zone}" in names
    wire.look(SURBL, host)
    assert wire.world.queries.last()[-1].name == f"{host.rstrip('.').lower()}.{SURBL.zone}"


def test_an_international_name_is_asked_in_its_a_labels(wire: Wire) -> None:
    wire.keep(DBL, URIBL)
    for entry in (DBL, URIBL):
        wire.world.list(entry.zone, "xn--bcher-kva.example", codes=("127.0.1.2" if entry is DBL else "127.0.0.2",))
        reading = wire.see(entry, "B\u00fccher.example")
        assert reading.verdict is ADVERSE
        assert "was asked about" not in reading.sentence


def test_an_ending_that_nobody_can_register_is_not_asked_about(wire: Wire) -> None:
    wire.keep(URIBL)
    assert wire.look(URIBL, "co.uk").result == "not_covered"
    assert wire.world.queries.count == 0


def test_what_a_table_cannot_say_of_one_list_it_cannot_say_of_another() -> None:
    """Every mode has its rows above."""
    assert {row.entry.mode for row in ROWS.values()} == set(Mode)
