"""The survey stage: registrations, websites and networks, a few at a time, in rounds that end like those of the watch
stage. What was seen is believed, weighed and stored by the very same code."""

import time

from django.conf import settings
from django.utils import timezone

from engine.claim import due
from engine.cycle import LONGEST, Sweep
from monitors import checks, rounds
from monitors.models import Watch, WatchQuerySet
from monitors.sweep import look_at

BATCH = 12  # sites and registries at once; each has several questions


def sweep(state: Sweep) -> None:
    """Look at what is due, until nothing is or the cycle must end."""
    ends = time.monotonic() + max(0.0, min(settings.SWEEP_SECONDS, LONGEST - rounds.ROUND))
    running = watches()
    while look_at(running, state, BATCH) == BATCH and time.monotonic() < ends:
        pass
    waiting = due(running, timezone.now()).order_by("next_action_at")
    state.oldest_due_at = waiting.values_list("next_action_at", flat=True).first()


def watches() -> WatchQuerySet:
    """What this stage looks at."""
    return Watch.objects.running().filter(check_id__in=checks.SLOW)
