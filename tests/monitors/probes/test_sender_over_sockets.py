"""Sender authentication against a DNS server over real sockets: what fakes could get wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

import pytest

from egress.resolver import Ask, Path, Resolver
from lab.dns import DnsServer
from lab.world import World
from monitors.probes.dkim import look_dkim
from monitors.probes.dmarc import look_policy
from monitors.probes.greeting import look_helo
from monitors.probes.mail_hosts import look_mail_hosts
from monitors.probes.reading import Reading, Verdict
from monitors.probes.spf import look_spf_for
from tests.monitors.probes.test_dkim import rsa_key

DOMAIN, ADDRESS = "acme.example", ip_address("203.0.113.5")


def text(value: str) -> str:
    """A TXT record as it is published: strings of 255 characters at most (RFC 1035 section 3.3)."""
    return " ".join(f'"{value[start : start + 250]}"' for start in range(0, len(value), 250))


def world() -> World:
    """A vendor in good order, whose records are too long for one packet, and whose key lies with its provider."""
    made = World()
    made.add_zone(DOMAIN)
    networks = " ".join(f"ip4:198.51.100.{number}" for number in range(60))
    made.add_record(DOMAIN, "TXT", text(f"v=spf1 {networks} include:_spf.esp.example -all"))
    made.add_record("_spf.esp.example", "TXT", text("v=spf1 exists:%{ir}.%{v}.ok.esp.example -all"))
    made.add_record("5.113.0.203.in-addr.ok.esp.example", "A", "127.0.0.2")
    made.add_record(f"s1._domainkey.{DOMAIN}", "CNAME", "k7.esp.example.")
    made.add_record("k7.esp.example", "TXT", text(f"v=DKIM1; k=rsa; p={rsa_key(4096)}"))
    made.add_record(f"_dmarc.{DOMAIN}", "TXT", text("v=DMARC1; p=reject; rua=mailto:d@reports.example"))
    made.add_record(f"{DOMAIN}._report._dmarc.reports.example", "TXT", text("v=DMARC1"))
    made.add_record(DOMAIN, "MX", "10 mx.acme.example.")
    made.add_host("mx.acme.example", "203.0.113.5")
    made.set_reverse("203.0.113.5", "mx.acme.example")
    return made


LOOKS: dict[str, Callable[[Ask], Awaitable[Reading]]] = {
    "spf": lambda ask: look_spf_for(ask, DOMAIN, [ADDRESS]),
    "dkim": lambda ask: look_dkim(ask, DOMAIN, ["s1"]),
    "dmarc": lambda ask: look_policy(ask, DOMAIN, DOMAIN),
    "mx": lambda ask: look_mail_hosts(ask, DOMAIN),
    "helo": lambda ask: look_helo(ask, "mx.acme.example", ADDRESS),
}


def see(made: World, look: Callable[[Ask], Awaitable[Reading]]) -> Reading:
    with DnsServer(made) as server:

        async def work() -> Reading:
            async with Resolver([Path.parse(server.address)], timeout=0.1, lifetime=0.3, tries=2) as resolver:
                return await look(resolver.ask)

        return asyncio.run(work())


@pytest.mark.parametrize(
    ("check", "codes"), [("spf", ()), ("dkim", ("dkim_alias",)), ("dmarc", ("reject",)), ("mx", ()), ("helo", ())]
)
def test_a_vendor_in_good_order_is_clear(check: str, codes: tuple[str, ...]) -> None:
    reading = see(world(), LOOKS[check])
    assert (reading.verdict, reading.result, reading.codes) == (Verdict.CLEAR, "pass", codes)


@pytest.mark.parametrize("mood", ["servfail", "refused", "timeout"])
@pytest.mark.parametrize("check", sorted(LOOKS))
def test_a_zone_that_does_not_answer_is_unknown(check: str, mood: str) -> None:
    made = world()
    made.set_mood(DOMAIN, mood)
    reading = see(made, LOOKS[check])
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "temperror")


@pytest.mark.parametrize("check", sorted(LOOKS))
def test_a_parked_zone_clears_nothing_but_what_it_has(check: str) -> None:
    """Every question for an address is answered with the parking company's."""
    made = world()
    made.set_mood(DOMAIN, "park")
    reading = see(made, LOOKS[check])
    assert (reading.verdict is Verdict.CLEAR) is (check == "mx")  # mail would go there indeed
