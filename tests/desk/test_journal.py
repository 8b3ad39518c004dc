"""The journal's pages: sentences in the list, the stored entry one click away."""

from django.test import Client
from django.urls import reverse

from journal.record import note
from tests import halted, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/journal/"


def test_entries_are_sentences_with_who_did_it(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor, by=desk.people.dana.actor())
    answer = dana.get(PAGE)
    assert heading(answer) == "2 entries"
    assert f"Halt order {order.number} issued. Your server is on the blocklist Quarry. Dana" in text(answer)


def test_a_verb_that_no_sentence_knows_is_shown_all_the_same(desk: Desk, dana: Client) -> None:
    note(desk.vendor, "painted blue", by=desk.people.dana.actor(), at=NOON)
    assert "Vendor Alder Mailings: painted blue." in text(dana.get(PAGE))


def test_entries_of_rows_that_are_gone_are_shown(desk: Desk, dana: Client) -> None:
    dana.post(reverse("desk:contact_remove", args=[desk.contact.uid]), {"reason": "Left."})
    assert "A contact was removed." in text(dana.get(PAGE))


def test_entries_are_searched_and_filtered(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    note(desk.vendor, "added", by=desk.people.dana.actor(), at=NOON)
    assert heading(dana.get(PAGE, {"q": "added"})) == "1 entry matches “added”"
    assert order.number in text(dana.get(PAGE, {"show": "halts.haltorder"}))
    assert "No entry matches." in text(dana.get(PAGE, {"q": "zebra"}))


def test_one_entry_shows_what_is_stored_and_whether_its_hash_fits(desk: Desk, dana: Client) -> None:
    halted.make_order(desk.vendor)
    entry = world.entries().get()
    words = text(dana.get(reverse("desk:entry", args=[entry.position])))
    assert entry.hash in words
    assert "The hash fits the content" in words
    assert dana.get(reverse("desk:entry", args=[999])).status_code == 404
