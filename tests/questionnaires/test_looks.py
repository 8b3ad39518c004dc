"""The form looks by itself: asked for at a save, taken by the stage over real sockets, kept as it was seen."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from engine.cycle import Sweep
from engine.models import Cycle
from lab.dns import DnsServer, ServerMood
from lab.rdap import RdapServer
from lab.registry import Registrant, Shield
from lab.world import World
from monitors import registries, server_lists
from questionnaires import looks
from questionnaires.models import Look
from questionnaires.subjects import Subject
from questionnaires.tasks import sweep_looks
from tests.line.installation import SMALL_CATALOGUE
from tests.world import NOON, make_vendor
from vendors.models import Vendor

ZEN = "zen.spamhaus.org"
SERVER: Subject = ("server", "192.0.2.10", "mx1.alder.example.net")
DOMAIN: Subject = ("domain", "alder.example.net", "")
HEADER: Subject = ("header", "news@alder.example.net", "")


class Scene:
    """One resolver, two lists, a registry, and vendor Alder with everything in order; the clock stands."""

    def __init__(self, world: World, dns: DnsServer, rdap: RdapServer, clock: time_machine.Traveller) -> None:
        self.world, self.dns, self.rdap, self.clock = world, dns, rdap, clock
        self.vendor = make_vendor("Alder Mailings")

    def ask(self, *subjects: Subject, vendor: Vendor | None = None) -> int:
        return looks.ask_for(vendor or self.vendor, subjects, timezone.now())

    def sweep(self, *, after: timedelta = timedelta(0)) -> Sweep:
        self.clock.shift(after.total_seconds())
        state = Sweep(timezone.now())
        looks.sweep(state)
        return state

    def look(self, subject: Subject) -> Look:
        found = looks.looks_of(self.vendor, [subject])[subject]
        assert found is not None
        return found

    def verdicts(self, subject: Subject) -> dict[str, str]:
        return {check["id"]: check["verdict"] for check in self.look(subject).checks}


@pytest.fixture
def scene(db: None, tmp_path: Path, settings: Settings) -> Iterator[Scene]:
    catalogue = tmp_path / "blocklists.toml"
    catalogue.write_text(SMALL_CATALOGUE)
    world = World()
    for zone in (ZEN, "bl.spamcop.net"):
        world.add_blocklist(zone)
    world.add_host("mx1.alder.example.net", "192.0.2.10")
    world.set_reverse("192.0.2.10", "mx1.alder.example.net")
    world.add_host("alder.example.net", "192.0.2.10")
    world.add_record("alder.example.net", "MX", "10 mx1.alder.example.net.")
    world.register("alder.example.net", Registrant("Alder Mailings Ltd", email="a@alder.example.net", phone="+4420"))
    with DnsServer(world) as dns, RdapServer(world) as rdap, time_machine.travel(NOON, tick=False) as clock:
        settings.RESOLVERS = [dns.address]
        settings.BLOCKLISTS, settings.BLOCKLIST_KEYS = catalogue, {}
        settings.SWEEP_SECONDS, settings.LEASE_SECONDS = 0.2, 5
        settings.RDAP_BOOTSTRAP = rdap.bootstrap_url
        settings.EGRESS_ALLOW = (ip_network("127.0.0.1/32"),)
        yield Scene(world, dns, rdap, clock)


@pytest.fixture(autouse=True)
def _nobody_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries that another test annoyed."""
    monkeypatch.setattr(registries, "RESTING", registries.Resting())


# ── asking ──────────────────────────────────────────────────────────────────
def test_a_subject_is_asked_for_once_however_often_it_is_saved(scene: Scene) -> None:
    assert scene.ask(SERVER, SERVER, DOMAIN) == 2
    assert scene.ask(SERVER, DOMAIN) == 0
    assert Look.objects.count() == 2
    assert scene.look(SERVER).is_under_way


def test_another_greeting_is_another_subject_and_so_is_another_vendors(scene: Scene) -> None:
    scene.ask(SERVER)
    assert scene.ask(("server", "192.0.2.10", "other.example")) == 1
    assert scene.ask(SERVER, vendor=make_vendor()) == 1


def test_a_look_is_taken_again_when_the_last_is_ten_minutes_old(scene: Scene) -> None:
    scene.ask(SERVER)
    scene.sweep()
    assert not scene.look(SERVER).is_under_way
    scene.clock.shift(timedelta(minutes=9, seconds=59))
    assert scene.ask(SERVER) == 0
    scene.clock.shift(1)
    assert scene.ask(SERVER) == 1
    assert scene.look(SERVER).is_under_way


def test_at_most_five_hundred_of_a_vendor_wait(scene: Scene) -> None:
    many: list[Subject] = [("header", f"a{number}@alder.example.net", "") for number in range(700)]
    assert scene.ask(*many) == 500
    assert scene.ask(*many) == 0
    assert scene.ask(HEADER, vendor=make_vendor()) == 1  # others are not kept waiting
    Look.objects.update(next_action_at=None)
    assert scene.ask(*many[500:]) == 200


@pytest.mark.parametrize(
    "subject",
    [("server", "nonsense", ""), ("header", "ä@alder.example.net", ""), ("domain", "a" * 400, ""), ("other", "x", "")],
)
def test_what_cannot_be_looked_at_is_left_out(scene: Scene, subject: Subject) -> None:
    assert scene.ask(subject) == 0
    assert not Look.objects.exists()


def test_looks_are_read_in_one_query(scene: Scene, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    scene.ask(SERVER, DOMAIN)
    with django_assert_num_queries(1):
        found = looks.looks_of(scene.vendor, [SERVER, DOMAIN, HEADER])
    assert (found[SERVER] is not None, found[HEADER]) == (True, None)
    with django_assert_num_queries(0):
        assert looks.looks_of(scene.vendor, []) == {}


# ── looking ─────────────────────────────────────────────────────────────────
def test_a_sweep_looks_at_all_that_is_due_and_keeps_what_it_saw(scene: Scene) -> None:
    scene.ask(SERVER, DOMAIN, HEADER)
    state = scene.sweep()
    assert (state.claimed, state.failed, state.oldest_due_at) == (3, 0, None)
    assert scene.verdicts(SERVER) == {"lists": "clear", "reverse": "clear", "helo": "clear"}
    assert scene.verdicts(DOMAIN) == {
        "spf": "attention", "dmarc": "attention", "address": "clear", "mx": "clear", "registrant": "clear",
    }  # fmt: skip
    assert scene.verdicts(HEADER) == {"mx": "clear"}
    look = scene.look(DOMAIN)
    assert look.facts["look.registrant"] == "clear"
    assert look.facts["look.registrant_name"] == "Alder Mailings Ltd"
    assert (look.looked_at, look.next_action_at, look.lease_token) == (NOON, None, None)


def test_a_second_sweep_finds_nothing_due(scene: Scene) -> None:
    scene.ask(SERVER)
    scene.sweep()
    assert scene.sweep().claimed == 0


def test_what_was_listed_is_told_first(scene: Scene) -> None:
    scene.world.list(ZEN, "192.0.2.10")
    scene.ask(SERVER)
    scene.sweep()
    first = scene.look(SERVER).checks[0]
    assert (first["verdict"], first["word"], first["clause"]) == ("adverse", "Fails", "R5")
    assert scene.look(SERVER).facts["look.listed"] == ["Spamhaus ZEN"]


@pytest.mark.parametrize("mood", ["empty", "wildcard", "servfail", "refused", "timeout", "park"])
def test_a_list_in_any_mood_but_its_own_is_unknown_and_looked_at_again(scene: Scene, mood: str) -> None:
    scene.world.set_mood(ZEN, mood)
    scene.ask(SERVER)
    scene.sweep()
    assert scene.verdicts(SERVER)["lists-silent"] == "unknown"
    assert "look.listed" not in scene.look(SERVER).facts
    assert scene.look(SERVER).next_action_at == NOON + timedelta(minutes=15)
    assert not scene.look(SERVER).is_under_way  # what was seen stands meanwhile
    scene.world.set_mood(ZEN, "normal")
    scene.sweep(after=timedelta(minutes=15))
    assert scene.verdicts(SERVER)["lists"] == "clear"
    assert scene.look(SERVER).next_action_at is None


def test_it_is_looked_at_again_twenty_times_at_most(scene: Scene) -> None:
    scene.rdap.set_mood("denied")
    scene.ask(DOMAIN)
    taken = 1
    scene.sweep()
    while scene.look(DOMAIN).next_action_at:
        taken += scene.sweep(after=timedelta(minutes=15)).claimed
    assert taken == 21
    assert scene.verdicts(DOMAIN)["registrant"] == "unknown"
    scene.clock.shift(timedelta(minutes=10))
    assert scene.ask(DOMAIN) == 1  # the vendor may ask anew


def test_silent_resolvers_end_in_time_and_claim_nothing(scene: Scene) -> None:
    scene.dns.set_mood(ServerMood.SILENT)
    scene.ask(SERVER, DOMAIN, HEADER)
    began = time.monotonic()
    scene.sweep()
    assert time.monotonic() - began < 10
    verdicts = [scene.verdicts(subject) for subject in (SERVER, DOMAIN, HEADER)]
    assert verdicts[1].pop("registrant") == "clear"  # the registry's address needs no resolver
    assert {one for of in verdicts for one in of.values()} == {"unknown"}
    assert scene.look(SERVER).facts.get("look.listed") is None
    assert "look.fcrdns" not in scene.look(SERVER).facts


def test_a_lease_that_lapsed_is_taken_up_by_the_next_sweep(scene: Scene) -> None:
    scene.ask(SERVER)
    Look.objects.update(lease_until=NOON + timedelta(seconds=4), lease_token="5f0c9a8e-0000-4000-8000-000000000000")
    assert scene.sweep().claimed == 0
    assert scene.sweep(after=timedelta(seconds=5)).claimed == 1


def test_one_row_that_cannot_be_looked_at_leaves_the_others(scene: Scene) -> None:
    scene.ask(SERVER, HEADER)
    Look.objects.filter(kind="server").update(subject="nonsense")
    scene.sweep()
    broken = Look.objects.get(subject="nonsense")
    assert broken.checks[0]["sentence"] == "Our look failed by our own fault (ValueError)."
    assert broken.next_action_at == NOON + timedelta(minutes=15)
    assert scene.verdicts(HEADER) == {"mx": "clear"}


def test_each_list_is_proved_once_a_round_and_each_registry_asked_once_a_name(scene: Scene) -> None:
    many: list[Subject] = [("server", f"192.0.2.{number}", "") for number in range(20, 36)]
    named: list[Subject] = [("domain", f"{name}.alder.example.net", "") for name in ("a", "b", "c")]
    scene.ask(*many, *named)
    before = scene.world.queries.count
    scene.sweep()
    assert scene.rdap.asked.count("/rdap/domain/alder.example.net") == 1
    # Of each server its reverse name and two lists; the proofs of both lists once; a dozen for each domain.
    assert scene.world.queries.count - before < 16 * 3 + 2 * 4 + 3 * 14 + 10


def test_the_stage_leaves_its_heartbeat(scene: Scene) -> None:
    scene.ask(HEADER)
    sweep_looks()
    assert Cycle.objects.get(stage="look").claimed == 1


def test_health_knows_the_stage(settings: Settings) -> None:
    assert settings.ENGINE_TASKS["look"] == "questionnaires.tasks.sweep_looks"
    assert "look" in settings.ENGINE_STAGES


# ── registries ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize("shield", [Shield.REDACTED, Shield.PROXY])
def test_a_shielded_registration_is_told_as_such(scene: Scene, shield: Shield) -> None:
    scene.world.register("alder.example.net", Registrant("Alder Mailings Ltd", shield=shield))
    scene.ask(DOMAIN)
    scene.sweep()
    assert scene.look(DOMAIN).facts["look.registrant"] == "shielded"
    assert scene.look(DOMAIN).facts["look.shielded"] is True


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        ("limited", "answers no more questions from us for now."),
        ("denied", "gave no answer (HTTP status 403)."),
        ("broken", "answered with something that is no registration."),
        ("silent", "did not answer in"),
    ],
)
def test_a_registry_that_does_not_answer_is_unknown_with_its_reason(scene: Scene, mood: str, says: str) -> None:
    scene.rdap.set_mood(mood)
    scene.ask(DOMAIN)
    scene.sweep()
    (line,) = (check for check in scene.look(DOMAIN).checks if check["id"] == "registrant")
    assert line["verdict"] == "unknown"
    assert says in line["sentence"]
    assert "look.registrant" not in scene.look(DOMAIN).facts
    assert scene.look(DOMAIN).facts["look.takes_mail"] is True  # what the DNS said stands


def test_a_registry_that_wants_rest_is_left_alone(scene: Scene) -> None:
    scene.rdap.set_mood("limited")
    scene.ask(DOMAIN)
    scene.sweep()
    asked = len(scene.rdap.asked)
    scene.ask(("domain", "birch.example.net", ""))
    scene.sweep()
    assert len(scene.rdap.asked) == asked


def test_a_registry_in_a_network_of_our_own_is_not_asked(scene: Scene, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "dns.json"
    file.write_text(f'{{"services": [[["example.net"], ["{scene.rdap.base}"]]]}}')
    settings.RDAP_BOOTSTRAP, settings.EGRESS_ALLOW = str(file), ()
    scene.ask(DOMAIN)
    scene.sweep()
    assert scene.verdicts(DOMAIN)["registrant"] == "unknown"
    assert scene.rdap.asked == []


@pytest.mark.parametrize(
    "place", ["/nowhere/dns.json", "http://127.0.0.1:1/dns.json", "http://nowhere.example/dns.json"]
)
def test_without_a_list_of_registries_the_rest_is_seen_all_the_same(
    scene: Scene, settings: Settings, place: str
) -> None:
    settings.RDAP_BOOTSTRAP = place
    scene.ask(DOMAIN)
    scene.sweep()
    (line,) = (check for check in scene.look(DOMAIN).checks if check["id"] == "registrant")
    assert line["sentence"] == "We could not learn which registry to ask who holds it."
    assert scene.verdicts(DOMAIN)["mx"] == "clear"


def test_an_ending_without_a_registry_is_left_to_a_person(scene: Scene) -> None:
    scene.ask(("domain", "alder.test", ""))
    scene.sweep()
    (line,) = (check for check in Look.objects.get().checks if check["id"] == "registrant")
    assert line["cure"] == "You need do nothing. A person will look it up."


def test_the_list_of_registries_is_read_again_after_a_day_and_kept_a_second_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000_000.0]

    class Clock:
        monotonic: Callable[[], float] = staticmethod(lambda: clock[0])

    monkeypatch.setattr(server_lists, "time", Clock)

    def asked() -> Any:
        Look.objects.all().delete()
        scene.ask(DOMAIN)
        scene.sweep()
        return scene.rdap.asked.count("/dns.json"), scene.verdicts(DOMAIN)["registrant"]

    assert asked() == (1, "clear")
    assert asked() == (1, "clear")
    clock[0] += 25 * 3600
    assert asked() == (2, "clear")
    scene.rdap.bootstrap_fails = True
    clock[0] += 25 * 3600
    assert asked() == (3, "clear")  # the last one still counts
    assert asked() == (3, "clear")  # and it is not asked for at every look
    clock[0] += 24 * 3600
    assert asked() == (4, "unknown")
