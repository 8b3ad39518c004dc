"""The attest stage: a person's word that is too old counts no more, and somebody is reminded, once a day at most.

What is due stands in the watches themselves: `next_action_at` of one that is looked up by hand is the moment at which
the word on it ends.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from engine.claim import claim, due, release
from engine.cycle import CLOCK_STEP, Sweep
from monitors import attestations, checks, lookups
from monitors.models import Attestation, Watch, WatchQuerySet
from monitors.outcome_table import NOT_CHECKED
from notices import outbox
from notices.models import Delivery
from notices.staff import staff

BATCH = 200
SETTLE = timedelta(hours=1)  # what falls due at about the same time is told in one letter
AGAIN = timedelta(days=7)  # what stays due is told again after this
NAMED = 10  # of each list; the desk's page has them all
LETTER, ABOUT = "lookups_due", "lookups"


def sweep(state: Sweep) -> None:
    """Let what has ended end, then tell."""
    if not checks.attested():
        return
    waiting = lookups.to_look_up()
    _pull_back(waiting, state.now)
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    claimed = claim(waiting.select_related("server", "domain", "vendor"), now=state.now, lease=lease, limit=BATCH)
    state.claimed = len(claimed)
    with state.each("what was looked up by hand"):
        _end(claimed, state.now)
    state.oldest_due_at = (
        due(waiting, state.now).order_by("next_action_at").values_list("next_action_at", flat=True).first()
    )
    tell(state.now)


def _pull_back(waiting: WatchQuerySet, now: datetime) -> None:
    """A moment later than any can be was set before the clock was set back: see at once what it is worth."""
    slack = timedelta(seconds=CLOCK_STEP)
    for check_id in checks.attested():
        ahead = waiting.filter(check_id=check_id, next_action_at__gt=now + lookups.counts_for(check_id) + slack)
        if ahead.exists():
            Watch.objects.filter(pk__in=list(ahead.values_list("pk", flat=True))).update(next_action_at=now)


def _end(watches: list[Watch], now: datetime) -> None:
    """A watch may be due for another reason than its end: it was taken up again, or is nobody's to look up yet."""
    last = {one.watch_id: one for one in Attestation.objects.filter(watch__in=watches).newest()}
    ended = []
    for watch in watches:
        word = last.get(watch.pk)
        if word is not None and word.counts(now):
            release(watch, next_action_at=word.expires_at)
        elif watch.result == NOT_CHECKED:
            release(watch, next_action_at=now + checks.interval_of(watch.check_id))
        else:
            ended.append(watch)
    attestations.expire(ended, now)


# ── reminding ───────────────────────────────────────────────────────────────
def tell(now: datetime) -> None:
    """One letter to staff about all that is due or soon will be: on a day on which something new is, or when something
    has been waiting for a week since the last letter."""
    letters = Delivery.objects.about(ABOUT).filter(created_at__lte=now + timedelta(seconds=CLOCK_STEP))
    last = letters.order_by("-created_at").values_list("created_at", flat=True).first()
    if last is not None and last.date() >= now.date():
        return
    waiting, soon = lookups.due(now), lookups.due_soon(now)
    new, soon_new = waiting.filter(since__lte=now - SETTLE), soon
    if last is not None:
        new = waiting if last <= now - AGAIN else new.filter(since__gt=last)
        soon_new = soon.filter(next_action_at__gt=last + lookups.SOON)
    if not new.exists() and not soon_new.exists():
        return
    parts = (_of_list(check_id, waiting, soon) for check_id in checks.attested())
    facts = {
        "due": waiting.count(),
        "soon": soon.count(),
        "lists": [part for part in parts if part is not None],
        "page": f"{settings.PUBLIC_URL}/desk/lookups/",
    }
    with transaction.atomic():
        for one in staff():
            outbox.write(
                LETTER,
                one,
                key=f"{ABOUT}:{now:%Y-%m-%d}:{one.email}",
                about=ABOUT,
                facts=facts,
                at=now,
                priority=Delivery.Priority.STAFF,
            )


def _of_list(check_id: str, waiting: WatchQuerySet, soon: WatchQuerySet) -> dict[str, Any] | None:
    """One list's part of the letter: how many, and the first of them by name."""
    own, coming = waiting.filter(check_id=check_id), soon.filter(check_id=check_id)
    counts = own.count(), coming.count()
    if not any(counts):
        return None
    named = list(own.order_by("since", "pk").select_related("server", "domain", "vendor")[:NAMED])
    return {
        "name": checks.check_name(check_id),
        "due": counts[0],
        "soon": counts[1],
        "named": [_named(watch) for watch in named],
        "more": counts[0] - len(named),
    }


def _named(watch: Watch) -> str:
    return str(watch.vendor) if watch.server is None and watch.domain is None else f"{watch.subject}, {watch.vendor}"
