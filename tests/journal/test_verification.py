import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction

from journal.actor import ENGINE
from journal.models import Entry, Head
from journal.record import note
from journal.verification import verify
from tests.journal.tampering import tamper
from tests.world import NOON, make_vendor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_entries() -> None:
    vendor = make_vendor()
    for n in range(2, 11):  # the first entry is about the policy that came with the product
        note(vendor, f"verb {n}", by=ENGINE, at=NOON + timedelta(seconds=n), why="Because.", n=n)


def verify_journal(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_journal", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_an_untouched_journal_holds() -> None:
    found = verify()
    assert (found.entries, found.faults, found.head) == (10, (), Head.objects.get().hash)
    assert verify_journal() == (0, f"The journal holds: 10 entries, head {found.head[:16]}.\n")


@pytest.mark.parametrize(
    "change",
    [
        "why = 'Because not.'",
        "actor = 'user:1'",
        "verb = 'another'",
        "object_id = '99'",
        "at = '2026-11-21 13:00:00+00:00'",
        "after = '{\"n\": 40}'",
        "before = '{\"n\": 3}'",
        "ip = '192.0.2.1'",
    ],
)
def test_a_row_changed_behind_its_back_is_named(change: str) -> None:
    tamper(f"UPDATE journal_entry SET {change} WHERE position = 4")
    status, said = verify_journal()
    assert status == 1
    assert "Entry 4: Its content was changed after it was written" in said
    assert "The journal does NOT hold" in said


def test_the_command_speaks_json_and_exits_with_1() -> None:
    tamper("UPDATE journal_entry SET why = 'Because not.' WHERE position = 4")
    status, said = verify_journal("--json")
    told = json.loads(said)
    assert (status, told["ok"], told["entries"]) == (1, False, 10)
    assert [fault["position"] for fault in told["faults"]] == [4]


def test_a_row_changed_with_its_hash_is_found_by_the_next_one() -> None:
    entry = Entry.objects.get(position=4)
    entry.why = "Because not."
    tamper("UPDATE journal_entry SET why = %s, hash = %s WHERE position = 4", entry.why, entry.digest())
    assert [fault.position for fault in verify().faults] == [5]


def test_an_entry_taken_out_of_the_middle_is_named() -> None:
    tamper("DELETE FROM journal_entry WHERE position = 4")
    assert "Position 4 is missing before 5." in [fault.sentence for fault in verify().faults]


def test_entries_cut_off_the_end_are_found_through_the_head() -> None:
    tamper("DELETE FROM journal_entry WHERE position > 7")
    fault = verify().faults[-1]
    assert fault.sentence == "The journal ends at 7, but its head says 10: entries are missing."


def test_a_head_set_back_is_found_through_the_entries() -> None:
    seventh = Entry.objects.get(position=7)
    tamper("UPDATE journal_head SET position = 7, hash = %s", seventh.hash)
    assert verify().faults[-1].sentence == "The journal goes on to 10, but its head says 7: the head was set back."


def test_a_head_with_another_hash_is_found() -> None:
    tamper("UPDATE journal_head SET hash = %s", "f" * 64)
    assert "does not carry the hash" in verify().faults[-1].sentence


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal_entry SET why = 'x' WHERE position = 1",
        "UPDATE journal_entry SET position = 11 WHERE position = 10",
        "DELETE FROM journal_entry WHERE position = 1",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_entries(sql: str) -> None:
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not verify().faults


def test_the_database_refuses_to_replace_or_truncate_entries() -> None:
    columns = [field.column for field in Entry._meta.fields]
    others = ", ".join(f"'nobody' AS {column}" if column == "actor" else f'"{column}"' for column in columns)
    sql = "TRUNCATE journal_entry"
    if connection.vendor == "sqlite":
        sql = f"REPLACE INTO journal_entry SELECT {others} FROM journal_entry"
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not verify().faults
