"""The evidence stage: ask for what registrations do not show, remind, end what is over; hold what was let stand against
the record and the day.

Every duty is found by a query over rows. Nothing is looked at here: the survey stage does.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from engine.cycle import Sweep
from journal.actor import ENGINE
from journal.record import MoveRefused
from monitors import checks, evidence, grants, registrations
from monitors.models import EvidenceRequest, Grant, Observation, Watch, WatchQuerySet
from monitors.probes.reading import Verdict

BATCH = 100  # rows of one kind in one sweep; a longer queue goes on at the next ring
READ_TWICE = 2  # readings in a row that do not show it, before anybody is asked
UNRENEWED = 10  # readings in a row after which a suspicion from before them counts no more (monitors.weighing)
REMIND = timedelta(days=7)  # before a request is due; who was asked more lately than that needs no reminder
REMIND_OF_END = timedelta(days=14)  # the same of a grant
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Duty:
    """What is due, which of it is dealt with in one go, and how."""

    rows: Callable[[datetime], "QuerySet[Any]"]
    together: Callable[[Any], Hashable]
    act: Callable[[Sequence[Any], datetime], object]


def sweep(state: Sweep) -> None:
    for duty in DUTIES:
        groups: dict[Hashable, list[Any]] = defaultdict(list)
        for row in duty.rows(state.now)[:BATCH]:
            groups[duty.together(row)].append(row)
        for rows in groups.values():
            state.claimed += len(rows)
            with state.each(rows[0]), suppress(MoveRefused):  # refused: somebody was quicker, and all is well
                duty.act(rows, state.now)


# ── what was let stand ──────────────────────────────────────────────────────
def looked_at_since(at: datetime) -> "QuerySet[Grant]":
    """Grants of domains that were looked at since the grant was last held against the record."""
    watch = Watch.objects.filter(domain=OuterRef("domain"), check_id=checks.REGISTRATION, looked_at__isnull=False)
    looked = Grant.objects.live().annotate(looked_at=Subquery(watch.values("looked_at")[:1]))
    waiting = looked.filter(looked_at__isnull=False).exclude(compared_at__isnull=False, compared_at=F("looked_at"))
    return waiting.select_related("domain__vendor").order_by("domain", "pk")


def compare(rows: Sequence[Grant], at: datetime) -> None:
    domain = rows[0].domain
    looked_at: datetime = rows[0].looked_at  # type: ignore[attr-defined]  # annotated above
    grants.compare(domain, rows, registrations.newest_of(domain), looked_at, at)


def expired(at: datetime) -> "QuerySet[Grant]":
    return Grant.objects.live().filter(expires_on__lte=at.date()).select_related("domain__vendor").order_by("pk")


def ending(at: datetime) -> "QuerySet[Grant]":
    near = Grant.objects.standing().filter(
        reminded_at=None,
        expires_on__gt=at.date(),
        expires_on__lte=at.date() + REMIND_OF_END,
        granted_at__lte=at - REMIND_OF_END,
    )
    return near.select_related("domain__vendor").order_by("pk")


# ── what is asked for ───────────────────────────────────────────────────────
def met(at: datetime) -> "QuerySet[EvidenceRequest]":
    """Requests whose registration is met by now."""
    is_met = Watch.objects.filter(domain=OuterRef("domain"), check_id=checks.REGISTRATION, result="met")
    return _live().filter(Exists(is_met))


def gone(at: datetime) -> "QuerySet[EvidenceRequest]":
    """Requests about domains that nobody looks at any more."""
    watched = Watch.objects.running().filter(domain=OuterRef("domain"), check_id=checks.REGISTRATION)
    return _live().filter(~Exists(watched))


def unasked(at: datetime) -> WatchQuerySet:
    """Registrations that did not show it READ_TWICE in a row, for which nothing is asked yet. While a fault is
    suspected the next looks decide first."""
    of_watch = Observation.objects.filter(watch=OuterRef("pk"))
    other = of_watch.filter(result__in=set(registrations.READ) - {"not_shown"}).order_by("-last_at")
    since = of_watch.filter(result="not_shown", last_at__gt=OuterRef("otherwise_at")).order_by()
    # A run that began before another answer came in between has grown since by one at the least.
    times = Sum(Case(When(first_at__gt=OuterRef("otherwise_at"), then=F("count")), default=Value(1)))
    waiting = Watch.objects.running().filter(
        ~Exists(EvidenceRequest.objects.live().filter(domain=OuterRef("domain"))),
        check_id=checks.REGISTRATION,
        verdict=Verdict.UNKNOWN,
        result="not_shown",
        rounds__gte=READ_TWICE,
    )
    read = waiting.annotate(
        otherwise_at=Coalesce(Subquery(other.values("last_at")[:1]), Value(LONG_AGO, DateTimeField()))
    ).annotate(times=Subquery(since.values("watch").annotate(times=times).values("times")))
    enough = Q(faults={}, times__gte=READ_TWICE) | Q(times__gte=UNRENEWED)
    return read.filter(enough).select_related("domain", "vendor").order_by("vendor", "pk")


def ask(rows: Sequence[Watch], at: datetime) -> None:
    evidence.ask(rows[0].vendor, [one.domain for one in rows if one.domain], by=ENGINE, at=at)


def due(at: datetime) -> "QuerySet[EvidenceRequest]":
    """Requests whose day is near, and that nobody was reminded of."""
    near = EvidenceRequest.objects.filter(
        state=EvidenceRequest.State.OPEN,
        reminded_at=None,
        due_on__gte=at.date(),
        due_on__lte=at.date() + REMIND,
        asked_at__lte=at - REMIND,
    )
    return near.select_related("domain__vendor").order_by("domain__vendor", "pk")


def overdue(at: datetime) -> "QuerySet[EvidenceRequest]":
    late = EvidenceRequest.objects.filter(due_on__lt=at.date(), state=EvidenceRequest.State.OPEN)
    return late.select_related("domain__vendor").order_by("due_on", "pk")


def _live() -> "QuerySet[EvidenceRequest]":
    return EvidenceRequest.objects.live().select_related("domain__vendor").order_by("pk")


DUTIES = (  # what is over before what is new: what has lapsed is asked for only after further looks
    Duty(looked_at_since, lambda one: one.domain_id, compare),
    Duty(expired, lambda one: (one.domain_id, one.expires_on), grants.expire),
    Duty(met, lambda one: one.pk, lambda rows, at: evidence.settle(rows[0], by=ENGINE, at=at)),
    Duty(gone, lambda one: one.pk, lambda rows, at: evidence.drop(rows[0], by=ENGINE, at=at)),
    Duty(unasked, lambda one: one.vendor_id, ask),
    Duty(due, lambda one: one.domain.vendor_id, lambda rows, at: evidence.remind(rows[0].domain.vendor, rows, at=at)),
    Duty(overdue, lambda one: one.pk, lambda rows, at: evidence.lapse_into_overdue(rows[0], by=ENGINE, at=at)),
    Duty(ending, lambda one: (one.domain_id, one.expires_on), grants.remind),
)
