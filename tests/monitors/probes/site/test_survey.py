"""Websites of the pretend internet, over real sockets, DNS and TLS: every state, and the verdict it ends in."""

import asyncio
import json
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from egress.fetch import Fetcher, trusting
from egress.resolver import Path, Resolver
from lab.dns import DnsServer
from lab.registry import Registrant
from lab.web import STRANGER, WebServer
from lab.world import World
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.site.crawl import Ports
from monitors.probes.site.survey import survey

LOOPBACK = (ip_network("127.0.0.1/32"),)
DOMAIN = "acme.example"
ACME = Registrant("Acme Mailings Ltd", email="post@acme.example", phone="+442079460142", street="12 High Street")


class Scene:
    def __init__(self, world: World, dns: DnsServer, web: WebServer) -> None:
        self.world, self.web = world, web
        self._dns = dns

    def see(self, domain: str = DOMAIN, *, shows_behind: bool = False, patience: float = 8.0, **how: Any) -> Reading:
        """One survey. `patience` is that of one fetch, in s."""

        async def work() -> Reading:
            host, _, port = self._dns.address.rpartition(":")
            path = Path(host, int(port))
            async with Resolver([path, path], timeout=0.5, lifetime=1.0) as resolver:
                trust = trusting(self.web.authority)
                fetcher = Fetcher(resolver.ask, allow=LOOPBACK, tls=trust, deadline=patience)
                blind = ssl.create_default_context()
                blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
                unverified = Fetcher(resolver.ask, allow=LOOPBACK, tls=blind).fetch if shows_behind else None
                asked: dict[str, Any] = {"names_match": lambda text: "Acme Mailings" in text, "pace": 0.0} | how
                ports = Ports(self.web.port, self.web.plain_port)
                return await survey(fetcher.fetch, resolver.ask, domain, unverified=unverified, ports=ports, **asked)

        return asyncio.run(work())


@pytest.fixture
def scene() -> Iterator[Scene]:
    world = World()
    world.register(DOMAIN, ACME)
    for name in (DOMAIN, f"www.{DOMAIN}", STRANGER):
        world.add_host(name, "127.0.0.1")
    with DnsServer(world) as dns, WebServer(world) as web:
        yield Scene(world, dns, web)


def faults(reading: Reading) -> set[str]:
    return {ground.fault for ground in reading.grounds}


def test_a_site_that_has_all_of_it_is_clear(scene: Scene) -> None:
    reading = scene.see()
    assert (reading.verdict, reading.result, reading.clause) == (Verdict.CLEAR, "live", "O8")
    assert reading.sentence == "The website of acme.example is live, with a way to opt out and contact details."
    assert reading.codes[:3] == ("site:live", "opt_out:found", "contact:found")
    assert "“Unsubscribe”" in reading.text[0]
    assert "12 High Street, Labton LB1 2QX" in reading.text[1]
    pages = [page for page in reading.evidence if "page" in page]
    assert pages[0]["status"] == 200
    assert {clue["part"] for page in pages for clue in page["contact"]} == {"name", "email", "phone", "address"}
    json.dumps(reading.evidence)


@pytest.mark.parametrize(
    ("mood", "verdict", "result", "fault", "says"),
    [
        ("parked", Verdict.ADVERSE, "parked", "site:parked", "is parked"),
        ("boxed", Verdict.ADVERSE, "default_page", "site:default_page", "the page that a web server comes with"),
        ("missing", Verdict.ADVERSE, "gone", "site:gone", "404"),
        ("file", Verdict.ADVERSE, "wrong_content", "site:wrong_content", "is no website"),
        ("misnamed", Verdict.ADVERSE, "tls_invalid", "site:tls_invalid", "mismatch"),
        ("mute", Verdict.ADVERSE, "incomplete", "opt_out:not_found", "it offers no way to opt out"),
        ("nameless", Verdict.ADVERSE, "incomplete", "contact:not_found", "it does not show a mail address"),
        ("blocked", Verdict.UNKNOWN, "review", "", "A person has to look at https://acme.example:"),
        ("drawn", Verdict.UNKNOWN, "review", "", "whether what its script draws"),
        ("away", Verdict.UNKNOWN, "review", "", "It leads to www.stranger.example"),
        ("plain", Verdict.UNKNOWN, "review", "", "whether a site without encryption will do"),
        ("deep", Verdict.UNKNOWN, "review", "", "could not be read whole"),
        ("failing", Verdict.UNKNOWN, "error_status", "", "HTTP status 500"),
        ("silent", Verdict.UNKNOWN, "unreachable", "", "could not be seen"),
        ("drip", Verdict.UNKNOWN, "unreachable", "", "could not be seen"),
    ],
)  # fmt: skip
def test_each_state_ends_in_its_verdict(
    scene: Scene, mood: str, verdict: Verdict, result: str, fault: str, says: str
) -> None:
    scene.web.set_mood(DOMAIN, mood)
    reading = scene.see(patience=0.6, deadline=4.0)
    assert (reading.verdict, reading.result) == (verdict, result)
    assert faults(reading) == ({fault} if fault else set())
    assert says in reading.sentence
    assert reading.severity is (Severity.WARN if verdict is Verdict.ADVERSE else Severity.NONE)
    json.dumps(reading.evidence)


def test_a_name_without_an_address_is_certain_only_when_the_dns_says_so_twice(scene: Scene) -> None:
    nobody = scene.see("nobody.example")
    assert (nobody.verdict, nobody.result, faults(nobody)) == (Verdict.ADVERSE, "no_name", {"site:no_name"})
    scene.world.add_zone(DOMAIN)
    scene.world.set_mood(DOMAIN, "servfail")
    failing = scene.see()
    assert (failing.verdict, failing.result) == (Verdict.UNKNOWN, "unreachable")


def test_a_site_that_only_www_has_is_live(scene: Scene) -> None:
    scene.world.remove_host(DOMAIN)
    assert scene.see().result == "live"


def test_nobody_at_home_is_not_held_against_anybody(scene: Scene) -> None:
    scene.world.register("closed.example", ACME)
    scene.world.add_host("closed.example", "127.0.0.3")
    reading = scene.see("closed.example")
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "unfetched")


def test_a_redirect_to_a_domain_of_the_vendors_is_fine_and_told(scene: Scene) -> None:
    scene.web.set_mood(DOMAIN, "away")
    reading = scene.see(domains=["stranger.example"])
    assert "redirects:own" in reading.codes
    assert reading.codes[0] == "site:live"


def test_a_refused_certificate_is_looked_behind_only_for_the_eye(scene: Scene) -> None:
    scene.web.set_mood(DOMAIN, "misnamed")
    reading = scene.see(shows_behind=True)
    assert reading.result == "tls_invalid"
    assert "behind_tls:live" in reading.codes
    assert not any(code.startswith(("opt_out", "contact")) for code in reading.codes)


def test_an_authority_that_we_do_not_know_is_for_a_person(scene: Scene) -> None:
    async def work() -> Reading:
        host, _, port = scene._dns.address.rpartition(":")
        async with Resolver([Path(host, int(port))]) as resolver:
            fetch = Fetcher(resolver.ask, allow=LOOPBACK).fetch
            ports = Ports(scene.web.port, scene.web.plain_port)
            return await survey(fetch, resolver.ask, DOMAIN, names_match=bool, ports=ports)

    reading = asyncio.run(work())
    assert (reading.verdict, reading.result, reading.codes[0]) == (Verdict.UNKNOWN, "review", "site:tls_invalid")


def test_the_page_that_the_vendor_names_is_looked_at_first(scene: Scene) -> None:
    reading = scene.see(opt_out_url=scene.web.url_of(f"www.{DOMAIN}", "/leave"))
    assert scene.web.asked[0] == "/leave"
    assert (reading.result, reading.codes[1]) == ("live", "opt_out:found")
    assert "/leave: “Address Unsubscribe”" in reading.text[0] or "/leave" in reading.text[0]


def test_a_named_page_that_may_act_by_itself_is_not_opened(scene: Scene) -> None:
    reading = scene.see(opt_out_url=scene.web.url_of(DOMAIN, "/leave?u=8f3a"))
    assert "declared:unread" in reading.codes
    assert "/leave?u=8f3a" not in scene.web.asked


def test_nothing_is_called_missing_when_the_time_was_over(scene: Scene) -> None:
    scene.web.set_mood(DOMAIN, "nameless")
    reading = scene.see(pace=1.0, deadline=0.9)
    assert (reading.verdict, reading.result) == (Verdict.UNKNOWN, "review")
    assert "our time was over before all pages were read" in reading.sentence


@pytest.mark.parametrize("mood", ["silent", "drip"])
def test_it_ends_in_time(scene: Scene, mood: str) -> None:
    scene.web.set_mood(DOMAIN, mood)
    began = time.monotonic()
    assert scene.see(deadline=0.8).verdict is Verdict.UNKNOWN
    assert time.monotonic() - began < 2.5


def test_only_pages_are_fetched_and_each_once(scene: Scene) -> None:
    scene.web.set_mood(DOMAIN, "mute")
    scene.see()
    assert sorted(scene.web.asked) == ["/", "/", "/about", "/contact"]  # the start page with www and without


def test_differences_from_the_registration_are_advice(scene: Scene) -> None:
    agreeing = {
        "name": "Acme Mailings Ltd",
        "email": "x@acme.example",
        "phone": "+44 20 7946 0142",
        "address": "12 High Street, Labton, LB1 2QX, GB",
    }
    assert len(scene.see(registered=agreeing).codes) == 3
    other = {
        "name": "Birch",
        "email": "x@birch.example",
        "phone": "+49 30 123456",
        "address": "1 Lane, Birchford B1 1AA",
    }
    reading = scene.see(registered=other)
    assert reading.verdict is Verdict.CLEAR
    assert set(reading.codes[3:]) == {"registered:name", "registered:email", "registered:phone", "registered:address"}
