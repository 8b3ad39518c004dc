"""The policy for everybody: the version in force, each version by its number, and the text as it was hashed."""

import hashlib
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from journal.actor import ENGINE
from policies.drafts import begin_draft
from policies.versions import in_force, latest
from tests import amended, world
from tests.desk.pages import heading, text
from tests.world import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_each_clause_is_an_anchor_of_the_page_with_its_numbers_filled_in(client: Client) -> None:
    page = unescape(client.get("/policy/").content.decode())
    for clause in in_force(NOON).read:
        assert f'id="{clause.id}"' in page
        assert clause.title in page
        assert clause.text in page
    assert "{" not in text(client.get("/policy/"))


def test_the_page_says_which_version_it_is_since_when_and_its_hash(client: Client) -> None:
    words = text(client.get("/policy/"))
    assert "Version 1" in words
    assert "In force from the beginning" in words
    assert latest().sha256 in words


def test_the_text_is_a_file_whose_hash_is_the_one_shown(client: Client) -> None:
    amended.make_version("R5")
    for number in (1, 2):
        answer = client.get(f"/policy/{number}/text")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["Content-Disposition"] == f'attachment; filename="policy-{number}.txt"'
        assert hashlib.sha256(answer.content).hexdigest() in text(client.get(f"/policy/{number}/"))


def test_a_version_that_is_still_to_come_is_told_and_counts_from_its_moment(client: Client) -> None:
    amended.make_version("R5", note="R5 is stricter.", effective_at=NOON + DAY)
    with time_machine.travel(NOON, tick=False):
        words = text(client.get("/policy/"))
        assert "Version 2 takes effect at 22 Nov 2026, 12:00 UTC R5 is stricter." in words
        assert "Truly." not in words
        assert "Not in force yet It takes effect at 22 Nov 2026, 12:00 UTC" in text(client.get("/policy/2/"))
    with time_machine.travel(NOON + DAY, tick=False):
        assert "Truly." in text(client.get("/policy/"))
        assert "Not in force any more" in text(client.get("/policy/1/"))
        assert "Not in force" not in text(client.get("/policy/2/"))


def test_a_version_shows_what_it_changed(client: Client) -> None:
    amended.make_version("C0", note="Say truly what you know.")
    answer = client.get("/policy/2/")
    assert heading(answer) == "Version 2 of the policy"
    assert "What it changes Say truly what you know." in text(answer)
    assert "<ins> Truly.</ins>" in answer.content.decode()
    assert "What it changes" not in text(client.get("/policy/1/"))


def test_all_versions_are_listed_the_newest_first(client: Client) -> None:
    amended.make_version("R5", note="R5 is stricter.", effective_at=NOON)
    amended.make_version("R6", kind="editorial", note="R6 reads better.", effective_at=NOON + 9999 * DAY)
    words = text(client.get("/policy/versions/"))
    places = [words.index(part) for part in ("Version 3 To come", "Version 2 In force from 21 Nov 2026", "Version 1")]
    assert places == sorted(places)
    assert "R6 reads better." in words


@pytest.mark.parametrize("path", ["/policy/2/", "/policy/0/", "/policy/2/text", "/policy/99999999999999999999/"])
def test_there_is_no_page_of_a_version_that_was_never_published(client: Client, path: str) -> None:
    begin_draft(by=ENGINE, at=NOON)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/policy/", "/policy/1/", "/policy/versions/", "/policy/1/text"])
def test_the_pages_are_the_same_for_everybody_so_that_caches_may_keep_them(client: Client, path: str) -> None:
    stranger = client.get(path)
    assert "public" in stranger["Cache-Control"]
    assert "Cookie" not in stranger.get("Vary", "")
    assert not stranger.cookies
    people = world.make_people()
    client.force_login(people.ada)
    client.post("/desk/policy/begin/")
    client.post("/desk/policy/begin/")  # leaves a message for the next page, which is not this one
    ada = client.get(path)
    assert ada.content == stranger.content
    assert "Cookie" not in ada.get("Vary", "")


def test_no_cache_keeps_a_page_past_the_moment_at_which_another_version_counts(client: Client) -> None:
    amended.make_version("R5", effective_at=NOON + DAY)
    kept = {}
    for wait in (3600, 300, 40, 0):
        with time_machine.travel(NOON + DAY - timedelta(seconds=wait), tick=False):
            kept[wait] = client.get("/policy/")["Cache-Control"]
    assert kept == {3600: "public, max-age=300", 300: "public, max-age=300", 40: "public, max-age=40"} | {
        0: "public, max-age=300"
    }
