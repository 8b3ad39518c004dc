"""A vendor's own contacts: what is proved and missing, who may change them, who is told, and the code."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notices.codes import digits_of
from notices.models import Delivery
from tests import world
from tests.desk.pages import text
from tests.world import NOON, People
from vendors import confirmation
from vendors.models import AddressCode, Contact

pytestmark = pytest.mark.django_db
MARA = {"name": "Mara Lindqvist", "email": "mara@alder.example.net", "phone": "+44 20 7946 0958", "rank": ""}


@pytest.fixture
def theo(people: People) -> Contact:
    return world.make_contact(people.vendor_a, "Theo Marsh", email="abuse@alder.example.net")


@pytest.fixture
def alice(client: Client, people: People) -> Client:
    client.force_login(people.alice)
    return client


def url(contact: Contact, what: str = "") -> str:
    return f"/portal/contacts/{contact.uid}/{what}"


def told(letter: str) -> set[str]:
    return set(Delivery.objects.filter(letter=letter).values_list("to_email", flat=True))


def test_the_list_says_what_each_has_shown_and_what_is_missing(alice: Client, theo: Contact, people: People) -> None:
    page = text(alice.get("/portal/contacts/"))
    for part in (
        "Nobody has confirmed yet",
        "Theo Marsh Emergency contact, told first.",
        "Address not confirmed. Theo Marsh opens the link in our letter, or tells you the code",
        "Authority not confirmed. Only Theo Marsh can, by the link in our letter.",
        "We have not called this number yet.",
        "Write to them",
    ):
        assert part in page
    world.make_contact(people.vendor_a, "Mara Lindqvist", rank=2, proven_at=NOON)
    page = text(alice.get("/portal/contacts/"))
    assert "Nobody has confirmed yet" not in page
    assert "Address confirmed on 21 Nov 2026" in page
    assert "Says that they can stop all mailings without asking anybody, 21 Nov 2026" in page
    assert "told next, as a back-up" in page


def test_a_call_that_reached_nobody_and_a_no_are_shown(alice: Client, theo: Contact, people: People) -> None:
    by = people.dana.actor()
    confirmation.log_test_call(theo, "no_answer", user=people.dana, by=by, at=NOON)
    confirmation.decline(theo, by=by, at=NOON)
    page = text(alice.get("/portal/contacts/"))
    assert "Our test call did not reach them, 21 Nov 2026, 12:00 UTC: nobody answered. Check the number." in page
    assert "Said on 21 Nov 2026, 12:00 UTC: this is not me, or I do not have that authority." in page


def test_the_list_takes_the_same_few_queries_however_long_it_is(
    alice: Client, people: People, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        one = world.make_contact(people.vendor_a, rank=number)
        confirmation.log_test_call(one, "reached", user=people.dana, by=people.dana.actor(), at=NOON)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        alice.get("/portal/contacts/")


def test_an_owner_adds_a_contact_who_is_asked_and_staff_are_told(alice: Client, people: People) -> None:
    page = text(alice.post("/portal/contacts/new/", MARA, follow=True))
    assert "Mara Lindqvist is an emergency contact now. We have written to them" in page
    mara = people.vendor_a.contacts.get()
    assert (mara.phone, mara.is_emergency, mara.has_authority, mara.is_proven) == ("+442079460958", True, False, False)
    assert told("contact_confirm") == {"mara@alder.example.net"}
    assert told("contact_changed") == {people.dana.email, people.ada.email}
    letter = Delivery.objects.filter(letter="contact_changed").first()
    assert letter is not None
    assert (letter.facts["said"], letter.facts["who"]) == ("Mara Lindqvist is a new emergency contact.", "Alice")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Write the name of the person."),
        ({"email": "mara"}, "is not an email address"),
        ({"phone": ""}, "Write a telephone number at which the person can be reached at any hour."),
        ({"phone": "020 7946 0958"}, "does not begin with + and a country code"),
        ({"email": "abuse@alder.example.net"}, "is the address of Theo Marsh, who is a contact of Alder Mailings"),
        ({"rank": "0"}, "Write 1 or more"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_kept(
    alice: Client, theo: Contact, typed: dict[str, str], sentence: str
) -> None:
    answer = alice.post("/portal/contacts/new/", MARA | typed)
    assert sentence in text(answer)
    assert "There is a problem" in text(answer)
    assert f'value="{(MARA | typed)["email"]}"' in answer.content.decode()
    assert not Delivery.objects.exists()


def test_a_vendor_has_twenty_contacts_and_no_more(alice: Client, people: People) -> None:
    for _ in range(20):
        world.make_contact(people.vendor_a)
    assert "Alder Mailings has 20 contacts already. Remove one first." in text(
        alice.post("/portal/contacts/new/", MARA)
    )


def test_another_address_is_asked_anew_and_voids_what_was_confirmed(alice: Client, people: People) -> None:
    theo = world.make_contact(people.vendor_a, "Theo Marsh", proven_at=NOON)
    changed = {"name": "Theo Marsh", "email": "noc@alder.example.net", "phone": theo.phone, "rank": "1"}
    assert "Theo Marsh is saved. We have written to them" in text(alice.post(url(theo), changed, follow=True))
    theo.refresh_from_db()
    assert (theo.email, theo.is_proven) == ("noc@alder.example.net", False)
    assert told("contact_confirm") == {"noc@alder.example.net"}
    letter = Delivery.objects.filter(letter="contact_changed").first()
    assert letter is not None
    assert letter.facts["said"] == "Theo Marsh: the email address changed. The earlier confirmation is void."


def test_another_number_asks_nobody_anew_and_saving_nothing_tells_nobody(alice: Client, people: People) -> None:
    theo = world.make_contact(people.vendor_a, "Theo Marsh", proven_at=NOON)
    same = {"name": theo.name, "email": theo.email, "phone": theo.phone, "rank": "1"}
    alice.post(url(theo), same)
    assert not Delivery.objects.exists()
    alice.post(url(theo), same | {"phone": "+442079460958"})
    theo.refresh_from_db()
    assert theo.is_proven
    assert told("contact_confirm") == set()
    assert told("contact_changed") == {people.dana.email, people.ada.email}


def test_a_letter_to_the_old_address_does_not_leave(alice: Client, theo: Contact) -> None:
    alice.post(url(theo, "ask/"))
    alice.post(url(theo), MARA)
    states = dict(Delivery.objects.filter(letter="contact_confirm").values_list("to_email", "state"))
    assert states == {"abuse@alder.example.net": "cancelled", "mara@alder.example.net": "due"}


def test_the_only_emergency_contact_stays_until_there_is_another(alice: Client, theo: Contact, people: People) -> None:
    page = text(alice.post(url(theo, "remove/"), follow=True))
    assert "Theo Marsh is the only emergency contact of Alder Mailings. Add another one first" in page
    world.make_contact(people.vendor_a, "Mara Lindqvist")
    alice.post(url(theo, "ask/"))
    assert "Remove Theo Marsh?" in text(alice.get(url(theo, "remove/")))
    page = text(alice.post(url(theo, "remove/"), follow=True))
    assert "Theo Marsh is no longer a contact. They get no more orders." in page
    assert [one.name for one in people.vendor_a.contacts.all()] == ["Mara Lindqvist"]
    assert Delivery.objects.get(letter="contact_confirm").state == "cancelled"
    assert told("contact_changed") == {people.dana.email, people.ada.email}


def test_an_owner_has_the_letter_written_again(alice: Client, theo: Contact) -> None:
    assert "A letter to abuse@alder.example.net is on its way." in text(alice.post(url(theo, "ask/"), follow=True))
    page = text(alice.post(url(theo, "ask/"), follow=True))
    assert "Theo Marsh was written to less than a minute ago." in page
    assert "Our letter is about to leave." in page


def test_a_code_confirms_the_address_and_not_the_authority(alice: Client, theo: Contact) -> None:
    assert "Send a code" in text(alice.get(url(theo, "code/")))
    page = text(alice.post(url(theo, "code/send/"), follow=True))
    assert "A code is on its way to abuse@alder.example.net." in page
    code = AddressCode.objects.get()
    digits = digits_of(code)
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    page = text(alice.post(url(theo, "code/"), {"code": wrong}))
    assert (
        page.count("This is not the code in the newest letter to abuse@alder.example.net. You have 4 more tries.") == 2
    )
    page = text(alice.post(url(theo, "code/"), {"code": f"{digits[:3]} {digits[3:]}"}, follow=True))
    assert "abuse@alder.example.net is confirmed." in page
    theo.refresh_from_db()
    assert theo.email_confirmed_at
    assert not theo.authority_confirmed_at
    assert "Nothing is left to do here." in text(alice.get(url(theo, "code/")))


def test_guessing_on_the_page_ends_after_five_tries(alice: Client, theo: Contact) -> None:
    alice.post(url(theo, "code/send/"))
    right = int(digits_of(AddressCode.objects.get()))
    for step in range(1, 30):
        alice.post(url(theo, "code/"), {"code": f"{(right + step) % 1_000_000:06d}"})
    page = text(alice.post(url(theo, "code/"), {"code": f"{right:06d}"}))
    assert "This code was typed wrongly 5 times" in page
    theo.refresh_from_db()
    assert not theo.email_confirmed_at


def test_a_code_for_the_old_address_says_nothing_of_the_new_one(alice: Client, theo: Contact) -> None:
    alice.post(url(theo, "code/send/"))
    digits = digits_of(AddressCode.objects.get())
    alice.post(url(theo), MARA)
    page = text(alice.post(url(theo, "code/"), {"code": digits}))
    assert "No code was sent to mara@alder.example.net yet." in page


def test_reading_the_pages_changes_nothing(alice: Client, theo: Contact) -> None:
    AddressCode.objects.create(
        vendor=theo.vendor,
        email=theo.email,
        purpose="contact",
        seed="0" * 32,
        sent_at=timezone.now(),
        expires_at=timezone.now() + timedelta(minutes=30),
    )
    before = Contact.objects.values().get(), AddressCode.objects.values().get()
    for path in ("/portal/contacts/", "/portal/contacts/new/", url(theo), url(theo, "remove/"), url(theo, "code/")):
        assert alice.get(path).status_code == 200
    assert (Contact.objects.values().get(), AddressCode.objects.values().get()) == before
    assert not Delivery.objects.exists()


def test_a_member_reads_and_changes_nothing(client: Client, theo: Contact, people: People) -> None:
    client.force_login(people.bob)
    page = text(client.get("/portal/contacts/"))
    assert "Owners can change the contacts." in page
    assert "Write to them" not in page
    for path in ("/portal/contacts/new/", url(theo), url(theo, "remove/"), url(theo, "ask/"), url(theo, "code/")):
        assert client.post(path, MARA).status_code == 403


def test_charlie_finds_nothing_of_alices(client: Client, theo: Contact, people: People) -> None:
    client.force_login(people.charlie)
    assert "Theo Marsh" not in text(client.get("/portal/contacts/"))
    for what in ("", "remove/", "ask/", "code/", "code/send/"):
        assert client.post(url(theo, what), MARA).status_code == 404
    theo.refresh_from_db()
    assert theo.name == "Theo Marsh"
