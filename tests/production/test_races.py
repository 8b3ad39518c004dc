"""Many at once on PostgreSQL: what the row count, the unique constraints and the journal's turn are for."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from engine.claim import claim, release
from engine.cycle import Sweep
from halts import orders
from halts.models import HaltOrder
from halts.orders import OrderRefused
from halts.sweep import sweep_findings, sweep_orders
from journal.actor import ENGINE, Actor
from journal.models import Entry
from journal.record import note
from journal.verification import verify
from monitors.models import Finding, Watch
from notices import codes, links
from notices.models import Delivery
from tests.halted import make_order, make_order_token
from tests.monitored import make_finding
from tests.world import NOON, make_contact, make_server, make_vendor
from vendors import domains
from vendors.models import AddressCode, Domain

pytestmark = [pytest.mark.production, pytest.mark.usefixtures("committed")]
DANA = Actor("user", "7 (it)")
LEASE = timedelta(seconds=60)


def all_at_once(*work: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with a connection of its own; what each gave back, or the exception that it ended with."""
    results: list[Any] = [None] * len(work)
    ready = threading.Barrier(len(work))

    def run(place: int) -> None:
        try:
            ready.wait()
            results[place] = work[place]()
        except Exception as error:  # noqa: BLE001  the test looks at it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def test_claimers_at_once_never_get_the_same_row_and_together_get_all() -> None:
    server = make_server(make_vendor())
    Watch.objects.bulk_create(
        Watch(server=server, vendor=server.vendor, check_id=f"dnsbl:list{n}", since=NOON, next_action_at=NOON)
        for n in range(200)
    )

    def work() -> list[int]:
        mine = []
        while rows := claim(Watch.objects.running(), now=NOON, lease=LEASE, limit=7):
            mine += [row.pk for row in rows]
        return mine

    claimed = Counter(pk for mine in all_at_once(*[work] * 8) for pk in mine)
    assert len(claimed) == 200
    assert set(claimed.values()) == {1}


def test_rows_given_back_and_claimed_again_are_held_by_one_at_a_time() -> None:
    server = make_server(make_vendor())
    Watch.objects.create(server=server, vendor=server.vendor, check_id="dnsbl:one", since=NOON, next_action_at=NOON)

    def work() -> int:
        done = 0
        for _ in range(30):
            for row in claim(Watch.objects.all(), now=NOON, lease=LEASE, limit=1):
                assert release(row, rounds=row.rounds + 1)
                done += 1
        return done

    assert sum(all_at_once(*[work] * 6)) == Watch.objects.get().rounds


def test_notes_at_once_make_one_chain_without_gaps() -> None:
    vendor = make_vendor()

    def work() -> None:
        for _ in range(20):
            note(vendor, "looked", by=ENGINE, at=NOON)

    assert all_at_once(*[work] * 6) == [None] * 6
    positions = list(Entry.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, 122))  # the first is about the policy that came with the product
    assert not verify().faults


def test_a_domain_that_workers_meet_at_once_is_met_once() -> None:
    vendor = make_vendor()
    met = all_at_once(*[lambda: domains.meet(vendor, "alder.example", at=NOON)] * 6)
    assert met == [Domain.objects.get()] * 6
    assert Entry.objects.filter(verb="met").count() == 1


def test_the_journal_can_be_verified_while_it_is_written() -> None:
    vendor = make_vendor()

    def write() -> None:
        for _ in range(100):
            note(vendor, "looked", by=ENGINE, at=NOON)

    def read() -> list[Any]:
        return [fault for _ in range(20) for fault in verify().faults]

    assert all_at_once(write, write, read, read) == [None, None, [], []]


def test_fifty_races_for_a_finding_give_one_order() -> None:
    server = make_server(make_vendor())
    finding = make_finding(server)

    def work() -> tuple[HaltOrder, bool]:
        return orders.issue(server.vendor, server=server, finding=finding, reason="Stop.", by=ENGINE, at=NOON)

    results = all_at_once(*[work] * 25, *[lambda: sweep_findings(Sweep(NOON))] * 25)
    issued = [result for result in results if isinstance(result, tuple)]
    assert not [result for result in results if isinstance(result, Exception)]
    assert {order.pk for order, _ in issued} == {HaltOrder.objects.get().pk}


def test_the_database_refuses_a_second_open_finding_of_a_watch() -> None:
    server = make_server(make_vendor())
    make_finding(server)
    results = all_at_once(*[lambda: make_finding(server)] * 4)
    assert [type(result).__name__ for result in results] == ["IntegrityError"] * 4
    assert Finding.objects.count() == 1


def test_answers_lifts_and_steps_at_once_never_wait_for_each_other_in_a_circle() -> None:
    """Whoever changes rows and tells the journal takes their turn at the journal first; else PostgreSQL would end one
    of them with 'deadlock detected'."""
    vendor = make_vendor()
    contacts = [make_contact(vendor, f"Contact {n}", rank=n + 1) for n in range(3)]
    stale = [make_order(vendor) for _ in range(12)]
    sweep_orders(Sweep(NOON))
    tokens = {(order.pk, one.pk): make_order_token(order, one) for order in stale for one in contacts}
    late = NOON + timedelta(days=1)

    def answer() -> None:
        for order in random.sample(stale, len(stale)):
            for contact in contacts:
                link = links.find(tokens[order.pk, contact.pk], orders.ACKNOWLEDGE, NOON)
                if link:
                    orders.acknowledge(HaltOrder.objects.get(pk=order.pk), name=contact.name, link=link, at=NOON)

    def lift() -> None:
        for order in random.sample(stale, len(stale)):
            try:
                orders.lift(HaltOrder.objects.get(pk=order.pk), reason="Cured.", by=DANA, by_name="Dana", at=late)
            except OrderRefused:
                continue

    def step() -> None:
        for minute in range(10):
            state = Sweep(late + timedelta(hours=minute))
            sweep_orders(state)
            assert not state.failed, state.error

    def send() -> None:
        for _ in range(40):
            for one in claim(Delivery.objects.waiting(), now=late, lease=LEASE, limit=1):
                release(one, attempts=one.attempts + 1)

    results = all_at_once(answer, answer, lift, lift, step, step, send)
    assert [result for result in results if result is not None] == []
    assert set(HaltOrder.objects.values_list("state", flat=True)) == {"lifted"}
    for order in stale:
        moves = Entry.objects.filter(object_type="halts.haltorder", object_id=str(order.pk)).exclude(before={})
        said = [(entry.before["state"], entry.after["state"]) for entry in moves.order_by("position")]
        assert said in ([("issued", "lifted")], [("issued", "acknowledged"), ("acknowledged", "lifted")])
    assert not verify().faults


def test_fifty_guesses_of_a_code_at_once_are_five() -> None:
    vendor = make_vendor()
    code = codes.send_code(vendor, "legal@alder.example.net", "letters", by=DANA, at=NOON)

    def guess(step: int) -> Callable[[], Any]:
        typed = f"{(int(codes.digits_of(code)) + step) % 1_000_000:06d}"
        return lambda: codes.check_code(vendor, code.email, "letters", typed, by=DANA, at=NOON)

    results = all_at_once(*[guess(step) for step in range(1, 51)])
    assert {type(result) for result in results} == {codes.CodeRefused}
    code.refresh_from_db()
    assert code.tries == AddressCode.MOST_TRIES
