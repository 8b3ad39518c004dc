"""Issuing a halt order by hand: one page, and one order however often it is sent."""

import re

from django.test import Client
from django.urls import reverse

from halts.models import HaltOrder
from monitors.probes.reading import Severity
from tests import monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text

REASON = "Mail in our name goes out without an opt-out link."


def page(desk: Desk) -> str:
    return reverse("desk:order_new", args=[desk.vendor.uid])


def key_of(client: Client, url: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', client.get(url).content.decode())
    assert found
    return found[1]


def test_the_page_says_who_is_told_and_what_follows(desk: Desk, dana: Client) -> None:
    answer = dana.get(page(desk))
    assert heading(answer) == "Issue a halt order to Alder Mailings"
    assert "Theo Marsh gets a letter within seconds." in text(answer)


def test_an_order_for_everything_is_issued(desk: Desk, dana: Client) -> None:
    fields = {"server": "everything", "reason": REASON, "key": key_of(dana, page(desk))}
    answer = dana.post(page(desk), fields, follow=True)
    order = HaltOrder.objects.get()
    assert f"{order.number} is issued. The first letter leaves within seconds." in text(answer)
    assert (order.scope, order.reason, order.clause, order.issued_by_name) == ("vendor", REASON, "R12", "Dana")


def test_an_order_for_one_server_is_issued(desk: Desk, dana: Client) -> None:
    url = f"{page(desk)}?server={desk.server.uid}"
    assert f'value="{desk.server.uid}" selected' in dana.get(url).content.decode()
    dana.post(page(desk), {"server": str(desk.server.uid), "reason": REASON, "key": "k1"})
    assert HaltOrder.objects.get().server == desk.server


def test_a_double_click_makes_one_order(desk: Desk, dana: Client) -> None:
    fields = {"server": "everything", "reason": REASON, "key": key_of(dana, page(desk))}
    dana.post(page(desk), fields)
    answer = dana.post(page(desk), fields, follow=True)
    assert "was issued already; nothing was sent twice." in text(answer)
    assert HaltOrder.objects.count() == 1


def test_two_people_with_the_same_key_make_two_orders(desk: Desk, dana: Client) -> None:
    ada = Client()
    ada.force_login(desk.people.ada)
    for client in (dana, ada):
        client.post(page(desk), {"server": "everything", "reason": REASON, "key": "same"})
    assert HaltOrder.objects.count() == 2


def test_an_order_without_a_reason_keeps_what_was_chosen(desk: Desk, dana: Client) -> None:
    answer = dana.post(page(desk), {"server": str(desk.server.uid), "reason": " ", "key": "k1"})
    assert "Write the reason: the vendor reads it at the top of the order." in text(answer)
    assert f'value="{desk.server.uid}" selected' in answer.content.decode()
    assert not HaltOrder.objects.exists()


def test_a_server_of_another_vendor_is_refused_and_the_reason_kept(desk: Desk, dana: Client) -> None:
    other = world.make_server(desk.people.vendor_b)
    answer = dana.post(page(desk), {"server": str(other.uid), "reason": REASON, "key": "k1"})
    assert "That server is not in use by this vendor. Choose one of the list." in text(answer)
    assert REASON in answer.content.decode()


def test_an_order_for_a_finding_carries_its_clause_and_is_issued_once(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, severity=Severity.WARN)
    url = f"{page(desk)}?finding={finding.number}"
    assert finding.sentence in dana.get(url).content.decode()
    for key in ("k1", "k2"):
        dana.post(url, {"server": str(desk.server.uid), "reason": finding.sentence, "key": key})
    order = HaltOrder.objects.get()
    assert (order.finding, order.clause) == (finding, "R5")


def test_a_finding_of_another_vendor_is_not_found(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(world.make_server(desk.people.vendor_b))
    assert dana.get(f"{page(desk)}?finding={finding.number}").status_code == 404


def test_without_a_contact_the_page_says_that_only_staff_are_told(desk: Desk, dana: Client) -> None:
    desk.contact.delete()
    assert "the order would reach only our own staff" in text(dana.get(page(desk)))
