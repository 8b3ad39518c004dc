"""How often somebody tried something: in the present minute, on the present day, or within a pause. Counts, and
refuses nothing by itself.

A counter that the cache has dropped begins anew: these limits spare somebody work, and guard nothing that a lost count
could give away.
"""

from datetime import UTC, datetime, time, timedelta

from django.core.cache import cache
from django.utils import timezone


def tries(what: str, who: str) -> int:
    """Count one more try of `what` by `who`; how many there were in this minute, with this one.

    Two tries at the same moment may count as one where the cache is the database; the limits are wide enough not to
    care.
    """
    return _counted(f"tries:{what}:{who}:{timezone.now():%H%M}", keep=120)


def paused_until(what: str, who: str, pause: timedelta, now: datetime) -> datetime | None:
    """Begin a pause of `what` for `who`, and return None; while one lasts, when it ends."""
    key = f"pause:{what}:{who}"
    if cache.add(key, now.isoformat(), timeout=pause.total_seconds()):
        return None
    began = cache.get(key)
    until = datetime.fromisoformat(began) + pause if began else None  # ended between the two questions
    return until if until and until > now else None


def spent_until(what: str, who: str, most: int, now: datetime) -> datetime | None:
    """Count one more `what` by `who` on this day (UTC), and return None while there were no more than `most`; else
    when the next day begins."""
    day = now.astimezone(UTC).date()
    count = _counted(f"day:{what}:{who}:{day}", keep=2 * 86_400)
    return None if count <= most else datetime.combine(day + timedelta(days=1), time(), UTC)


def _counted(key: str, keep: float) -> int:
    cache.add(key, 0, timeout=keep)
    try:
        return cache.incr(key)
    except ValueError:  # evicted since, or nothing was stored
        cache.set(key, 1, timeout=keep)
        return 1
