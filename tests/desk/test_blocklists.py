"""The blocklists: which are asked, and whether each can be seen."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from journal.models import Entry
from monitors import catalogue, checks
from monitors.models import Allowance, Sight, Watch
from monitors.probes.reading import Verdict
from tests import monitored, world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/blocklists/"


def sights(state: str = Sight.State.SEEING, but: str = "", sentence: str = "") -> None:
    for check, entry in checks.asked().items():
        blind = entry.id == but
        Sight.objects.create(
            list_id=check.removeprefix(checks.DNSBL),
            path="192.0.2.53:53",
            state=Sight.State.BLIND if blind else state,
            since=NOON,
            proved_at=NOON + timedelta(minutes=5),
            sentence=sentence if blind else "",
        )


def test_all_lists_of_the_catalogue_are_there_with_their_terms(desk: Desk, dana: Client) -> None:
    sights()
    answer = dana.get(PAGE)
    assert heading(answer) == "Every list that we ask can be seen"
    for entry in checks.blocklists():
        assert entry.name in text(answer)
        assert entry.usage in text(answer)


def test_a_blind_list_is_the_headline_with_its_fault(desk: Desk, dana: Client) -> None:
    sights(but="spamcop", sentence="We cannot see SpamCop: its test entry is not listed.")
    answer = dana.get(PAGE)
    assert heading(answer) == "SpamCop cannot be trusted now"
    assert "We cannot see SpamCop: its test entry is not listed." in text(answer)


def test_nothing_is_claimed_before_the_first_proof(desk: Desk, dana: Client) -> None:
    assert heading(dana.get(PAGE)) == "No list has proved itself yet"
    sights(Sight.State.UNPROVED)
    assert "Not proved yet" in text(dana.get(PAGE))


def test_lists_that_nobody_asks_say_why(desk: Desk, dana: Client) -> None:
    words = text(dana.get(PAGE))
    assert "Not a DNS list: it needs a person" in words
    assert "Not configured: this list needs a key." in words


def test_a_key_is_never_shown(desk: Desk, dana: Client, settings: Settings) -> None:
    settings.BLOCKLIST_KEYS = {"spamhaus-zen": "verysecretkey"}
    content = dana.get(PAGE).content.decode()
    assert "verysecretkey" not in content
    assert "….zen.dq.spamhaus.net" in content


def test_servers_are_counted_by_what_the_list_says(desk: Desk, dana: Client) -> None:
    for verdict in (Verdict.ADVERSE, Verdict.UNKNOWN, Verdict.CLEAR):
        watch = monitored.make_watch(world.make_server(desk.vendor), "dnsbl:spamcop")
        Watch.objects.filter(pk=watch.pk).update(verdict=verdict)
    assert "3 servers watched, 1 listed, 1 not seen" in text(dana.get(PAGE))


def test_each_state_of_a_path_is_told_as_it_is(desk: Desk, dana: Client) -> None:
    for state, word in Sight.State.choices:
        Sight.objects.all().delete()
        sights(state)
        answer = dana.get(PAGE)
        assert f"{word} since 21 Nov" in text(answer)
        if state in Sight.TROUBLED:
            assert "Every list that we ask can be seen" not in heading(answer)


def test_a_list_that_failed_once_is_not_said_to_work(desk: Desk, dana: Client) -> None:
    sights()
    Sight.objects.filter(list_id="spamcop").update(state=Sight.State.SUSPECT, sentence="Its test entry is gone.")
    answer = dana.get(PAGE)
    assert heading(answer) == "SpamCop is not believed just now"
    assert "Its test entry is gone." in text(answer)


def test_lists_that_are_left_out_are_there_with_the_reason(desk: Desk, dana: Client) -> None:
    words = text(dana.get(PAGE)).partition("Known, and left out")[2]
    assert "Barracuda" in words
    assert "address has to be registered" in words


def test_zones_that_are_never_asked_are_named_with_the_reason(desk: Desk, dana: Client) -> None:
    words = text(dana.get(PAGE)).partition("Never asked")[2]
    for zone, reason in catalogue.never_asked().items():
        assert f"{zone} {reason}" in words


def test_what_is_used_of_a_day_is_told_and_warned_of(desk: Desk, dana: Client, settings: Settings) -> None:
    settings.LIST_LIMITS = True
    today = timezone.now().date()
    Allowance.objects.create(of="dnsbl:spamcop", refilled_at=NOON, day=today, used=64_000)
    Allowance.objects.create(of="dnsbl:psbl", refilled_at=NOON, day=today - timedelta(days=1), used=999_999)
    words = text(dana.get(PAGE))
    assert "64,000 of 80,000 questions used Nearly used up" in words
    assert words.count("Nearly used up") == 1
    settings.LIST_LIMITS = False
    assert "not counted: SLUICE_LIST_LIMITS is off" in text(dana.get(PAGE))


def test_the_diagnosis_of_a_resolver_comes_from_its_last_proofs(desk: Desk, dana: Client, settings: Settings) -> None:
    settings.RESOLVERS = ["192.0.2.53:53", "192.0.2.54:53"]
    sights()
    words = text(dana.get(PAGE))
    assert "lists can be seen through the resolver 192.0.2.53:53." in words
    assert "No list has been tried through the resolver 192.0.2.54:53 yet." in words
    stripped = [{"test": "must be listed", "outcome": "nodata", "records": [], "name": "2.0.0.127.x.example"}]
    Sight.objects.update(state=Sight.State.BLIND, fault="blinded", sentence="No address.", evidence=stripped)
    words = text(dana.get(PAGE))
    assert "Hides listings, or is silent 192.0.2.53:53" in words
    assert "private-address: 127.0.0.0/8" in words


def test_a_proof_of_everything_can_be_asked_for(desk: Desk, dana: Client) -> None:
    sights()
    assert "Prove all again" in text(dana.get(PAGE))
    held = Sight.objects.filter(list_id="spamcop")
    later = timezone.now() + timedelta(minutes=20)
    Sight.objects.update(next_action_at=later)
    held.update(lease_until=later)
    dana.post("/desk/blocklists/prove/")
    assert not Sight.objects.exclude(list_id="spamcop").filter(next_action_at=later).exists()
    assert held.get().next_action_at == later  # it is being proved this moment
    entry = Entry.objects.get(verb="prove now")
    assert entry.actor.startswith("user:")
    assert "A proof of every list was asked for." in text(dana.get("/desk/journal/"))


def test_the_number_of_queries_does_not_grow_with_the_lists(desk: Desk, dana: Client, settings: Settings) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            dana.get(PAGE)
        return len(asked)

    few = queries()
    sights()
    assert queries() == few


def test_a_reader_is_offered_nothing_to_change(desk: Desk, sign_in: SignIn) -> None:
    words = text(sign_in(desk.people.orla).get(PAGE))
    assert "Prove all again" not in words
    assert "Add a list" not in words
