"""What a domain asks receivers to do with mail that poses as its own."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egress.answer import Outcome
from monitors.probes.dmarc import look_policy
from monitors.probes.reading import Reading, Severity, Verdict
from tests.monitors.probes.spf.dns import Dns

BLIND = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.MALFORMED, Outcome.UNREACHABLE]
RUA = "rua=mailto:d@acme.example"


def look(dns: Dns, domain: str = "acme.example", organisational: str = "acme.example") -> Reading:
    reading = asyncio.run(look_policy(dns, domain, organisational, path=1))
    assert reading.clause == "R8"
    assert json.dumps(reading.evidence)
    assert {path for _, _, path in dns.asked} == {1}
    assert bool(reading.grounds) is (reading.verdict is Verdict.ADVERSE)
    return reading


def of(record: str, *more: str) -> Reading:
    return look(Dns(f"_dmarc.acme.example TXT {record}", *more))


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (f"v=DMARC1; p=reject; {RUA}", ("reject",)),
        (f"v=DMARC1;p=quarantine;{RUA}!10m,mailto:e@acme.example;pct=100", ("quarantine",)),
        (f"v=DMARC1; P=Reject; sp=reject; np=reject; {RUA}; adkim=s; x=y", ("reject",)),
        (f"v=DMARC1; p=none; {RUA}", ("none", "dmarc_monitors_only")),
        ("v=DMARC1; p=reject", ("reject", "dmarc_no_reports")),
        (f"v=DMARC1; p=reject; sp=none; {RUA}", ("reject", "dmarc_sp_weaker")),
        (f"v=DMARC1; p=quarantine; sp=reject; {RUA}", ("quarantine",)),
        (f"v=DMARC1; p=reject; np=quarantine; {RUA}", ("reject", "dmarc_np_weaker")),
        (f"v=DMARC1; p=reject; pct=50; {RUA}", ("reject", "dmarc_pct")),
        (f"v=DMARC1; p=reject; pct=many; {RUA}", ("reject", "dmarc_pct")),
        ("v=DMARC1; p=reject; rua=d@acme.example", ("reject", "dmarc_rua_unreadable")),
        (f"v=DMARC1; p=reject; {RUA},https://acme.example/", ("reject", "dmarc_rua_unreadable")),
        (f"v=DMARC1; p=maybe; {RUA}", ("none", "dmarc_policy_unreadable")),
        (f"v=DMARC1; {RUA}", ("none", "dmarc_policy_unreadable")),
    ],
)
def test_a_policy_is_clear_and_its_weaknesses_are_advice(record: str, codes: tuple[str, ...]) -> None:
    reading = of(record)
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "pass", codes)
    assert len(reading.meanings) == len(codes)
    assert reading.text == (record,)


@pytest.mark.parametrize(
    ("records", "result", "says"),
    [
        ((), "none", "Publish one at _dmarc.acme.example, to begin with v=DMARC1; p=none."),
        (("v=dmarc1; p=none",), "none", "publishes no DMARC record"),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "several", "leave one"),
        (("v=DMARC1; p=maybe",), "unreadable", "Give it p=none or more."),
        (("v=DMARC1",), "unreadable", "has no policy"),
    ],
)
def test_without_a_policy_it_is_a_fault(records: tuple[str, ...], result: str, says: str) -> None:
    reading = look(Dns(*(f"_dmarc.acme.example TXT {record}" for record in records)))
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.ADVERSE, result, Severity.WARN)
    assert says in reading.sentence
    assert [ground.fault for ground in reading.grounds] == [f"dmarc:{result}"]


@pytest.mark.parametrize(
    ("record", "policy"),
    [("p=reject; sp=quarantine", "quarantine"), ("p=reject", "reject"), ("sp=none; p=none", "none")],
)
def test_the_organisational_domain_stands_in_with_its_word_for_names_below(record: str, policy: str) -> None:
    dns = Dns(f"_dmarc.acme.example TXT v=DMARC1; {record}; {RUA}")
    reading = look(dns, "news.acme.example")
    assert reading.codes[0] == policy
    assert "through acme.example" in reading.sentence


def test_a_record_that_only_a_walk_up_the_tree_finds_is_said_to_be_one() -> None:
    dns = Dns(f"_dmarc.mail.acme.example TXT v=DMARC1; p=reject; {RUA}")
    reading = look(dns, "a.b.mail.acme.example")
    assert reading.codes == ("reject", "dmarc_tree_walk")
    assert "mail.acme.example" in reading.meanings[1]


def test_the_walk_ends() -> None:
    dns = Dns()
    look(dns, ".".join("abcdefghijklmnopqrst") + ".acme.example")
    assert len(dns.asked) == 8  # its own name, acme.example, and six more of the last seven


@pytest.mark.parametrize("outcome", BLIND)
@pytest.mark.parametrize("silent", ["_dmarc.news.acme.example", "_dmarc.acme.example", "_dmarc.example"])
def test_what_the_dns_does_not_say_is_unknown(silent: str, outcome: Outcome) -> None:
    dns = Dns()
    dns.fail(silent, outcome)
    reading = look(dns, "news.acme.example")
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "temperror")


# ── reports to somebody else (section 7.1) ──────────────────────────────────
OUTSIDE = "v=DMARC1; p=reject; rua=mailto:x@reports.example"
ASKED = "acme.example._report._dmarc.reports.example"


@pytest.mark.parametrize(
    ("word", "codes"),
    [("v=DMARC1", ("reject",)), ("v=DMARC1; rua=mailto:y@reports.example", ("reject",))]
    + [(word, ("reject", "dmarc_rua_unauthorised")) for word in ("hello", "")],
)
def test_another_domain_must_say_that_it_takes_our_reports(word: str, codes: tuple[str, ...]) -> None:
    reading = of(OUTSIDE, *([f"{ASKED} TXT {word}"] if word else []))
    assert reading.codes == codes
    assert all(ASKED in meaning for meaning in reading.meanings[1:])


def test_whether_it_does_is_left_open_when_the_dns_does_not_say() -> None:
    dns = Dns(f"_dmarc.acme.example TXT {OUTSIDE}")
    dns.fail(ASKED, Outcome.TIMEOUT)
    assert look(dns).codes == ("reject",)


def test_the_own_organisation_need_not_say_so_and_five_others_are_asked() -> None:
    inside = of("v=DMARC1; p=reject; rua=mailto:x@reports.acme.example,mailto:y@acme.example")
    assert inside.codes == ("reject",)
    many = ",".join(f"mailto:x@r{number}.example" for number in range(9))
    dns = Dns(f"_dmarc.acme.example TXT v=DMARC1; p=reject; rua={many}")
    look(dns)
    assert len(dns.asked) == 6


@given(st.text(alphabet="vpDMARC1=;ruasnpct:mailto@.,! reject", max_size=80))
def test_any_record_is_read(rest: str) -> None:
    assert of(f"v=DMARC1;{rest}").severity in (Severity.NONE, Severity.WARN)
