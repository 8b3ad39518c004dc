"""Thousands of rows at a time: their keys as one parameter of a query, and an UPDATE of each in one call.

Django spells each key out, and composes each UPDATE anew; for thousands both take longer than the database does.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL


def among(keys: Iterable[int]) -> RawSQL:
    """The right side of an `__in`: rows whose key is one of these."""
    wanted = [int(key) for key in keys]
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [wanted])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(wanted)])


def update_each(
    model: type[models.Model], rows: Mapping[int, Mapping[str, Any]], *, same: Mapping[str, Any] | None = None
) -> None:
    """Write each row's own values, by its key, and those that are the `same` for all; every row names the same fields.
    In the caller's transaction, which holds the rows: nothing is asked about them here."""
    if not rows:
        return
    names = list(next(iter(rows.values())))
    prepare = [model._meta.get_field(name).get_db_prep_save for name in names]  # type: ignore[union-attr]  # columns
    shared = [model._meta.get_field(name).get_db_prep_save(value, connection) for name, value in (same or {}).items()]  # type: ignore[union-attr]
    assigned = ", ".join(f"{_column(model, name)} = %s" for name in (*(same or ()), *names))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {assigned} WHERE id = %s",  # noqa: S608  names of ours
            [
                [*shared, *(field(values[name], connection) for name, field in zip(names, prepare, strict=True)), key]
                for key, values in rows.items()
            ],
        )


def _column(model: type[models.Model], name: str) -> str:
    column: Any = getattr(model._meta.get_field(name), "column", name)
    return connection.ops.quote_name(column)
