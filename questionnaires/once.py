"""Telling once: `keyed` leaves out the rows that were told of already, `once` writes that one is told of now."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from questionnaires.models import Reminder


def keyed(rows: QuerySet[Any], start: str, *columns: str) -> QuerySet[Any]:
    """The rows without a reminder of this kind. Each gets `reminder_key`: `start`, and its columns with colons."""
    parts: list[Value | Cast] = [Value(start, CharField())]
    for position, column in enumerate(columns):
        parts += [Value(":", CharField())] if position else []
        parts.append(Cast(column, CharField()))
    told = Reminder.objects.filter(key=OuterRef("reminder_key"))
    found: QuerySet[Any] = rows.annotate(reminder_key=Concat(*parts, output_field=CharField())).filter(~Exists(told))
    return found


def key_of(start: str, column: str) -> Concat:
    """The same key of one column, seen from a subquery about reminders."""
    return Concat(Value(start, CharField()), Cast(OuterRef(column), CharField()), output_field=CharField())


def once(key: str, at: datetime) -> bool:
    """True for the first who asks; the others come too late. To be asked in one transaction with what it is about."""
    _, is_first = Reminder.objects.get_or_create(key=key, defaults={"at": at})
    return is_first
