"""What the rows tell of standing over time: the histories of watches, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Min

from monitors import checks, folding
from monitors.history import (
    DAY,
    Belief,
    Day,
    Fault,
    Figures,
    History,
    Period,
    Run,
    What,
    days,
    figures,
    periods,
    stretches,
)
from monitors.models import Finding, Observation, Watch, WatchQuerySet
from vendors.models import Vendor

KINDS = {"dnsbl": "Blocklists", "attested": "Looked up by a person"}
SPAN = 90  # days that are told of; no longer than readings are kept


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a watch: its row, and what stood since it was first looked at, in the last SPAN days."""

    watch: Watch
    history: History


@dataclass(frozen=True)
class Strip:
    """The history of one check, or of several together, ready to be drawn and told. `ident` is its own on a page."""

    ident: str
    name: str
    of: Sequence[Told]
    now: datetime

    @property
    def first(self) -> date:
        """The first of the days that are drawn."""
        return first_moment(self.now).date()

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return days(one.history for one in self.of)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Newest first, as people ask."""
        return periods(self.days)[::-1]

    @cached_property
    def stands(self) -> What | None:
        """The worst that stands now; None while there is nothing to look at."""
        return min((one.history[-1].what for one in self.of), key=list(What).index, default=None)

    @property
    def since(self) -> datetime | None:
        """Since when, of one check; of what stood longer than we tell of, no moment is known."""
        last = self.of[0].history[-1] if len(self.of) == 1 else None
        return last.begin if last and last.begin > first_moment(self.now) else None

    @cached_property
    def figures(self) -> Figures:
        return self.last(SPAN)

    def last(self, count: int) -> Figures:
        """Of the last so many days, today among them."""
        return figures((one.history for one in self.of), since=first_moment(self.now, count))


def by_check(told: Iterable[Told], now: datetime) -> list[Strip]:
    """A strip each: blocklists in the catalogue's order, then the other checks."""
    places = {check: place for place, check in enumerate((*checks.asked(), *checks.NAMES, *checks.attested()))}
    ordered = sorted(told, key=lambda one: (places.get(one.watch.check_id, len(places)), one.watch.pk))
    return [Strip(f"w{one.watch.pk}", checks.check_name(one.watch.check_id), [one], now) for one in ordered]


def by_kind(told: Sequence[Told], now: datetime) -> list[Strip]:
    """A strip for each kind of check, all blocklists together; above them everything."""
    kinds: dict[str, list[Told]] = defaultdict(list)
    for one in told:
        start = one.watch.check_id.partition(":")[0]
        kinds[KINDS.get(start) or checks.check_name(one.watch.check_id)].append(one)
    places = {name: place for place, name in enumerate((*KINDS.values(), *checks.NAMES.values()))}
    ordered = sorted(kinds, key=lambda name: places.get(name, len(places)))
    every = [Strip("all", "All checks", told, now)] if len(kinds) > 1 else []
    return [*every, *(Strip(f"k{number}", name, kinds[name], now) for number, name in enumerate(ordered))]


def first_moment(now: datetime, count: int = SPAN) -> datetime:
    """When the first of the last `count` days began, UTC."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - (count - 1) * DAY


def belief_in(check_id: str) -> Belief:
    """On each path, a check is due again when all paths had their turn. A person's word is good for as long as it is
    until the next one is due, and not a moment longer."""
    every = checks.interval_of(check_id)
    if check_id.startswith(checks.ATTESTED):
        return Belief(turn=every, within=every)
    return Belief(turn=len(checks.paths()) * every, within=folding.longest_gap(check_id))


def told_of(watches: WatchQuerySet, now: datetime) -> list[Told]:
    """Of each watch that was looked at or has to be, in four queries.

    A watch tells from its first look on; one that waits for it, from when its subject came on file. Of what is looked
    at no more the last reading ends it. Readings that were pruned are told as a time in which nobody looked.
    """
    rows = list(watches.select_related("vendor", "server", "domain").order_by("pk"))
    since = max(first_moment(now), now - timedelta(days=settings.KEEP_OBSERVATIONS_DAYS))
    beliefs = {one: belief_in(one) for one in {watch.check_id for watch in rows}}
    longest = max((one.within for one in beliefs.values()), default=timedelta(0))
    runs, faults, first = _runs(watches, since - longest), _faults(watches, since), _first_looks(watches)
    found = []
    for watch in rows:
        belief = beliefs[watch.check_id]
        own = runs.get(watch.pk, [])
        begin = max(since, first.get(watch.pk, watch.subject.created_at))
        end = now
        if not _is_looked_at(watch):
            end = min(now, max((run.last_at + belief.turn for run in own), default=begin))
        history = stretches(own, faults.get(watch.pk, ()), begin=begin, end=end, belief=belief)
        if history:
            found.append(Told(watch, history))
    return found


def _is_looked_at(watch: Watch) -> bool:
    """As WatchQuerySet.running() has it, of rows that are read already."""
    is_active = watch.subject.state == Vendor.State.ACTIVE
    return watch.is_running and is_active and watch.vendor.state == Vendor.State.ACTIVE


def _runs(watches: WatchQuerySet, since: datetime) -> Mapping[int, list[Run]]:
    found: dict[int, list[Run]] = defaultdict(list)
    rows = Observation.objects.filter(watch__in=watches.values("pk"), last_at__gte=since)
    values = rows.order_by().values_list("watch_id", "path", "first_at", "last_at", "verdict")
    for watch, path, first_at, last_at, verdict in values.iterator(5000):
        found[watch].append(Run(path, first_at, last_at, verdict))
    return found


def _faults(watches: WatchQuerySet, since: datetime) -> Mapping[int, list[Fault]]:
    found: dict[int, list[Fault]] = defaultdict(list)
    rows = Finding.objects.filter(watch__in=watches.values("pk")).exclude(closed_at__lt=since)
    for watch, first_at, closed_at in rows.order_by().values_list("watch_id", "first_seen_at", "closed_at"):
        found[watch].append(Fault(first_at, closed_at))
    return found


def _first_looks(watches: WatchQuerySet) -> Mapping[int, datetime]:
    looks = Observation.objects.filter(watch__in=watches.values("pk")).order_by()
    return dict(looks.values_list("watch_id").annotate(Min("first_at")))
