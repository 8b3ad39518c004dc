"""The form looks at pages of the web by itself: over real sockets and real TLS, after everything else, and in time."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from engine.cycle import Sweep
from lab.dns import DnsServer
from lab.registry import Registrant
from lab.web import WebServer
from lab.world import World
from questionnaires import looks
from questionnaires.models import Look
from questionnaires.subjects import Subject
from tests.world import NOON, make_vendor
from vendors.models import Vendor

DOMAIN, NAME = "alder.example.net", "www.alder.example.net"


class Scene:
    """One resolver, the websites, and vendor Alder with everything in order; the clock stands."""

    def __init__(self, world: World, web: WebServer, clock: time_machine.Traveller) -> None:
        self.world, self.web, self.clock = world, web, clock
        self.vendor: Vendor = make_vendor("Alder Mailings")

    def see(self, kind: str, path: str = "/", *, name: str = NAME) -> Look:
        """What a sweep sees of a page."""
        subject: Subject = (kind, self.web.url_of(name, path), "")
        looks.ask_for(self.vendor, [subject], timezone.now())
        looks.sweep(Sweep(timezone.now()))
        found = looks.looks_of(self.vendor, [subject])[subject]
        assert found is not None
        assert found.looked_at == timezone.now()
        return found


@pytest.fixture
def scene(db: None, settings: Settings) -> Iterator[Scene]:
    world = World()
    world.register(DOMAIN, Registrant("Alder Mailings Ltd"))
    world.add_host(NAME, "127.0.0.1")
    world.add_host("wrong.alder.example.net", "192.168.7.7")
    with DnsServer(world) as dns, WebServer(world) as web, time_machine.travel(NOON, tick=False) as clock:
        settings.RESOLVERS = [dns.address]
        settings.SWEEP_SECONDS, settings.LEASE_SECONDS = 0.2, 8
        settings.EGRESS_ALLOW = (ip_network("127.0.0.1/32"),)
        settings.EGRESS_CA = web.authority
        yield Scene(world, web, clock)


def verdicts(look: Look) -> dict[str, str]:
    return {check["id"]: check["verdict"] for check in look.checks}


def test_a_website_and_an_opt_out_page_are_seen_over_tls(scene: Scene) -> None:
    site, leave = scene.see("website"), scene.see("opt_out", "/leave")
    assert verdicts(site) == {"page": "clear", "opt-out": "clear", "name": "clear"}
    assert site.facts == {"look.site": True, "look.company_name": True}
    assert leave.facts == {"look.opt_out": True}
    assert leave.next_action_at is None


@pytest.mark.parametrize(
    ("mood", "site", "opt_out"),
    [
        ("parked", {"look.site": False, "look.company_name": False}, {"look.opt_out": False}),
        ("missing", {"look.site": False, "look.company_name": False}, {"look.opt_out": False}),
        ("mute", {"look.site": True, "look.company_name": True}, {"look.opt_out": False}),
        ("blocked", {}, {}),
        ("drawn", {}, {}),
        ("silent", {}, {}),
    ],
)
def test_a_site_in_any_mood_gives_only_certain_facts(
    scene: Scene, mood: str, site: dict[str, bool], opt_out: dict[str, bool]
) -> None:
    scene.web.set_mood(DOMAIN, mood)
    assert (scene.see("website").facts, scene.see("opt_out", "/leave").facts) == (site, opt_out)


def test_a_name_that_is_not_there_is_certain(scene: Scene) -> None:
    look = scene.see("website", name="nobody.alder.example.net")
    assert look.facts["look.site"] is False
    assert look.checks[0]["sentence"] == "nobody.alder.example.net has no address."


def test_without_trust_in_the_authority_nothing_is_known(scene: Scene, settings: Settings) -> None:
    settings.EGRESS_CA = ""
    look = scene.see("website")
    assert look.facts == {}
    assert verdicts(look) == {"page": "attention"}
    assert "certificate" in look.checks[0]["sentence"]


def test_a_site_in_a_network_of_our_own_is_not_visited(scene: Scene) -> None:
    look = scene.see("website", name="wrong.alder.example.net")
    assert look.facts == {}
    assert verdicts(look) == {"page": "unknown"}
    assert "which we do not connect to" in look.checks[0]["sentence"]


def test_a_resolver_that_fails_makes_nothing_certain(scene: Scene) -> None:
    scene.world.add_zone(DOMAIN)
    scene.world.set_mood(DOMAIN, "servfail")
    look = scene.see("website")
    assert (look.facts, verdicts(look)) == ({}, {"page": "unknown"})
    assert look.next_action_at == NOON + timedelta(minutes=15)


def test_a_silent_site_keeps_no_other_look_waiting(scene: Scene, settings: Settings) -> None:
    scene.web.set_mood(DOMAIN, "silent")
    page: Subject = ("website", scene.web.url_of(NAME), "")
    header: Subject = ("header", f"news@{DOMAIN}", "")
    looks.ask_for(scene.vendor, [page, header], timezone.now())
    settings.SWEEP_SECONDS = 0.0  # one round a sweep
    looks.sweep(Sweep(timezone.now()))
    found = looks.looks_of(scene.vendor, [page, header])
    assert {subject[0]: bool(look and look.looked_at) for subject, look in found.items()} == {
        "website": False, "header": True,
    }  # fmt: skip
    looks.sweep(Sweep(timezone.now()))
    assert not Look.objects.filter(looked_at=None).exists()


def test_each_page_is_fetched_once_a_round_whoever_asks(scene: Scene) -> None:
    url = scene.web.url_of(NAME, "/leave")
    looks.ask_for(scene.vendor, [("website", url, ""), ("opt_out", f"{url}#form", "")], timezone.now())
    looks.sweep(Sweep(timezone.now()))
    assert scene.web.asked == ["/leave"]
    assert Look.objects.filter(looked_at=NOON).count() == 2


def test_an_address_that_is_longer_than_we_keep_is_left_out(scene: Scene) -> None:
    assert looks.ask_for(scene.vendor, [("website", scene.web.url_of(NAME, f"/{'a' * 1000}"), "")], NOON) == 0
    assert looks.ask_for(scene.vendor, [("website", scene.web.url_of(NAME, f"/{'a' * 800}"), "")], NOON) == 1
