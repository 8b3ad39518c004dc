"""Who is asked about a domain, in which order, how often, and what is said when nobody could be."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from egress import rdap
from egress.guard import Address
from egress.rdap import Outcome
from egress.resolver import Path as Server
from egress.resolver import Resolver
from egress.whois import Directory
from lab.dns import DnsServer
from lab.rdap import RdapServer
from lab.registry import Registrant, Shield
from lab.whois import Role, WhoisServer
from lab.world import World
from monitors import registries
from monitors.probes.registered import Registered
from monitors.registries import Registries
from tests.egress.web import Web, plain

ACME = Registrant("Acme Ltd", email="post@acme.example.com", phone="+442079460100")


@dataclass
class Scene:
    world: World
    dns: DnsServer
    registry: RdapServer
    whois: WhoisServer

    def run(self, work: Callable[[Registries], Awaitable[Any]], *, lasts: float = 4.0, **how: Any) -> Any:
        async def main() -> Any:
            async with Resolver([Server.parse(self.dns.address)]) as resolver:
                ends = asyncio.get_running_loop().time() + lasts
                return await work(Registries(resolver.ask, lasts / 4, ends, **how))

        return asyncio.run(main())

    def ask(self, name: str = "acme.example.com", **how: Any) -> Registered:
        found: Registered = self.run(lambda asked: asked.ask(name), **how)
        return found

    def network(self, address: str, **how: Any) -> rdap.Answer:
        number: Address = ip_address(address)
        found: rdap.Answer = self.run(lambda asked: asked.ask_network(number), **how)
        return found

    def questions(self, role: Role = Role.REGISTRY) -> int:
        return sum(asked is role for asked, _ in self.whois.asked)


@pytest.fixture
def scene(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    world = World()
    world.register("acme.example.com", ACME)
    world.networks.assign("192.0.2.0/24", Registrant("Lab Hosting Ltd"))
    monkeypatch.setattr(registries, "RESTING", registries.Resting())  # registries that another test annoyed
    monkeypatch.setattr(registries, "DIRECTORY", Directory())
    with DnsServer(world) as dns, RdapServer(world) as rdap_server, WhoisServer(world) as whois:
        settings.RDAP_BOOTSTRAP = rdap_server.bootstrap_url
        settings.WHOIS_ROOT = whois.root
        settings.EGRESS_ALLOW = (ip_network("127.0.0.1/32"),)
        yield Scene(world, dns, rdap_server, whois)


# ── RDAP first, port 43 where there is nothing better ───────────────────────
def test_a_registry_that_answers_is_the_only_one_asked(scene: Scene) -> None:
    found = scene.ask("mail.acme.example.com")
    assert found.name == "acme.example.com"
    assert found.registry
    assert found.registry.outcome is Outcome.FOUND
    assert (found.registrar, found.whois, found.whois_registrar, scene.whois.asked) == (None, None, None, [])


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [("denied", Outcome.DENIED), ("broken", Outcome.MALFORMED), ("silent", Outcome.UNREACHABLE)],
)
def test_where_rdap_cannot_be_had_port_43_is_asked(scene: Scene, mood: str, outcome: Outcome) -> None:
    scene.registry.set_mood(mood)
    found = scene.ask()
    assert found.registry
    assert found.registry.outcome is outcome
    assert found.whois
    assert (found.whois.outcome, found.whois_registrar) == (Outcome.FOUND, None)
    assert "Registrant Organization: Acme Ltd\n" in found.whois.text


def test_where_no_rdap_is_announced_port_43_is_asked(scene: Scene, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "dns.json").write_text(json.dumps({"services": []}))
    settings.RDAP_BOOTSTRAP = str(tmp_path / "dns.json")
    scene.world.register("acme.com", Registrant("Acme Ltd", shield=Shield.THIN))
    found = scene.ask("acme.com")
    assert found.registry
    assert found.registry.outcome is Outcome.NO_SERVER
    assert found.whois
    assert "Acme Ltd" not in found.whois.text
    assert found.whois_registrar
    assert "Registrant Organization: Acme Ltd\n" in found.whois_registrar.text


def test_without_a_list_of_rdap_servers_port_43_is_asked(scene: Scene, settings: Settings) -> None:
    settings.RDAP_BOOTSTRAP = "/nowhere/dns.json"
    scene.world.register("acme.com", ACME)
    found = scene.ask("www.acme.com")
    assert found.registry
    assert found.registry.sentence == "We could not learn which registry to ask who holds it."
    assert found.whois
    assert (found.name, found.whois.outcome) == ("acme.com", Outcome.FOUND)
    assert scene.ask("com").whois is None


def test_a_name_that_is_not_registered_is_not_asked_for_twice(scene: Scene) -> None:
    found = scene.ask("birch.example.com")
    assert found.registry
    assert (found.registry.outcome, found.whois) == (Outcome.NOT_FOUND, None)
    assert scene.whois.asked == []


def test_a_registry_that_has_had_enough_is_not_gone_around(scene: Scene) -> None:
    scene.registry.set_mood("limited")
    found = scene.ask()
    assert found.registry
    assert (found.registry.outcome, found.registry.rest, found.whois) == (Outcome.LIMITED, 120, None)
    assert scene.ask().whois is None  # nor while it rests
    assert (scene.registry.asked.count("/rdap/domain/acme.example.com"), scene.whois.asked) == (1, [])


@pytest.mark.parametrize("mood", ["silent", "drip", "flood", "long", "inside", "chain", "limited", "normal"])
def test_in_every_mood_of_port_43_the_round_ends_in_time(scene: Scene, mood: str) -> None:
    scene.registry.set_mood("denied")
    scene.whois.set_mood(mood)
    found = scene.ask(lasts=1.5)
    assert found.whois
    came = mood in ("inside", "chain", "limited", "normal")
    assert (found.whois.outcome is Outcome.FOUND) is came
    if mood == "inside":
        assert found.whois_registrar
        assert "which we do not connect to for a stranger" in found.whois_registrar.sentence
    assert scene.questions(Role.REGISTRAR) == (mood == "chain")


def test_a_name_that_no_registry_could_hold_is_not_sent_over_port_43(scene: Scene) -> None:
    scene.registry.set_mood("denied")
    assert scene.ask("a_b.example.com").whois is None


@pytest.mark.parametrize(("listed", "is_unlisted"), [("127.0.0.1", False), ("rdap.other.example", True), ("", True)])
def test_a_registrars_server_is_compared_with_ianas_list(
    scene: Scene, settings: Settings, tmp_path: Path, listed: str, is_unlisted: bool
) -> None:
    (tmp_path / "ids.csv").write_text(f"ID,Registrar Name,Status,RDAP Base URL\n9,Lab,Accredited,https://{listed}/\n")
    settings.REGISTRAR_IDS = str(tmp_path / ("ids.csv" if listed else "nowhere.csv"))
    registrar = {"roles": ["registrar"], "publicIds": [{"type": "IANA Registrar ID", "identifier": "9"}]}

    async def work(asked: Registries) -> Registered:
        async def say(path: bytes, writer: asyncio.StreamWriter) -> None:
            href = f"http://127.0.0.1:{other.port}/domain/acme.com"
            link = {"rel": "related", "type": rdap.ACCEPT, "href": href}
            thin = {"objectClassName": "domain", "ldhName": "acme.com", "entities": [registrar], "links": [link]}
            writer.write(plain(json.dumps(thin).encode()))

        full = {"objectClassName": "domain", "ldhName": "acme.com", "entities": [{"roles": ["registrant"]}]}
        async with Web(say) as web, Web(plain(json.dumps(full).encode())) as other:
            services = [[["com"], [f"http://127.0.0.1:{web.port}/"]]]
            (tmp_path / "dns.json").write_text(json.dumps({"services": services}))
            settings.RDAP_BOOTSTRAP = str(tmp_path / "dns.json")
            return await asked.ask("www.acme.com")

    found: Registered = scene.run(work)
    assert found.registrar
    assert (found.registrar.outcome, found.registrar.is_unlisted) == (Outcome.FOUND, is_unlisted)
    assert found.whois is None


# ── how often ───────────────────────────────────────────────────────────────
def test_each_name_is_asked_once_a_round_and_the_root_once_a_day(scene: Scene) -> None:
    scene.registry.set_mood("denied")

    async def work(asked: Registries) -> list[Registered]:
        names = ["acme.example.com", "mail.acme.example.com", "birch.example.com"]
        return await asyncio.gather(*(asked.ask(name) for name in names))

    one, same, _ = scene.run(work)
    assert one == same
    assert (scene.questions(), scene.questions(Role.ROOT)) == (2, 1)


def test_a_server_is_asked_at_most_once_a_spacing(scene: Scene, settings: Settings) -> None:
    settings.REGISTRY_SECONDS = 0.4
    names = [f"a{number}.example.com" for number in range(30)]

    async def work(asked: Registries) -> list[Registered]:
        return await asyncio.gather(*(asked.ask(name) for name in names))

    outcomes = [found.registry.outcome for found in scene.run(work, lasts=2.0) if found.registry]
    asked = sum(path.startswith("/rdap/") for path in scene.registry.asked)
    assert 2 <= asked <= 6
    assert 1 <= outcomes.count(Outcome.NOT_FOUND) <= asked
    assert outcomes.count(Outcome.LIMITED) >= len(names) - asked  # each is told, and none is asked elsewhere
    assert scene.whois.asked == []


def test_whoever_counts_the_turns_may_be_given(scene: Scene) -> None:
    asked: list[str] = []

    def may_ask(server: str) -> float:
        asked.append(server)
        return 3600.0

    found = scene.ask(may_ask=may_ask)
    assert asked == [f"127.0.0.1:{scene.registry.port}"]
    assert found.registry
    assert found.registry.outcome is Outcome.LIMITED
    assert "the turn of this one did not come in time" in found.registry.sentence
    assert scene.registry.asked == ["/dns.json"]


def test_turns_are_asked_of_port_43_by_its_name(scene: Scene) -> None:
    scene.registry.set_mood("denied")
    asked: list[str] = []

    def may_ask(server: str) -> float:
        asked.append(server)
        return 3600.0 if server == f"127.0.0.1:{scene.whois.ports[Role.REGISTRY]}" else 0.0

    found = scene.ask(may_ask=may_ask)
    assert asked == [f"127.0.0.1:{port}" for port in (scene.registry.port, *list(scene.whois.ports.values())[:2])]
    assert found.whois
    assert found.whois.outcome is Outcome.LIMITED


# ── networks ────────────────────────────────────────────────────────────────
def test_a_network_has_its_holder(scene: Scene) -> None:
    found = scene.network("192.0.2.5")
    assert found.outcome is Outcome.FOUND
    assert "Lab Hosting Ltd" in json.dumps(found.answer)
    assert scene.network("203.0.113.5").outcome is Outcome.NO_SERVER
    assert scene.network("2001:db8::5").outcome is Outcome.NO_SERVER


@pytest.mark.parametrize(("mood", "outcome"), [("limited", Outcome.LIMITED), ("silent", Outcome.UNREACHABLE)])
def test_a_network_that_cannot_be_asked_about_is_unknown(scene: Scene, mood: str, outcome: Outcome) -> None:
    scene.registry.set_mood(mood)
    assert scene.network("192.0.2.5", lasts=1.0).outcome is outcome


def test_without_a_list_of_networks_that_is_said(scene: Scene, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "dns.json").write_text("{}")
    settings.RDAP_BOOTSTRAP = str(tmp_path / "dns.json")
    assert scene.network("192.0.2.5").sentence == "We could not learn which registry to ask who holds it."
