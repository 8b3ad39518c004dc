"""An address that refuses mail for good is no reason to wait, and an order is never written to nobody."""

from datetime import timedelta

import pytest

from halts import orders
from halts.models import HaltOrder
from journal.actor import Actor
from notices import links
from notices.models import Delivery
from tests.halted import make_order, make_order_token
from tests.halts.ladder import climb
from tests.monitored import make_finding
from tests.world import NOON, make_contact, make_server, make_user, make_vendor

pytestmark = pytest.mark.django_db
DANA = Actor("user", "7 (it)")
SOON = NOON + timedelta(seconds=5)


def give_up(*names: str) -> None:
    Delivery.objects.filter(to_name__in=names).update(state="dead", next_action_at=None)


def told(step: int) -> list[str]:
    return sorted(Delivery.objects.filter(facts__step=step).values_list("to_name", flat=True))


def test_a_refused_letter_brings_the_next_step_at_once() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma", rank=1)
    make_contact(order.vendor, "Ben", rank=2)
    climb(NOON)
    give_up("Alma")
    climb(SOON)
    order.refresh_from_db()
    assert (order.step, told(1)) == (2, ["Ben"])


def test_while_one_letter_of_the_step_may_be_read_its_answer_is_awaited() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma", rank=1)
    climb(NOON)
    climb(SOON)
    order.refresh_from_db()
    assert order.step == 1


def test_when_nobody_of_the_vendor_can_be_reached_staff_are_told() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    make_user("Dana", role="it")
    climb(NOON)
    give_up("Alma")
    climb(SOON)
    assert told(1) == ["Dana"]
    letter = Delivery.objects.get(to_name="Dana")
    assert letter.letter == "halt_unanswered"
    assert letter.facts["contacts"][0].endswith("(mail to this address was refused)")
    climb(SOON + timedelta(seconds=5))
    order.refresh_from_db()
    assert order.step == 2  # and no further haste


def test_a_new_address_of_the_contact_is_written_to_again() -> None:
    order = make_order(make_vendor())
    alma = make_contact(order.vendor, "Alma")
    climb(NOON)
    give_up("Alma")
    alma.email = "alma@elsewhere.example.net"
    alma.save()
    climb(SOON)
    assert Delivery.objects.filter(to_email="alma@elsewhere.example.net").exists()


def test_staff_who_were_alarmed_are_told_of_the_answer() -> None:
    order = make_order(make_vendor())
    alma = make_contact(order.vendor, "Alma")
    make_user("Dana", role="it")
    for step in range(3):
        climb(NOON + step * timedelta(minutes=15))
    Delivery.objects.filter(letter="halt_unanswered").update(state="sent", sent_at=NOON)
    link = links.find(make_order_token(order, alma), orders.ACKNOWLEDGE, NOON)
    assert link
    orders.acknowledge(order, name="Alma", link=link, at=NOON + timedelta(hours=1))
    assert [one.to_name for one in Delivery.objects.filter(letter="halt_answered")] == ["Dana"]


def test_a_fault_that_comes_back_while_its_order_stands_adds_no_second_order() -> None:
    server = make_server(make_vendor())
    first = make_finding(server)
    make_order(server.vendor, server=server, finding=first)
    type(first).objects.update(state="closed", closed_at=NOON)
    make_finding(server)
    climb(NOON)
    assert HaltOrder.objects.count() == 1


def test_after_a_lift_a_person_may_order_again_about_the_same_finding() -> None:
    server = make_server(make_vendor())
    finding = make_finding(server)
    first = make_order(server.vendor, server=server, finding=finding)
    orders.lift(first, reason="They promised.", by=DANA, by_name="Dana", at=NOON)
    second, is_new = orders.issue(
        server.vendor, server=server, finding=finding, reason="Still listed.", by=DANA, at=NOON, idempotency_key="k"
    )
    assert is_new
    assert second.number != first.number
