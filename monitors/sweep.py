"""The watch stage: look at what is due, in rounds, and have it weighed and stored."""

import logging
import time
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from engine.claim import claim, due
from engine.cycle import CLOCK_STEP, LONGEST, Sweep
from engine.models import Cycle
from journal.actor import ENGINE
from journal.record import note
from monitors import checks, rounds, sight
from monitors.belief import believed, proofs_wanted
from monitors.models import Finding, Sight, Watch
from monitors.probes.reading import Reading
from monitors.rounds import ListOnPath, Look
from monitors.weighing import store, weigh

log = logging.getLogger(__name__)
BATCH = 300
CHUNK = 100  # watches stored in one transaction
GATHER = 0.25  # seconds between claims: many looks in one round cost far less than as many rounds of one look


def sweep(state: Sweep) -> None:
    """Look at what is due, and for one sweep interval at what falls due in it, so that no recheck is kept waiting.

    The last round begins before `ends`: with resolvers that say nothing too, the cycle is over within LONGEST.
    """
    ends = time.monotonic() + min(settings.SWEEP_SECONDS, LONGEST - rounds.ROUND)
    if state.clock_step:
        note(Cycle(stage="watch"), "clock set", by=ENGINE, at=state.now, seconds=round(state.clock_step))
    pull_back(state.now)
    running = Watch.objects.running()
    while True:
        watches = claim(
            running.select_related("server", "server__vendor"),
            now=timezone.now(),
            lease=timedelta(seconds=settings.LEASE_SECONDS),
            limit=BATCH,
        )
        if watches:
            state.claimed += len(watches)
            _round(watches, timezone.now(), state)
        pause = GATHER if watches else _seconds_to_next(ends - time.monotonic())
        if not pause or time.monotonic() + pause >= ends:
            break
        time.sleep(max(pause, GATHER))
    waiting = due(running, timezone.now()).order_by("next_action_at")
    state.oldest_due_at = waiting.values_list("next_action_at", flat=True).first()


def pull_back(now: datetime) -> None:
    """Look at once at what is due later than it ever can be: its moment was set before the clock was set back.

    Found by the rows, not by the step: nobody may have been running when it was made. The next look of a watch lies
    within one and a half intervals, the next proof of a list within one age of a proof.
    """
    own = [check_id for check_id, entry in checks.asked().items() if entry.interval]
    watches = Watch.objects.filter(is_running=True)
    usual = timedelta(seconds=settings.WATCH_SECONDS)
    ahead = [
        watches.exclude(check_id__in=own).filter(next_action_at__gt=now + 2 * usual),
        *(watches.filter(check_id=one, next_action_at__gt=now + 2 * checks.interval_of(one)) for one in own),
        Sight.objects.filter(next_action_at__gt=now + 2 * sight.proof_age()),
    ]
    for rows in ahead:
        if rows.exists():  # an UPDATE of nothing takes SQLite's write lock all the same
            rows.update(next_action_at=now)


def _seconds_to_next(most: float) -> float:
    """How long until a watch falls due; 0 when none does within `most` seconds, and the sweep may end."""
    now = timezone.now()
    soon = Watch.objects.running().filter(next_action_at__gt=now, next_action_at__lte=now + timedelta(seconds=most))
    moment = soon.order_by("next_action_at").values_list("next_action_at", flat=True).first()
    return (moment - now).total_seconds() if moment else 0


def _round(watches: Sequence[Watch], now: datetime, state: Sweep) -> None:
    sights = {(row.list_id, row.path): row for row in Sight.objects.unheld()}
    findings = {
        finding.watch_id: finding
        for finding in Finding.objects.open().filter(watch__in=watches).select_related("server")
    }
    suspected = findings.keys() | {watch.pk for watch in watches if watch.faults}
    fresh, latest = now - sight.proof_age(), now + timedelta(seconds=CLOCK_STEP)
    seeing = {
        pair
        for pair, row in sights.items()
        if row.state == Sight.State.SEEING and row.proved_at and fresh <= row.proved_at <= latest
    }
    looks = {}
    for watch in watches:
        with state.each(watch):
            address = checks.address_of(watch.server.address)
            looks[watch.pk] = Look(watch.pk, watch.check_id, address, watch.server.helo, watch.rounds)
    watches = [watch for watch in watches if watch.pk in looks]

    def wants_proof(readings: Mapping[int, Reading]) -> Set[ListOnPath]:
        return proofs_wanted(watches, readings, seeing=seeing, known=sights.keys(), suspected=suspected)

    taken = rounds.take(looks.values(), wants_proof)
    proved_at = timezone.now()  # not before: proofs from before a blindness must not pass for later ones
    for pair, proof in taken.proofs.items():
        if pair in sights:
            with state.each(sights[pair]):
                sight.record(sights[pair], proof, proved_at)
    weighed = []
    for watch in watches:
        with state.each(watch):
            reading = believed(watch, taken.readings[watch.pk], taken.proofs)
            weighed.append(weigh(watch, reading, findings.get(watch.pk), now))
    for start in range(0, len(weighed), CHUNK):
        chunk = weighed[start : start + CHUNK]
        try:
            store(chunk, now)
        except Exception:  # one of them cannot be stored: find it, and keep the others
            log.exception("%d watches could not be stored together; storing them one by one", len(chunk))
            for one in chunk:
                with state.each(one.watch):
                    store([one], now)
