"""The first page: what needs a person now, as a sentence, and the work behind it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from halts import orders
from halts.models import HaltOrder
from monitors.models import Enrolment, Sight, Watch
from monitors.probes.reading import Severity, Verdict
from notices.models import Delivery, Link
from tests import acceptances, halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import alarm, heading, text
from tests.engine import runs
from tests.world import NOON
from vendors.models import Vendor

NOW = NOON + timedelta(minutes=41)
PAGE = "/desk/"


@pytest.fixture(autouse=True)
def at_12_41() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def answered(order: HaltOrder, desk: Desk) -> None:
    token = halted.make_order_token(order, desk.contact)
    assert token
    orders.acknowledge(order, name="Theo Marsh", link=Link.objects.latest("pk"), at=NOON + timedelta(minutes=3))


def test_the_gates_are_counted(desk: Desk, dana: Client) -> None:
    assert "Gates: Open 0, Shut 2." in text(dana.get(PAGE))
    acceptances.make_cleared(desk.people.vendor_b)
    Vendor.objects.filter(pk=desk.vendor.pk).update(state=Vendor.State.RETIRED)
    assert "Gates: Open 1, Shut 0." in text(dana.get(PAGE))


def test_a_quiet_day_says_that_nothing_needs_you(desk: Desk, dana: Client) -> None:
    runs.make_engine_run(NOW)
    answer = dana.get(PAGE)
    assert heading(answer) == "Nothing needs you now."
    assert "every letter got through" in text(answer)
    assert alarm(answer) == ""


def test_an_unanswered_order_is_the_headline_the_queue_and_the_alarm(desk: Desk, dana: Client) -> None:
    runs.make_engine_run(NOW)
    order = halted.make_order(desk.vendor, server=desk.server)
    halted.make_delivery(order, state=Delivery.State.SENT, at=NOON + timedelta(seconds=2))
    HaltOrder.objects.filter(pk=order.pk).update(step=1, next_action_at=NOON + timedelta(minutes=45))
    answer = dana.get(PAGE)
    assert heading(answer) == "One halt order is in force. It has no answer."
    assert f"Alder Mailings: order {order.number}" in text(answer)
    assert "Mailed to Theo Marsh at 12:00. Next: our own staff at 12:45." in text(answer)
    assert "41 min no answer" in text(answer)
    assert alarm(answer).startswith(f"Halt order {order.number} has no answer. Alder Mailings, 41 min.")
    assert 'href="tel:+12125550100"' in answer.content.decode()


def test_two_orders_one_answered(desk: Desk, dana: Client) -> None:
    runs.make_engine_run(NOW)
    answered(halted.make_order(desk.vendor, server=desk.server), desk)
    halted.make_order(desk.people.vendor_b)
    answer = dana.get(PAGE)
    assert heading(answer) == "Two halt orders are in force. One has no answer."
    assert "Theo Marsh answered at 12:03: they are stopping the mailings." in text(answer)
    assert text(answer).index("Birch Direct: order") < text(answer).index("Alder Mailings: order")


def test_an_answered_order_raises_no_alarm_and_stays_in_the_queue(desk: Desk, dana: Client) -> None:
    runs.make_engine_run(NOW)
    answered(halted.make_order(desk.vendor), desk)
    answer = dana.get(PAGE)
    assert heading(answer) == "One halt order is in force. It is answered."
    assert alarm(answer) == ""


def test_a_finding_that_is_not_grave_waits_for_judgement(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, check_id="dnsbl:spamcop", severity=Severity.WARN)
    answer = dana.get(PAGE)
    assert heading(answer) == "One finding waits for your judgement."
    assert "mta3.alder.example.net is listed on SpamCop" in text(answer)
    assert finding.number in text(answer)


def test_a_finding_with_an_order_is_the_orders_business(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server)
    halted.make_order(desk.vendor, server=desk.server, finding=finding)
    assert "Open findings without an order" not in text(dana.get(PAGE))


def test_a_blind_list_is_named_with_what_it_leaves_in_doubt(desk: Desk, dana: Client) -> None:
    since = NOW - timedelta(hours=2)
    for path in ("192.0.2.53:53", "192.0.2.54:53"):
        Sight.objects.create(
            list_id="spamcop", path=path, state=Sight.State.BLIND, since=since, sentence="Its test entry is gone."
        )
    watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
    Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.UNKNOWN, since=since)
    answer = dana.get(PAGE)
    assert heading(answer) == "We cannot see: one check is blind."
    assert "SpamCop cannot be trusted" in text(answer)
    assert "Its test entry is gone. Leaves 1 server in doubt." in text(answer)
    assert text(answer).count("SpamCop cannot be trusted") == 2  # its line, and the name of its button


def test_a_check_that_was_unknown_for_a_moment_is_not_blindness(desk: Desk, dana: Client) -> None:
    watch = monitored.make_watch(desk.server)
    Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.UNKNOWN, since=NOW - timedelta(seconds=30))
    assert "Blind monitors" not in text(dana.get(PAGE))


def test_a_letter_that_was_given_up_is_shown_with_what_was_said(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    orders.lift(order, reason="A mistake of ours.", by=desk.people.dana.actor(), at=NOON, by_name="Dana")
    halted.make_delivery(order, state=Delivery.State.DEAD)
    answer = dana.get(PAGE)
    assert heading(answer) == "One letter did not get through."
    assert "abuse@alder.example.net answered: 550 5.1.1 no such user" in text(answer)


def test_a_dead_engine_is_the_first_alarm(desk: Desk, dana: Client) -> None:
    runs.make_engine_run(NOW - timedelta(minutes=5))
    halted.make_order(desk.vendor)
    assert alarm(dana.get(PAGE)).startswith("The engine is late. The enrol stage last finished 300 s ago")


def test_the_fleet_is_counted_by_the_worst_check_of_each_server(desk: Desk, dana: Client) -> None:
    watched = [world.make_server(desk.vendor) for _ in range(3)]
    for server, verdicts in zip(
        watched,
        ([Verdict.CLEAR, Verdict.ADVERSE, Verdict.UNKNOWN], [Verdict.UNKNOWN, Verdict.CLEAR], [Verdict.CLEAR]),
        strict=True,
    ):
        Enrolment.objects.create(server=server, catalogue="x")
        for place, verdict in enumerate(verdicts):
            watch = monitored.make_watch(server, f"dnsbl:list{place}")
            Watch.objects.filter(pk=watch.pk).update(verdict=verdict)
    content = dana.get(PAGE).content.decode()
    assert 'aria-label="Servers: 1 adverse, 1 unknown, 1 not watched yet, 1 clear"' in content


def test_the_page_refreshes_by_itself_and_keeps_the_focus(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor)
    content = dana.get(PAGE).content.decode()
    assert 'hx-trigger="every 30s"' in content
    assert 'hx-select-oob="#alarm,#rail-links,#heading,#queue,#fleet,#engine"' in content
    for ident in ("alarm", "rail-links", "heading", "queue", "fleet", "engine", f"order-{order.pk}", "alarm-action"):
        assert content.count(f'id="{ident}"') == 1


@pytest.mark.parametrize("orders_in_force", [1, 12])
def test_the_queries_do_not_grow_with_the_work(
    desk: Desk, dana: Client, orders_in_force: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(orders_in_force):
        halted.make_delivery(halted.make_order(desk.vendor), state=Delivery.State.SENT)
        monitored.make_finding(world.make_server(desk.vendor), severity=Severity.WARN)
    with django_assert_max_num_queries(35):  # type: ignore[operator]
        assert dana.get(reverse("desk:overview")).status_code == 200
