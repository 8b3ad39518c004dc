import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from journal.actor import ENGINE, Actor
from journal.models import Head
from journal.record import MoveRefused, move, note, turn
from journal.verification import verify
from tests.world import NOON, entries, make_vendor
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
DANA = Actor("user", "7 (it)", "192.0.2.9")


def test_a_move_changes_the_row_and_writes_who_when_and_why() -> None:
    vendor = make_vendor()
    move(vendor, Vendor.State.RETIRED, by=DANA, at=NOON, why="They left.", changes={"name": "Gone"})
    entry = entries().get()
    vendor.refresh_from_db()
    assert (vendor.state, vendor.name) == ("retired", "Gone")
    assert (entry.verb, entry.actor, entry.ip, entry.why) == ("retired", "user:7 (it)", "192.0.2.9", "They left.")
    assert (entry.object_type, entry.object_id, entry.at) == ("vendors.vendor", str(vendor.pk), NOON)
    assert entry.before["state"] == "active"
    assert entry.after == {"state": "retired", "name": "Gone"}


def test_a_move_that_the_model_does_not_know_is_refused_and_leaves_everything_as_it_was() -> None:
    vendor = make_vendor()
    with pytest.raises(MoveRefused, match="cannot go from active to active"):
        move(vendor, Vendor.State.ACTIVE, by=DANA, at=NOON)
    vendor.refresh_from_db()
    assert vendor.state == "active"
    assert not entries().exists()


def test_of_two_who_move_the_same_row_one_wins_and_the_other_changes_nothing() -> None:
    first = make_vendor()
    second = Vendor.objects.get(pk=first.pk)
    move(first, Vendor.State.RETIRED, by=DANA, at=NOON, changes={"name": "First"})
    with pytest.raises(MoveRefused, match="somebody else changed it first"):
        move(second, Vendor.State.RETIRED, by=DANA, at=NOON, changes={"name": "Second"})
    assert (second.state, Vendor.objects.get().name) == ("active", "First")
    assert entries().count() == 1


def test_a_move_with_a_condition_that_does_not_hold_is_refused() -> None:
    vendor = make_vendor("Alder")
    with pytest.raises(MoveRefused):
        move(vendor, Vendor.State.RETIRED, by=DANA, at=NOON, only_if={"name": "Birch"})
    assert Vendor.objects.get().state == "active"


def test_the_change_and_its_entry_are_stored_together_or_not_at_all() -> None:
    vendor = make_vendor()

    def retire_and_stumble() -> None:
        with turn():
            move(vendor, Vendor.State.RETIRED, by=DANA, at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        retire_and_stumble()
    assert Vendor.objects.get().state == "active"
    assert not entries().exists()
    note(vendor, "added", by=ENGINE, at=NOON)
    assert entries().get().position == 2
    assert not verify().faults


def test_a_sealed_value_is_in_the_row_and_only_its_hash_in_the_journal() -> None:
    vendor = make_vendor()
    move(vendor, Vendor.State.RETIRED, by=DANA, at=NOON, sealed={"name": "A long letter"})
    assert Vendor.objects.get().name == "A long letter"
    assert entries().get().after["name"] == f"sha256:{hashlib.sha256(b'A long letter').hexdigest()}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT after FROM journal_entry")
        assert "long letter" not in str(cursor.fetchall())


def test_positions_have_no_gaps_and_the_head_remembers_the_last() -> None:
    vendor = make_vendor()
    written = [note(vendor, f"looked {n}", by=ENGINE, at=NOON + timedelta(seconds=n)) for n in range(5)]
    assert [entry.position for entry in written] == [2, 3, 4, 5, 6]
    assert [entry.previous_hash for entry in written[1:]] == [entry.hash for entry in written[:-1]]
    head = Head.objects.get()
    assert (head.position, head.hash) == (6, written[-1].hash)


def test_whatever_the_facts_are_they_read_back_as_they_were_hashed() -> None:
    vendor = make_vendor()
    note(
        vendor,
        "measured",
        by=ENGINE,
        at=NOON,
        moment=NOON,
        vendor=vendor,
        ids=[UUID(int=1), None, True],
        numbers={1: 1e300, 10: -0.0, 9: 0.1, "far": 10**20},
        words="Zoë «…» \u2028 \U0001f4e8",
        nested={"b": {"a": ("x", {"y"})}},
    )
    assert not verify().faults
    after = entries().get().after
    assert after["moment"] == "2026-11-21T12:00:00.000000+00:00"
    assert after["vendor"] == str(vendor.pk)
    assert after["numbers"]["1"] == "1e+300"
