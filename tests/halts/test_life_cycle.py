"""The life of orders under everything at once: answers, lifts, crashes, doubled ticks and clocks that jump."""

from collections import Counter
from copy import copy
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.claim import claim
from halts import orders
from halts.models import HaltOrder
from halts.orders import OrderRefused
from journal.actor import Actor
from journal.models import Entry
from journal.verification import verify
from monitors.models import Finding
from notices import links
from notices.letters import Letter
from notices.models import Delivery
from notices.transports import send_mail
from tests.halted import make_order_token
from tests.halts.ladder import climb, order_what_deserves_it
from tests.halts.life import LEASE, Model
from tests.monitored import make_finding
from tests.notices.post import deliver_due
from tests.world import NOON, make_contact, make_server, make_user, make_vendor

DANA = Actor("user", "7 (it)")
AUDIENCE = 3  # Alma, her back-up Ben, and Dana at the desk
AFTERWARDS = ["halt_answered", "halt_lifted"]  # letters that tell how it ended
LEGAL = {("issued", "acknowledged"), ("issued", "lifted"), ("acknowledged", "lifted")}


class LifeCycle(RuleBasedStateMachine):
    """Each rule does one thing to the database and the same to the model; the invariants compare them."""

    def __init__(self) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self._clock = time_machine.travel(NOON, tick=False)
        self._traveller = self._clock.start()
        mail.outbox.clear()
        self.now = NOON
        self.model = Model()
        vendor = make_vendor("Alder Mailings")
        self.servers = [make_server(vendor) for _ in range(3)]
        self.contacts = [make_contact(vendor, "Alma", rank=1), make_contact(vendor, "Ben", rank=2)]
        make_user("Dana", role="it")
        self.stale: dict[int, HaltOrder] = {}  # as they were when somebody opened the page

    @initialize(is_delivered=st.booleans())
    def two_findings_have_become_orders(self, is_delivered: bool) -> None:
        """Or a run would seldom get to the end of one."""
        for server in range(2):
            self.a_finding_opens_or_closes(server)
        self.the_order_stage_is_rung(1)
        self.the_step_stage_is_rung(1)
        if is_delivered:
            self.the_deliver_stage_is_rung()
        self.somebody_opens_every_page()

    # ── the world ───────────────────────────────────────────────────────────
    @rule(server=st.integers(0, 2))
    def a_finding_opens_or_closes(self, server: int) -> None:
        if server not in self.model.open:
            self.model.opens(server, make_finding(self.servers[server], at=self.now).pk)
            return
        Finding.objects.filter(pk=self.model.open[server]).update(state=Finding.State.CLOSED, closed_at=self.now)
        self.model.closes(server)

    @rule(seconds=st.sampled_from([1, 4, 30, 61, 120, 900, 901, 7200, 86400, -3600]))
    def time_passes_or_the_clock_jumps(self, seconds: int) -> None:
        self._go_to(self.now + timedelta(seconds=seconds))

    # ── the engine, and how it dies ─────────────────────────────────────────
    @rule()
    def the_engine_ticks(self) -> None:
        self.the_order_stage_is_rung(1)
        self.the_step_stage_is_rung(1)
        self.the_deliver_stage_is_rung()

    @rule(times=st.integers(1, 2))
    def the_order_stage_is_rung(self, times: int) -> None:
        for _ in range(times):
            order_what_deserves_it(self.now)
        self.model.order_sweep(self.now)

    @rule(times=st.integers(1, 2))
    def the_step_stage_is_rung(self, times: int) -> None:
        for _ in range(times):
            climb(self.now)
        self.model.step_sweep(self.now)

    @rule()
    def the_deliver_stage_is_rung(self) -> None:
        deliver_due()

    @rule()
    def a_worker_claims_orders_and_dies(self) -> None:
        claim(HaltOrder.objects.unanswered(), now=self.now, lease=LEASE, limit=100)
        self.model.hold(self.now)

    @rule(has_sent=st.booleans())
    def a_worker_claims_letters_and_dies(self, has_sent: bool) -> None:
        for one in claim(Delivery.objects.waiting(), now=self.now, lease=LEASE, limit=10):
            if has_sent and not one.unwanted:
                letter = Letter("Halt order", "As it would have been.", "")
                send_mail(letter, to_name="", to_email=one.to_email, message_id=one.message_id, about=one.about)
                self.model.sent_twice += 1

    # ── people ──────────────────────────────────────────────────────────────
    @rule()
    def somebody_opens_every_page(self) -> None:
        self.stale = {order.finding_id or 0: order for order in HaltOrder.objects.all()}

    @precondition(lambda self: self.stale)
    @rule(data=st.data(), who=st.integers(0, 1), is_leaving=st.booleans())
    def somebody_answers(self, data: st.DataObject, who: int, is_leaving: bool) -> None:
        """Perhaps just when letters are leaving, by a hand that will not finish."""
        if is_leaving:
            self.a_worker_claims_letters_and_dies(False)
        finding = data.draw(st.sampled_from(sorted(self.stale)))
        order, contact = copy(self.stale[finding]), self.contacts[who]
        link = links.find(make_order_token(order, contact, at=self.now), orders.ACKNOWLEDGE, self.now)
        assert link
        was_first = orders.acknowledge(order, name=contact.name, link=link, at=self.now)
        assert was_first == self.model.acknowledge(finding, contact.name)

    @precondition(lambda self: self.stale)
    @rule(data=st.data(), is_leaving=st.booleans())
    def staff_lift(self, data: st.DataObject, is_leaving: bool) -> None:
        if is_leaving:
            self.a_worker_claims_letters_and_dies(False)
        finding = data.draw(st.sampled_from(sorted(self.stale)))
        try:
            orders.lift(copy(self.stale[finding]), reason="Cured.", by=DANA, by_name="Dana", at=self.now)
            was_lifted_now = True
        except OrderRefused:
            was_lifted_now = False
        assert was_lifted_now == self.model.lift(finding)

    # ── what always holds ───────────────────────────────────────────────────
    @invariant()
    def every_order_is_where_the_model_has_it(self) -> None:
        stored = {
            order.finding_id: (order.state, order.step, order.next_action_at) for order in HaltOrder.objects.all()
        }
        assert stored == {finding: (one.state, one.step, one.due_at) for finding, one in self.model.orders.items()}

    @invariant()
    def every_answer_is_kept_once(self) -> None:
        for order in HaltOrder.objects.all():
            names = [answer.name for answer in order.acknowledgements.all()]
            assert sorted(names) == sorted(self.model.orders[order.finding_id or 0].answers)

    @invariant()
    def letters_are_written_once_a_step_and_person(self) -> None:
        for order in HaltOrder.objects.all():
            written = self.model.orders[order.finding_id or 0].written
            letters = Delivery.objects.about(order.about).exclude(letter__in=AFTERWARDS)
            assert letters.count() == sum(min(step, AUDIENCE) for step in range(1, written + 1))

    @invariant()
    def an_ended_climb_leaves_no_letter_that_nobody_is_at(self) -> None:
        for order in HaltOrder.objects.exclude(state="issued"):
            waiting = Delivery.objects.about(order.about).waiting().exclude(letter__in=AFTERWARDS)
            assert not waiting.filter(lease_token=None).exists()
            assert not waiting.filter(unwanted="").exists()

    @invariant()
    def copies_of_a_letter_carry_one_message_id(self) -> None:
        copies = Counter(sent.extra_headers["Message-ID"] for sent in mail.outbox)
        assert set(copies) <= set(Delivery.objects.values_list("message_id", flat=True))
        assert sum(copies.values()) - len(copies) <= self.model.sent_twice

    @invariant()
    def lifting_told_everybody_who_had_the_order(self) -> None:
        for order in HaltOrder.objects.filter(state="lifted"):
            about = Delivery.objects.about(order.about)
            had_it = set(about.filter(letter="halt_order", state="sent").values_list("to_email", flat=True))
            told = list(about.filter(letter="halt_lifted").values_list("to_email", flat=True))
            assert had_it <= set(told)
            assert len(told) == len(set(told))

    def teardown(self) -> None:
        try:
            self._everything_comes_to_rest()
            self._only_legal_moves_were_made()
        finally:
            self._clock.stop()
            transaction.set_rollback(True)
            self._undo.__exit__(None, None, None)

    def _everything_comes_to_rest(self) -> None:
        """With no more faults nothing is lost: each open finding has its order, each order is told, nothing waits."""
        self._go_to(self.now + timedelta(days=2))
        for _ in range(2):
            self.the_order_stage_is_rung(1)
            self.the_step_stage_is_rung(1)
            deliver_due()
        assert not Delivery.objects.waiting().exists()
        stopped = {self.model.server_of[one] for one, order in self.model.orders.items() if order.state != "lifted"}
        for server, finding in self.model.open.items():
            assert server in stopped or finding in self.model.orders
        for order in HaltOrder.objects.filter(state="issued"):
            now_told = Delivery.objects.about(order.about).filter(facts__step=order.step - 1)
            assert {letter.state for letter in now_told} == {"sent"}
        self.every_order_is_where_the_model_has_it()

    def _only_legal_moves_were_made(self) -> None:
        assert not verify().faults
        for order in HaltOrder.objects.all():
            moves = Entry.objects.filter(object_type="halts.haltorder", object_id=str(order.pk)).exclude(before={})
            states = [(entry.before["state"], entry.after["state"]) for entry in moves]
            assert set(states) <= LEGAL
            assert len(states) == len(set(states))

    def _go_to(self, moment: datetime) -> None:
        self.now = moment
        self._traveller.move_to(moment, tick=False)


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_the_orders_live_by_their_rules() -> None:
    patient = settings(max_examples=20, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(LifeCycle, settings=patient)
