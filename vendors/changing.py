"""What the register's verbs share: a row is changed or moved and the journal told, in one transaction, or refused."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from journal.actor import Actor
from journal.record import MoveRefused, move, note, turn
from vendors.models import Vendor


def refuse_retired(vendor: Vendor) -> None:
    if vendor.state == Vendor.State.RETIRED:
        raise ValidationError(f"{vendor} is retired. Reinstate the vendor first.", code="retired")


def shift(row: models.Model, to: str, *, by: Actor, at: datetime, why: str) -> None:
    """Move to a state; to be there already is no fault."""
    if row.state == to:  # type: ignore[attr-defined]
        return
    try:
        move(row, to, by=by, at=at, why=why)
    except MoveRefused as refused:
        raise ValidationError(f"{row} was changed by somebody else just now. Look again.", code="moved") from refused


def change(
    row: models.Model,
    values: dict[str, Any],
    verb: str,
    *,
    by: Actor,
    at: datetime,
    unrecorded: dict[str, str] | None = None,
    voids: dict[str, Any] | None = None,
) -> None:
    """Store what differs and note it; nothing when nothing does. Of `unrecorded` fields the journal has only names.

    `voids` are written with any change, whatever `row` held when it was read: a proof may have come in since.
    """
    new = {field: value for field, value in (values | (unrecorded or {})).items() if getattr(row, field) != value}
    if not new:
        return
    told = {field: value for field, value in new.items() if field in values}
    void: dict[str, Any] = {"void": sorted(voids)} if voids else {}
    was = {field: getattr(row, field) for field in told}
    with turn():
        type(row)._base_manager.filter(pk=row.pk).update(**new, **(voids or {}))
        note(row, verb, by=by, at=at, fields=sorted(new), was=was, now=told, **void)
    for field, value in (new | (voids or {})).items():
        setattr(row, field, value)
