from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from halts import orders
from halts.models import Acknowledgement, HaltOrder
from halts.orders import OrderRefused
from journal.actor import Actor
from journal.models import Entry
from journal.verification import verify
from notices import links
from notices.models import Delivery, Link
from tests.halted import make_order, make_order_token
from tests.halts.ladder import climb, mail_out
from tests.monitored import make_finding
from tests.world import NOON, make_contact, make_server, make_user, make_vendor

pytestmark = pytest.mark.django_db
DANA = Actor("user", "7 (it)")
LATER = NOON + timedelta(minutes=5)
WEEK = timedelta(days=7)


def link_of(order: HaltOrder, name: str = "Alma") -> Link:
    contact = order.vendor.contacts.filter(name=name).first() or make_contact(order.vendor, name)
    found = links.find(make_order_token(order, contact), orders.ACKNOWLEDGE, NOON)
    assert found
    return found


# ── issuing ─────────────────────────────────────────────────────────────────
def test_a_finding_has_one_order_however_often_it_is_issued() -> None:
    server = make_server(make_vendor())
    finding = make_finding(server)
    first, is_new = orders.issue(
        server.vendor, server=server, finding=finding, reason=finding.sentence, by=DANA, at=NOON
    )
    again, is_new_again = orders.issue(
        server.vendor, server=server, finding=finding, reason="Another reason.", by=DANA, at=LATER
    )
    assert (is_new, is_new_again, again) == (True, False, first)
    assert HaltOrder.objects.get().reason == finding.sentence
    assert Entry.objects.filter(verb="issued").count() == 1


def test_the_database_itself_refuses_a_second_order_for_a_finding() -> None:
    server = make_server(make_vendor())
    finding = make_finding(server)
    order = make_order(server.vendor, server=server, finding=finding)
    order.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_an_idempotency_key_gives_the_same_order_again() -> None:
    vendor = make_vendor()
    first, is_new = orders.issue(vendor, reason="Stop.", by=DANA, at=NOON, idempotency_key="k1")
    again, is_new_again = orders.issue(vendor, reason="Stop.", by=DANA, at=LATER, idempotency_key="k1")
    other, _ = orders.issue(vendor, reason="Stop.", by=DANA, at=LATER, idempotency_key="k2")
    assert (is_new, is_new_again, again == first, other == first) == (True, False, True, False)


def test_an_idempotency_key_of_another_order_is_refused_with_a_sentence() -> None:
    first = make_vendor()
    server = make_server(first)
    order, _ = orders.issue(first, reason="Stop.", by=DANA, at=NOON, idempotency_key="k1")
    for vendor, scope in ((make_vendor(), None), (first, server)):
        with pytest.raises(OrderRefused, match=f"already used for {order.number}"):
            orders.issue(vendor, server=scope, reason="Stop.", by=DANA, at=NOON, idempotency_key="k1")


def test_orders_without_a_key_are_orders_of_their_own() -> None:
    vendor = make_vendor()
    assert make_order(vendor, by=DANA) != make_order(vendor, by=DANA)


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_an_order_needs_a_reason(reason: str) -> None:
    with pytest.raises(OrderRefused, match="needs a reason"):
        make_order(make_vendor(), reason=reason)


def test_a_server_of_another_vendor_cannot_be_ordered() -> None:
    stranger = make_server(make_vendor("Birch Direct"))
    with pytest.raises(OrderRefused, match="is not a server of Alder Mailings"):
        make_order(make_vendor("Alder Mailings"), server=stranger)


def test_an_order_is_about_one_server_or_the_whole_vendor_and_never_both() -> None:
    vendor = make_vendor()
    server = make_server(vendor)
    of_server, of_vendor = make_order(vendor, server=server), make_order(vendor)
    assert [(one.scope, one.server) for one in (of_server, of_vendor)] == [("server", server), ("vendor", None)]
    for order, wrong in ((of_server, {"server": None}), (of_vendor, {"server": server})):
        with pytest.raises(IntegrityError), transaction.atomic():
            HaltOrder.objects.filter(pk=order.pk).update(**wrong)


def test_an_order_says_who_issued_it() -> None:
    dana = make_user("Dana", role="it")
    by_hand, _ = orders.issue(make_vendor(), reason="Stop.", by=dana.actor(), at=NOON, user=dana)
    assert (by_hand.issued_by_name, make_order(make_vendor()).issued_by_name) == ("Dana", "Sluice")
    assert Entry.objects.filter(verb="issued").earliest("position").actor == f"user:{dana.pk} (it)"


# ── acknowledging ───────────────────────────────────────────────────────────
def test_the_first_answer_acknowledges_and_takes_back_what_has_not_left() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    climb(NOON)
    assert orders.acknowledge(order, name="Alma Reyes", link=link_of(order), at=LATER, ip="192.0.2.9") is True
    order.refresh_from_db()
    assert (order.state, order.acknowledged_at, order.next_action_at) == ("acknowledged", LATER, None)
    answer = Acknowledgement.objects.get()
    assert (answer.name, answer.ip, answer.contact) == ("Alma Reyes", "192.0.2.9", answer.contact)
    assert Delivery.objects.get(letter="halt_order").state == "cancelled"
    assert climb(LATER + WEEK).claimed == 0


def test_an_answer_repeated_changes_nothing() -> None:
    order = make_order(make_vendor())
    link = link_of(order)
    orders.acknowledge(order, name="Alma", link=link, at=LATER)
    entries = Entry.objects.count()
    for _ in range(3):
        again = HaltOrder.objects.get(pk=order.pk)
        assert orders.acknowledge(again, name="Alma", link=link, at=LATER + WEEK) is False
    order.refresh_from_db()
    assert (order.acknowledged_at, Acknowledgement.objects.count()) == (LATER, 1)
    assert Entry.objects.count() == entries


def test_the_answer_of_another_person_is_kept_and_the_first_one_counts() -> None:
    order = make_order(make_vendor())
    orders.acknowledge(order, name="Alma", link=link_of(order), at=LATER)
    orders.acknowledge(order, name="Ben", link=link_of(order, "Ben"), at=LATER + WEEK)
    order.refresh_from_db()
    assert order.acknowledged_at == LATER
    assert [answer.name for answer in order.acknowledgements.all()] == ["Alma", "Ben"]


def test_an_answer_on_a_page_opened_before_the_order_was_lifted_does_not_bring_it_back() -> None:
    order = make_order(make_vendor())
    link = link_of(order)
    on_the_page = HaltOrder.objects.get(pk=order.pk)
    orders.lift(order, reason="Cured.", by=DANA, by_name="Dana", at=NOON)
    assert orders.acknowledge(on_the_page, name="Alma", link=link, at=LATER) is False
    order.refresh_from_db()
    assert (order.state, order.acknowledgements.count()) == ("lifted", 0)


# ── lifting ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("reason", ["", " \n"])
def test_lifting_needs_a_reason(reason: str) -> None:
    order = make_order(make_vendor())
    with pytest.raises(OrderRefused, match="needs a reason"):
        orders.lift(order, reason=reason, by=DANA, by_name="Dana", at=LATER)
    assert HaltOrder.objects.get().state == "issued"


def test_lifting_tells_everybody_who_got_the_order_once_and_nobody_else() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma", rank=1)
    make_contact(order.vendor, "Ben", rank=2)
    make_user("Dana", role="it")
    for step in range(3):  # alma; alma and ben; alma, ben and staff
        climb(NOON + step * timedelta(minutes=15))
    mail_out()
    make_contact(order.vendor, "Cleo", rank=3)
    order.refresh_from_db()
    orders.lift(order, reason="Delisted and cured.", by=DANA, by_name="Dana", at=LATER)
    lifted = Delivery.objects.filter(letter="halt_lifted")
    assert sorted(one.to_name for one in lifted) == ["Alma", "Ben", "Dana"]  # Dana was told that nobody answered
    assert {one.facts["reason"] for one in lifted} == {"Delisted and cured."}


def test_lifting_before_the_order_has_left_takes_it_back_and_tells_nobody() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    climb(NOON)
    orders.lift(order, reason="A mistake.", by=DANA, by_name="Dana", at=LATER)
    assert [(one.letter, one.state) for one in Delivery.objects.all()] == [("halt_order", "cancelled")]


def test_lifting_takes_back_the_alarm_of_staff_that_has_not_left() -> None:
    order = make_order(make_vendor())
    make_user("Dana", role="it")
    climb(NOON)
    assert Delivery.objects.get().letter == "halt_unanswered"
    orders.lift(order, reason="A mistake.", by=DANA, by_name="Dana", at=LATER)
    assert Delivery.objects.get().state == "cancelled"


def test_links_still_open_for_a_week_after_lifting_and_then_expire() -> None:
    order = make_order(make_vendor())
    token = make_order_token(order, make_contact(order.vendor))
    orders.lift(order, reason="Cured.", by=DANA, by_name="Dana", at=LATER)
    assert links.find(token, orders.ACKNOWLEDGE, LATER + WEEK - timedelta(seconds=1))
    assert links.find(token, orders.ACKNOWLEDGE, LATER + WEEK) is None


def test_an_order_is_lifted_once() -> None:
    order = make_order(make_vendor())
    stale = HaltOrder.objects.get(pk=order.pk)
    orders.lift(order, reason="Cured.", by=DANA, by_name="Dana", at=LATER)
    with pytest.raises(OrderRefused, match=f"{order.number} was already lifted"):
        orders.lift(stale, reason="Cured again.", by=DANA, by_name="Dana", at=LATER)
    assert HaltOrder.objects.get().lift_reason == "Cured."


def test_an_order_answered_since_the_page_was_opened_can_be_lifted() -> None:
    order = make_order(make_vendor())
    on_the_page = HaltOrder.objects.get(pk=order.pk)
    orders.acknowledge(order, name="Alma", link=link_of(order), at=LATER)
    orders.lift(on_the_page, reason="Cured.", by=DANA, by_name="Dana", at=LATER)
    assert HaltOrder.objects.get().state == "lifted"
    assert not verify().faults
