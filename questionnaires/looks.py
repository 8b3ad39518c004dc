"""The form looks by itself: who asks for a look, the stage that takes it, and what was seen last.

A look is a duty like any other: a row that is due, claimed with a lease, looked at outside any transaction, given back
with what was seen. It decides nothing and stops nobody from saving. What is asked of the network: looking.py; what a
reading means to a vendor: seen/.
"""

import logging
import time
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from engine import bell
from engine.claim import claim, due, release
from engine.cycle import LONGEST, Sweep
from monitors import rounds
from questionnaires import looking
from questionnaires.looking import Wanted
from questionnaires.models import Look
from questionnaires.subjects import Subject
from vendors.models import Vendor

log = logging.getLogger(__name__)
STAGE = "look"
MOST_WAITING = 500  # of one vendor
OLD = timedelta(minutes=10)  # a look younger than this is not taken again
RETRY = timedelta(minutes=15)
RETRIES = 20
LONGEST_URL, LONGEST_OTHER = 1000, 320  # characters of a subject
BATCH = 24  # looks in one round: a registry is asked no faster than it likes
PAGES = (Look.Subject.WEBSITE, Look.Subject.OPT_OUT)
FEW = 400  # subjects that are named in a query; of more, all of the vendor are read


def ask_for(vendor: Vendor, subjects: Iterable[Subject], at: datetime) -> int:
    """Have each subject looked at, unless that was done a moment ago or is about to be. Returns how many were asked.

    May be called at every save. Of one vendor at most MOST_WAITING wait at a time; what is over is asked for at the
    next save. Rings for the stage.
    """
    wanted = [subject for subject in dict.fromkeys(subjects) if _fits(subject)]
    if not wanted:
        return 0
    known = looks_of(vendor, wanted)
    room = MOST_WAITING - Look.objects.filter(vendor=vendor, next_action_at__lte=at).count()
    old = [look for look in known.values() if look and _is_old(look, at)]
    fresh = [subject for subject in wanted if known[subject] is None]
    fresh, old = fresh[: max(0, room)], old[: max(0, room - len(fresh))]
    if old:
        Look.objects.filter(pk__in=[look.pk for look in old]).update(next_action_at=at, asked_at=at)
    Look.objects.bulk_create(
        (
            Look(vendor=vendor, kind=kind, subject=what, helo=helo, asked_at=at, next_action_at=at)
            for kind, what, helo in fresh
        ),
        ignore_conflicts=True,  # a colleague saved the same at the same moment
    )
    if old or fresh:
        bell.ring(STAGE)
    return len(old) + len(fresh)


def looks_of(vendor: Vendor, subjects: Iterable[Subject]) -> dict[Subject, Look | None]:
    """The look of each subject, None for one that nobody asked for; in one query."""
    wanted = list(dict.fromkeys(subjects))
    rows = Look.objects.filter(vendor=vendor)
    if len(wanted) <= FEW:
        rows = rows.filter(subject__in={what for _, what, _ in wanted})
    found = {(row.kind, row.subject, row.helo): row for row in rows} if wanted else {}
    return {subject: found.get(subject) for subject in wanted}


def sweep(state: Sweep) -> None:
    """The stage: look at what is due, in rounds, until nothing is or the cycle must end. Web pages have rounds of their
    own, after the others: a slow site keeps nobody waiting for the DNS."""
    ends = time.monotonic() + max(0.0, min(settings.SWEEP_SECONDS, LONGEST - rounds.ROUND))
    waiting = Look.objects.all()
    of_pages = Q(kind__in=PAGES)
    while looks := _claimed(waiting.exclude(of_pages)) or _claimed(waiting.filter(of_pages)):
        state.claimed += len(looks)
        _round(looks, state)
        if time.monotonic() >= ends:
            break
    oldest = due(waiting, timezone.now()).order_by("next_action_at")
    state.oldest_due_at = oldest.values_list("next_action_at", flat=True).first()


def _claimed(waiting: QuerySet[Look]) -> list[Look]:
    return claim(
        waiting.select_related("vendor"),
        now=timezone.now(),
        lease=timedelta(seconds=settings.LEASE_SECONDS),
        limit=BATCH,
    )


def _round(looks: Sequence[Look], state: Sweep) -> None:
    now = timezone.now()
    seen = looking.take([_wanted(look, now) for look in looks])
    at = timezone.now()
    for look in looks:
        with state.each(look):
            what = seen[look.pk]
            again = at + RETRY if what.is_partial and at < look.asked_at + RETRIES * RETRY else None
            release(
                look,
                checks=[check.as_json() for check in what.checks],
                facts=what.facts,
                looked_at=at,
                next_action_at=again,
            )


def _wanted(look: Look, now: datetime) -> Wanted:
    """Which resolver looks first is the subject's chance, and another's at each retry."""
    path = zlib.crc32(look.subject.encode()) + int(now.timestamp() // RETRY.total_seconds())
    return Wanted(look.pk, look.kind, look.subject, look.helo, look.vendor.name, path)


def _is_old(look: Look, at: datetime) -> bool:
    """Looked at, and so long ago that another look may tell something new."""
    is_waiting = look.next_action_at is not None and look.next_action_at <= at
    return not is_waiting and (look.looked_at is None or at - look.looked_at >= OLD)


def _fits(subject: Subject) -> bool:
    """Whether it can be looked at, and kept. The form has cleaned it; what it let through is left out here."""
    kind, what, helo = subject
    longest = LONGEST_URL if kind in PAGES else LONGEST_OTHER
    if kind not in Look.Subject.values or not what.isascii() or len(what) > longest or len(helo) > 253:
        return False
    if kind == Look.Subject.SERVER:
        try:
            ip_network(what, strict=False)
        except ValueError:
            return False
    return True
