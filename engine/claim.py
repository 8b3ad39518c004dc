"""Claiming due rows with a lease, by a conditional UPDATE whose row count says who won.

A lease that ends later than any lease can was taken before the clock was set back: it is taken for lapsed.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from engine.cycle import CLOCK_STEP
from engine.many import among
from engine.models import Duty

log = logging.getLogger(__name__)
D = TypeVar("D", bound=Duty)


def due(rows: QuerySet[D], now: datetime) -> QuerySet[D]:
    """The rows whose moment has come and that nobody holds."""
    return rows.filter(_free(now, timedelta(seconds=settings.LEASE_SECONDS)), next_action_at__lte=now)


def _free(now: datetime, lease: timedelta) -> Q:
    possible = now + lease + timedelta(seconds=CLOCK_STEP)  # another host's clock may be a little ahead
    return Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=possible)


def claim(rows: QuerySet[D], *, now: datetime, lease: timedelta, limit: int) -> list[D]:
    """Take at most `limit` due rows of `rows`, oldest first unless `rows` has an order of its own.

    Of several that claim at once each row goes to one; the others get other rows or none. The caller works outside a
    transaction and gives each row back with `release` or a move guarded by `lease_token`.
    """
    token, picked = claim_keys(rows, now=now, lease=lease, limit=limit)
    if not picked:
        return []
    won = rows.model._base_manager.filter(pk__in=among(picked), lease_token=token)
    if rows.query.select_related:
        won.query.select_related = rows.query.select_related
    return list(won.order_by(*(rows.query.order_by or ("next_action_at",))))


def claim_keys(rows: QuerySet[D], *, now: datetime, lease: timedelta, limit: int) -> tuple[UUID, list[Any]]:
    """The same for those who take thousands and need few columns of each: (the lease's token, the keys that may have
    been won). Which were won, the token in the rows says."""
    free = rows.filter(_free(now, lease), next_action_at__lte=now)
    if not free.query.order_by:
        free = free.order_by("next_action_at")
    token = uuid4()
    with transaction.atomic():
        wanted = free.values_list("pk", flat=True)
        if connection.features.has_select_for_update_skip_locked:  # spares losers a wait; the UPDATE decides
            wanted = wanted.select_for_update(skip_locked=True, of=("self",))
        picked = list(wanted[:limit])
        if picked:
            still_free = rows.model._base_manager.filter(
                _free(now, lease), pk__in=among(picked), next_action_at__lte=now
            )
            if not still_free.update(lease_token=token, lease_until=now + lease):
                picked = []
    return token, picked


def release(row: Duty, **changes: Any) -> bool:
    """Give `row` back with `changes`; False when its lease lapsed and another has it, and then nothing is changed."""
    values = {"lease_token": None, "lease_until": None} | changes
    held = type(row)._base_manager.filter(pk=row.pk, lease_token=row.lease_token)
    if not held.update(**values):
        log.warning("late finisher: %s %s was taken over; its changes are dropped", type(row).__name__, row.pk)
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True
