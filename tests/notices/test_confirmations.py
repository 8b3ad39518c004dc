"""Asking a contact: the letter, its limits, the link that ends when the contact changes; and who hears of a no."""

from datetime import timedelta

import pytest
import time_machine

from journal.actor import Actor
from lab.smtp import SmtpSink
from notices.confirmations import AskRefused, accept, ask_contact, asked, decline, last_letters
from notices.models import Delivery
from tests import world
from tests.notices.post import deliver_due
from tests.world import NOON
from vendors import register
from vendors.models import Contact

pytestmark = pytest.mark.django_db
DANA = Actor("user", "4 (it)")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people() -> world.People:
    return world.make_people()


@pytest.fixture
def contact(people: world.People) -> Contact:
    return world.make_contact(people.vendor_a, "Theo Marsh", email="abuse@alder.example.net")


def ask(contact: Contact, minutes: float = 0) -> Delivery:
    return ask_contact(contact, by=DANA, at=NOON + minutes * MINUTE)


def test_the_letter_says_who_asks_for_what_and_carries_a_link_of_its_own(contact: Contact, sink: SmtpSink) -> None:
    with time_machine.travel(NOON, tick=False):
        ask(contact)
        deliver_due()
    [mail] = sink.messages
    assert mail.recipients == ("abuse@alder.example.net",)
    assert mail.subject == "Are you the emergency contact of Alder Mailings for Harrow & Lyle?"
    for sentence in (
        "Theo Marsh,",
        "Harrow & Lyle lets Alder Mailings send mail in its name.",
        "* I am Theo Marsh, and abuse@alder.example.net is my address.",
        "* I can stop all mailings for Harrow & Lyle at any time, without asking anybody.",
        "* I will follow an instruction from Harrow & Lyle to stop at once.",
        "Opening it changes nothing.",
    ):
        assert sentence in mail.text
    assert "I can stop all mailings for Harrow &amp; Lyle at any time, without asking anybody." in mail.html
    [link] = [one for one in mail.links if "/contact/" in one]
    found = asked(link.rpartition("/")[2], NOON)
    assert found is not None
    assert found[1] == contact
    assert link.rpartition("/")[2] not in Delivery.objects.get().sent_text


def test_a_contact_is_written_to_once_a_minute_and_six_times_an_hour(contact: Contact) -> None:
    ask(contact)
    with pytest.raises(AskRefused, match="was written to less than a minute ago"):
        ask(contact, 0.5)
    for minute in range(1, 6):
        ask(contact, minute)
    with pytest.raises(AskRefused, match="Many letters were written to contacts within the last hour"):
        ask(contact, 30)
    ask(contact, 61)
    states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["cancelled"] * 6 + ["due"]


def test_our_letters_are_not_for_a_vendors_mailings(people: world.People) -> None:
    """Twenty an hour, although the vendor removes each contact after the letter is written."""
    for number in range(20):
        stranger = world.make_contact(people.vendor_a, f"Stranger {number}")
        ask(stranger)
        register.remove_contact(stranger, by=DANA, at=NOON)
    with pytest.raises(AskRefused, match="Many letters"):
        ask(world.make_contact(people.vendor_a, "One more"))
    ask(world.make_contact(people.vendor_b))


def test_who_has_nothing_to_confirm_is_not_asked(contact: Contact) -> None:
    proven = world.make_contact(contact.vendor, "Mara Lindqvist", proven_at=NOON)
    with pytest.raises(AskRefused, match="Mara Lindqvist has confirmed address and authority already"):
        ask(proven)
    register.change_contact(contact, is_emergency=False, has_authority=False, by=DANA, at=NOON)
    with pytest.raises(AskRefused, match="Theo Marsh is not an emergency contact"):
        ask(contact)
    register.retire_vendor(contact.vendor, by=DANA, at=NOON)
    with pytest.raises(AskRefused, match="is retired"):
        ask(contact)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({"name": "Mara Lindqvist"}, False),
        ({"email": "noc@alder.example.net"}, False),
        ({"is_emergency": False, "has_authority": False}, False),
        ({"phone": "+442079460958"}, True),
        ({"rank": 5}, True),
    ],
)
def test_a_link_holds_while_it_is_the_same_person_at_the_same_address(
    contact: Contact, change: dict[str, str], holds: bool
) -> None:
    token = world.make_contact_token(contact)
    assert asked(token, NOON)
    register.change_contact(contact, **change, by=DANA, at=NOON)  # type: ignore[arg-type]
    assert bool(asked(token, NOON)) is holds


def test_a_link_ends_with_the_contact_and_rests_with_the_vendor(contact: Contact) -> None:
    token = world.make_contact_token(contact)
    register.retire_vendor(contact.vendor, by=DANA, at=NOON)
    assert asked(token, NOON) is None
    register.reinstate_vendor(contact.vendor, by=DANA, at=NOON)
    assert asked(token, NOON)
    register.remove_contact(contact, by=DANA, at=NOON)
    assert asked(token, NOON) is None
    assert asked("no such token", NOON) is None


def test_a_yes_confirms_address_and_authority(contact: Contact) -> None:
    found = asked(world.make_contact_token(contact), NOON)
    assert found is not None
    for _ in range(2):
        accept(*found, at=NOON, ip="192.0.2.9")
    contact.refresh_from_db()
    assert contact.is_proven
    assert contact.email_confirmed_at == NOON


def test_a_no_is_told_to_the_vendors_owners_and_to_staff_once(
    contact: Contact, people: world.People, sink: SmtpSink
) -> None:
    found = asked(world.make_contact_token(contact), NOON)
    assert found is not None
    with time_machine.travel(NOON, tick=False):
        for _ in range(3):
            decline(*found, at=NOON)
        deliver_due()
    told = {mail.recipients[0]: mail for mail in sink.messages}
    assert set(told) == {people.alice.email, people.dana.email, people.ada.email}  # not Bob, who changes no contacts
    letter = told[people.alice.email]
    assert letter.subject == "Alder Mailings needs another emergency contact: Theo Marsh said no"
    assert "On 21 Nov 2026, 12:00 UTC the answer was: this is not\nme, or I do not have that authority." in letter.text
    assert "/portal/contacts/" in letter.text
    assert f"/desk/vendors/{people.vendor_a.uid}/" in told[people.dana.email].text


def test_asking_anew_takes_a_no_back(contact: Contact) -> None:
    found = asked(world.make_contact_token(contact), NOON)
    assert found is not None
    decline(*found, at=NOON)
    contact.refresh_from_db()
    ask(contact, 10)
    contact.refresh_from_db()
    assert contact.declined_at is None
    assert last_letters([contact])[contact.pk].letter == "contact_confirm"
