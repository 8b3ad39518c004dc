"""Blocklists as staff see them: whether each is believed, on which path, what it names, what is used of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address

from django.conf import settings
from django.db.models import Count, Q

from desk.evidence import Part, raw
from desk.words import listed as joined
from monitors import allowance, checks, pacing
from monitors.models import Allowance, ListEntry, Observation, Quarantine, Sight, Watch, WatchQuerySet
from monitors.probes.entry import Blocklist, Code, Kind
from monitors.probes.reading import Severity, Verdict
from vendors.models import Vendor

STATES = {
    Sight.State.SEEING: "open",
    Sight.State.SUSPECT: "unkn",
    Sight.State.BLIND: "unkn",
    Sight.State.PROBATION: "unkn",
    Sight.State.UNPROVED: "wait",
}
WORST = (Sight.State.BLIND, Sight.State.SUSPECT, Sight.State.PROBATION, Sight.State.UNPROVED, Sight.State.SEEING)
SEVERITIES = {
    Severity.HALT: "may halt",
    Severity.WARN: "warns",
    Severity.REVIEW: "for a person to look at",
    Severity.INFO: "context",
    Severity.NONE: "no complaint",
}
TARGETS = {"ipv4": "IPv4 addresses", "ipv6": "IPv6 addresses", "domain": "domains"}
ROWS = 100


@dataclass(frozen=True, slots=True)
class PathLine:
    """One path to a list, with the raw answers of its last proof."""

    sight: Sight
    parts: list[Part]

    @property
    def state(self) -> str:
        return STATES[Sight.State(self.sight.state)]

    @property
    def word(self) -> str:
        return str(self.sight.get_state_display())


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list of the catalogue. `used` are the questions of this day (UTC), None where nobody counts them."""

    entry: Blocklist
    paths: list[PathLine] = field(default_factory=list)
    listed: int = 0
    unknown: int = 0
    watched: int = 0
    used: int | None = None
    quarantine: Quarantine | None = None
    changed: ListEntry | None = None
    misfit: str = ""

    @property
    def worst(self) -> Sight.State | None:
        """The state of its worst path."""
        states = {line.sight.state for line in self.paths}
        return next((state for state in WORST if state in states), None)

    @property
    def state(self) -> str:
        """Attested lists, lists without a key and those that are left out are not seen by anybody."""
        if not self.entry.is_enabled or not self.entry.is_configured or (not self.quarantine and not self.worst):
            return "wait"
        return "unkn" if self.quarantine else STATES[self.worst or Sight.State.UNPROVED]

    @property
    def word(self) -> str:
        if not self.entry.is_enabled:
            return "Left out"
        if self.entry.kind is Kind.ATTESTED:
            return "Needs a person"
        if not self.entry.is_configured:
            return "Not configured"
        if self.quarantine:
            return "In quarantine"
        return str((self.worst or Sight.State.UNPROVED).label)

    @property
    def is_alarming(self) -> bool:
        """Whether most of the day's questions are used."""
        return bool(self.used and self.entry.daily_cap and self.used >= allowance.ALARM * self.entry.daily_cap)

    @property
    def is_domains(self) -> bool:
        return "domain" in self.entry.targets

    @property
    def about(self) -> str:
        """What it is asked about."""
        return joined([TARGETS[target] for target in self.entry.targets])

    @property
    def gravity(self) -> str:
        """What its codes can lead to, gravest first: `8 codes may halt, 2 warn`."""
        counts: dict[Severity, int] = defaultdict(int)
        for code in self.entry.codes.values():
            counts[code.severity] += 1
        return ", ".join(
            f"{counts[one]} {'code' if counts[one] == 1 else 'codes'}: {SEVERITIES[one]}"
            for one in Severity
            if counts[one]
        )

    @property
    def every(self) -> float:
        """s between two questions about one target."""
        return checks.interval_of(checks.DNSBL + self.entry.id).total_seconds()

    @property
    def is_limited(self) -> bool:
        return bool(settings.LIST_LIMITS)

    @property
    def codes(self) -> list[tuple[str, Code]]:
        return list(self.entry.codes.items())


@dataclass(frozen=True, slots=True)
class Named:
    """What a list says of one vendor's servers and domains."""

    vendor: Vendor
    watches: list[Watch]


def list_lines(now: datetime) -> list[ListLine]:
    """Every list that is known, in the catalogue's order, in five queries."""
    sights: dict[str, list[PathLine]] = defaultdict(list)
    for sight in Sight.objects.order_by("path"):
        sights[sight.list_id].append(PathLine(sight, []))
    counts = _counts(Watch.objects.running())
    used = dict(Allowance.objects.filter(day=now.astimezone(UTC).date()).values_list("of", "used"))
    held = {row.list_id: row for row in Quarantine.objects.standing()}
    changed = {row.list_id: row for row in ListEntry.objects.all()}
    limited, misfits = pacing.limited(), checks.misfits()
    lines = []
    for entry in checks.known():
        check_id = checks.DNSBL + entry.id
        lines.append(
            ListLine(
                entry,
                sights[entry.id],
                *counts.get(check_id, (0, 0, 0)),
                used=used.get(check_id, 0) if check_id in limited else None,
                quarantine=held.get(entry.id),
                changed=changed.get(entry.id),
                misfit=misfits.get(entry.id, ""),
            )
        )
    return lines


def list_line(entry: Blocklist, now: datetime) -> ListLine:
    """One list with the raw answers of its last proofs."""
    check_id = checks.DNSBL + entry.id
    sights = Sight.objects.filter(list_id=entry.id).order_by("path")
    return ListLine(
        entry,
        [PathLine(sight, raw(sight.evidence)) for sight in sights],
        *_counts(Watch.objects.running().filter(check_id=check_id)).get(check_id, (0, 0, 0)),
        used=allowance.used_today(check_id, now) if check_id in pacing.limited() else None,
        quarantine=Quarantine.objects.standing().filter(list_id=entry.id).first(),
        changed=ListEntry.objects.filter(list_id=entry.id).first(),
        misfit=checks.misfits().get(entry.id, ""),
    )


def named(row: Quarantine) -> list[Named]:
    """What the list named when it was held, and what else it has named since; by vendor."""
    entry = next((one for one in checks.known() if one.id == row.list_id), None)
    since = Observation.objects.filter(
        watch__check_id=checks.DNSBL + row.list_id, is_latest=True, result="quarantined"
    ).exclude(codes=[])
    wanted = set(row.named)
    wanted |= {pk for pk, codes in since.values_list("watch", "codes") if entry is None or _complains(entry, codes)}
    return _by_vendor(Watch.objects.filter(pk__in=wanted))


def listed_now(list_id: str) -> list[Watch]:
    """What the list names and is believed about, the newest first."""
    adverse = Watch.objects.running().filter(check_id=checks.DNSBL + list_id, verdict=Verdict.ADVERSE)
    return list(adverse.select_related("vendor", "server", "domain").order_by("-since", "pk")[:ROWS])


def _complains(entry: Blocklist, codes: Iterable[str]) -> bool:
    found = [match for code in codes for match in entry.read(IPv4Address(code))[0]]
    return any(match.severity is not Severity.NONE for match in found)


def _by_vendor(watches: WatchQuerySet) -> list[Named]:
    rows = watches.select_related("vendor", "server", "domain").order_by("vendor__name", "vendor", "pk")
    found: dict[int, Named] = {}
    for watch in rows:
        found.setdefault(watch.vendor_id, Named(watch.vendor, [])).watches.append(watch)
    return list(found.values())


def _counts(watches: WatchQuerySet) -> dict[str, tuple[int, int, int]]:
    """How many are listed, unknown and watched, by check."""
    rows = watches.values_list("check_id").annotate(
        listed=Count("pk", filter=Q(verdict=Verdict.ADVERSE)),
        unknown=Count("pk", filter=Q(verdict=Verdict.UNKNOWN)),
        watched=Count("pk"),
    )
    return {check_id: (listed, unknown, watched) for check_id, listed, unknown, watched in rows}
