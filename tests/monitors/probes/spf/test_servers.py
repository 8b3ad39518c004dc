"""What the SPF record of a domain means for the servers that a vendor declared."""

import asyncio
import json
from ipaddress import ip_address

import pytest

from egress.answer import Outcome
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.spf import look_spf_for
from tests.monitors.probes.spf.dns import Dns

ONE, TWO, SIX = "203.0.113.5", "203.0.113.6", "2001:db8::5"


def look(dns: Dns, *servers: str) -> Reading:
    reading = asyncio.run(look_spf_for(dns, "acme.example", [ip_address(one) for one in servers], path=1))
    assert reading.clause == "R8"
    assert json.dumps(reading.evidence)
    assert {path for _, _, path in dns.asked} == {1}
    return reading


def of(record: str, *servers: str, more: tuple[str, ...] = ()) -> Reading:
    return look(Dns(f"acme.example TXT v=spf1 {record}", *more), *(servers or (ONE, TWO)))


def test_it_is_clear_when_every_server_passes() -> None:
    reading = of("ip4:203.0.113.0/24 ip6:2001:db8::/64 -all", ONE, TWO, SIX)
    assert (reading.verdict, reading.result, reading.severity, reading.codes) == (
        Verdict.CLEAR,
        "pass",
        Severity.NONE,
        (),
    )
    assert reading.sentence == f"The SPF record of acme.example lets {ONE}, {TWO}, {SIX} send for it."
    assert reading.text == ("v=spf1 ip4:203.0.113.0/24 ip6:2001:db8::/64 -all",)


@pytest.mark.parametrize(
    ("records", "result", "says"),
    [
        ((), "none", "Publish one (TXT) that names your servers, such as v=spf1 ip4:203.0.113.5 -all."),
        (("v=spf1 mx -all", "v=spf1 a -all"), "several", "Make one of them."),
        (("v=spf1 mx +all",), "everybody", "lets everybody send for it (+all)"),
        (("v=spf1 include:open.example -all",), "everybody", "(include:open.example)"),
        (("v=spf1 moo -all",), "permerror", "'moo' is no mechanism of SPF"),
        (("v=spf1 include:gone.example -all",), "permerror", "and gone.example publishes no SPF record"),
    ],
)
def test_a_record_that_is_not_sound_is_a_fault_of_the_domain(records: tuple[str, ...], result: str, says: str) -> None:
    dns = Dns(*(f"acme.example TXT {record}" for record in records), "open.example TXT v=spf1 +all")
    reading = look(dns, ONE, TWO)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.ADVERSE, result, Severity.WARN)
    assert says in reading.sentence
    assert [ground.fault for ground in reading.grounds] == [f"spf:{result}"]


@pytest.mark.parametrize(
    ("record", "result", "says"),
    [
        ("ip4:203.0.113.5 -all", "fail", "refuses 203.0.113.6 (fail)"),
        ("ip4:203.0.113.5 ~all", "softfail", "distrusts 203.0.113.6 (softfail)"),
        ("ip4:203.0.113.5 ?all", "neutral", "says neither yes nor no to 203.0.113.6 (neutral)"),
        ("ip4:203.0.113.5", "neutral", "says neither yes nor no to 203.0.113.6 (neutral)"),
    ],
)
def test_a_server_that_does_not_pass_is_a_fault_of_its_own(record: str, result: str, says: str) -> None:
    reading = of(record)
    assert (reading.verdict, reading.result) == (Verdict.ADVERSE, result)
    assert says in reading.sentence
    assert "Add ip4:203.0.113.6 to it" in reading.sentence
    assert [ground.fault for ground in reading.grounds] == [f"spf:{TWO}:{result}"]


def test_each_server_has_its_ground_and_the_gravest_result_leads() -> None:
    reading = of("-ip4:203.0.113.5 ~all", ONE, TWO, SIX)
    assert reading.result == "fail"
    assert [ground.fault for ground in reading.grounds] == [
        f"spf:{ONE}:fail",
        f"spf:{TWO}:softfail",
        f"spf:{SIX}:softfail",
    ]
    assert reading.about({f"spf:{SIX}:softfail"}) == (
        Severity.WARN,
        "The SPF record of acme.example: it distrusts 2001:db8::5 (softfail), so add ip6:2001:db8::5 to it.",
    )


def test_the_evidence_has_how_each_server_fared_and_the_answers_once() -> None:
    reading = of("include:esp.example -all", more=("esp.example TXT v=spf1 ip4:203.0.113.5 -all",))
    first, second, *answers = reading.evidence
    assert (first["server"], first["result"], first["lookups"]) == (ONE, "pass", 1)
    assert [step[1:] for step in second["steps"]] == [
        ["-all", "fail"],
        ["include:esp.example", "fail"],
        ["-all", "fail"],
    ]
    assert [answer["name"] for answer in answers] == ["acme.example", "esp.example"]


def test_each_name_is_asked_once_for_all_servers() -> None:
    dns = Dns("acme.example TXT v=spf1 include:esp.example -all", "esp.example TXT v=spf1 ip4:203.0.113.0/24 -all")
    look(dns, *(f"203.0.113.{number}" for number in range(1, 100)))
    assert [name for name, _, _ in dns.asked] == ["acme.example", "esp.example"]


@pytest.mark.parametrize("silent", ["acme.example", "esp.example"])
def test_what_the_dns_does_not_say_is_unknown(silent: str) -> None:
    dns = Dns("acme.example TXT v=spf1 include:esp.example -all", "esp.example TXT v=spf1 ip4:203.0.113.5 -all")
    dns.fail(silent, Outcome.TIMEOUT)
    reading = look(dns, ONE)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.UNKNOWN, "temperror", Severity.NONE)
    assert reading.sentence.endswith("no answer in time.")


def test_an_unsure_result_is_unknown_too() -> None:
    dns = Dns("acme.example TXT v=spf1 ptr:acme.example -all")
    dns.fail("5.113.0.203.in-addr.arpa", Outcome.SERVFAIL)
    reading = look(dns, ONE)
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "temperror")
    assert f"the reverse name of {ONE} could not be looked up" in reading.sentence


def test_one_server_that_fails_for_sure_is_told_although_another_is_unknown() -> None:
    dns = Dns("acme.example TXT v=spf1 -ip4:203.0.113.5 a:esp.example -all")
    dns.fail("esp.example", Outcome.TIMEOUT)
    reading = look(dns, ONE, TWO)
    assert [ground.fault for ground in reading.grounds] == [f"spf:{ONE}:fail"]


def test_without_a_server_to_try_it_for_a_sound_record_is_unknown() -> None:
    reading = look(Dns("acme.example TXT v=spf1 -all"))
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "no_server_declared")
    assert look(Dns("acme.example A 192.0.2.1")).result == "none"


EIGHT = " ".join(f"a:h{number}.example" for number in range(8))


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (f"{EIGHT} ip4:203.0.113.0/24 -all", "spf_many_lookups"),
        ("ip4:203.0.113.0/24 ptr -all", "spf_ptr"),
        ("ip4:203.0.113.0/24 ?all", "spf_open_end"),
        ("ip4:203.0.113.0/24", "spf_open_end"),
        ("exists:%{l}.users.example ip4:203.0.113.0/24 -all", "spf_depends_on_sender"),
    ],
)
def test_advice_changes_no_verdict(record: str, code: str) -> None:
    reading = of(record, more=tuple(f"h{number}.example A 198.51.100.1" for number in range(8)))
    assert (reading.verdict, reading.codes) == (Verdict.CLEAR, (code,))
    assert len(reading.meanings) == 1


def test_an_international_name_is_asked_in_its_ascii_form() -> None:
    dns = Dns("xn--bcher-kva.example TXT v=spf1 ip4:203.0.113.5 -all")
    assert asyncio.run(look_spf_for(dns, "bücher.example", [ip_address(ONE)])).result == "pass"
    assert asyncio.run(look_spf_for(dns, "b..example", [ip_address(ONE)])).verdict is Verdict.UNKNOWN
