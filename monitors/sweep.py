"""The watch stage: look at what is due, in rounds, and have it weighed and stored."""

import logging
import time
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from engine.claim import claim_keys, due
from engine.cycle import CLOCK_STEP, LONGEST, Sweep
from engine.many import among
from engine.models import Cycle
from journal.actor import ENGINE
from journal.record import note
from monitors import calm, checks, pacing, quarantine, rounds, sight, subjects
from monitors.belief import believed, list_of, proofs_wanted
from monitors.calm import Held
from monitors.models import Finding, Sight, Watch, WatchQuerySet
from monitors.probes.health import Fault
from monitors.probes.reading import Reading, Verdict
from monitors.rounds import ListOnPath, Look, Round
from monitors.weighing import store, weigh

log = logging.getLogger(__name__)
BATCH, LARGEST = 300, 2400  # watches of a round: the first, and when rounds are over quickly
QUICK = 1.5  # s
CHUNK = 100  # watches stored in one transaction
NOTHING: Mapping[str, Any] = {}
GATHER = 0.25  # seconds between claims: many looks in one round cost far less than as many rounds of one look


def sweep(state: Sweep) -> None:
    """Look at what is due, and for one sweep interval at what falls due in it, so that no recheck is kept waiting.

    The last round begins before `ends`: with resolvers that say nothing too, the cycle is over within LONGEST.
    """
    ends = time.monotonic() + min(settings.SWEEP_SECONDS, LONGEST - rounds.ROUND)
    if state.clock_step:
        note(Cycle(stage="watch"), "clock set", by=ENGINE, at=state.now, seconds=round(state.clock_step))
    pull_back(state.now)
    running = watches()
    batch = BATCH
    while True:
        began = time.monotonic()
        claimed = look_at(running, state, batch)
        is_quick = time.monotonic() - began < QUICK
        is_full = claimed >= batch
        batch = min(2 * batch, LARGEST) if is_quick and is_full else batch if is_quick else BATCH
        pause = 0.0 if is_full else GATHER if claimed else _seconds_to_next(ends - time.monotonic())
        if (not pause and not is_full) or time.monotonic() + pause >= ends:
            break
        time.sleep(max(pause, 0.0 if is_full else GATHER))
    waiting = due(running, timezone.now()).order_by("next_action_at")
    state.oldest_due_at = waiting.values_list("next_action_at", flat=True).first()


def watches() -> WatchQuerySet:
    """What this stage looks at: all but what is asked over HTTP, and what a person has to look up."""
    return Watch.objects.running().exclude(check_id__in=checks.SLOW).exclude(check_id__startswith=checks.ATTESTED)


def look_at(running: QuerySet[Watch], state: Sweep, limit: int) -> int:
    """One round: claim what is due, look, weigh, store. Returns how many were claimed."""
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    token, keys = claim_keys(running, now=timezone.now(), lease=lease, limit=limit)
    if keys:
        now = timezone.now()
        state.claimed += len(keys)
        held = pacing.admitted(calm.held(keys, token), token, now)
        if held:
            _round(held, token, now, state)
    return len(keys)


def pull_back(now: datetime) -> None:
    """Look at once at what is due later than it ever can be: its moment was set before the clock was set back.

    Found by the rows, not by the step: nobody may have been running when it was made. The next look of a watch lies
    within one and a half intervals, the next proof of a list within one age of a proof; a list that will not answer
    us rests a day.
    """
    named = [one for one, entry in checks.asked().items() if entry.interval or one in pacing.limited()]
    named += checks.SLOW
    all_watches = Watch.objects.filter(is_running=True)
    usual = timedelta(seconds=max(2 * settings.WATCH_SECONDS, 1.5 * settings.CONFIRM_SPACING_SECONDS))
    regular = all_watches.exclude(check_id__in=named).exclude(check_id__startswith=checks.ATTESTED)
    ahead = [
        regular.filter(next_action_at__gt=now + usual),
        *(all_watches.filter(check_id=one, next_action_at__gt=now + pacing.longest_wait(one)) for one in named),
        Sight.objects.exclude(fault=Fault.REFUSED).filter(next_action_at__gt=now + 2 * sight.proof_age()),
        Sight.objects.filter(fault=Fault.REFUSED, next_action_at__gt=now + 2 * sight.longest_rest()),
    ]
    for rows in ahead:
        if rows.exists():  # an UPDATE of nothing takes SQLite's write lock all the same
            rows.update(next_action_at=now)


def _seconds_to_next(most: float) -> float:
    """How long until a watch falls due; 0 when none does within `most` seconds, and the sweep may end."""
    now = timezone.now()
    soon = watches().filter(next_action_at__gt=now, next_action_at__lte=now + timedelta(seconds=most))
    moment = soon.order_by("next_action_at").values_list("next_action_at", flat=True).first()
    return (moment - now).total_seconds() if moment else 0


def _round(held: Sequence[Held], token: UUID, now: datetime, state: Sweep) -> None:
    sights = {(row.list_id, row.path): row for row in Sight.objects.unheld()}
    keys = [one.pk for one in held]
    findings = {
        finding.watch_id: finding
        for finding in Finding.objects.open().filter(watch__in=among(keys)).select_related("server", "domain", "vendor")
    }
    seeing = _seeing(sights, now)
    in_quarantine = quarantine.quarantined()
    believable = {pair for pair in seeing if pair[0] not in in_quarantine}
    quiet = calm.calm(held, seeing=believable, found=findings.keys())
    suspected = findings.keys() | {one.pk for one in held if one.faults}

    def wants_proof(readings: Mapping[int, Reading]) -> Set[ListOnPath]:
        told = [one for one in held if one.pk in readings]
        return proofs_wanted(told, readings, seeing=seeing, known=sights.keys(), suspected=suspected)

    facts = subjects.facts_of(held)
    looks = []
    for one in held:
        try:
            if one.address is not None:
                checks.address_of(one.address)  # a server's address that is none must not be asked about as a domain
            looks.append(Look(one.pk, one.check_id, one.target, one.rounds, one.helo or "", facts.get(one.pk, NOTHING)))
        except ValueError:
            with state.each(one):
                raise
    taken = rounds.take(looks, wants_proof, calm=quiet)
    proved_at = timezone.now()  # not before: proofs from before a blindness must not pass for later ones
    for pair, proof in taken.proofs.items():
        if pair in sights:
            with state.each(sights[pair]):
                sight.record(sights[pair], proof, proved_at)
    _store_calm(held, taken, token, now, state)
    unclear = _loaded(taken.readings.keys(), token)
    readings = _believed(unclear, findings, taken, sights, in_quarantine, state)
    weighed = []
    for pk, reading in readings.items():
        with state.each(unclear[pk]):
            weighed.append(weigh(unclear[pk], reading, findings.get(pk), now))
    for start in range(0, len(weighed), CHUNK):
        chunk = weighed[start : start + CHUNK]
        try:
            store(chunk, now)
        except Exception:  # one of them cannot be stored: find it, and keep the others
            log.exception("%d watches could not be stored together; storing them one by one", len(chunk))
            for alone in chunk:
                with state.each(alone.watch):
                    store([alone], now)


def _seeing(sights: Mapping[ListOnPath, Sight], now: datetime) -> set[ListOnPath]:
    """The lists that were proved to be seen a short while ago."""
    fresh, latest = now - sight.proof_age(), now + timedelta(seconds=CLOCK_STEP)
    return {
        pair
        for pair, row in sights.items()
        if row.state == Sight.State.SEEING and row.proved_at and fresh <= row.proved_at <= latest
    }


def _loaded(keys: Set[int], token: UUID) -> dict[int, Watch]:
    """The watches that have news, or may have."""
    rows = Watch.objects.filter(pk__in=among(keys), lease_token=token).select_related("server", "domain", "vendor")
    return {watch.pk: watch for watch in rows}


def _store_calm(held: Sequence[Held], taken: Round, token: UUID, now: datetime, state: Sweep) -> None:
    refuted = {pair for pair, proof in taken.proofs.items() if not proof.healthy}
    as_before = [one for one in held if one.pk in taken.as_before]
    doubtful = [one.pk for one in as_before if list_of(one) in refuted]
    if as_before:
        with state.each("what is as before"):
            calm.store([one for one in as_before if list_of(one) not in refuted], token, now)
    if doubtful:  # the list failed its proof in this very round: they are looked at again, the long way
        again = Watch.objects.filter(pk__in=among(doubtful), lease_token=token)
        again.update(lease_token=None, lease_until=None, next_action_at=now, clear_count=0)
    if taken.unasked:  # there was no time for them: that is no reading
        Watch.objects.filter(pk__in=among(taken.unasked), lease_token=token).update(lease_token=None, lease_until=None)


def _believed(
    unclear: Mapping[int, Watch],
    findings: Mapping[int, Finding],
    taken: Round,
    sights: Mapping[ListOnPath, Sight],
    in_quarantine: Set[str],
    state: Sweep,
) -> dict[int, Reading]:
    """The readings as far as they count. When a list names too much at once, its word waits for a person."""
    trusted = {pair for pair, row in sights.items() if row.state == Sight.State.SEEING}
    # One that was never proved is believed by its first proof, also while another worker makes its own.
    new = {pair for pair in taken.proofs if pair not in sights or sights[pair].state == Sight.State.UNPROVED}
    trusted |= {pair for pair in new if taken.proofs[pair].healthy}

    def weigh_all(held_back: Set[str]) -> dict[int, Reading]:
        found = {}
        for pk, watch in unclear.items():
            with state.each(watch):
                reading = taken.readings[pk]
                found[pk] = believed(watch, reading, taken.proofs, trusted=trusted, quarantined=held_back)
        return found

    readings = weigh_all(in_quarantine)
    named = [watch for pk, watch in unclear.items() if _is_listing(watch, readings.get(pk)) and pk not in findings]
    fresh = [watch for watch in named if watch.verdict != Verdict.ADVERSE]
    lists = {pair[0] for watch in named if (pair := list_of(watch))}
    if lists and (too_many := quarantine.hold_back(lists, fresh, timezone.now())):
        return weigh_all(in_quarantine | too_many)
    return readings


def _is_listing(watch: Watch, reading: Reading | None) -> bool:
    return watch.check_id.startswith(checks.DNSBL) and reading is not None and reading.verdict is Verdict.ADVERSE
