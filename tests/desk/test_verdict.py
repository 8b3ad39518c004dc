"""The top of a vendor's page at the desk: may they mail now, every reason with its evidence, and what is met."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from monitors.models import Enrolment
from questionnaires.models import Acceptance
from tests import acceptances, halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import text
from vendors.models import Contact


@pytest.fixture(autouse=True)
def advertiser(settings: Settings) -> None:
    settings.ADVERTISER_NAME = "Harrow & Lyle"


def clear(desk: Desk, **letter: object) -> Acceptance:
    Contact.objects.update(email_confirmed_at=world.NOON, authority_confirmed_at=world.NOON)
    Enrolment.objects.create(server=desk.server, catalogue="x")
    return acceptances.make_cleared(desk.vendor, **letter)


def page(desk: Desk, dana: Client) -> str:
    return text(dana.get(reverse("desk:vendor", args=[desk.vendor.uid])))


def test_an_open_gate_shows_what_is_met(desk: Desk, dana: Client) -> None:
    letter = clear(desk)
    said = page(desk, dana)
    assert "May Alder Mailings mail now? Yes. The gate is open." in said
    assert "5 conditions are met" in said
    assert f"R1 Written acceptance {letter.number} was received and counts until 21 Nov 2027" in said
    assert "R12 Theo Marsh can stop the mail. Since 21 Nov 2026." in said


def test_a_new_vendor_is_not_yet_and_hears_everything_that_is_missing(desk: Desk, dana: Client) -> None:
    said = page(desk, dana)
    assert "May Alder Mailings mail now? No, not yet." in said
    assert "Not begun Exhibit A has not been sent." in said
    assert "To confirm Theo Marsh has confirmed neither the address nor the authority to stop the mail." in said


@pytest.mark.parametrize(("state", "word"), [("suspended", "Suspended"), ("issued", "To confirm")])
def test_a_letter_leads_to_its_page(desk: Desk, dana: Client, state: str, word: str) -> None:
    letter = clear(desk, state=state)
    answer = dana.get(reverse("desk:vendor", args=[desk.vendor.uid]))
    assert f"{word} Written acceptance {letter.number}" in text(answer)
    assert f'href="/desk/acceptances/{letter.number}/">Acceptance {letter.number}</a>' in answer.content.decode()


def test_an_order_and_its_finding_stand_first_with_their_pages(desk: Desk, dana: Client) -> None:
    clear(desk)
    finding = monitored.make_finding(desk.server)
    order = halted.make_order(desk.vendor, server=desk.server, finding=finding)
    halted.make_order(desk.vendor)
    answer = dana.get(reverse("desk:vendor", args=[desk.vendor.uid]))
    said = text(answer)
    assert "No. The gate is shut. Since 21 Nov 2026, 12:00:00 UTC" in said
    assert "Ends only when Harrow & Lyle lifts it in writing." in said
    for href in (f"/desk/orders/{order.number}/", f"/desk/findings/{finding.number}/"):
        assert f'href="{href}"' in answer.content.decode()


def test_one_server_of_several_is_named_and_the_gate_is_drawn_red(desk: Desk, dana: Client) -> None:
    Enrolment.objects.create(server=world.make_server(desk.vendor), catalogue="x")
    clear(desk)
    halted.make_order(desk.vendor, server=desk.server)
    answer = dana.get(reverse("desk:vendor", args=[desk.vendor.uid]))
    assert "Not from mta3.alder.example.net (203.0.113.27)." in text(answer)
    assert 'class="verdict shut"' in answer.content.decode()


def test_many_reasons_are_counted_and_not_all_shown(desk: Desk, dana: Client) -> None:
    clear(desk)
    for number in range(30):
        acceptances.make_source(desk.vendor, f"web-{number:02d}", 501)
    assert "14 more reasons not shown, 5 conditions are met" in page(desk, dana)


def test_a_servers_page_asks_about_that_server(desk: Desk, dana: Client) -> None:
    clear(desk)
    stranger = world.make_server(desk.vendor)
    own, other = (text(dana.get(reverse("desk:server", args=[one.uid]))) for one in (desk.server, stranger))
    assert "May Alder Mailings mail from 203.0.113.27 now? Yes. The gate is open." in own
    assert f"May Alder Mailings mail from {stranger.address} now? No. The gate is shut." in other
    assert f"Not covered {stranger.address} is not among the servers that A-" in other
