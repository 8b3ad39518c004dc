"""How often somebody tried something in the present minute. Counts, and refuses nothing by itself."""

from django.core.cache import cache
from django.utils import timezone


def tries(what: str, who: str) -> int:
    """Count one more try of `what` by `who`; how many there were in this minute, with this one.

    Never raises for a counter that the cache has dropped: it begins anew. Two tries at the same moment may count as
    one where the cache is the database; the limits are wide enough not to care.
    """
    key = f"tries:{what}:{who}:{timezone.now():%H%M}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key)
    except ValueError:  # evicted since, or nothing was stored
        cache.set(key, 1, timeout=120)
        return 1
