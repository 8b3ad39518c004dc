"""Which of the watches that are due may be asked about now: as many as each list allows, and none that will not answer.

What is not admitted is given back, due again when there is room; that is no reading of it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from monitors import allowance, checks
from monitors.allowance import Grant, Terms
from monitors.calm import Held
from monitors.models import Watch
from monitors.probes.entry import ATTEST_FOR

LONGEST_WAIT = timedelta(days=2)  # for the next day's questions, and a turn among them
GROUPS = 20  # in which the rest is given back


def limited() -> dict[str, Terms]:
    """The checks that may not be asked as often as one likes, with their terms."""
    if not settings.LIST_LIMITS:
        return {}
    terms = {check: Terms(entry.per_second, entry.daily_cap) for check, entry in checks.asked().items()}
    return {check: one for check, one in terms.items() if not one.is_open}


def longest_wait(check_id: str) -> timedelta:
    """How far ahead the next look of such a check can be."""
    wait = LONGEST_WAIT if check_id in limited() else timedelta(0)
    if check_id == checks.WEBSITE:
        wait = max(wait, ATTEST_FOR)  # while a person's word stands for it
    slow = settings.SURVEY_SPACING_SECONDS if check_id in checks.SLOW else settings.CONFIRM_SPACING_SECONDS
    return wait + max(2 * checks.interval_of(check_id), timedelta(seconds=1.5 * slow))


def admitted(held: Sequence[Held], token: UUID, now: datetime) -> list[Held]:
    """Those that may be asked about; the others are given back."""
    terms = limited()
    if not terms:
        return list(held)
    by_check: dict[str, list[Held]] = defaultdict(list)
    kept = []
    for one in held:
        if one.check_id in terms:
            by_check[one.check_id].append(one)
        else:
            kept.append(one)
    for check, some in by_check.items():
        # What is suspected goes first: it must not wait behind what is calm.
        some.sort(key=lambda one: not one.faults)
        grant = allowance.draw(check, len(some), terms[check], now)
        kept += some[: grant.granted]
        _give_back([one.pk for one in some[grant.granted :]], grant, token)
    return kept


def _give_back(keys: Sequence[int], grant: Grant, token: UUID) -> None:
    """Due again as the allowance refills, in a few groups: if all came back at the next moment that has room for one,
    they would be claimed and given back over and over."""
    size = max(1, -(-len(keys) // GROUPS))
    for start in range(0, len(keys), size):
        rows = Watch.objects.filter(pk__in=keys[start : start + size], lease_token=token)
        wait = min(start * grant.spacing, LONGEST_WAIT / 2)
        rows.update(lease_token=None, lease_until=None, next_action_at=grant.again_at + wait)
