"""Halt orders: the list, one order with its three facts, and lifting it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from halts import orders
from halts.models import HaltOrder
from notices.models import Delivery, Link
from tests import halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/orders/"


@pytest.fixture(autouse=True)
def at_12_41() -> object:
    with time_machine.travel(NOON + timedelta(minutes=41), tick=False):
        yield


def page(order: HaltOrder) -> str:
    return reverse("desk:order", args=[order.number])


def answer_it(order: HaltOrder, desk: Desk) -> None:
    halted.make_order_token(order, desk.contact)
    at = NOON + timedelta(minutes=3)
    orders.acknowledge(order, name="Theo Marsh", link=Link.objects.latest("pk"), at=at, ip="198.51.100.90")


def test_orders_in_force_are_listed_with_how_long_they_wait(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor, server=desk.server)
    answered = halted.make_order(desk.people.vendor_b)
    answer_it(answered, desk)
    answer = dana.get(PAGE)
    assert heading(answer) == "2 halt orders are in force"
    assert f"{order.number} No answer Alder Mailings 203.0.113.27 21 Nov 2026, 12:00 UTC Sluice 41 min without" in text(
        answer
    )
    assert f"{answered.number} Answered Birch Direct Everything" in text(answer)
    assert "after 3 min" in text(answer)


@pytest.mark.parametrize(("show", "count"), [("standing", 2), ("issued", 1), ("acknowledged", 1), ("lifted", 1)])
def test_orders_are_filtered_by_state(desk: Desk, dana: Client, show: str, count: int) -> None:
    halted.make_order(desk.vendor)
    answer_it(halted.make_order(desk.vendor), desk)
    gone = halted.make_order(desk.vendor)
    orders.lift(gone, reason="Delisted.", by=desk.people.dana.actor(), at=NOON, by_name="Dana")
    assert dana.get(PAGE, {"show": show}).context["page"].paginator.count == count


def test_an_order_is_found_by_its_number(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    halted.make_order(desk.people.vendor_b)
    assert [one.number for one in dana.get(PAGE, {"q": order.number}).context["page"]] == [order.number]


def test_one_order_states_its_three_facts(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor, server=desk.server)
    answer = dana.get(page(order))
    assert heading(answer) == "Alder Mailings must stop mailing from 203.0.113.27"
    assert "Delivered Not yet Answered No answer for 41 min Lifted In force: only a person lifts it" in text(answer)
    halted.make_delivery(order, state=Delivery.State.SENT, at=NOON + timedelta(seconds=2))
    answer_it(order, desk)
    orders.lift(order, reason="Delisted.", by=desk.people.dana.actor(), at=NOON + timedelta(hours=1), by_name="Dana")
    words = text(dana.get(page(order)))
    assert "Delivered 21 Nov 2026, 12:00:02 UTC, 2 s after issue" in words
    assert "Answered 21 Nov 2026, 12:03:00 UTC, 3 min after issue" in words
    assert "Lifted 21 Nov 2026, 13:00:00 UTC by Dana" in words
    assert "Theo Marsh Theo Marsh 198.51.100.90" in words


def test_the_code_to_read_out_stands_there_with_the_numbers_to_call(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    words = text(dana.get(page(order)))
    assert f"{order.code[:4]} {order.code[4:]}" in words
    assert "Theo Marsh: +1 212-555-0100" in words


def test_what_comes_next_names_people_and_times(desk: Desk, dana: Client) -> None:
    world.make_contact(desk.vendor, "Lena Frost", rank=2)
    order = halted.make_order(desk.vendor)
    HaltOrder.objects.filter(pk=order.pk).update(step=1, next_action_at=NOON + timedelta(minutes=45))
    words = text(dana.get(page(order)))
    assert "12:45:00 Lena Frost, in 4 min" in words
    assert "13:00:00 Our own staff, in 19 min; then again every 15 min" in words


def test_an_answered_order_says_that_it_stays_in_force(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    answer_it(order, desk)
    assert "It stays in force until it is lifted." in text(dana.get(page(order)))


def test_lifting_needs_a_reason_and_keeps_the_order_without_one(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    answer = dana.post(reverse("desk:order_lift", args=[order.number]), {"reason": "   "})
    assert "Write why the order is lifted: everybody who got it reads the reason." in text(answer)
    assert HaltOrder.objects.get(pk=order.pk).state == HaltOrder.State.ISSUED


def test_a_lifted_order_says_so_and_its_people_are_told(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    halted.make_delivery(order, state=Delivery.State.SENT)
    url = reverse("desk:order_lift", args=[order.number])
    answer = dana.post(url, {"reason": "Delisted; clear for 24 hours."}, follow=True)
    assert f"{order.number} is lifted. Everybody who was told of it is told of this too." in text(answer)
    assert Delivery.objects.filter(letter="halt_lifted").count() == 1
    order.refresh_from_db()
    assert (order.lifted_by_name, order.lift_reason) == ("Dana", "Delisted; clear for 24 hours.")


def test_a_second_lifting_says_that_it_was_lifted_and_keeps_what_was_typed(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    orders.lift(order, reason="Delisted.", by=desk.people.ada.actor(), at=NOON, by_name="Ada")
    answer = dana.post(reverse("desk:order_lift", args=[order.number]), {"reason": "Mine."})
    assert f"{order.number} was already lifted." in text(answer)


def test_lifting_while_the_finding_is_open_is_warned_of(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server)
    order = halted.make_order(desk.vendor, server=desk.server, finding=finding)
    assert f"Still adverse {finding.number} is open. Lifting now needs a good reason." in text(dana.get(page(order)))


def test_the_reason_is_shown_as_text(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor, reason="<b>bold</b>\nand more")
    assert "&lt;b&gt;bold&lt;/b&gt;<br>and more" in dana.get(page(order)).content.decode()
