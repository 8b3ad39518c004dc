"""The prune stage: old readings go, but for those that somebody may still ask about.

What stays however old: the readings around each finding, from a little before its first to its close, and the newest of
each watch. Findings, orders and the journal are never pruned.
"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from engine.cycle import Sweep
from monitors.models import Finding, Observation

BATCH = 2000  # rows in one sweep: short enough for nobody to wait at SQLite's one lock
REST = 3600.0  # s until the next search, once nothing is left
_rests_until = 0.0  # by the monotonic clock; of this process only, because one search too many does no harm


def sweep(state: Sweep) -> None:
    """Delete one batch of what is old; hourly, or in each sweep while there is more."""
    global _rests_until
    if time.monotonic() < _rests_until:
        return
    state.claimed = prune(state.now)
    if state.claimed < BATCH:
        _rests_until = time.monotonic() + REST


def prune(now: datetime) -> int:
    """Delete at most BATCH old readings; how many they were."""
    old = list(prunable(now).order_by("last_at").values_list("pk", flat=True)[:BATCH])
    if not old:
        return 0
    return Observation.objects.filter(pk__in=old).delete()[0]


def prunable(now: datetime) -> QuerySet[Observation]:
    """Readings older than KEEP_OBSERVATIONS_DAYS that belong to no finding and are not the newest of their path."""
    before = timedelta(seconds=4 * settings.WATCH_SECONDS)  # a few clear readings show what was so before
    around = Finding.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=OuterRef("first_at")),
        watch=OuterRef("watch"),
        first_seen_at__lte=OuterRef("last_at") + before,
    )
    return Observation.objects.filter(
        ~Exists(around), is_latest=False, last_at__lt=now - timedelta(days=settings.KEEP_OBSERVATIONS_DAYS)
    )
