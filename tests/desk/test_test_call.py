"""The proofs of a contact at the desk: what the vendor's page shows, asking again, and logging a test call."""

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Delivery
from tests import world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import text
from tests.world import NOON
from vendors import confirmation


def page(desk: Desk) -> str:
    return reverse("desk:vendor", args=[desk.vendor.uid])


def call(desk: Desk) -> str:
    return reverse("desk:contact_test_call", args=[desk.contact.uid])


def test_the_vendors_page_says_what_is_stated_and_what_is_proved(desk: Desk, dana: Client) -> None:
    shown = text(dana.get(page(desk)))
    assert (
        "Address Not asked yet Authority Only stated to us, not confirmed by them Clause R12 Test call None yet"
        in shown
    )
    world.make_contact(desk.vendor, "Mara Lindqvist", rank=2, proven_at=NOON)
    shown = text(dana.get(page(desk)))
    assert "Address Confirmed 21 Nov 2026 Authority Confirmed 21 Nov 2026 Clause R12" in shown


def test_asking_writes_to_the_contact_and_shows_that_nobody_answered(desk: Desk, dana: Client) -> None:
    assert "Ask to confirm" in text(dana.get(page(desk)))
    ask = reverse("desk:contact_ask", args=[desk.contact.uid])
    shown = text(dana.post(ask, follow=True))
    assert "A letter to Theo Marsh is on its way. They confirm by the link in it." in shown
    assert ", no answer yet" in shown
    assert "Ask again" in shown
    assert Delivery.objects.get().letter == "contact_confirm"
    assert "was written to less than a minute ago" in text(dana.post(ask, follow=True))


def test_a_no_is_shown_and_is_a_reason_to_look(desk: Desk, dana: Client) -> None:
    confirmation.decline(desk.contact, by=desk.people.dana.actor(), at=NOON)
    shown = text(dana.get(page(desk)))
    assert "Said no 21 Nov 2026, 12:00 UTC" in shown
    assert "Theo Marsh says that they are not the emergency contact, or cannot stop the mailings." in shown


def test_a_call_is_logged_with_who_called_and_what_came_of_it(desk: Desk, dana: Client) -> None:
    shown = text(dana.get(call(desk)))
    assert "Call +1 212-555-0100 and ask for Theo Marsh." in shown
    shown = text(dana.post(call(desk), {"outcome": "reached", "remark": "Two rings."}, follow=True))
    assert "The call to Theo Marsh is logged. Reached them." in shown
    assert "by Dana" in shown
    assert "Test call to Theo Marsh. Reached them." in shown  # the story
    kept = desk.contact.test_calls.get()
    assert (kept.outcome, kept.note, kept.phone) == ("reached", "Two rings.", desk.contact.phone)


@pytest.mark.parametrize("outcome", ["no_answer", "wrong_person", "wrong_number"])
def test_a_call_that_reached_nobody_warns_on_the_vendors_page(desk: Desk, dana: Client, outcome: str) -> None:
    shown = text(dana.post(call(desk), {"outcome": outcome}, follow=True))
    assert "Theo Marsh was not reached by the last test call" in shown
    assert "A halt order may reach nobody." in shown


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose what came of the call."),
        ({"outcome": "fine"}, "Select a valid choice"),
        ({"outcome": "reached", "remark": "x" * 2001}, "Keep the note under 2,000 characters."),
    ],
)
def test_what_is_no_outcome_is_refused(desk: Desk, dana: Client, sent: dict[str, str], sentence: str) -> None:
    assert sentence in text(dana.post(call(desk), sent or {"remark": "."}))
    assert not desk.contact.test_calls.exists()


def test_without_a_number_no_call_is_logged(desk: Desk, dana: Client) -> None:
    desk.contact.phone = ""
    desk.contact.save()
    assert "has no telephone number on file. Add it first, then call." in text(dana.get(call(desk)))
    assert "so nobody can have called it" in text(dana.post(call(desk), {"outcome": "reached"}))


def test_who_may_only_read_sees_the_proofs_and_no_buttons(desk: Desk, sign_in: SignIn) -> None:
    orla = sign_in(desk.people.orla)
    shown = text(orla.get(page(desk)))
    assert "Not asked yet" in shown
    assert "Ask to confirm" not in shown
    assert orla.post(call(desk), {"outcome": "reached"}).status_code == 403


def test_a_contact_added_or_moved_at_the_desk_is_asked(desk: Desk, dana: Client) -> None:
    new = {"name": "Mara Lindqvist", "email": "mara@alder.example.net", "phone": "", "is_emergency": "on", "rank": ""}
    shown = text(dana.post(reverse("desk:contact_new", args=[desk.vendor.uid]), new, follow=True))
    assert "We have written to them, to confirm address and authority." in shown
    mara = desk.vendor.contacts.get(name="Mara Lindqvist")
    dana.post(reverse("desk:contact_edit", args=[mara.uid]), new | {"email": "m@alder.example.net"})
    states = dict(Delivery.objects.values_list("to_email", "state"))
    assert states == {"mara@alder.example.net": "cancelled", "m@alder.example.net": "due"}
    assert set(Delivery.objects.values_list("letter", flat=True)) == {"contact_confirm"}  # staff need no letter
    dana.post(reverse("desk:contact_remove", args=[mara.uid]), {"reason": "Left."})
    assert not Delivery.objects.waiting().exists()
