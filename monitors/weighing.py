"""What was seen of a watch, weighed, and stored: the reading, the new standing, the finding that it opens, makes graver
or closes. Here and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from engine import bell
from engine.cycle import CLOCK_STEP
from engine.many import among, update_each
from journal.actor import ENGINE
from journal.record import MoveRefused, move, note, turn
from monitors import checks, folding, rounds
from monitors.folding import Seen
from monitors.grid import next_slot
from monitors.judgement import Judgement, Sighting, Standing, Thresholds, judge
from monitors.models import Enrolment, Finding, Watch
from monitors.probes.reading import Reading, Severity, Verdict

BY_HAND = "by hand"  # in the place of a resolver path
REFUSALS = ("refused", "refused_by_list")
NOT_HAD = frozenset({"not_checked", "limited", "timeout", "unreachable", "unfetched"})  # of slow looks: it was not seen
NEXT_TRY = timedelta(hours=1)
LONGEST_CACHE = 3600  # s; a list whose answers last longer is believed to mean it no longer


@dataclass(frozen=True, slots=True)
class Weighed:
    """One watch with what was seen of it and what that amounts to."""

    watch: Watch
    reading: Reading
    judgement: Judgement
    finding: Finding | None  # that stands
    path: str
    is_look: bool = True  # False when nobody looked: an earlier word is merely too old

    @property
    def graver(self) -> tuple[Severity, str] | None:
        """(how grave, in a sentence), when more is confirmed now than the open finding says."""
        if self.finding is None or not self.judgement.confirmed:
            return None
        severity, sentence = self.reading.about(self.judgement.confirmed)
        severity = _at_most(self.watch, severity)
        is_graver = Severity.worst(severity, Severity(self.finding.severity)) != self.finding.severity
        return (severity, sentence) if is_graver else None

    @property
    def is_news(self) -> bool:
        return self.judgement.opens or self.judgement.closes or self.graver is not None

    @property
    def confirms(self) -> bool:
        """Whether it added to what is suspected: such a reading is kept by itself."""
        before = self.watch.faults
        return any(
            name not in before or (one.count, len(one.paths)) != (before[name][0], len(before[name][3]))
            for name, one in self.judgement.standing.faults.items()
        )


def weigh(watch: Watch, reading: Reading, finding: Finding | None, now: datetime, *, by_hand: bool = False) -> Weighed:
    """Judge the reading against the standing that the row holds; `finding` is the open one, if any. `by_hand`: it is a
    person's word, which opens and closes at once."""
    path = BY_HAND if by_hand else rounds.path_name(watch.rounds)
    judgement = judge(
        standing_of(watch, finding is not None, now),
        reading,
        at=now,
        proved=reading.verdict != Verdict.UNKNOWN,
        thresholds=thresholds(watch.check_id, by_hand=by_hand),
        path=path,
        cached=_cached(reading),
    )
    return Weighed(watch, reading, judgement, finding, path)


def store(weighed: Sequence[Weighed], now: datetime) -> None:
    """Store all or nothing. What has news for the journal takes its turn there before it touches a row; the rest, which
    is nearly always all of it, keeps nobody waiting."""
    with turn() if any(one.is_news for one in weighed) else transaction.atomic():
        # One whose lease lapsed was looked at by another worker, whose reading stands.
        held = _held([one.watch for one in weighed])
        kept = [one for one in weighed if one.watch.pk in held]
        update_each(Watch, {one.watch.pk: _values(one, now) for one in kept})
        new = folding.keep([Seen(one.watch, one.path, one.reading, one.confirms) for one in kept], now)
        named = {one.watch.server_id for one in new if one.watch.check_id == checks.FCRDNS}
        Enrolment.objects.filter(server__in=named).update(catalogue="")  # it may bear other names: look them over
        for one in kept:
            if one.judgement.opens:
                _open(one, now)
            elif one.judgement.closes:
                _close(one, now)
            elif one.finding and one.graver:
                _aggravate(one.finding, *one.graver, now)


def thresholds(check_id: str, *, by_hand: bool = False) -> Thresholds:
    """A suspicion is looked at again after each spacing. When ten such looks, or four regular ones, came to nothing
    because we could not see, the second witness would speak of another time: the first is forgotten."""
    interval = checks.interval_of(check_id)
    if by_hand or check_id.startswith(checks.ATTESTED):
        return Thresholds(1, timedelta(0), 1, 4 * interval)  # a person who looked needs no second look
    if check_id in checks.SLOW:
        spacing, witnesses, hold = timedelta(seconds=settings.SURVEY_SPACING_SECONDS), 1, timedelta(0)
    else:
        spacing = timedelta(seconds=settings.CONFIRM_SPACING_SECONDS)
        witnesses, hold = min(2, len(checks.paths()), settings.CONFIRM_COUNT), checks.cool_down_of(check_id)
    return Thresholds(
        confirm_count=settings.CONFIRM_COUNT,
        confirm_spacing=spacing,
        clear_count=settings.CLEAR_COUNT,
        longest_age=max(10 * spacing, 4 * interval),
        witnesses=witnesses,
        clear_hold=hold,
    )


def _cached(reading: Reading) -> timedelta:
    """How long the resolver answers the same from memory: an earlier look through it would be no second witness."""
    ttl = reading.evidence[0].get("ttl") if reading.evidence else None
    return timedelta(seconds=min(ttl, LONGEST_CACHE)) if isinstance(ttl, int) else timedelta(0)


def standing_of(watch: Watch, is_open: bool, now: datetime) -> Standing:
    """The standing that the row holds, as the value that `judge` works on.

    A last look that lies in the future was taken before the clock was set back. It must not make repeats of all looks
    until then.
    """
    is_ahead = watch.looked_at is not None and watch.looked_at > now + timedelta(seconds=CLOCK_STEP)
    return Standing(
        verdict=Verdict(watch.verdict),
        since=watch.since,
        clear_count=watch.clear_count,
        seen_at=None if is_ahead else watch.looked_at,
        clear_since=watch.clear_since,
        clear_paths=frozenset(watch.clear_paths),
        faults={name: _sighting(*kept) for name, kept in watch.faults.items()},
        is_open=is_open,
    )


def _held(watches: Sequence[Watch]) -> set[int]:
    """The keys of those that are still ours; nobody else touches them in this transaction."""
    rows = Watch.objects.select_for_update().filter(pk__in=among(watch.pk for watch in watches))
    tokens = dict(rows.values_list("pk", "lease_token"))
    return {watch.pk for watch in watches if watch.pk in tokens and tokens[watch.pk] == watch.lease_token}


def _values(one: Weighed, now: datetime) -> dict[str, Any]:
    """The new standing, for the row; the watch is given back with it."""
    watch, standing, next_in = one.watch, one.judgement.standing, one.judgement.next_in
    return {
        "verdict": str(standing.verdict),
        "since": standing.since,
        "clear_count": standing.clear_count,
        "clear_since": standing.clear_since,
        "clear_paths": sorted(standing.clear_paths),
        "faults": {name: _kept(sighting) for name, sighting in standing.faults.items()},
        "result": one.reading.result,
        "sentence": one.reading.sentence,
        "looked_at": now if one.is_look else watch.looked_at,
        "seen_at": now if one.reading.verdict != Verdict.UNKNOWN else watch.seen_at,
        "rounds": watch.rounds + 1,
        "next_action_at": (
            next_slot(now, _interval(watch, one.reading), str(watch.pk)) if next_in is None else now + next_in
        ),
        "lease_token": None,
        "lease_until": None,
    }


def _interval(watch: Watch, reading: Reading) -> timedelta:
    """Until the next look. What could not be seen is looked at again on the regular grid, however seldom the list is
    asked otherwise; a list that will not answer us keeps to its own."""
    interval = checks.interval_of(watch.check_id)
    if watch.check_id in checks.SLOW and reading.result in NOT_HAD:
        return min(interval, NEXT_TRY)
    if reading.verdict is not Verdict.UNKNOWN or reading.result in REFUSALS or watch.check_id in checks.SLOW:
        return interval
    return min(interval, timedelta(seconds=settings.WATCH_SECONDS))


def _kept(sighting: Sighting) -> list[Any]:
    """A sighting as the row holds it: how many, the first, the latest, and each path with the end of its cache."""
    paths = {path: until.isoformat() for path, until in sighting.paths.items()}
    return [sighting.count, sighting.first_at.isoformat(), sighting.last_at.isoformat(), paths]


def _sighting(count: int, first: str, last: str, paths: Mapping[str, str]) -> Sighting:
    until = {path: datetime.fromisoformat(moment) for path, moment in paths.items()}
    return Sighting(count, datetime.fromisoformat(first), datetime.fromisoformat(last), until)


def _at_most(watch: Watch, severity: Severity) -> Severity:
    """A domain that was only met, in the name of a server, stands in no mail of the vendor's that we know of: what is
    said of it halts nobody before a person has looked (decision 0022)."""
    is_met_only = watch.domain is not None and not watch.domain.is_declared
    return Severity.REVIEW if is_met_only and severity is Severity.HALT else severity


def _open(one: Weighed, now: datetime) -> None:
    """The finding says what is confirmed, and no more: what else the reading named was seen once."""
    watch, reading, judgement = one.watch, one.reading, one.judgement
    severity, sentence = reading.about(judgement.confirmed)
    severity = _at_most(watch, severity)
    finding, is_new = Finding.objects.get_or_create(
        watch=watch,
        kind=checks.kind_of(watch.check_id),
        state=Finding.State.OPEN,
        defaults={
            "server": watch.server,
            "domain": watch.domain,
            "vendor": watch.vendor,
            "severity": severity,
            "clause": reading.clause,
            "sentence": f"{watch.subject}: {sentence}",
            "first_seen_at": judgement.first_at or now,
            "opened_at": now,
        },
    )
    if is_new:
        bell.ring("order")
        note(finding, "opened", by=ENGINE, at=now, why=finding.sentence, watch=watch, severity=finding.severity)


def _aggravate(finding: Finding, severity: Severity, sentence: str, now: datetime) -> None:
    """A graver fault is confirmed while the finding stands: it says so from now on, and may get an order."""
    was, sentence = finding.severity, f"{finding.subject}: {sentence}"
    still = Finding.objects.open().filter(pk=finding.pk, severity=was)
    if still.update(severity=severity, sentence=sentence):
        bell.ring("order")
        note(finding, "graver", by=ENGINE, at=now, why=sentence, was=was, severity=severity)


def _close(one: Weighed, now: datetime) -> None:
    for finding in Finding.objects.open().filter(watch=one.watch):
        try:
            changes = {"closed_at": now}
            move(finding, Finding.State.CLOSED, by=ENGINE, at=now, why=one.reading.sentence, changes=changes)
        except MoveRefused:
            continue
