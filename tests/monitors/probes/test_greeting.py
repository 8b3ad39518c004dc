"""The name with which a server greets."""

import asyncio
import json
from ipaddress import ip_address

import pytest

from egress.answer import Outcome
from monitors.probes.greeting import look_helo
from monitors.probes.reading import Reading, Severity, Verdict
from tests.monitors.probes.spf.dns import Dns

V4, V6, PTR = "203.0.113.5", "2001:db8::5", "5.113.0.203.in-addr.arpa"
BLIND = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.MALFORMED, Outcome.UNREACHABLE]


def look(dns: Dns, helo: str = "mx.acme.example", address: str = V4) -> Reading:
    reading = asyncio.run(look_helo(dns, helo, ip_address(address), path=1))
    assert reading.clause == "R8"
    assert json.dumps(reading.evidence)
    assert {path for _, _, path in dns.asked} <= {1}
    assert reading.severity not in (Severity.HALT, Severity.REVIEW)
    return reading


@pytest.mark.parametrize(
    ("lines", "helo", "address", "codes"),
    [
        ((f"{PTR} PTR mx.acme.example", f"mx.acme.example A {V4}"), "mx.acme.example", V4, ()),
        ((f"{PTR} PTR mx.acme.example", f"mx.acme.example A {V4}"), " MX.Acme.Example. ", V4, ()),
        ((f"mx.acme.example A {V4}",), "mx.acme.example", V4, ()),
        ((f"mx.acme.example A {V4}",), "mx.acme.example", f"::ffff:{V4}", ()),
        (("mx.acme.example A 203.0.113.9", f"mx.acme.example A {V4}"), "mx.acme.example", V4, ()),
        (("mx.acme.example AAAA 2001:db8::5",), "mx.acme.example", V6, ()),
        # of the same domain as its reverse name
        (
            (f"{PTR} PTR h5.acme.example", f"h5.acme.example A {V4}", f"mx.acme.example A {V4}"),
            "mx.acme.example",
            V4,
            (),
        ),
        # of another
        (
            (f"{PTR} PTR h5.host.example", f"h5.host.example A {V4}", f"mx.acme.example A {V4}"),
            "mx.acme.example",
            V4,
            ("helo_not_ptr",),
        ),
        # a reverse name that is not confirmed says nothing
        ((f"{PTR} PTR h5.host.example", f"mx.acme.example A {V4}"), "mx.acme.example", V4, ()),
    ],
)
def test_a_name_that_leads_to_the_server_is_clear(
    lines: tuple[str, ...], helo: str, address: str, codes: tuple[str, ...]
) -> None:
    reading = look(Dns(*lines), helo, address)
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "pass", codes)


@pytest.mark.parametrize(
    ("lines", "helo", "result", "severity"),
    [
        ((), "[203.0.113.5]", "address_literal", Severity.INFO),
        ((), "[IPv6:2001:db8::5]", "address_literal", Severity.INFO),
        ((), "localhost", "not_a_host_name", Severity.WARN),
        ((), "203.0.113.5", "not_a_host_name", Severity.WARN),
        ((), "my_host.acme.example", "not_a_host_name", Severity.WARN),
        ((), "mail", "not_a_host_name", Severity.WARN),
        ((), PTR, "not_a_host_name", Severity.WARN),
        ((), "a b.example", "not_a_host_name", Severity.WARN),
        ((), "gone.acme.example", "nxdomain", Severity.WARN),
        (("mx.acme.example AAAA 2001:db8::5",), "mx.acme.example", "no_address", Severity.WARN),
        (("mx.acme.example A 203.0.113.9",), "mx.acme.example", "other_address", Severity.INFO),
    ],
)
def test_a_name_that_does_not_is_a_fault_that_halts_nothing(
    lines: tuple[str, ...], helo: str, result: str, severity: Severity
) -> None:
    reading = look(Dns(*lines), helo)
    assert (reading.verdict, reading.result, reading.severity) == (Verdict.ADVERSE, result, severity)
    assert [(ground.fault, ground.severity) for ground in reading.grounds] == [(f"helo:{result}", severity)]


def test_a_greeting_that_nobody_has_told_us_is_unknown() -> None:
    assert look(Dns(), " ").result == "not_known"


@pytest.mark.parametrize("outcome", BLIND)
def test_what_the_dns_does_not_say_is_unknown(outcome: Outcome) -> None:
    dns = Dns()
    dns.fail("mx.acme.example", outcome)
    reading = look(dns)
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "temperror")


def test_a_silent_reverse_zone_only_takes_the_advice_away() -> None:
    dns = Dns(f"mx.acme.example A {V4}")
    dns.fail(PTR, Outcome.TIMEOUT)
    assert (look(dns).verdict, look(dns).codes) == (Verdict.CLEAR, ())
