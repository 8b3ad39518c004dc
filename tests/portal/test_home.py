"""The portal shows a vendor its own orders, to compare with what came by mail, and nothing of anybody else."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from halts import orders
from journal.actor import ENGINE
from tests.acceptances import make_cleared
from tests.halted import make_order
from tests.world import People, make_contact, make_people, make_server, make_user
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
CANARY = "canary-7f3a"


@pytest.fixture
def people() -> People:
    """Vendor B is full of a word that nobody of vendor A may ever read."""
    people = make_people()
    Vendor.objects.filter(pk=people.vendor_b.pk).update(name=f"{CANARY} Direct")
    people.vendor_b.refresh_from_db()
    server = make_server(people.vendor_b, hostname=f"{CANARY}.example.net")
    make_contact(people.vendor_b, f"{CANARY} contact")
    make_order(people.vendor_b, server=server, reason=f"{CANARY} reason.")
    User.objects.filter(pk=people.charlie.pk).update(name=f"{CANARY} Charlie")
    return people


def text_of(client: Client, user: User, path: str = "/portal/") -> str:
    client.force_login(user)
    return client.get(path).content.decode()


def test_a_standing_order_is_on_top_with_its_number_and_code(client: Client, people: People) -> None:
    order = make_order(people.vendor_a, reason="We got 40 complaints.\nStop now.")
    text = text_of(client, people.alice)
    for part in (
        "No. Stop all mailings.",
        order.number,
        f"{order.code[:4]} {order.code[4:]}",
        "We got 40 complaints.",
        "from all your servers.",
        "No answer",
    ):
        assert part in text
    assert text.index(order.number) < text.index("Your sending servers")


def test_an_order_for_one_server_stops_that_server(client: Client, people: People) -> None:
    server = make_server(people.vendor_a, "203.0.113.27", hostname="mta3.alder.example")
    make_server(people.vendor_a)
    make_cleared(people.vendor_a)
    make_order(people.vendor_a, server=server)
    text = text_of(client, people.bob)
    assert "Not from mta3.alder.example (203.0.113.27)." in text
    assert "from your server mta3.alder.example (203.0.113.27)." in text


def test_without_an_order_it_says_so_and_claims_no_more(client: Client, people: People) -> None:
    text = text_of(client, people.alice)
    assert "No halt order is in force" in text
    assert "No, not yet." in text


def test_a_lifted_order_steps_back(client: Client, people: People) -> None:
    order = make_order(people.vendor_a)
    orders.lift(order, reason="Delisted.", by=ENGINE, at=timezone.now(), by_name="Dana")
    text = text_of(client, people.alice)
    assert "No halt order is in force" in text
    assert text.index("Earlier orders") < text.index(order.number)
    page = text_of(client, people.alice, f"/portal/orders/{order.number}/")
    assert "Delisted." in page
    assert "by Dana" in page


def test_servers_and_contacts_are_shown_as_we_have_them(client: Client, people: People) -> None:
    make_server(people.vendor_a, "203.0.113.28", hostname="mta4.alder.example")
    make_contact(people.vendor_a, "Jonas Aker", email="jonas@alder.example", phone="+12125550142")
    text = text_of(client, people.bob)
    for part in ("203.0.113.28", "mta4.alder.example", "Jonas Aker", "jonas@alder.example", "told first"):
        assert part in text


def test_who_is_told_first_is_told_by_place_and_not_by_rank(client: Client, people: People) -> None:
    make_contact(people.vendor_a, "Lena Frost", rank=7)
    make_contact(people.vendor_a, "Jonas Aker", rank=2)
    text = text_of(client, people.bob).partition("Your contacts")[2]
    assert text.index("Jonas Aker") < text.index("told first") < text.index("Lena Frost") < text.index("a back-up")


def test_a_contact_whom_nobody_can_call_is_marked(client: Client, people: People) -> None:
    make_contact(people.vendor_a, "Jonas Aker", phone="")
    assert "No telephone: in an emergency nobody can be called" in text_of(client, people.bob)


def test_a_mail_about_an_order_that_is_lifted_is_not_called_false(client: Client, people: People) -> None:
    orders.lift(make_order(people.vendor_a), reason="Delisted.", by=ENGINE, at=timezone.now(), by_name="Dana")
    text = text_of(client, people.alice)
    assert "not from us" not in text
    assert "the order may be lifted by now, or only minutes old" in text


@pytest.mark.parametrize("path", ["/portal/", "/portal/colleagues/"])
def test_nothing_of_another_vendor_is_on_a_page(client: Client, people: People, path: str) -> None:
    make_order(people.vendor_a)
    assert CANARY not in text_of(client, people.alice, path)
    assert CANARY in text_of(client, people.charlie, path)


def test_an_order_says_how_it_is_answered_and_is_read_only(client: Client, people: People) -> None:
    order = make_order(people.vendor_a)
    path = f"/portal/orders/{order.number}/"
    text = text_of(client, people.bob, path)
    assert f"{order.code[:4]} {order.code[4:]}" in text
    assert "open the link in the mail to your emergency contact" in text
    assert client.post(path, {"name": "Bob", "authority": "on"}).status_code == 405


def test_charlie_gets_404(client: Client, people: People) -> None:
    order = make_order(people.vendor_a)
    client.force_login(people.charlie)
    assert client.get(f"/portal/orders/{order.number}/").status_code == 404


@pytest.mark.parametrize("number", ["H-2026-9999", "H-1999-0001", "41", "H-2026-0001x", "H-2026-99999999999999999"])
def test_a_number_that_is_none_gets_404(client: Client, people: People, number: str) -> None:
    client.force_login(people.alice)
    assert client.get(f"/portal/orders/{number}/").status_code == 404


def test_staff_and_people_without_a_vendor_get_404_and_strangers_sign_in(client: Client, people: People) -> None:
    for user in (people.dana, people.ada, make_user("Lost")):
        client.force_login(user)
        assert client.get("/portal/").status_code == 404
    client.logout()
    assert client.get("/portal/")["Location"] == "/account/login/?next=/portal/"


def test_a_home_page_costs_the_same_for_many_orders_and_servers(
    client: Client, people: People, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        make_order(people.vendor_a, server=make_server(people.vendor_a))
    client.force_login(people.alice)
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        client.get("/portal/")
