"""The top of the portal's home: may we mail now, why not, what ends it, and the one next step."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from questionnaires.models import Acceptance, Submission
from tests import acceptances, halted, world
from tests.desk.pages import text
from tests.world import People
from vendors.models import Contact

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people(settings: Settings) -> People:
    settings.ADVERTISER_NAME = "Harrow & Lyle"
    settings.EGRESS_ALLOW = (ip_network("198.18.0.0/15"),)
    settings.BLIND_SECONDS = 10**9
    return world.make_people()


def home(client: Client, user: User) -> str:
    """The words of the verdict."""
    client.force_login(user)
    return text(client.get("/portal/")).partition("Your sending servers")[0]


def step(client: Client, user: User) -> tuple[str, str]:
    """The next step: what the button says, and where it leads."""
    client.force_login(user)
    found = client.get("/portal/").context["verdict"].step
    assert client.get(found.href).status_code == 200
    return found.label, found.href


def test_who_never_sent_anything_is_told_how_to_begin(client: Client, people: People) -> None:
    said = home(client, people.alice)
    assert said.startswith("Alder Mailings May we mail for Harrow & Lyle now? No, not yet.")
    assert "You may start when you have received our written acceptance" in said
    assert "Not begun Exhibit A has not been sent. Exhibit A is completed and signed first." in said
    assert "Missing No emergency abuse contact is on file." in said
    assert step(client, people.alice) == ("Begin Exhibit A", "/portal/forms/")


def test_who_has_everything_reads_yes_and_no_step(client: Client, people: People) -> None:
    acceptances.make_cleared(people.vendor_a)
    assert "Yes. The gate is open. All 5 conditions are met." in home(client, people.bob)
    assert "What the clauses say" not in home(client, people.bob)


def test_a_letter_on_its_way_leads_to_its_receipt(client: Client, people: People) -> None:
    letter = acceptances.make_cleared(people.vendor_a, state=Acceptance.State.ISSUED)
    said = home(client, people.alice)
    assert "No, not yet." in said
    assert f"To confirm Written acceptance {letter.number} was issued, and nobody has confirmed its receipt." in said
    assert step(client, people.alice) == (
        f"Read {letter.number} and confirm its receipt",
        f"/portal/acceptances/{letter.number}/",
    )


@pytest.mark.parametrize(
    ("state", "label"),
    [(Submission.State.DRAFT, "Go on with Exhibit A"), (Submission.State.RETURNED, "Answer what was sent back")],
)
def test_a_form_under_way_is_the_next_step(client: Client, people: People, state: str, label: str) -> None:
    form = acceptances.make_submission(people.vendor_a, state=state)
    assert step(client, people.alice) == (label, f"/portal/forms/{form.number}/")


def test_while_the_desk_reviews_the_next_step_is_the_contact(client: Client, people: People) -> None:
    acceptances.make_submission(people.vendor_a, state=Submission.State.IN_REVIEW)
    world.make_contact(people.vendor_a, "Theo Marsh")
    assert "Harrow & Lyle decides first." in home(client, people.alice)
    assert step(client, people.alice) == ("See what your emergency contact has to do", "/portal/contacts/")


def test_what_shuts_an_open_gate_is_red_and_says_since_when(client: Client, people: People) -> None:
    acceptances.make_cleared(people.vendor_a)
    Contact.objects.update(authority_confirmed_at=None)
    said = home(client, people.alice)
    assert "No. The gate is shut. Nothing may be mailed in our name until it is open again." in said
    assert "To confirm Contact" in said
    assert "Since 21 Nov 2026, 12:00 UTC. Opens when an emergency contact confirms both" in said


def test_an_order_for_all_says_stop_and_what_else_is_missing(client: Client, people: People) -> None:
    order = halted.make_order(people.vendor_a, reason="We got 40 complaints.")
    said = home(client, people.bob)
    assert "No. Stop all mailings. One halt order is in force. It ends only when Harrow & Lyle lifts it" in said
    assert said.index(order.number) < said.index("Exhibit A has not been sent.")
    assert said.count("We got 40 complaints.") == 1
    assert step(client, people.bob) == (f"Read order {order.number}", f"/portal/orders/{order.number}/")


def test_an_order_for_one_server_leaves_the_others(client: Client, people: People) -> None:
    server = world.make_server(people.vendor_a, hostname="mta1.alder.example")
    world.make_server(people.vendor_a)
    acceptances.make_cleared(people.vendor_a)
    halted.make_order(people.vendor_a, server=server)
    said = home(client, people.alice)
    assert f"Not from mta1.alder.example ({server.address})." in said
    assert "lifts it in writing. From your other accepted servers you may." in said


def test_an_acceptance_that_ends_soon_is_said_and_does_not_shut(client: Client, people: People) -> None:
    now = timezone.now()
    acceptances.make_cleared(people.vendor_a, at=now - DAY, valid_for=10 * DAY)
    said = home(client, people.alice)
    assert "Yes. The gate is open. What stands here does not shut the gate now." in said
    assert step(client, people.alice) == ("Renew Exhibit A", "/portal/forms/")


def test_a_source_that_needs_exhibit_b_leads_to_the_lists(client: Client, people: People) -> None:
    acceptances.make_cleared(people.vendor_a)
    acceptances.make_source(people.vendor_a, "Web-2", 499, 2)
    assert "Source Web-2 has 501 new addresses that no accepted Exhibit B covers." in home(client, people.alice)
    assert step(client, people.alice) == ("See your lists", "/portal/lists/")


def test_a_crowd_of_reasons_is_cut_short_but_never_an_order(client: Client, people: People) -> None:
    acceptances.make_cleared(people.vendor_a, servers=["198.18.0.0/16"])
    for number in range(20):
        acceptances.make_source(people.vendor_a, f"web-{number}", 501)
        halted.make_order(people.vendor_a, server=world.make_server(people.vendor_a))
    said = home(client, people.alice)
    assert said.count("Code to compare") == 20
    assert "20 more, less grave." in said


def test_another_vendors_gate_is_another(client: Client, people: People) -> None:
    acceptances.make_cleared(people.vendor_a)
    assert "No, not yet." in home(client, people.charlie)
