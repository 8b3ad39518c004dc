"""Who may see the desk, and who may change anything there."""

import pytest
from django.test import Client
from django.urls import reverse

from monitors.models import Watch
from tests import halted, monitored, world
from tests.desk.conftest import Desk, SignIn

READ = ["overview", "vendors", "findings", "orders", "blocklists", "deliveries", "journal", "engine", "clauses"]


def changing(desk: Desk) -> dict[str, list[object]]:
    """Every address that changes something, with what it needs."""
    order = halted.make_order(desk.vendor, server=desk.server)
    letter = halted.make_delivery(order)
    domain = world.make_domain(desk.vendor)
    return {
        "vendor_new": [],
        "vendors_import": [],
        "vendor_edit": [desk.vendor.uid],
        "vendor_retire": [desk.vendor.uid],
        "vendor_look": [desk.vendor.uid],
        "order_new": [desk.vendor.uid],
        "server_new": [desk.vendor.uid],
        "domain_new": [desk.vendor.uid],
        "domain_edit": [domain.uid],
        "domain_retire": [domain.uid],
        "alias_new": [desk.vendor.uid],
        "alias_withdraw": [world.make_alias(desk.vendor, "Alder Group").uid],
        "contact_new": [desk.vendor.uid],
        "server_edit": [desk.server.uid],
        "server_retire": [desk.server.uid],
        "server_look": [desk.server.uid],
        "contact_edit": [desk.contact.uid],
        "contact_remove": [desk.contact.uid],
        "order_lift": [order.number],
        "delivery_retry": [letter.uid],
    }


@pytest.mark.parametrize("page", READ)
def test_staff_of_every_role_read_every_page(desk: Desk, sign_in: SignIn, page: str) -> None:
    for user in (desk.people.dana, desk.people.rita, desk.people.orla, desk.people.ada):
        assert sign_in(user).get(reverse(f"desk:{page}")).status_code == 200


@pytest.mark.parametrize("page", READ)
def test_a_visitor_is_sent_to_sign_in_and_back_again(desk: Desk, client: Client, page: str) -> None:
    answer = client.get(reverse(f"desk:{page}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=/desk/")


@pytest.mark.parametrize("page", READ)
def test_people_of_vendors_find_nothing_here(desk: Desk, sign_in: SignIn, page: str) -> None:
    assert sign_in(desk.people.alice).get(reverse(f"desk:{page}")).status_code == 404


def test_people_of_vendors_do_not_find_even_their_own_vendor_here(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.people.alice)
    assert client.get(reverse("desk:vendor", args=[desk.vendor.uid])).status_code == 404
    assert client.post(reverse("desk:order_new", args=[desk.vendor.uid])).status_code == 404


def test_an_auditor_changes_nothing(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.people.orla)
    for page, needs in changing(desk).items():
        assert client.post(reverse(f"desk:{page}", args=needs)).status_code == 403, page


def test_an_auditor_is_offered_nothing_to_change(desk: Desk, sign_in: SignIn) -> None:
    world.make_domain(desk.vendor, is_declared=False)
    world.make_alias(desk.vendor, "Alder Group")
    answer = sign_in(desk.people.orla).get(reverse("desk:vendor", args=[desk.vendor.uid]))
    for words in (
        "Issue a halt order", "Check now", "Add a server", "Add a domain", "Declare it", "Approve a name", "Withdraw",
        "Add a contact", "Retire", "Rename",
    ):  # fmt: skip
        assert words not in answer.content.decode()


def test_a_reviewer_edits_vendors_but_issues_and_lifts_no_order(desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(desk.people.rita)
    order = halted.make_order(desk.vendor)
    assert client.get(reverse("desk:vendor_edit", args=[desk.vendor.uid])).status_code == 200
    assert client.get(reverse("desk:order_new", args=[desk.vendor.uid])).status_code == 403
    assert client.post(reverse("desk:order_lift", args=[order.number]), {"reason": "Delisted."}).status_code == 403


def test_opening_an_address_that_acts_does_nothing(desk: Desk, dana: Client) -> None:
    monitored.make_watch(desk.server)
    for page, needs in changing(desk).items():
        assert dana.get(reverse(f"desk:{page}", args=needs)).status_code in (200, 405), page
    assert Watch.objects.get().next_action_at == world.NOON


@pytest.mark.parametrize("number", ["H-2026-9999", "H-1999-0001", "h-2026-0001", "H-2026-", "41", "H-2026-0001x"])
def test_a_number_that_is_not_an_orders_finds_nothing(desk: Desk, dana: Client, number: str) -> None:
    halted.make_order(desk.vendor)
    assert dana.get(f"/desk/orders/{number}/").status_code == 404


def test_a_searched_nul_and_a_page_out_of_range_are_no_fault(desk: Desk, dana: Client) -> None:
    for page in ("vendors", "findings", "orders", "deliveries", "journal"):
        assert dana.get(reverse(f"desk:{page}"), {"q": "a\0b", "page": "99", "sort": "nonsense"}).status_code == 200
