"""The brake on mass listings: a list that newly names too many unrelated servers is held for a person.

Healthy lists have had bad data before, with test entries that were fine. Servers of one vendor are related: that all of
them are listed is what a listing looks like. So is one address, or one domain, that several vendors use. Listings of
many vendors within one cycle are not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from journal.actor import ENGINE, Actor
from journal.record import move, note, turn
from monitors import checks
from monitors.models import Finding, Quarantine, Watch
from monitors.probes.reading import Verdict
from notices import outbox
from notices.models import Delivery
from notices.staff import staff

BELIEVED = timedelta(hours=24)  # a person who released a list is not contradicted for so long
LONGEST_CYCLE = 4  # times the regular one: what cannot be looked at for long must not make all listings new ones
SAMPLE = 5  # watches of each other vendor that are hastened when a list names somebody
NAMED_IN_LETTER = 20


@dataclass(slots=True)
class Wave:
    """What a list newly names: the watches, with what they are of."""

    watches: set[int] = field(default_factory=set)
    vendors: set[int] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    began_at: datetime | None = None

    def add(self, pk: int, vendor: int, target: str, since: datetime) -> None:
        self.watches.add(pk)
        self.vendors.add(vendor)
        self.targets.add(target)
        self.began_at = min(self.began_at or since, since)

    @property
    def unrelated(self) -> int:
        """How many that have nothing to do with each other. One address of three vendors is one."""
        return min(len(self.vendors), len(self.targets))


def quarantined() -> frozenset[str]:
    """The lists whose word waits for a person."""
    return frozenset(Quarantine.objects.standing().values_list("list_id", flat=True))


def believed(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Those that may have consequences: not what a list in quarantine named. What it had named before it was released
    waits until the list is asked again, and still says so."""
    unsure = Q(watch__check_id__in=[checks.DNSBL + list_id for list_id in quarantined()])
    ended = Quarantine.objects.filter(state=Quarantine.State.RELEASED).values_list("list_id")
    for list_id, at in ended.annotate(last=Max("ended_at")).order_by():
        named_before = Q(watch__check_id=checks.DNSBL + list_id, opened_at__lt=at)
        unsure |= named_before & (Q(watch__looked_at__lt=at) | ~Q(watch__verdict=Verdict.ADVERSE))
    return findings.exclude(unsure)


def hold_back(list_ids: Iterable[str], suspects: Iterable[Watch], now: datetime) -> frozenset[str]:
    """Which of these lists named too much at once; each is put into quarantine, and staff are told once.

    `suspects` are watches that turned adverse just now and are not stored yet. Whether that is all must show before
    the first of them can be confirmed: so others that the list is asked about are made due, some of each vendor, and
    all when the list goes on.
    """
    fresh: dict[str, list[Watch]] = defaultdict(list)
    for watch in suspects:
        fresh[watch.check_id.removeprefix(checks.DNSBL)].append(watch)
    held = set()
    for list_id in sorted(set(list_ids)):
        if _was_released(list_id, now):
            continue
        wave = _wave(list_id, fresh[list_id], now)
        watched = watched_vendors(list_id)
        if is_too_much(wave.unrelated, watched):
            begin(list_id, wave, watched=watched, at=now)
            held.add(list_id)
        elif any(not watch.faults for watch in fresh[list_id]):  # a suspicion that comes and goes is no news
            _hasten(list_id, wave, now)
    return frozenset(held)


def is_too_much(unrelated: int, watched: int) -> bool:
    """More than the least, and more than the share of all vendors that the list is asked about."""
    share = round(settings.MASS_LISTING_SHARE * watched, 6)  # 0.29 of 100 is 29, whatever a float makes of it
    return unrelated > max(settings.MASS_LISTING_LEAST, share)


def begin(list_id: str, wave: Wave, *, watched: int, at: datetime) -> None:
    """Put the list into quarantine and write one letter to staff; nothing when it is in it already."""
    try:
        with turn():
            row = Quarantine.objects.create(
                list_id=list_id,
                listed=len(wave.vendors),
                watched=watched,
                named=sorted(wave.watches),
                began_at=at,
            )
            note(row, "began", by=ENGINE, at=at, list=list_id, listed=row.listed, watched=watched)
            _tell(row, at)
    except IntegrityError:  # it stands already
        return


def release(row: Quarantine, *, reason: str, by: Actor, by_name: str, at: datetime) -> None:
    """A person looked: what the list says counts again, from the next readings on. MoveRefused when somebody else was
    first."""
    with turn():
        changes = {"ended_at": at, "ended_by_name": by_name, "reason": reason.strip()}
        move(row, Quarantine.State.RELEASED, by=by, at=at, why=reason.strip(), changes=changes)
        watches_of(row.list_id).filter(lease_until=None).update(next_action_at=at)


def watches_of(list_id: str) -> QuerySet[Watch]:
    """What the list is asked about."""
    return Watch.objects.running().filter(check_id=checks.DNSBL + list_id)


def watched_vendors(list_id: str) -> int:
    """How many vendors it is asked about."""
    return int(watches_of(list_id).aggregate(vendors=Count("vendor", distinct=True))["vendors"])


def cycle(list_id: str, now: datetime) -> timedelta:
    """In which listings count as made at once: as long as it takes to look at everybody, and to look again. Where a
    list's pace makes it take longer than it should, as long as that."""
    regular = checks.interval_of(checks.DNSBL + list_id) + timedelta(seconds=settings.CONFIRM_SPACING_SECONDS)
    oldest = watches_of(list_id).aggregate(oldest=Min("looked_at"))["oldest"]
    return max(regular, min(now - oldest, LONGEST_CYCLE * regular)) if oldest else regular


def _wave(list_id: str, fresh: Iterable[Watch], now: datetime) -> Wave:
    since = now - cycle(list_id, now)
    wave = Wave()
    for watch in fresh:
        if (seen := _first_seen(watch.faults, now)) >= since:
            wave.add(watch.pk, watch.vendor_id, _target(watch), seen)
    old = Finding.objects.open().filter(opened_at__lt=since).values("watch")
    stored = watches_of(list_id).filter(verdict=Verdict.ADVERSE, since__gte=since).exclude(pk__in=old)
    columns = ("pk", "vendor", "server__address", "domain__name", "faults", "since")
    for pk, vendor, address, domain, faults, turned in stored.values_list(*columns):
        if (seen := _first_seen(faults, turned)) >= since:
            wave.add(pk, vendor, address or domain or "", seen)
    return wave


def _target(watch: Watch) -> str:
    return watch.server.address if watch.server else watch.domain.name if watch.domain else ""


def _first_seen(faults: dict[str, list[object]], otherwise: datetime) -> datetime:
    """When the first of what is suspected was seen: a list that one path believes and another does not turns adverse
    again and again, and names nothing new by it."""
    return min((datetime.fromisoformat(str(kept[1])) for kept in faults.values()), default=otherwise)


def _was_released(list_id: str, now: datetime) -> bool:
    released = Quarantine.objects.filter(list_id=list_id, state=Quarantine.State.RELEASED)
    return released.filter(ended_at__gte=now - BELIEVED).exists()


def _hasten(list_id: str, wave: Wave, now: datetime) -> None:
    """Look now at what was not looked at since the wave began: SAMPLE of each vendor that is not in it, the longest
    unseen first; once more vendors are named than may be, everything."""
    waiting = watches_of(list_id).filter(lease_until=None, next_action_at__gt=now, looked_at__lt=wave.began_at or now)
    if wave.unrelated <= settings.MASS_LISTING_LEAST:
        place = Window(RowNumber(), partition_by=F("vendor"), order_by=F("looked_at").asc())
        others = waiting.exclude(vendor__in=wave.vendors).annotate(place=place).filter(place__lte=SAMPLE)
        waiting = Watch.objects.filter(pk__in=list(others.values_list("pk", flat=True)), lease_until=None)
    waiting.update(next_action_at=now)


def _tell(row: Quarantine, at: datetime) -> None:
    named = Watch.objects.filter(pk__in=row.named).select_related("vendor", "server", "domain").order_by("vendor", "pk")
    facts = {
        "name": checks.check_name(checks.DNSBL + row.list_id),
        "listed": row.listed,
        "watched": row.watched,
        "named": [f"{watch.vendor}: {watch.subject}" for watch in named[:NAMED_IN_LETTER]],
        "more": max(0, len(row.named) - NAMED_IN_LETTER),
        "began_at": f"{at:%d %B %Y, %H:%M:%S} UTC",
        "page": f"{settings.PUBLIC_URL}/desk/blocklists/{row.list_id}/",
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
