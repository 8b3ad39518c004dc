"""Can a domain take the mail that comes back to it?"""

import asyncio
import json

import pytest

from egress.answer import Outcome
from monitors.probes.mail_hosts import look_mail_hosts
from monitors.probes.reading import Reading, Severity, Verdict
from tests.monitors.probes.spf.dns import Dns

BLIND = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.MALFORMED, Outcome.UNREACHABLE]
LIVE = ("mx.acme.example A 203.0.113.5",)


def look(dns: Dns, domain: str = "acme.example") -> Reading:
    reading = asyncio.run(look_mail_hosts(dns, domain, path=1))
    assert reading.clause == "R10"
    assert json.dumps(reading.evidence)
    assert {path for _, _, path in dns.asked} <= {1}
    assert bool(reading.grounds) is (reading.verdict is Verdict.ADVERSE)
    return reading


def of(*lines: str) -> Reading:
    return look(Dns("acme.example TXT there", *lines))


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (("acme.example MX 10 mx.acme.example", *LIVE), ()),
        (("acme.example MX 10 mx.acme.example", "mx.acme.example AAAA 2001:db8::5"), ()),
        (
            ("acme.example MX 10 gone.acme.example", "acme.example MX 20 mx.acme.example", *LIVE),
            ("mx_dead_host",),
        ),
        (
            ("acme.example MX 10 203.0.113.5", "acme.example MX 20 mx.acme.example", *LIVE),
            ("mx_dead_host", "mx_address"),
        ),
        (("acme.example MX 0 .", "acme.example MX 20 mx.acme.example", *LIVE), ("mx_null_beside_others",)),
        (
            tuple(f"acme.example MX {number} mx.acme.example" for number in range(12)) + LIVE,
            ("mx_many",),
        ),
        (("acme.example MX 10 mx_1.acme.example", "mx_1.acme.example A 203.0.113.5"), ()),
    ],
)
def test_one_mail_server_that_can_be_reached_is_enough(lines: tuple[str, ...], codes: tuple[str, ...]) -> None:
    reading = of(*lines)
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "pass", codes)


def test_the_servers_are_named_best_first() -> None:
    reading = of("acme.example MX 20 b.acme.example", "acme.example MX 9 mx.acme.example", *LIVE)
    assert reading.text == ("mx.acme.example", "b.acme.example")
    assert reading.sentence == "Mail for acme.example goes to mx.acme.example."


@pytest.mark.parametrize(
    ("lines", "result", "says"),
    [
        (("acme.example MX 0 .",), "null_mx", "says that it takes no mail"),
        ((), "no_mx", "acme.example has no address"),
        (("acme.example A 127.0.0.1",), "no_mx", "leads to 127.0.0.1, where no mail from outside arrives"),
        (("acme.example MX 10 gone.acme.example",), "dead_mx", "gone.acme.example does not exist"),
        (("acme.example MX 10 mx.acme.example", "mx.acme.example TXT x"), "dead_mx", "mx.acme.example has no address"),
        (("acme.example MX 10 203.0.113.5",), "dead_mx", "203.0.113.5 is no name of a host"),
        (("acme.example MX 10 mx.acme.example", "mx.acme.example A 10.0.0.1"), "dead_mx", "leads to 10.0.0.1"),
        (("acme.example MX 10 mx.acme.example", "mx.acme.example AAAA ::1"), "dead_mx", "leads to ::1"),
        (("acme.example MX 10 a..example",), "dead_mx", "a..example is no name of a host"),
    ],
)
def test_a_domain_that_can_take_no_mail_is_told_why(lines: tuple[str, ...], result: str, says: str) -> None:
    reading = of(*lines)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.ADVERSE, result, Severity.WARN)
    assert says in reading.sentence
    assert [ground.fault for ground in reading.grounds] == [f"mx:{result}"]


@pytest.mark.parametrize("domain", ["gone.example", "a..example"])
def test_a_domain_that_does_not_exist_is_told(domain: str) -> None:
    assert look(Dns(), domain).result == "nxdomain"


def test_without_an_mx_mail_goes_to_the_address_and_that_is_not_best() -> None:
    reading = of("acme.example A 203.0.113.5")
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "address", ("mx_implicit",))


def test_a_mail_server_that_is_an_alias_works_and_is_advised_against() -> None:
    dns = Dns("acme.example MX 10 mx.acme.example")
    dns.say("mx.acme.example", "203.0.113.5", canonical="h7.host.example")
    reading = look(dns)
    assert (reading.verdict, reading.codes) == (Verdict.CLEAR, ("mx_alias",))


@pytest.mark.parametrize("outcome", BLIND)
@pytest.mark.parametrize("silent", ["acme.example", "mx.acme.example"])
def test_what_the_dns_does_not_say_is_unknown(silent: str, outcome: Outcome) -> None:
    dns = Dns("acme.example MX 10 gone.acme.example", "acme.example MX 20 mx.acme.example")
    dns.fail(silent, outcome)
    reading = look(dns)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.UNKNOWN, "temperror", Severity.NONE)


def test_the_silence_of_one_server_is_nothing_beside_one_that_lives() -> None:
    dns = Dns("acme.example MX 10 mx.acme.example", "acme.example MX 20 mx2.acme.example", *LIVE)
    dns.fail("mx2.acme.example", Outcome.TIMEOUT)
    assert (look(dns).verdict, look(dns).codes) == (Verdict.CLEAR, ())
