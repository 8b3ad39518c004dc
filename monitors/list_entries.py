"""What people at the desk changed in the catalogue of blocklists: changing it, taking it back, and what is in force.

Every process learns of a change within settings.LIST_ENTRIES_SECONDS, by one small query that is made only when
somebody asks for the catalogue, and never in the middle of a round's questions. What the fields mean, and what they may
hold, is the business of `monitors.catalogue`.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import Error, transaction

from journal.actor import Actor
from journal.record import note, turn
from monitors import catalogue
from monitors.models import ListEntry

log = logging.getLogger(__name__)
Laid = tuple[tuple[str, str], ...]  # the list's id, its fields as JSON: what a cache can be kept by

# What this process knows of it, and when it asked (the monotonic clock's s; None: ask now). One per process, because
# the catalogue is.
_laid: Laid = ()
_asked_at: float | None = None


def in_force() -> Laid:
    """What is laid over the catalogue; at most settings.LIST_ENTRIES_SECONDS old. Without a database, nothing."""
    global _laid, _asked_at
    patience: float | None = settings.LIST_ENTRIES_SECONDS
    if patience is None:
        return ()
    if (_asked_at is None or time.monotonic() - _asked_at >= patience) and not _is_in_event_loop():
        try:
            rows = ListEntry.objects.order_by("list_id").values_list("list_id", "fields")
            _laid = tuple((name, json.dumps(fields, sort_keys=True)) for name, fields in rows)
        except Error:
            log.warning("what the desk changed in the catalogue could not be read; going by what was known before")
        _asked_at = time.monotonic()
    return _laid


def change(list_id: str, fields: Mapping[str, Any], *, by: Actor, by_name: str, at: datetime) -> None:
    """Lay these fields over the list `list_id`, or take back what is there when there are none. CatalogueRefused, with
    the sentence, when they do not fit."""
    if fields:
        catalogue.refuse(settings.BLOCKLISTS, settings.BLOCKLIST_KEYS, list_id, fields)
    with turn():
        row = ListEntry.objects.select_for_update().filter(list_id=list_id).first()
        was = dict(row.fields) if row else {}
        if dict(fields) == was:
            return
        row = row or ListEntry(list_id=list_id)
        row.fields, row.changed_at, row.changed_by_name = dict(fields), at, by_name
        if fields:
            row.save()
        note(row, "changed" if fields else "taken back", by=by, at=at, list=list_id, was=_told(was), now=_told(fields))
        if not fields:
            row.delete()
    transaction.on_commit(look_again)


def look_again() -> None:
    """Have this process ask when next somebody wants to know: a page that another process redirected to must not be
    older than the change."""
    global _asked_at
    _asked_at = None


def _told(fields: Mapping[str, Any]) -> str:
    """As the journal keeps it: JSON, whose numbers read back as they were."""
    return json.dumps(dict(fields), ensure_ascii=False, sort_keys=True)


def _is_in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
