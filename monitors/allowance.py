"""How fast, and how often a day, somebody lets us ask: one token bucket and one count for all workers.

Each draw is a conditional UPDATE of one row; of two workers that draw at once one tries again. What is not granted is
asked later, never left out.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from monitors import checks
from monitors.models import Allowance
from notices import outbox
from notices.models import Delivery
from notices.staff import staff

BURST = 10.0  # s of the pace that may be saved up: a sweep draws for all that is due at once
ALARM = 0.8  # of the day's cap
TRIES = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody allows: questions a second, and a day (UTC); None for no limit. `burst`: so many may be saved up,
    in place of those of BURST seconds."""

    per_second: float | None = None
    daily_cap: int | None = None
    burst: int | None = None

    @property
    def is_open(self) -> bool:
        return self.per_second is None and self.daily_cap is None


@dataclass(frozen=True, slots=True)
class Grant:
    """How many may be asked now; `again_at` is when to ask for the next of the rest, and `spacing` the time until the
    one after it."""

    granted: int
    again_at: datetime
    spacing: timedelta = timedelta(0)


def draw(of: str, wanted: int, terms: Terms, now: datetime) -> Grant:
    """Take up to `wanted` questions out of what `of` allows. What nobody limits is granted and not counted."""
    if terms.is_open or wanted <= 0:
        return Grant(max(0, wanted), now)
    today = now.astimezone(UTC).date()
    for _ in range(TRIES):
        row, _ = Allowance.objects.get_or_create(
            of=of, defaults={"tokens": _most(terms), "refilled_at": now, "day": today}
        )
        used = row.used if row.day >= today else 0  # a day that is not yet was counted before the clock was set back
        tokens = _refilled(row, terms, now)
        room = wanted if terms.daily_cap is None else max(0, terms.daily_cap - used)
        granted = min(wanted, room, int(tokens))
        still = Allowance.objects.filter(pk=row.pk, tokens=row.tokens, refilled_at=row.refilled_at, used=row.used)
        changes = {
            "tokens": tokens - granted if terms.per_second else 0.0,
            "refilled_at": now,
            "day": today,
            "used": used + granted,
        }
        if still.update(**changes):
            _warn(row, used + granted, terms, today, now)
            return Grant(granted, _again_at(granted, wanted, room, terms, now), _spacing(terms))
    return Grant(0, now + timedelta(seconds=1), _spacing(terms))  # others draw all the time; they are quick


def used_today(of: str, now: datetime) -> int:
    """How many questions of the day (UTC) are used; 0 for what nobody limits."""
    row = Allowance.objects.filter(of=of, day=now.astimezone(UTC).date()).first()
    return row.used if row else 0


def _spacing(terms: Terms) -> timedelta:
    return timedelta(seconds=1 / terms.per_second if terms.per_second else 0)


def may_ask_registry(server: str) -> float:
    """For how many s a registry must be left alone; 0.0 takes the turn. An `egress.pace.MayAsk`, called in threads of
    their own."""
    try:
        now = timezone.now()
        grant = draw(f"server:{server}"[:320], 1, Terms(1 / settings.REGISTRY_SECONDS, burst=1), now)
    finally:
        connection.close()
    return 0.0 if grant.granted else max(0.05, (grant.again_at - now).total_seconds())


def _most(terms: Terms) -> float:
    if terms.burst is not None:
        return float(terms.burst)
    return max(1.0, BURST * terms.per_second) if terms.per_second else 0.0


def _refilled(row: Allowance, terms: Terms, now: datetime) -> float:
    """The tokens there are now; a clock that was set back refills nothing."""
    if not terms.per_second:
        return float(2**31)  # nobody limits the pace
    elapsed = max(0.0, (now - row.refilled_at).total_seconds())
    return min(_most(terms), row.tokens + elapsed * terms.per_second)


def _again_at(granted: int, wanted: int, room: int, terms: Terms, now: datetime) -> datetime:
    if granted < wanted and granted == room:  # the day is used up
        return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return now + (_spacing(terms) or timedelta(seconds=1))


def _warn(row: Allowance, used: int, terms: Terms, today: date, now: datetime) -> None:
    """One letter a day to staff when most of the cap is used."""
    if terms.daily_cap is None or used < ALARM * terms.daily_cap or row.warned_on == today:
        return
    name = checks.check_name(row.of)
    with transaction.atomic():
        if not Allowance.objects.filter(pk=row.pk).exclude(warned_on=today).update(warned_on=today):
            return
        for one in staff():
            outbox.write(
                "allowance",
                one,
                key=f"allowance:{row.pk}:{today}:{one.email}",
                about=f"allowance:{row.pk}",
                facts={
                    "name": name,
                    "used": f"{used:,}",
                    "cap": f"{terms.daily_cap:,}",
                    "page": f"{settings.PUBLIC_URL}/desk/blocklists/",
                },
                at=now,
                priority=Delivery.Priority.STAFF,
            )
