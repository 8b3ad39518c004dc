from datetime import timedelta

import pytest
from pytest_django import Settings

from engine.claim import claim
from engine.cycle import Sweep
from halts import orders
from halts.models import HaltOrder
from halts.policy import Ladder
from halts.sweep import take_step
from journal.actor import Actor
from journal.models import Entry
from monitors.models import Finding
from notices.models import Delivery
from tests.halted import make_order
from tests.halts.ladder import climb, mail_out, order_what_deserves_it, told
from tests.monitored import make_finding
from tests.world import NOON, make_contact, make_server, make_user, make_vendor

pytestmark = pytest.mark.django_db
QUARTER = timedelta(minutes=15)
DANA = Actor("user", "7 (it)")


@pytest.fixture(autouse=True)
def ladder_of_three(settings: Settings) -> None:
    settings.ESCALATION = "contact:15m,backup:15m,staff:15m"


# ── the order stage ─────────────────────────────────────────────────────────
def test_an_open_finding_that_deserves_it_becomes_one_order() -> None:
    finding = make_finding(make_server(make_vendor()))
    assert order_what_deserves_it().claimed == 1
    assert order_what_deserves_it().claimed == 0
    order = HaltOrder.objects.get()
    assert (order.finding, order.server, order.clause) == (finding, finding.server, "R5")
    assert order.reason == finding.sentence


@pytest.mark.parametrize("severity", ["warn", "review", "info", "none"])
def test_a_lesser_finding_is_left_for_staff_to_judge(severity: str) -> None:
    make_finding(make_server(make_vendor()), severity=severity)
    order_what_deserves_it()
    assert not HaltOrder.objects.exists()


def test_a_finding_that_closed_before_it_was_ordered_is_let_be() -> None:
    make_finding(make_server(make_vendor()))
    Finding.objects.update(state=Finding.State.CLOSED)
    order_what_deserves_it()
    assert not HaltOrder.objects.exists()


def test_a_lifted_order_is_not_issued_again_for_the_same_finding() -> None:
    make_finding(make_server(make_vendor()))
    order_what_deserves_it()
    orders.lift(HaltOrder.objects.get(), reason="A mistake of the list.", by=DANA, by_name="Dana", at=NOON)
    order_what_deserves_it()
    assert HaltOrder.objects.count() == 1


def test_a_finding_that_cannot_be_ordered_does_not_hold_up_the_others() -> None:
    poison = make_finding(make_server(make_vendor()), at=NOON - QUARTER)
    Finding.objects.filter(pk=poison.pk).update(sentence="  ")  # no reason, no order
    make_finding(make_server(make_vendor()))
    state = order_what_deserves_it()
    assert (state.claimed, state.failed, HaltOrder.objects.count()) == (2, 1, 1)
    assert "OrderRefused" in state.error
    assert state.oldest_due_at == NOON - QUARTER  # health shows what is left


# ── the step stage ──────────────────────────────────────────────────────────
def test_the_ladder_is_climbed_one_step_at_a_time_and_the_last_repeats() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma", rank=1)
    make_contact(order.vendor, "Ben", rank=2)
    make_user("Dana", role="it")
    for step in range(5):
        assert climb(NOON + step * QUARTER - timedelta(seconds=1)).claimed == 0
        assert climb(NOON + step * QUARTER).claimed == 1
    assert told() == [(0, "Alma")] + [(step, name) for step in range(1, 5) for name in ("Alma", "Ben")]
    assert told("halt_unanswered") == [(2, "Dana"), (3, "Dana"), (4, "Dana")]
    order.refresh_from_db()
    assert (order.step, order.next_action_at) == (5, NOON + 5 * QUARTER)
    assert Entry.objects.filter(verb="step").count() == 5


def test_contacts_are_told_in_the_order_of_their_rank() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Ben", rank=2)
    make_contact(order.vendor, "Alma", rank=1)
    climb()
    assert told() == [(0, "Alma")]


def test_with_nobody_to_tell_staff_are_told() -> None:
    make_order(make_vendor())
    make_user("Dana", role="it")
    make_user("Rita", role="reviewer")
    climb()
    assert (told(), told("halt_unanswered")) == ([], [(0, "Dana")])


def test_with_no_staff_either_the_advertiser_s_abuse_address_is_told() -> None:
    make_order(make_vendor())
    climb()
    assert Delivery.objects.get().to_email == "abuse@harrow.example.com"


def test_a_stopped_engine_takes_one_step_when_it_starts_again_and_not_all_at_once() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    climb()
    late = NOON + timedelta(days=2)
    assert (climb(late).claimed, climb(late).claimed) == (1, 0)
    order.refresh_from_db()
    assert (order.step, order.next_action_at) == (2, late + QUARTER)


def test_a_step_that_was_interrupted_writes_no_second_letter() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    climb()
    HaltOrder.objects.update(step=0, next_action_at=NOON)  # as if the process had died before it counted the step
    climb()
    assert told() == [(0, "Alma")]
    order.refresh_from_db()
    assert order.step == 1


def test_an_order_answered_after_it_was_claimed_writes_no_further_letter() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    climb()
    mail_out()
    late = NOON + QUARTER
    [claimed] = claim(HaltOrder.objects.unanswered(), now=late, lease=QUARTER, limit=1)
    orders.lift(order, reason="Cured.", by=DANA, by_name="Dana", at=late)
    take_step(claimed, Ladder.parse("contact:15m"), Sweep(late))
    assert told() == [(0, "Alma")]


def test_a_claim_that_another_took_over_writes_no_letter() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    [slow] = claim(HaltOrder.objects.unanswered(), now=NOON, lease=QUARTER, limit=1)
    claim(HaltOrder.objects.unanswered(), now=NOON + QUARTER, lease=QUARTER, limit=1)
    take_step(slow, Ladder.parse("contact:15m"), Sweep(NOON))
    assert told() == []


def test_a_fresh_contact_is_told_at_the_next_step() -> None:
    order = make_order(make_vendor())
    make_user("Dana", role="it")
    climb()
    make_contact(order.vendor, "Alma")
    climb(NOON + QUARTER)
    assert told() == [(1, "Alma")]


def test_what_was_written_is_due_at_once_and_before_everything_else() -> None:
    order = make_order(make_vendor())
    make_contact(order.vendor, "Alma")
    climb()
    delivery = Delivery.objects.get()
    assert (delivery.next_action_at, delivery.priority, delivery.link_purpose) == (NOON, 0, "halt")
    assert delivery.about == order.about
    assert delivery.facts["code"] == f"{order.code[:4]} {order.code[4:]}"
