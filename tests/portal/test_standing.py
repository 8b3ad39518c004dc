"""A vendor sees its own standing: what is wrong and what to do, each check over time, and our blindness as ours."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from journal.models import Entry
from monitors.models import Finding, Observation, Watch
from monitors.probes.reading import Verdict
from portal.views.standing import A_DAY, PAUSE
from tests import halted, monitored, world
from tests.desk.pages import heading, text
from tests.world import NOON
from vendors.models import Domain, SendingServer, Vendor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PATH = "192.0.2.53:53"
PAGE = "/portal/standing/"


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.RESOLVERS, settings.WATCH_SECONDS, settings.COOL_DOWN_SECONDS = [PATH], 1800, None
    cache.clear()
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
    cache.clear()


@pytest.fixture
def server(people: world.People) -> SendingServer:
    return world.make_server(people.vendor_a, "192.0.2.10", hostname="mta1.alder.example.net", at=NOON - 60 * DAY)


def saw(watch: Watch, first: float, last: float, verdict: str = Verdict.CLEAR, code: str = "127.0.0.2") -> None:
    observation = monitored.make_observation(watch, verdict=verdict, at=NOON - first * DAY, path=PATH, code=code)
    Observation.objects.filter(pk=observation.pk).update(last_at=NOON - last * DAY)


class TestThePage:
    def test_nothing_known_to_be_wrong(self, alice: Client, server: SendingServer) -> None:
        saw(monitored.make_watch(server, "dnsbl:spamcop"), 30, 0)
        answer = alice.get(PAGE)
        words = text(answer)
        assert heading(answer) == "Nothing is known to be wrong"
        assert "no confirmed fault stood for 100 % of the time" in words
        assert "SpamCop Clear 100 %" in words
        assert "SpamCop 22 Oct to 21 Nov 2026 Clear" in words
        assert '<svg class="chart" role="img"' in answer.content.decode()
        assert "blindness" not in words

    def test_nothing_is_watched_yet(self, alice: Client) -> None:
        answer = alice.get(PAGE)
        assert heading(answer) == "Nothing is watched yet"

    def test_an_open_finding_says_what_is_wrong_by_which_clause_and_how_to_cure_it(
        self, alice: Client, server: SendingServer
    ) -> None:
        watch = monitored.make_watch(server, "dnsbl:spamhaus-zen")
        saw(watch, 20, 2)
        saw(watch, 2, 0, Verdict.ADVERSE, code="127.0.0.10")
        sentence = "mta1.alder.example.net (192.0.2.10): Listed on Spamhaus ZEN: PBL."
        finding = monitored.make_finding(server, check_id="dnsbl:spamhaus-zen", sentence=sentence, at=NOON - 2 * DAY)
        order = halted.make_order(server.vendor, server=server, finding=finding)
        answer = alice.get(PAGE)
        words = text(answer)
        assert heading(answer) == "1 thing is wrong"
        assert "Clause R5" in words
        assert sentence in words
        assert "The list says that 192.0.2.10 lies in a range of home or changing connections" in words
        assert "Then have the entry taken back." in words
        assert 'href="https://check.spamhaus.org/"' in answer.content.decode()
        assert f"Halt order {order.number} stands because of it." in words
        assert "clear 2 times in a row, over 12 h" in words
        assert "Spamhaus ZEN Adverse" in words

    def test_the_gravest_comes_first(self, alice: Client, server: SendingServer) -> None:
        for check, severity, days in (("dnsbl:psbl", "warn", 9), ("dnsbl:spamcop", "halt", 1), ("fcrdns", "info", 20)):
            monitored.make_finding(
                server, check_id=check, severity=severity, sentence=f"{check}.", at=NOON - days * DAY
            )
        words = text(alice.get(PAGE))
        places = [words.index(one) for one in ("dnsbl:spamcop.", "dnsbl:psbl.", "fcrdns.")]
        assert places == sorted(places)

    def test_a_closed_finding_is_not_wrong_any_more(self, alice: Client, server: SendingServer) -> None:
        finding = monitored.make_finding(server)
        Finding.objects.filter(pk=finding.pk).update(state=Finding.State.CLOSED, closed_at=NOON)
        assert heading(alice.get(PAGE)) == "Nothing is known to be wrong"

    def test_what_we_could_not_see_is_told_as_ours(self, alice: Client, server: SendingServer) -> None:
        watch = monitored.make_watch(server, "dnsbl:spamcop")
        saw(watch, 10, 5)
        saw(watch, 5, 0, Verdict.UNKNOWN)
        words = text(alice.get(PAGE))
        assert "SpamCop We could not see" in words
        assert "That is our blindness, and not held against you." in words
        assert "Some of it we cannot see now. That is our blindness, not your fault" in words

    def test_only_seen_by_nobody_says_so(self, alice: Client, server: SendingServer) -> None:
        saw(monitored.make_watch(server, "dnsbl:spamcop"), 5, 0, Verdict.UNKNOWN)
        assert "we saw nothing of your servers and domains" in text(alice.get(PAGE))

    def test_a_suspicion_is_no_fault(self, alice: Client, server: SendingServer) -> None:
        watch = monitored.make_watch(server, "dnsbl:spamcop")
        saw(watch, 5, 0.1)
        saw(watch, 0, 0, Verdict.ADVERSE)
        saw(watch, 0, 0, Verdict.ADVERSE)
        words = text(alice.get(PAGE))
        assert "Nothing is known to be wrong" in words

    def test_domains_and_the_vendor_itself_have_their_checks(self, alice: Client, people: world.People) -> None:
        domain = world.make_domain(people.vendor_a, "alder.example")
        saw(monitored.make_watch(domain, "mx"), 3, 0)
        Vendor.objects.update(created_at=NOON - DAY)
        monitored.make_watch(people.vendor_a, "attested:yahoo-aol")
        words = text(alice.get(PAGE))
        assert "alder.example" in words
        assert "Mail exchangers (MX) Clear" in words
        assert "AOL (now Yahoo) We did not look" in words
        assert words.count("Check again now") == 1  # nobody but a person can look the vendor up

    def test_many_servers_are_paged_and_cost_no_more_queries(
        self, alice: Client, people: world.People, django_assert_max_num_queries: object
    ) -> None:
        for _ in range(20):
            saw(monitored.make_watch(world.make_server(people.vendor_a), "dnsbl:spamcop"), 3, 0)
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            page = alice.get(PAGE)
        assert text(page).count("Check again now") == 8
        assert text(alice.get(PAGE, {"page": "3"})).count("Check again now") == 4

    def test_it_needs_no_inline_style_or_script(self, alice: Client, server: SendingServer) -> None:
        saw(monitored.make_watch(server, "dnsbl:spamcop"), 3, 0)
        page = alice.get(PAGE).content.decode()
        assert not re.search(r"<[^>]+ style=", page)
        assert "<script>" not in page


class TestAnotherLook:
    def ask(self, client: Client, subject: SendingServer | Domain) -> str:
        kind = "server_look" if isinstance(subject, SendingServer) else "domain_look"
        return text(client.post(reverse(f"portal:{kind}", args=[subject.uid]), follow=True))

    def test_it_makes_the_watches_of_the_subject_due_and_is_noted(
        self, alice: Client, people: world.People, server: SendingServer
    ) -> None:
        mine = monitored.make_watch(server, "dnsbl:spamcop", at=NOON + DAY)
        other = monitored.make_watch(world.make_server(people.vendor_a), "dnsbl:spamcop", at=NOON + DAY)
        assert "Asked for one check of mta1.alder.example.net (192.0.2.10)." in self.ask(alice, server)
        mine.refresh_from_db()
        other.refresh_from_db()
        assert (mine.next_action_at, other.next_action_at) == (NOON, NOON + DAY)
        entry = Entry.objects.get(verb="look now")
        assert entry.object_id == str(server.pk)
        assert entry.actor.startswith(f"user:{people.alice.pk}")

    def test_once_in_ten_minutes_a_subject(
        self, alice: Client, bob: Client, server: SendingServer, clock: time_machine.Traveller
    ) -> None:
        monitored.make_watch(server, "dnsbl:spamcop")
        self.ask(alice, server)
        clock.shift(60)
        words = self.ask(bob, server)
        assert "was asked for a short while ago" in words
        assert "from 21 Nov 2026, 12:10 UTC on" in words
        assert Entry.objects.filter(verb="look now").count() == 1
        clock.move_to(NOON + PAUSE + timedelta(seconds=1))
        assert "Asked for one check" in self.ask(bob, server)

    def test_another_subject_need_not_wait(self, alice: Client, people: world.People, server: SendingServer) -> None:
        domain = world.make_domain(people.vendor_a, "alder.example")
        for subject in (server, domain):
            monitored.make_watch(subject, "dnsbl:spamcop")
            assert "Asked for one check" in self.ask(alice, subject)

    def test_twenty_a_day_a_vendor(self, alice: Client, people: world.People, clock: time_machine.Traveller) -> None:
        servers = [world.make_server(people.vendor_a) for _ in range(A_DAY + 1)]
        for server in servers:
            monitored.make_watch(server, "dnsbl:spamcop")
        for server in servers[:-1]:
            assert "Asked for one check" in self.ask(alice, server)
        words = self.ask(alice, servers[-1])
        assert "You asked 20 times today" in words
        assert "from 22 Nov 2026, 00:00 UTC on" in words
        assert Entry.objects.filter(verb="look now").count() == A_DAY
        clock.move_to(NOON + DAY)
        assert "Asked for one check" in self.ask(world.come(people.alice), servers[-1])

    def test_another_vendors_day_is_not_touched(self, alice: Client, people: world.People) -> None:
        for _ in range(A_DAY):
            server = world.make_server(people.vendor_a)
            monitored.make_watch(server)
            self.ask(alice, server)
        theirs = world.make_server(people.vendor_b)
        monitored.make_watch(theirs)
        assert "Asked for one check" in self.ask(world.come(people.charlie), theirs)

    def test_what_is_not_watched_says_so(self, alice: Client, server: SendingServer) -> None:
        assert "Nothing of mta1.alder.example.net (192.0.2.10) is watched now" in self.ask(alice, server)

    def test_charlie_finds_nothing_and_spends_nothing_of_hers(
        self, alice: Client, people: world.People, server: SendingServer
    ) -> None:
        monitored.make_watch(server)
        charlie = world.come(people.charlie)
        assert charlie.post(reverse("portal:server_look", args=[server.uid])).status_code == 404
        assert "Asked for one check" in self.ask(alice, server)

    def test_it_asks_for_a_token_against_forgery(self, people: world.People, server: SendingServer) -> None:
        client = Client(enforce_csrf_checks=True)
        world.come_in(client, people.alice)
        assert client.post(reverse("portal:server_look", args=[server.uid])).status_code == 403

    def test_it_leads_back_to_where_it_was_asked(self, alice: Client, server: SendingServer) -> None:
        answer = alice.post(reverse("portal:server_look", args=[server.uid]), {"page": "2"})
        assert answer["Location"] == f"/portal/standing/?page=2#sendingserver-{server.uid}"
        answer = alice.post(reverse("portal:server_look", args=[server.uid]), {"page": "//bad.example"})
        assert answer["Location"] == f"/portal/standing/#sendingserver-{server.uid}"


def test_home_leads_to_the_cure_of_what_is_wrong(alice: Client, people: world.People, server: SendingServer) -> None:
    monitored.make_finding(server)
    assert PAGE in alice.get("/portal/").content.decode()
