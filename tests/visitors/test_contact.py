"""The page of an emergency contact: what opening it does (nothing), what yes and no do, and what a wrong link gets."""

import pytest
from django.test import Client

from config.logmask import mask
from journal.models import Entry, Head
from notices.models import Delivery
from tests import halted, world
from tests.visitors.test_halt_order import everything
from tests.world import NOON
from vendors import register
from vendors.models import Contact

pytestmark = pytest.mark.django_db
YES = {"answer": "yes", "person": "on", "authority": "on", "obedience": "on"}
NO = {"answer": "no"}


@pytest.fixture
def contact() -> Contact:
    people = world.make_people()
    return world.make_contact(people.vendor_a, "Theo Marsh", email="abuse@alder.example.net")


@pytest.fixture
def page(contact: Contact) -> str:
    return f"/contact/{world.make_contact_token(contact)}"


def test_a_thousand_reads_change_nothing(client: Client, page: str) -> None:
    before, head = everything(), Head.objects.first()
    for number in range(1000):
        response = (client.get, client.head, client.options)[number % 3](page)
        assert response.status_code == (405 if number % 3 == 2 else 200)
        assert not response.cookies
    assert everything() == before
    assert Head.objects.first() == head


def test_the_page_says_who_asks_for_whom_and_what_it_means(client: Client, page: str) -> None:
    text = client.get(page).content.decode()
    for part in (
        "Are you the emergency contact of Alder Mailings?",
        "Harrow &amp; Lyle lets Alder Mailings send mail in its name.",
        "We write to you, and may call, at any hour",
        "I am Theo Marsh, and abuse@alder.example.net is my address.",
        "I can stop all mailings for Harrow &amp; Lyle at any time, without asking anybody.",
        "I will follow an instruction from Harrow &amp; Lyle to stop at once.",
        "This is not me, or I do not have that authority",
        "+1 212-555-0100",
    ):
        assert part in text
    assert " checked" not in text


def test_the_page_is_kept_by_nobody(client: Client, page: str) -> None:
    response = client.get(page)
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert mask(f"GET {page} 200") == "GET /contact/… 200"
    assert mask("GET /portal/contacts/new/ 200") == "GET /portal/contacts/new/ 200"


def test_three_ticks_confirm_address_and_authority(page: str, contact: Contact) -> None:
    bare = Client(enforce_csrf_checks=True)  # a mail program's browser: no cookies, no token of a form
    response = bare.post(page, YES, REMOTE_ADDR="192.0.2.9")
    assert (response.status_code, response["Location"]) == (303, page)
    contact.refresh_from_db()
    assert contact.is_proven
    assert contact.authority_words.splitlines()[0] == "I am Theo Marsh, and abuse@alder.example.net is my address."
    entry = Entry.objects.get(verb="authority confirmed")
    assert entry.actor.startswith("link:")
    assert entry.ip == "192.0.2.9"


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("person", "Tick that this is you and your address."),
        ("authority", "Tick that you can stop all mailings without asking anybody."),
        ("obedience", "Tick that you will follow an instruction to stop at once."),
    ],
)
def test_without_all_three_nothing_is_confirmed_and_the_others_stay(
    client: Client, page: str, contact: Contact, missing: str, sentence: str
) -> None:
    text = client.post(page, {name: value for name, value in YES.items() if name != missing}).content.decode()
    assert "There is a problem" in text
    assert text.count(sentence) == 2  # in the summary and at the field
    assert text.count(" checked") == 2
    contact.refresh_from_db()
    assert not contact.email_confirmed_at
    assert not world.entries().exists()


@pytest.mark.parametrize("sent", [{}, {"person": "on", "authority": "on", "obedience": "on"}, {"answer": "maybe"}])
def test_what_is_neither_yes_nor_no_changes_nothing(
    client: Client, page: str, contact: Contact, sent: dict[str, str]
) -> None:
    assert client.post(page, sent).status_code == 200
    assert not world.entries().exists()


def test_a_second_visit_shows_what_was_said_and_when(client: Client, page: str, contact: Contact) -> None:
    for _ in range(3):
        assert client.post(page, YES).status_code == 303
    text = client.get(page).content.decode()
    contact.refresh_from_db()
    assert "Thank you. You are the emergency contact of Alder Mailings." in text
    assert f"{contact.authority_confirmed_at:%H:%M} UTC" in text
    assert "I can stop all mailings for Harrow &amp; Lyle at any time, without asking anybody." in text
    assert Entry.objects.filter(verb="authority confirmed").count() == 1


def test_a_no_is_recorded_and_told(client: Client, page: str, contact: Contact) -> None:
    for _ in range(3):
        assert client.post(page, NO).status_code == 303
    contact.refresh_from_db()
    assert contact.declined_at
    assert Entry.objects.filter(verb="declined").count() == 1
    assert Delivery.objects.filter(letter="contact_declined").count() == 3
    text = client.get(page).content.decode()
    assert "You said no, and we have told Alder Mailings" in text
    assert "<form" not in text


def test_who_said_yes_can_say_later_that_it_is_no_longer_true(client: Client, page: str, contact: Contact) -> None:
    client.post(page, YES)
    client.post(page, NO)
    contact.refresh_from_db()
    assert (contact.is_proven, contact.email_confirmed_at, contact.authority_words) == (False, None, "")


def test_a_link_to_what_changed_or_went_opens_nothing(client: Client, page: str, contact: Contact) -> None:
    register.change_contact(contact, email="noc@alder.example.net", by=world.make_user("Eve").actor(), at=NOON)
    for response in (client.get(page), client.post(page, YES), client.get("/contact/nonsense")):
        assert response.status_code == 404
        assert "This link asks nothing" in response.content.decode()
    contact.refresh_from_db()
    assert not contact.is_proven


def test_the_link_of_an_order_is_no_link_of_a_contact(client: Client, contact: Contact) -> None:
    token = halted.make_order_token(halted.make_order(contact.vendor), contact)
    assert client.post(f"/contact/{token}", YES).status_code == 404
    assert client.post(f"/halt/{world.make_contact_token(contact)}", {}).status_code == 404


def test_who_guesses_links_is_slowed_down(client: Client) -> None:
    codes = [client.get(f"/contact/guess{number}").status_code for number in range(22)]
    assert codes[19:] == [404, 429, 429]
