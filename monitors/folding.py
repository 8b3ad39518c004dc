"""Readings as rows that stay small: what says the same as before on its path makes that row grow by one.

A reading has a row of its own when it says something else, when it is one of those that confirm a suspicion (both raw
answers are kept), and after a gap: a row claims that somebody looked all along from its first moment to its last.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from engine.many import among
from monitors import checks
from monitors.models import Observation, Watch
from monitors.probes.reading import Reading, Severity, Verdict

GAP = 4  # regular intervals without a look on a path, times the paths: more is a gap


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading of a watch. `alone`: it gets a row of its own."""

    watch: Watch
    path: str
    reading: Reading
    alone: bool = False


def likeness(verdict: str, result: str, severity: str, codes: Sequence[str] = ()) -> str:
    """The same for readings that say the same. The list's own words are left out: some count the hours."""
    said = "\n".join((str(verdict), result, str(severity), *sorted(codes)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


PLAIN_NO = likeness(Verdict.CLEAR, "clean", Severity.NONE)


def longest_gap(check_id: str) -> timedelta:
    """How long after its last reading a row may still grow."""
    return GAP * len(checks.paths()) * checks.interval_of(check_id)


def keep(seen: Iterable[Seen], now: datetime) -> list[Seen]:
    """Store the readings, taken `now`; in the caller's transaction, which holds the watches. Returns those that said
    something new."""
    wanted = list(seen)
    latest = {
        (watch, path): (pk, like, last_at)
        for pk, watch, path, like, last_at in Observation.objects.filter(
            watch__in={one.watch.pk for one in wanted}, is_latest=True
        ).values_list("pk", "watch_id", "path", "likeness", "last_at")
    }
    grown: list[int] = []
    over: list[int] = []
    new: list[Seen] = []
    for one in wanted:
        like = _likeness_of(one)
        before = latest.get((one.watch.pk, one.path))
        is_like = before is not None and before[1] == like and not one.alone
        if before is not None and is_like and timedelta(0) <= now - before[2] <= longest_gap(one.watch.check_id):
            grown.append(before[0])
        else:
            over += [before[0]] if before is not None else []
            new.append(one)
    Observation.objects.filter(pk__in=grown).update(count=F("count") + 1, last_at=now)
    Observation.objects.filter(pk__in=over).update(is_latest=False)
    Observation.objects.bulk_create([_row(one, now) for one in new])
    return new


def grow(watches: Sequence[int], path: str, check_id: str, now: datetime) -> set[int]:
    """Of these watches of one check, all answered with a plain no: those whose row could grow. In one UPDATE where all
    could, which is nearly always."""
    rows = Observation.objects.filter(
        watch__in=among(watches), path=path, is_latest=True, likeness=PLAIN_NO, last_at__gte=now - longest_gap(check_id)
    )
    able = set(rows.values_list("watch_id", flat=True))
    if able:
        latest = Observation.objects.filter(watch__in=among(able), path=path, is_latest=True)
        latest.update(count=F("count") + 1, last_at=now)
    return able


def _likeness_of(one: Seen) -> str:
    """What is shown besides must be alike too, where it is more than a listing: of a registration the record, of DNS
    records what they say. Another reverse name that is in order as well is news."""
    reading = one.reading
    shown: list[str] = []
    if not one.watch.check_id.startswith(checks.DNSBL):
        record = reading.evidence[0].get("record") if reading.evidence else None
        shown = [f"record {record}"] if record else []
        answers = (part for part in reading.evidence if part.get("records"))
        shown += [f"{part['name']} {part['rdtype']} {sorted(part['records'])}" for part in answers]
    return likeness(reading.verdict, reading.result, reading.severity, (*reading.codes, *shown))


def _row(one: Seen, now: datetime) -> Observation:
    reading = one.reading
    return Observation(
        watch=one.watch,
        path=one.path,
        first_at=now,
        last_at=now,
        likeness=_likeness_of(one),
        verdict=reading.verdict,
        result=reading.result,
        severity=reading.severity,
        sentence=reading.sentence,
        is_proved=reading.verdict != Verdict.UNKNOWN,
        codes=list(reading.codes),
        meanings=list(reading.meanings),
        text=list(reading.text),
        evidence=list(reading.evidence),
    )
