"""What a contact has shown, as machines read it."""

import pytest

from tests import world
from tests.api.caller import caller
from tests.world import NOON
from vendors import confirmation

pytestmark = pytest.mark.django_db


def test_the_api_shows_the_proofs_and_takes_none() -> None:
    people = world.make_people()
    contact = world.make_contact(people.vendor_a, "Mara Lindqvist", proven_at=NOON)
    confirmation.log_test_call(contact, "no_answer", user=people.dana, by=people.dana.actor(), at=NOON)
    machine = caller()
    shown = machine.get(f"/contacts/{contact.uid}").body
    assert shown["email_confirmed_at"] == shown["authority_confirmed_at"] == "2026-11-21T12:00:00Z"
    assert shown["last_test_call"] == {"at": "2026-11-21T12:00:00Z", "outcome": "no_answer", "reached": False}
    assert shown["warnings"] == ["Mara Lindqvist was not reached by the last test call: nobody answered."]
    assert machine.patch(f"/contacts/{contact.uid}", {"email_confirmed_at": None}).status == 422
    assert machine.patch(f"/contacts/{contact.uid}", {"name": "Eve"}).body["authority_confirmed_at"] is None
