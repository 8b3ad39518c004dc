"""A blocklist's entry as TOML at the desk: changed, added, taken back."""

import pytest
from django.test import Client
from pytest_django import Settings

from journal.models import Entry
from monitors import checks
from monitors.models import ListEntry
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON

ENTRY, NEW = "/desk/blocklists/spamcop/entry/", "/desk/blocklists/new/"


@pytest.fixture(autouse=True)
def fresh(settings: Settings) -> None:
    settings.LIST_ENTRIES_SECONDS = 0


def test_a_field_is_changed_and_shown_as_it_stands(desk: Desk, dana: Client) -> None:
    answer = dana.post(ENTRY, {"text": 'zone = "cop.mirror.example.org"\r\nper_second = 20\r\n'}, follow=True)
    assert "SpamCop is changed." in text(answer)
    cop = checks.asked()["dnsbl:spamcop"]
    assert (cop.zone, cop.per_second, cop.name) == ("cop.mirror.example.org", 20, "SpamCop")
    assert "zone = &quot;cop.mirror.example.org&quot;" in dana.get(ENTRY).content.decode()


def test_a_list_is_added(desk: Desk, dana: Client) -> None:
    assert "dnsbl.example.org" in dana.get(NEW).content.decode()
    given = {"list_id": "house", "text": 'zone = "dnsbl.example.org"\n[codes]\n"127.0.0.2" = "bad"'}
    answer = dana.post(NEW, given, follow=True)
    assert "house is in the catalogue." in text(answer)
    assert heading(answer) == "house"
    assert checks.asked()["dnsbl:house"].codes["127.0.0.2"].meaning == "bad"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("zone = x", "This is not TOML:"),
        ("", "Write at least one field"),
        ("# nothing", "There is no field in it."),
        ('[[blocklist]]\nzone = "x.example"', "Write the fields alone"),
        ('zone = "dnsbl.sorbs.net"', "must not be asked any more"),
        ('zoen = "x.example"', "Did you mean zone?"),
        ('key = "s3cret"', "there is no such field"),
        ('severity = "awful"', "is not known. Write one of: halt"),
        ("per_second = 0", "is not a number from 0.001"),
    ],
)
def test_what_does_not_fit_is_refused_and_what_was_typed_is_kept(
    desk: Desk, dana: Client, typed: str, sentence: str
) -> None:
    answer = dana.post(ENTRY, {"text": typed})
    assert sentence in text(answer)
    if typed:
        assert typed.split('"')[0].split("\n")[0] in text(answer)
    assert not ListEntry.objects.exists()
    assert "dnsbl:spamcop" in checks.asked()


def test_an_id_that_is_there_is_not_added_again(desk: Desk, dana: Client) -> None:
    answer = dana.post(NEW, {"list_id": "spamcop", "text": 'zone = "x.example.org"'})
    assert "There is a list spamcop. Change that one, or write another id." in text(answer)
    assert "x.example.org" in answer.content.decode()
    assert not ListEntry.objects.exists()


def test_taking_back_leaves_the_list_as_it_comes(desk: Desk, dana: Client) -> None:
    dana.post(ENTRY, {"text": "enabled = false"})
    answer = dana.post("/desk/blocklists/spamcop/take-back/", follow=True)
    assert "What was changed of spamcop is taken back." in text(answer)
    assert "dnsbl:spamcop" in checks.asked()
    assert not ListEntry.objects.exists()
    assert "SpamCop: what was changed at the desk was taken back." in text(dana.get("/desk/journal/"))


def test_taking_back_a_list_of_the_desk_s_own_takes_it_out(desk: Desk, dana: Client) -> None:
    dana.post(NEW, {"list_id": "house", "text": 'zone = "dnsbl.example.org"'})
    answer = dana.post("/desk/blocklists/house/take-back/", follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/blocklists/"
    assert "dnsbl:house" not in checks.asked()
    assert dana.get("/desk/blocklists/house/").status_code == 404
    assert dana.post("/desk/blocklists/house/take-back/").status_code == 404


def test_what_fits_no_more_is_told_and_can_be_mended(desk: Desk, dana: Client) -> None:
    ListEntry.objects.create(list_id="house", fields={"zone": "dnsbl.sorbs.net"}, changed_at=NOON)
    words = text(dana.get("/desk/blocklists/"))
    assert "What was changed of house fits no more, and is left out" in words
    assert "must not be asked any more" in words
    assert "What stands here fits no more" in text(dana.get("/desk/blocklists/house/entry/"))
    dana.post("/desk/blocklists/house/entry/", {"text": 'zone = "dnsbl.example.org"'})
    assert "dnsbl:house" in checks.asked()


def test_who_changed_it_and_what_is_in_the_journal(desk: Desk, dana: Client) -> None:
    dana.post(ENTRY, {"text": "per_second = 2"})
    entry = Entry.objects.get(object_type="monitors.listentry")
    assert (entry.verb, entry.after["now"], entry.actor) == (
        "changed",
        '{"per_second": 2}',
        f"user:{desk.people.dana.pk} (it)",
    )


@pytest.mark.parametrize("page", [ENTRY, NEW, "/desk/blocklists/spamcop/switches/"])
def test_reviewers_and_auditors_change_no_list(desk: Desk, sign_in: SignIn, page: str) -> None:
    for user in (desk.people.rita, desk.people.orla):
        assert sign_in(user).post(page, {"text": "enabled = false", "is_asked": "no"}).status_code == 403
    assert not ListEntry.objects.exists()
