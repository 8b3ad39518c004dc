"""When we cannot see: no order, nothing opened, nothing closed, staff told once, and sight comes back by itself."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lab.mail import Mail
from tests.line.gate import COP, PATIENCE, STAFF, ZEN, Gate, is_blindness, is_order

pytestmark = pytest.mark.slow
QUICK: dict[str, object] = {
    "SWEEP_SECONDS": 0.3,
    "WATCH_SECONDS": 1,
    "CONFIRM_SPACING_SECONDS": 0.3,
    "BLIND_SECONDS": 1,
    "LEASE_SECONDS": 3,
}
FINDINGS = "SELECT server_id, state FROM monitors_finding WHERE state = 'open' ORDER BY id"
NOT_UNKNOWN = "SELECT count(*) FROM monitors_watch WHERE check_id LIKE 'dnsbl:%' AND verdict != 'unknown'"


def all_paths(mood: str) -> Callable[[Gate], None]:
    def put(gate: Gate) -> None:
        for path in gate.paths:
            path.set_mood(mood)

    return put


def all_lists(mood: str) -> Callable[[Gate], None]:
    def put(gate: Gate) -> None:
        for zone in (ZEN, COP):
            gate.world.set_mood(zone, mood)

    return put


def refused_and_parked(gate: Gate) -> None:
    gate.world.set_mood(ZEN, "refuse_code", code="127.255.255.254")
    gate.world.set_mood(COP, "park")


FAULTS: dict[str, Callable[[Gate], None]] = {
    "the resolver is dead": all_paths("silent"),
    "the resolver says SERVFAIL": all_paths("servfail"),
    "everything is NXDOMAIN": all_paths("nxdomain_everything"),
    "everything is listed": all_lists("wildcard"),
    "one list refuses and the other is parked": refused_and_parked,
}


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Gate]:
    """A healthy Sluice. The first server has an open finding and its order; there is a further one for each fault."""
    with Gate(tmp_path_factory.mktemp("gate"), servers=1 + len(FAULTS), prepared=prepared, **QUICK) as gate:
        gate.wait_until_clear()
        gate.world.list(ZEN, gate.addresses[0])
        gate.wait_for_orders(1)
        yield gate


@pytest.fixture
def undone(gate: Gate) -> Iterator[None]:
    yield
    all_paths("normal")(gate)
    all_lists("normal")(gate)
    gate.wait_for("SELECT count(*) FROM monitors_sight WHERE state != 'seeing'", (0,))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.usefixtures("undone")
def test_nothing_is_ordered_opened_or_closed_while_we_cannot_see(gate: Gate, fault: str) -> None:
    _forget_that_staff_were_told(gate)
    number = 1 + list(FAULTS).index(fault)
    open_before, orders_before = gate.sluice.rows(FINDINGS), _orders(gate)
    letters_before = len(_blindness(gate))
    assert len(open_before) >= 1

    FAULTS[fault](gate)
    gate.wait_for(NOT_UNKNOWN, (0,))
    gate.sink.mailbox.wait_for(letters_before + 1, timeout=PATIENCE, matching=is_blindness)
    gate.let_sweeps_pass(1)
    assert gate.sluice.rows(NOT_UNKNOWN) == [(0,)]
    assert (gate.sluice.rows(FINDINGS), _orders(gate)) == (open_before, orders_before)
    [letter] = _blindness(gate)[letters_before:]
    assert letter.recipients == (STAFF,)
    assert "We cannot see any blocklist" in letter.subject

    gate.world.list(ZEN, gate.addresses[number])
    all_paths("normal")(gate)
    all_lists("normal")(gate)
    gate.wait_for_orders(orders_before + 1)
    assert gate.sluice.rows(FINDINGS)[: len(open_before)] == open_before
    assert len(_blindness(gate)) == letters_before + 1


def test_after_all_of_it_the_journal_holds_and_each_order_was_mailed_once(gate: Gate) -> None:
    assert "The journal holds" in gate.sluice.manage("verify-journal").stdout
    mails = [mail for mail in gate.sink.messages if is_order(mail)]
    assert len({mail.message_id for mail in mails}) == len(mails) == 1 + len(FAULTS)
    assert gate.sluice.stop() == 0


def _orders(gate: Gate) -> int:
    return int(gate.sluice.rows("SELECT count(*) FROM halts_haltorder")[0][0])


def _blindness(gate: Gate) -> list[Mail]:
    return [mail for mail in gate.sink.messages if is_blindness(mail)]


def _forget_that_staff_were_told(gate: Gate) -> None:
    """As if the last blindness lay seven hours back: staff are not told again sooner."""
    with sqlite3.connect(gate.sluice.home / "sluice.sqlite3", timeout=20) as database:
        database.execute("UPDATE monitors_sight SET told_at = datetime(told_at, '-7 hours')")
    database.close()
