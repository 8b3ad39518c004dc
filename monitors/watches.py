"""Verbs on watches that people call; the sweeps do the rest."""

from datetime import datetime

from django.db import models

from journal.actor import Actor
from journal.record import note, turn
from monitors import checks
from monitors.models import WatchQuerySet


def look_now(watches: WatchQuerySet, of: models.Model, *, by: Actor, at: datetime) -> int:
    """Make these watches due at once, and note that somebody asked it of `of`, a vendor or a server; how many there
    were.

    One that is being looked at this moment keeps its lease and its grid: its result arrives just as soon.
    """
    with turn():
        watches = watches.exclude(check_id__startswith=checks.ATTESTED)  # no machine can look at those
        count = watches.count()
        type_of = watches.model
        free = type_of._base_manager.filter(pk__in=watches.values("pk"), lease_until=None)
        free.update(next_action_at=at)
        note(of, "look now", by=by, at=at, watches=count)
    return count
