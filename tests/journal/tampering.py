"""Changing what never changes (the journal, published policies) behind its back, as somebody with the database's own
shell could."""

import importlib
from typing import Any

from django.db import connection

triggers = [
    importlib.import_module("journal.migrations.0002_append_only"),
    importlib.import_module("policies.migrations.0002_published_never_changes"),
]


class _Shell:
    """As much of a schema editor as the migration needs; the real one wants to be outside a transaction."""

    connection = connection

    @staticmethod
    def execute(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)


def take_triggers_away() -> None:
    for one in triggers:
        one.remove(None, _Shell)


def put_triggers_back() -> None:
    for one in triggers:
        one.install(None, _Shell)


def tamper(sql: str, *values: Any) -> None:
    """Run one statement while the triggers are gone."""
    take_triggers_away()
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
    finally:
        put_triggers_back()
