"""The blocklists: which are asked, and whether each can be seen."""

from datetime import timedelta

from django.test import Client
from pytest_django import Settings

from monitors import checks
from monitors.models import Sight, Watch
from monitors.probes.reading import Verdict
from tests import world
from tests.desk.conftest import Desk
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
        watch = world.make_watch(world.make_server(desk.vendor), "dnsbl:spamcop")
        Watch.objects.filter(pk=watch.pk).update(verdict=verdict)
    assert "3 servers watched, 1 listed, 1 not seen" in text(dana.get(PAGE))
