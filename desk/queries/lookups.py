"""What is looked up by hand, as pages show it: by list, what is due first; and the last word on each watch."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, Q, When

from monitors import checks, lookups
from monitors.models import Attestation, Watch, WatchQuerySet
from monitors.probes.entry import Blocklist
from monitors.probes.reading import Verdict
from vendors.models import SendingServer, Vendor

SHOWN = 12  # of each list on the page of all; the list's own page has the rest


@dataclass(frozen=True, slots=True)
class Line:
    """One watch: what is typed there, and the last word on it. `pick` names both, so that a form cannot state what its
    page did not show."""

    watch: Watch
    terms: tuple[str, ...]
    last: Attestation | None
    is_due: bool
    is_soon: bool

    @property
    def pick(self) -> str:
        return pick_of(self.watch.pk, self.terms)

    @property
    def state(self) -> str:
        return "unkn" if self.is_due else "shut" if self.watch.verdict == Verdict.ADVERSE else "open"

    @property
    def word(self) -> str:
        if self.is_due:
            return "Too old" if self.last else "Never"
        return "Adverse" if self.state == "shut" else "Clear"


@dataclass(frozen=True, slots=True)
class Group:
    """One list with its first lines."""

    entry: Blocklist
    due: int
    soon: int
    total: int
    lines: list[Line]


def pick_of(pk: int, terms: Sequence[str]) -> str:
    """`41.0f3a…`: a watch, and a digest of what is typed there."""
    return f"{pk}.{hashlib.sha256(chr(10).join(terms).encode()).hexdigest()[:16]}"


def groups(now: datetime) -> list[Group]:
    """Every list that is looked up by hand, in the catalogue's order."""
    soon = Q(next_action_at__gt=now, next_action_at__lte=now + lookups.SOON) & ~Q(verdict=Verdict.UNKNOWN)
    counts = {
        check_id: numbers
        for check_id, *numbers in lookups.to_look_up()
        .values_list("check_id")
        .annotate(due=Count("pk", filter=_is_due(now)), soon=Count("pk", filter=soon), total=Count("pk"))
    }
    found = []
    for check_id, entry in checks.attested().items():
        due, coming, total = counts.get(check_id, (0, 0, 0))
        first = in_turn(lookups.to_look_up().filter(check_id=check_id))[:SHOWN] if total else []
        found.append(Group(entry, due, coming, total, lines(first, now)))
    return found


def _is_due(now: datetime) -> Q:
    return Q(verdict=Verdict.UNKNOWN) | Q(next_action_at__lte=now)


def in_turn(watches: WatchQuerySet) -> WatchQuerySet:
    """What has been due the longest first, then what ends first."""
    turn = Case(When(verdict=Verdict.UNKNOWN, then=F("since")), default=F("next_action_at"))
    return lookups.with_terms(watches).order_by(turn, "pk")


def lines(watches: Iterable[Watch], now: datetime) -> list[Line]:
    rows = list(watches)
    last = last_words(rows)
    return [_line(watch, last.get(watch.pk), now) for watch in rows]


def _line(watch: Watch, last: Attestation | None, now: datetime) -> Line:
    ends = watch.next_action_at
    is_due = watch.verdict == Verdict.UNKNOWN or (ends is not None and ends <= now)
    is_soon = not is_due and ends is not None and ends <= now + lookups.SOON
    return Line(watch, lookups.terms_of(watch), last, is_due, is_soon)


def last_words(watches: Iterable[Watch]) -> Mapping[int, Attestation]:
    """The newest attestation of each, by the watch's key."""
    keys = [watch.pk for watch in watches]
    if not keys:
        return {}
    return {one.watch_id: one for one in Attestation.objects.filter(watch__in=keys).newest()}


@dataclass(frozen=True, slots=True)
class OfServers:
    """How many of a vendor's servers have a word that counts, at one list."""

    entry: Blocklist
    due: int
    adverse: int
    total: int


def of_vendor(vendor: Vendor, now: datetime) -> tuple[list[tuple[Blocklist, Line]], list[OfServers]]:
    """(lines of the vendor itself, its servers in numbers), each with its list."""
    running = lookups.to_look_up().filter(vendor=vendor)
    attested = checks.attested()
    own = lines(lookups.with_terms(running.filter(server=None, domain=None)), now)
    by_check = {line.watch.check_id: line for line in own}
    numbers = {
        check_id: counted
        for check_id, *counted in running.filter(server__state=SendingServer.State.ACTIVE)
        .values_list("check_id")
        .annotate(
            due=Count("pk", filter=_is_due(now)),
            adverse=Count("pk", filter=Q(verdict=Verdict.ADVERSE)),
            total=Count("pk"),
        )
    }
    return (
        [(entry, by_check[check_id]) for check_id, entry in attested.items() if check_id in by_check],
        [OfServers(entry, *numbers[check_id]) for check_id, entry in attested.items() if check_id in numbers],
    )
