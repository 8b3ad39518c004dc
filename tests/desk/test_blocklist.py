"""One blocklist: what is known of it, its release from quarantine, its switches."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from journal.actor import ENGINE
from journal.models import Entry
from journal.record import move
from monitors import checks, quarantine
from monitors.models import ListEntry, Quarantine, Sight, Watch
from monitors.probes.reading import Verdict
from tests import monitored, world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON

ZEN, COP = "/desk/blocklists/spamhaus-zen/", "/desk/blocklists/spamcop/"
OVERVIEW = "/desk/"
PROOF = {
    "test": "must be listed",
    "name": "2.0.0.127.bl.spamcop.net",
    "rdtype": "A",
    "outcome": "nxdomain",
    "records": [],
    "rcode": "NXDOMAIN",
    "server": "192.0.2.53:53",
}


@pytest.fixture
def sight(desk: Desk) -> Sight:
    return Sight.objects.create(
        list_id="spamcop",
        path="192.0.2.53:53",
        state=Sight.State.SEEING,
        since=NOON,
        proved_at=NOON,
        next_action_at=timezone.now() + timedelta(minutes=20),
        sentence="SpamCop answers its test entries as it should.",
        evidence=[PROOF],
    )


@pytest.fixture
def held(desk: Desk) -> Quarantine:
    """SpamCop named a server of each of two vendors; a third since then; a fourth is in order."""
    watches = [monitored.make_watch(world.make_server(world.make_vendor()), "dnsbl:spamcop") for _ in range(4)]
    monitored.make_observation(watches[2], result="quarantined")
    monitored.make_observation(watches[3], verdict=Verdict.UNKNOWN, result="quarantined")
    return monitored.make_quarantine("spamcop", *watches[:2], at=timezone.now() - timedelta(minutes=5))


# ── what is known ───────────────────────────────────────────────────────────
def test_codes_test_entries_and_signs_are_there(desk: Desk, dana: Client) -> None:
    answer = dana.get(ZEN)
    assert heading(answer) == "Spamhaus ZEN"
    words = text(answer)
    assert (
        "127.0.0.10 PBL: end-user range that should not send mail, says its provider halt an end user’s address"
        in words
    )
    assert "127.0.0.4 XBL: exploited or infected machine halt a hijacked machine" in words
    assert "127.255.255.255 we have asked too often refusal" in words
    assert "Listed 127.0.0.2 Not listed 127.0.0.1" in words


def test_every_list_that_is_known_has_a_page_also_one_that_is_left_out(desk: Desk, dana: Client) -> None:
    for entry in checks.known():
        assert dana.get(f"/desk/blocklists/{entry.id}/").status_code == 200, entry.id
    assert "It is left out, so nobody asks it." in text(dana.get("/desk/blocklists/barracuda/"))
    assert dana.get("/desk/blocklists/nobody/").status_code == 404


def test_the_last_proof_is_there_word_for_word_with_the_next_moment(desk: Desk, dana: Client, sight: Sight) -> None:
    words = text(dana.get(COP))
    assert "Works 192.0.2.53:53 since 21 Nov" in words
    assert "SpamCop answers its test entries as it should." in words
    assert "; this must be listed" in words
    assert "; asked 2.0.0.127.bl.spamcop.net. A" in words


def test_a_key_is_not_in_the_page(desk: Desk, dana: Client, settings: Settings) -> None:
    settings.BLOCKLIST_KEYS = {"spamhaus-zen": "verysecretkey"}
    for page in (ZEN, f"{ZEN}entry/"):
        assert "verysecretkey" not in dana.get(page).content.decode()


def test_its_health_history_comes_from_the_journal(desk: Desk, dana: Client, sight: Sight) -> None:
    for state in ("suspect", "blind", "probation", "seeing"):
        move(sight, state, by=ENGINE, at=NOON, why="Its test entry is gone." if state in "suspect blind" else "")
    words = text(dana.get(COP)).partition("History")[2]
    told = [
        "can be seen again.",
        "passed its test once, and is on probation.",
        "cannot be trusted. Its test entry is gone.",
        "failed its test once, and is not believed. Its test entry is gone.",
    ]
    places = [words.index(sentence) for sentence in told]
    assert places == sorted(places)


def test_what_is_listed_there_now(desk: Desk, dana: Client) -> None:
    watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
    assert "Nothing that we ask about." not in text(dana.get(COP))  # not looked yet
    Watch.objects.filter(pk=watch.pk).update(verdict="adverse", sentence="Listed on SpamCop: reported.")
    words = text(dana.get(COP))
    assert "203.0.113.27 Alder Mailings" in words
    assert "Listed on SpamCop: reported." in words


# ── quarantine ──────────────────────────────────────────────────────────────
def test_the_overview_tells_what_a_list_in_quarantine_named(desk: Desk, dana: Client, held: Quarantine) -> None:
    answer = dana.get(OVERVIEW)
    assert heading(answer) == "SpamCop named many vendors at once and waits for you."
    words = text(answer)
    assert "SpamCop is in quarantine: it newly named 2 of 20 vendors at once" in words
    for watch in Watch.objects.filter(pk__in=held.named):
        assert f"{watch.vendor}: {watch.subject}" in words


def test_the_list_s_page_tells_of_those_that_it_named_since_and_not_of_the_others(
    desk: Desk, dana: Client, held: Quarantine
) -> None:
    words = text(dana.get(COP))
    first, second, third, fourth = Watch.objects.filter(check_id="dnsbl:spamcop").order_by("pk")
    for watch in (first, second, third):
        assert f"{watch.vendor}: {watch.subject}" in words
    assert str(fourth.subject) not in words
    assert "Release: its word counts again" in words
    assert heading(dana.get("/desk/blocklists/")) == "SpamCop is in quarantine"


def test_a_release_needs_a_reason(desk: Desk, dana: Client, held: Quarantine) -> None:
    words = text(dana.post(f"{COP}release/", {"reason": "  "}))
    assert "Write why its word counts again: orders may follow from it." in words
    assert Quarantine.objects.standing().exists()


def test_a_release_is_in_the_journal_with_who_and_why(desk: Desk, dana: Client, held: Quarantine) -> None:
    answer = dana.post(f"{COP}release/", {"reason": "A botnet, says its site."}, follow=True)
    assert "SpamCop is believed again." in text(answer)
    assert "Released from quarantine by Dana" in text(answer)
    held.refresh_from_db()
    assert (held.state, held.ended_by_name, held.reason) == ("released", "Dana", "A botnet, says its site.")
    entry = Entry.objects.get(object_type="monitors.quarantine", verb="released")
    assert (entry.why, entry.actor) == ("A botnet, says its site.", f"user:{desk.people.dana.pk} (it)")
    assert "SpamCop is believed again. A botnet, says its site." in text(dana.get("/desk/journal/"))
    assert "quarantine" not in text(dana.get(OVERVIEW))
    assert dana.post(f"{COP}release/", {"reason": "Again."}).status_code == 404


def test_a_reviewer_reads_it_and_releases_nothing(desk: Desk, sign_in: SignIn, held: Quarantine) -> None:
    rita = sign_in(desk.people.rita)
    assert "IT and administrators release lists." in text(rita.get(COP))
    assert rita.post(f"{COP}release/", {"reason": "I say so."}).status_code == 403
    assert quarantine.quarantined() == {"spamcop"}


# ── switches ────────────────────────────────────────────────────────────────
@pytest.fixture
def fresh(settings: Settings) -> None:
    settings.LIST_ENTRIES_SECONDS = 0


@pytest.mark.usefixtures("fresh")
def test_a_list_is_left_out_and_asked_again_by_a_switch(desk: Desk, dana: Client) -> None:
    dana.post(f"{COP}switches/", {"is_asked": "no"})
    assert "dnsbl:spamcop" not in checks.asked()
    words = text(dana.get(COP))
    assert "Left out" in words
    assert "Changed at the desk by Dana" in words
    dana.post(f"{COP}switches/", {"is_asked": "yes"})
    assert "dnsbl:spamcop" in checks.asked()


@pytest.mark.usefixtures("fresh")
def test_pace_cap_interval_and_severity_are_switches_and_leave_other_fields_alone(desk: Desk, dana: Client) -> None:
    ListEntry.objects.create(list_id="spamcop", fields={"name": "The Cop", "per_second": 9}, changed_at=NOON)
    given = {"is_asked": "yes", "interval_seconds": "7200", "per_second": "0.5", "daily_cap": "", "severity": "warn"}
    dana.post(f"{COP}switches/", given)
    cop = checks.asked()["dnsbl:spamcop"]
    assert (cop.name, cop.per_second, cop.daily_cap) == ("The Cop", 0.5, 80_000)
    assert cop.interval == timedelta(hours=2)
    assert {code.severity for code in cop.codes.values()} == {"warn"}
    assert "It sets enabled, interval_seconds, name, per_second, severity." in text(dana.get(COP))


@pytest.mark.usefixtures("fresh")
def test_a_switch_that_makes_no_sense_keeps_what_was_typed(desk: Desk, dana: Client) -> None:
    answer = dana.post(f"{COP}switches/", {"is_asked": "yes", "per_second": "fast", "daily_cap": "77"})
    assert "Write a number from 0.001 to 1,000, or nothing to leave it as it comes." in text(answer)
    content = answer.content.decode()
    assert 'value="fast"' in content
    assert 'value="77"' in content
    assert not ListEntry.objects.exists()


@pytest.mark.usefixtures("fresh")
def test_saving_the_switches_as_they_come_changes_nothing(desk: Desk, dana: Client) -> None:
    dana.post(f"{COP}switches/", {"is_asked": "yes"})
    assert not ListEntry.objects.exists()
    assert not Entry.objects.filter(object_type="monitors.listentry").exists()
