"""The demo's past: what the engine would have seen in the weeks before it was started, so that standing has a history.

Invented like the vendors, and the same each time but for the day. Runs end where the engine's own looks begin.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.cycle import Sweep
from journal.actor import ENGINE
from journal.record import move, note
from monitors import checks, enrolment, sight
from monitors.folding import likeness
from monitors.models import Finding, Observation, Watch
from monitors.probes.reading import Severity, Verdict
from vendors.models import Vendor

DAY = timedelta(days=1)
Part = tuple[float, float, Verdict]  # from and to, in days ago
DARK = (24.3, 23.6)  # one resolver path was away, and the other with it: nobody saw anything
STOPPED = (41.0, 39.5)  # the engine stood still
OFFENDERS = {  # vendor, check: when a fault stood, in days ago
    ("Wrenfold Campaigns", "dnsbl:psbl"): (33.2, 30.9),
    ("Tallowmere Direct", "dnsbl:spamcop"): (12.4, 11.1),
    ("Brambleford Mailings", "fcrdns"): (47.5, 46.8),
}


def remember(now: datetime) -> None:
    """Give every check of a server its past since the server is on file."""
    enrolment.sweep(Sweep(now))
    sight.sweep(Sweep(now))  # lists that are asked every six hours must be seen to work before they are asked first
    faulty = {}
    for (name, check), stood in OFFENDERS.items():
        vendor = Vendor.objects.filter(name=name).first()
        watch = Watch.objects.filter(vendor=vendor, server__isnull=False, check_id=check).order_by("pk").first()
        if watch:
            faulty[watch.pk] = stood
    seen = Watch.objects.by_dns().select_related("server", "vendor")
    rows: list[Observation] = []
    for watch in seen:
        age = min((now - watch.subject.created_at) / DAY, 89.0)
        rows += _runs(watch, list(_parts(age, faulty.get(watch.pk), watch)), now)
        if watch.pk in faulty and faulty[watch.pk][0] < age:
            _finding(watch, *faulty[watch.pk], now)
    Observation.objects.bulk_create(rows, batch_size=500)


def _parts(age: float, fault: tuple[float, float] | None, watch: Watch) -> Iterator[Part]:
    """What one check showed since `age` days ago; most were clear but for the two dark times, a few blinked."""
    chance = hashlib.sha256(f"{watch.server_id} {watch.check_id}".encode()).digest()
    breaks: list[Part] = [(*DARK, Verdict.UNKNOWN)]
    if fault:
        breaks.append((*fault, Verdict.ADVERSE))
    elif chance[0] < 40:
        since = 3.0 + chance[1] / 4
        breaks.append((since, since - 0.2, Verdict.UNKNOWN))
    at = age
    for first, last, verdict in sorted(breaks, reverse=True):
        if first < at:
            yield at, first, Verdict.CLEAR
            yield first, last, verdict
            at = last
    yield at, 0.0, Verdict.CLEAR


def _runs(watch: Watch, parts: list[Part], now: datetime) -> Iterator[Observation]:
    said = {
        Verdict.CLEAR: ("clean" if watch.check_id.startswith(checks.DNSBL) else "pass", "Nothing adverse was seen."),
        Verdict.ADVERSE: ("listed" if watch.check_id.startswith(checks.DNSBL) else "fail_no_ptr", "A fault was seen."),
        Verdict.UNKNOWN: ("timeout", "The resolver gave no answer."),
    }
    for path in map(str, checks.paths()):
        for first, last, verdict in parts:
            result, sentence = said[verdict]
            for begin, end in _around(first, last, *STOPPED):
                yield Observation(
                    watch=watch,
                    path=path,
                    first_at=now - begin * DAY,
                    last_at=now - end * DAY,
                    count=max(1, round((begin - end) * 24)),
                    is_latest=False,
                    likeness=likeness(verdict, result, Severity.NONE),
                    verdict=verdict,
                    result=result,
                    severity=Severity.WARN if verdict is Verdict.ADVERSE else Severity.NONE,
                    sentence=sentence,
                    is_proved=verdict is not Verdict.UNKNOWN,
                )


def _around(first: float, last: float, stopped: float, went_on: float) -> Iterator[tuple[float, float]]:
    """The time from `first` to `last`, without that in which the engine stood still."""
    if first > stopped:
        yield first, max(last, stopped)
    if last < went_on:
        yield min(first, went_on), last


def _finding(watch: Watch, first: float, last: float, now: datetime) -> None:
    opened, closed = now - first * DAY, now - last * DAY
    what = f"{checks.check_name(watch.check_id)} showed a fault"
    finding = Finding.objects.create(
        watch=watch,
        server=watch.server,
        vendor=watch.vendor,
        kind=checks.kind_of(watch.check_id),
        severity=Severity.WARN,
        clause="R5" if watch.check_id.startswith(checks.DNSBL) else "R7",
        sentence=f"{watch.server}: {what}.",
        first_seen_at=opened,
        opened_at=opened,
    )
    note(finding, "opened", by=ENGINE, at=opened, why=finding.sentence, watch=watch, severity=finding.severity)
    move(finding, Finding.State.CLOSED, by=ENGINE, at=closed, why="It was clear again.", changes={"closed_at": closed})
