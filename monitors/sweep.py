"""The watch stage: look at what is due, judge it, store it. A finding is opened or closed here and nowhere else."""

import logging
import time
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone

from engine import bell
from engine.claim import claim, due
from engine.cycle import LONGEST, Sweep
from journal.actor import ENGINE
from journal.record import MoveRefused, move, note
from monitors import checks, rounds, sight
from monitors.belief import believed, proofs_wanted
from monitors.grid import next_slot
from monitors.judgement import Judgement, Standing, Thresholds, judge
from monitors.models import Finding, Observation, Sight, Watch
from monitors.probes.reading import Reading, Verdict
from monitors.rounds import ListOnPath, Look

log = logging.getLogger(__name__)
BATCH = 300
CHUNK = 100  # watches stored in one transaction
GATHER = 0.25  # seconds between claims: many looks in one round cost far less than as many rounds of one look


def sweep(state: Sweep) -> None:
    """Look at what is due, and for one sweep interval at what falls due in it, so that no recheck is kept waiting.

    The last round begins before `ends`: with resolvers that say nothing too, the cycle is over within LONGEST.
    """
    ends = time.monotonic() + min(settings.SWEEP_SECONDS, LONGEST - rounds.ROUND)
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


def _seconds_to_next(most: float) -> float:
    """How long until a watch falls due; 0 when none does within `most` seconds, and the sweep may end."""
    now = timezone.now()
    soon = Watch.objects.running().filter(next_action_at__gt=now, next_action_at__lte=now + timedelta(seconds=most))
    moment = soon.order_by("next_action_at").values_list("next_action_at", flat=True).first()
    return (moment - now).total_seconds() if moment else 0


def _round(watches: Sequence[Watch], now: datetime, state: Sweep) -> None:
    sights = {(row.list_id, row.path): row for row in Sight.objects.all()}
    open_for = set(Finding.objects.open().filter(watch__in=watches).values_list("watch_id", flat=True))
    fresh = now - sight.proof_age()
    seeing = {
        pair
        for pair, row in sights.items()
        if row.state == Sight.State.SEEING and row.proved_at and row.proved_at >= fresh
    }

    def wants_proof(readings: Mapping[int, Reading]) -> Set[ListOnPath]:
        return proofs_wanted(watches, readings, seeing=seeing, known=sights.keys(), open_for=open_for)

    looks = [
        Look(watch.pk, watch.check_id, checks.address_of(watch.server.address), watch.server.helo, watch.rounds)
        for watch in watches
    ]
    taken = rounds.take(looks, wants_proof)
    proved_at = timezone.now()
    for pair, proof in taken.proofs.items():
        if pair in sights:
            sight.record(sights[pair], proof, proved_at)
    for start in range(0, len(watches), CHUNK):
        chunk = watches[start : start + CHUNK]
        try:
            with transaction.atomic():
                _store(chunk, taken, open_for, now)
        except Error:  # one of them cannot be stored: find it, and keep the others
            log.exception("%d watches could not be stored together; storing them one by one", len(chunk))
            for watch in chunk:
                with state.each(watch), transaction.atomic():
                    _store([watch], taken, open_for, now)


def _store(watches: Sequence[Watch], taken: rounds.Round, open_for: Set[int], now: datetime) -> None:
    observations = []
    for watch in watches:
        reading = believed(watch, taken.readings[watch.pk], taken.proofs)
        is_proved = reading.verdict != Verdict.UNKNOWN
        slot = watch.next_action_at or now
        judgement = judge(
            standing_of(watch, watch.pk in open_for), reading, at=now, proved=is_proved, thresholds=thresholds()
        )
        if not _keep(watch, reading, judgement, now):
            continue  # the lease lapsed and another worker looked; its reading stands
        observations.append(_observation(watch, slot, reading, is_proved, now))
        if judgement.opens:
            _open(watch, reading, judgement.standing, now)
        elif judgement.closes and watch.pk in open_for:
            _close(watch, reading, now)
    Observation.objects.bulk_create(observations, ignore_conflicts=True)


def thresholds() -> Thresholds:
    return Thresholds(
        confirm_count=settings.CONFIRM_COUNT,
        confirm_spacing=timedelta(seconds=settings.CONFIRM_SPACING_SECONDS),
        clear_count=settings.CLEAR_COUNT,
    )


def standing_of(watch: Watch, is_open: bool) -> Standing:
    """The standing that the row holds, as the value that `judge` works on."""
    return Standing(
        verdict=Verdict(watch.verdict),
        since=watch.since,
        adverse_count=watch.adverse_count,
        clear_count=watch.clear_count,
        first_adverse_at=watch.first_adverse_at,
        last_adverse_at=watch.last_adverse_at,
        seen_at=watch.looked_at,
        faults=frozenset(watch.faults),
        is_open=is_open,
    )


def _keep(watch: Watch, reading: Reading, judgement: Judgement, now: datetime) -> bool:
    """Write the new standing and give the watch back; False when the lease was lost."""
    standing = judgement.standing
    interval = timedelta(seconds=settings.WATCH_SECONDS)
    entry = checks.asked().get(watch.check_id)
    if entry and entry.interval:
        interval = entry.interval
    values = {
        "verdict": standing.verdict,
        "since": standing.since,
        "adverse_count": standing.adverse_count,
        "clear_count": standing.clear_count,
        "first_adverse_at": standing.first_adverse_at,
        "last_adverse_at": standing.last_adverse_at,
        "faults": sorted(standing.faults),
        "result": reading.result,
        "sentence": reading.sentence,
        "looked_at": now,
        "seen_at": now if reading.verdict != Verdict.UNKNOWN else watch.seen_at,
        "rounds": watch.rounds + 1,
        "next_action_at": (
            next_slot(now, interval, str(watch.pk)) if judgement.next_in is None else now + judgement.next_in
        ),
        "lease_token": None,
        "lease_until": None,
    }
    return bool(Watch.objects.filter(pk=watch.pk, lease_token=watch.lease_token).update(**values))


def _observation(watch: Watch, slot: datetime, reading: Reading, is_proved: bool, now: datetime) -> Observation:
    return Observation(
        watch=watch,
        slot=slot,
        looked_at=now,
        verdict=reading.verdict,
        result=reading.result,
        severity=reading.severity,
        sentence=reading.sentence,
        is_proved=is_proved,
        codes=list(reading.codes),
        text=list(reading.text),
        path=rounds.path_name(watch.rounds),
        evidence=list(reading.evidence),
    )


def _open(watch: Watch, reading: Reading, standing: Standing, now: datetime) -> None:
    kind = "reverse_dns" if watch.check_id == checks.FCRDNS else "listed"
    finding, is_new = Finding.objects.get_or_create(
        watch=watch,
        kind=kind,
        state=Finding.State.OPEN,
        defaults={
            "server": watch.server,
            "vendor": watch.server.vendor,
            "severity": reading.severity,
            "clause": reading.clause,
            "sentence": f"{watch.server}: {reading.sentence}",
            "first_seen_at": standing.first_adverse_at or now,
            "opened_at": now,
        },
    )
    if is_new:
        bell.ring("order")
        note(finding, "opened", by=ENGINE, at=now, why=finding.sentence, watch=watch, severity=finding.severity)


def _close(watch: Watch, reading: Reading, now: datetime) -> None:
    for finding in Finding.objects.open().filter(watch=watch):
        try:
            move(finding, Finding.State.CLOSED, by=ENGINE, at=now, why=reading.sentence, changes={"closed_at": now})
        except MoveRefused:
            continue
