"""The brake on mass listings: a list that newly names too many unrelated servers is held for a person.

Healthy lists have had bad data before, with test entries that were fine. Servers of one vendor are related: that all of
them are listed is what a listing looks like. Listings of many vendors within one cycle are not.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Count, QuerySet

from journal.actor import ENGINE, Actor
from journal.record import move, note, turn
from monitors import checks
from monitors.models import Finding, Quarantine, Watch
from monitors.probes.reading import Verdict
from notices import outbox
from notices.models import Delivery
from notices.staff import staff

BELIEVED = timedelta(hours=24)  # a person who released a list is not contradicted for so long


def quarantined() -> frozenset[str]:
    """The lists whose word waits for a person."""
    return frozenset(Quarantine.objects.standing().values_list("list_id", flat=True))


def hold_back(list_ids: Iterable[str], suspects: Iterable[Watch], now: datetime) -> frozenset[str]:
    """Which of these lists named too much at once; each is put into quarantine, and staff are told once.

    `suspects` are watches that turned adverse just now and are not stored yet. When several vendors are newly listed,
    all other watches of the list are made due, so that it shows within one round whether that is all.
    """
    fresh: dict[str, set[int]] = defaultdict(set)
    for watch in suspects:
        fresh[watch.check_id.removeprefix(checks.DNSBL)].add(watch.vendor_id)
    held = set()
    for list_id in sorted(set(list_ids)):
        if _was_released(list_id, now):
            continue
        newly = _newly_listed(list_id, now) | fresh[list_id]
        if len(newly) <= settings.MASS_LISTING_LEAST:
            continue
        watched = _watches(list_id).aggregate(vendors=Count("vendor", distinct=True))["vendors"]
        if len(newly) > settings.MASS_LISTING_SHARE * watched:
            begin(list_id, listed=len(newly), watched=watched, at=now)
            held.add(list_id)
        else:
            _hasten(list_id, now)
    return frozenset(held)


def begin(list_id: str, *, listed: int, watched: int, at: datetime) -> None:
    """Put the list into quarantine and write one letter to staff; nothing when it is in it already."""
    try:
        with turn():
            row = Quarantine.objects.create(list_id=list_id, listed=listed, watched=watched, began_at=at)
            note(row, "began", by=ENGINE, at=at, list=list_id, listed=listed, watched=watched)
            _tell(row, at)
    except IntegrityError:  # it stands already
        return


def release(row: Quarantine, *, reason: str, by: Actor, by_name: str, at: datetime) -> None:
    """A person looked: what the list says counts again, from the next readings on."""
    with turn():
        changes = {"ended_at": at, "ended_by_name": by_name, "reason": reason.strip()}
        move(row, Quarantine.State.RELEASED, by=by, at=at, why=reason.strip(), changes=changes)
        _watches(row.list_id).filter(lease_until=None).update(next_action_at=at)


def _watches(list_id: str) -> QuerySet[Watch]:
    return Watch.objects.running().filter(check_id=checks.DNSBL + list_id)


def _cycle(list_id: str) -> timedelta:
    """In which listings count as made at once: as long as it takes to look at everybody, and to look again."""
    spacing = timedelta(seconds=settings.CONFIRM_SPACING_SECONDS)
    return checks.interval_of(checks.DNSBL + list_id) + spacing


def _newly_listed(list_id: str, now: datetime) -> set[int]:
    since = now - _cycle(list_id)
    old = Finding.objects.open().filter(opened_at__lt=since).values("watch")
    adverse = _watches(list_id).filter(verdict=Verdict.ADVERSE, since__gte=since).exclude(pk__in=old)
    return set(adverse.values_list("vendor", flat=True))


def _was_released(list_id: str, now: datetime) -> bool:
    return Quarantine.objects.filter(
        list_id=list_id, state=Quarantine.State.RELEASED, ended_at__gte=now - BELIEVED
    ).exists()


def _hasten(list_id: str, now: datetime) -> None:
    since = now - _cycle(list_id)
    waiting = _watches(list_id).filter(lease_until=None, next_action_at__gt=now, looked_at__lt=since)
    waiting.update(next_action_at=now)


def _tell(row: Quarantine, at: datetime) -> None:
    names = {entry.id: entry.name for entry in checks.blocklists()}
    facts = {
        "name": names.get(row.list_id, row.list_id),
        "listed": row.listed,
        "watched": row.watched,
        "began_at": f"{at:%d %B %Y, %H:%M:%S} UTC",
        "page": f"{settings.PUBLIC_URL}/desk/blocklists/",
    }
    for one in staff():
        outbox.write(
            "quarantine",
            one,
            key=f"quarantine:{row.pk}:{one.email}",
            about=f"quarantine:{row.pk}",
            facts=facts,
            at=at,
            priority=Delivery.Priority.STAFF,
        )
