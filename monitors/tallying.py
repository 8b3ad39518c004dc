"""The tally stage: count each vendor's standing over time anew, now and then.

The figures are for comparing and sorting many vendors; a vendor's own page counts for itself. A row that is counted
twice or late does no harm: it says when it was counted.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db.models import F

from engine.cycle import Sweep
from monitors.history import figures
from monitors.models import Finding, TrackRecord, Watch
from monitors.standing import Told, first_moment, told_of
from vendors.models import Vendor

BATCH = 8  # vendors in one sweep: one with thousands of watches takes a second
LEAST = timedelta(seconds=10)


def every() -> timedelta:
    """How old a record may get: two looks, after which there is something new to count."""
    return max(LEAST, 2 * timedelta(seconds=settings.WATCH_SECONDS))


def sweep(state: Sweep) -> None:
    """Count one batch: first those that have no record, then the oldest."""
    due = Vendor.objects.exclude(track_record__counted_at__gt=state.now - every())
    vendors = list(due.order_by(F("track_record__counted_at").asc(nulls_first=True), "pk")[:BATCH])
    state.claimed = len(vendors)
    if vendors:
        with state.each(f"the track record of {len(vendors)} vendors"):
            count(vendors, state.now)


def count(vendors: Sequence[Vendor], now: datetime) -> None:
    """Count and store, in a fixed number of queries."""
    told: dict[int, list[Told]] = defaultdict(list)
    for one in told_of(Watch.objects.filter(vendor__in=[vendor.pk for vendor in vendors]), now):
        told[one.watch.vendor_id].append(one)
    cleared = _cleared(vendors, first_moment(now))
    rows = [_record(vendor, told[vendor.pk], cleared[vendor.pk], now) for vendor in vendors]
    TrackRecord.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["vendor"],
        update_fields=[
            *("counted_at", "uptime_30", "uptime_90", "unseen_30", "unseen_90", "cleared", "median_to_clear")
        ],
    )


def _record(vendor: Vendor, told: Sequence[Told], cleared: Sequence[float], now: datetime) -> TrackRecord:
    histories = [one.history for one in told]
    month = figures(histories, since=first_moment(now, 30))
    quarter = figures(histories)
    return TrackRecord(
        vendor=vendor,
        counted_at=now,
        uptime_30=month.uptime,
        uptime_90=quarter.uptime,
        unseen_30=month.unseen if month.watched else None,
        unseen_90=quarter.unseen if quarter.watched else None,
        cleared=len(cleared),
        median_to_clear=median(cleared) if cleared else None,
    )


def _cleared(vendors: Sequence[Vendor], since: datetime) -> dict[int, list[float]]:
    """How many seconds each finding stood that was closed since then, by vendor."""
    found: dict[int, list[float]] = defaultdict(list)
    rows = Finding.objects.filter(vendor__in=[vendor.pk for vendor in vendors], closed_at__gte=since)
    for vendor, opened_at, closed_at in rows.order_by().values_list("vendor_id", "opened_at", "closed_at"):
        if closed_at:
            found[vendor].append(max(0.0, (closed_at - opened_at).total_seconds()))
    return found
