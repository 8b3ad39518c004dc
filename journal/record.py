"""`move()` and `note()`: the only writers of states and of the journal; `turn()`: the transaction around several."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models, transaction

from journal.actor import Actor
from journal.models import Entry, Head


class MoveRefused(Exception):
    """The row was not in the state that the move starts from; nothing was changed."""


class Stateful(Protocol):
    """A row with a state: its model lists the states each state may move to in `MOVES`."""

    pk: Any
    state: str
    MOVES: Mapping[str, frozenset[str]]


@contextmanager
def turn() -> Iterator[Head]:
    """A transaction that takes its turn at the journal before it touches any row; yields the journal's head.

    Whoever changes rows and tells the journal in one transaction opens it with this. Of two such transactions the
    second waits here and holds nothing yet, so they can never wait for each other's rows (a deadlock, on PostgreSQL).
    """
    with transaction.atomic():
        head, _ = Head.objects.select_for_update().get_or_create(id=1)
        yield head


def move(
    row: models.Model,
    to: str,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    changes: Mapping[str, Any] | None = None,
    sealed: Mapping[str, Any] | None = None,
    only_if: Mapping[str, Any] | None = None,
) -> None:
    """Move `row` to state `to`, with the other `changes` of the same event, and write one entry.

    `sealed` changes are stored in the row too, but the journal keeps only their SHA-256: for texts that are long or
    personal, which must be provable and may have to be erased. The UPDATE is conditional on the state that `row` has
    in memory (and on `only_if`, such as a lease's token), so of two that try at once one wins. Raises MoveRefused
    when the move is not in MOVES or somebody else was first; `row` is then unchanged.
    """
    start: str = row.state  # type: ignore[attr-defined]
    moves: Mapping[str, frozenset[str]] = row.MOVES  # type: ignore[attr-defined]
    name = type(row).__name__
    if to not in moves.get(start, frozenset()):
        raise MoveRefused(f"{name} {row.pk} cannot go from {start} to {to}.")
    recorded = dict(changes or {})
    values = recorded | dict(sealed or {})
    with turn() as head:
        before = {"state": start} | {field: getattr(row, field) for field in recorded}
        won = type(row)._base_manager.filter(pk=row.pk, state=start, **(only_if or {})).update(state=to, **values)
        if not won:
            raise MoveRefused(f"{name} {row.pk} is no longer {start}; somebody else changed it first.")
        seals = {field: _seal(value) for field, value in (sealed or {}).items()}
        _append(head, row, to, by, at, why, before, {"state": to} | recorded | seals)
    for field, value in {"state": to, **values}.items():
        setattr(row, field, value)


def note(row: models.Model, verb: str, *, by: Actor, at: datetime, why: str = "", **facts: Any) -> Entry:
    """Write that `verb` happened to `row`, with `facts`; changes nothing but the journal."""
    with turn() as head:
        return _append(head, row, verb, by, at, why, {}, facts)


def _append(
    head: Head,
    row: models.Model,
    verb: str,
    by: Actor,
    at: datetime,
    why: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Entry:
    entry = Entry(
        position=head.position + 1,
        at=at.astimezone(UTC),
        actor=str(by)[:200],
        ip=by.ip,
        verb=verb,
        object_type=row._meta.label_lower,
        object_id=str(row.pk),
        before=_plain(before),
        after=_plain(after),
        why=why,
        previous_hash=head.hash,
    )
    entry.hash = entry.digest()
    entry.save(force_insert=True)
    Head.objects.filter(id=1).update(position=entry.position, hash=entry.hash)
    return entry


def _seal(value: Any) -> str:
    return f"sha256:{hashlib.sha256(str(value).encode()).hexdigest()}"


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What reads back from JSON, on every database, as it was written: the hash is over what was written."""
    return {str(name): _plain_value(value) for name, value in facts.items()}


def _plain_value(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return _plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain_value(part) for part in value]
    return str(value)
