"""A published version never changes: the database refuses, whoever asks."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import Error, IntegrityError, connection, transaction

from journal.actor import ENGINE
from journal.models import Entry
from journal.record import MoveRefused, move
from journal.verification import verify
from policies.apps import _bring_the_first
from policies.clauses import clauses
from policies.drafts import begin_draft
from policies.models import PolicyVersion
from policies.versions import latest
from policies.wording import sha256
from tests.amended import make_version
from tests.journal.tampering import put_triggers_back, take_triggers_away
from tests.world import NOON

pytestmark = pytest.mark.django_db
COLUMNS = [field.column for field in PolicyVersion._meta.fields]
TABLE = PolicyVersion._meta.db_table


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def everything() -> list[Any]:
    return list(PolicyVersion.objects.order_by("pk").values())


# ── number 1 ────────────────────────────────────────────────────────────────


def test_number_1_came_with_the_product_and_the_journal_says_so() -> None:
    first = PolicyVersion.objects.get()
    assert (first.number, first.state, first.published_by_name) == (1, "published", "Sluice")
    assert [one.id for one in first.written] == list(clauses())
    assert sha256(first.text) == first.sha256
    entry = Entry.objects.get(position=1)
    assert (entry.object_type, entry.object_id, entry.verb) == ("policies.policyversion", str(first.pk), "published")
    assert entry.after["sha256"] == first.sha256
    assert not verify().faults


def test_it_is_made_once_however_often_the_database_is_migrated() -> None:
    before = everything()
    for _ in range(2):
        call_command("migrate", verbosity=0)
    assert everything() == before
    assert Entry.objects.count() == 1


def test_it_is_made_again_after_a_flush() -> None:
    hashed = latest().sha256
    take_triggers_away()  # as a flush does that is meant
    PolicyVersion.objects.all().delete()
    put_triggers_back()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert latest().sha256 == hashed


def test_nothing_is_made_where_the_tables_are_not_there_yet() -> None:
    class NoApps:
        all_models: dict[str, dict[str, object]] = {"policies": {}, "journal": {}}

    before = everything()
    _bring_the_first(using="default", apps=NoApps)
    _bring_the_first(using="another", apps=apps)
    assert everything() == before


# ── what the database holds to ──────────────────────────────────────────────


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_a_published_version_changes(column: str) -> None:
    before = everything()
    with pytest.raises(Error, match="never changes"):
        run(f'UPDATE {TABLE} SET "{column}" = "{column}" WHERE number = 1')
    assert everything() == before


def test_a_published_version_is_not_removed_replaced_or_truncated() -> None:
    before = everything()
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        PolicyVersion.objects.all().delete()
    others = ", ".join(f"'Another' AS {column}" if column == "title" else f'"{column}"' for column in COLUMNS)
    sql = f"REPLACE INTO {TABLE} SELECT {others} FROM {TABLE}"
    if connection.vendor == "postgresql":
        sql = f"TRUNCATE {TABLE} CASCADE"  # without CASCADE the foreign keys of others refuse it first
    with pytest.raises(Error, match="never changes"):
        run(sql)
    assert everything() == before


def test_no_draft_takes_the_place_of_a_published_version() -> None:
    draft = begin_draft(by=ENGINE, at=NOON)
    before = everything()
    verb = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"
    for change in (f"id = {latest().pk}", "number = 1, state = 'published', effective_at = begun_at"):
        with pytest.raises(Error):
            run(f"{verb} {TABLE} SET {change} WHERE id = {draft.pk}")
    assert everything() == before


def test_a_published_version_moves_nowhere() -> None:
    for state in PolicyVersion.State.values:
        with pytest.raises(MoveRefused):
            move(latest(), state, by=ENGINE, at=NOON)


def test_a_draft_is_changed_published_and_then_never_changes() -> None:
    version = make_version("R5")
    with pytest.raises(Error, match="never changes"), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(note="Another note.")
    assert PolicyVersion.objects.get(number=2).note == "Read the words in colour."


def test_there_is_one_draft_at_most_and_it_has_no_number() -> None:
    draft = begin_draft(by=ENGINE, at=NOON)
    assert draft.number is None
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(title="x", clauses=[], thresholds={}, begun_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(number=7)
