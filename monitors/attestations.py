"""A person's word on what no machine can ask: stated with its proof, and weighed like any other reading.

It opens a finding, or closes one, at once. It counts for a time; then the check is "not checked", which is unknown and
never clear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.conf import settings

from engine.cycle import CLOCK_STEP
from journal.actor import Actor
from journal.record import note, turn
from monitors import checks, lookups
from monitors.models import Attestation, Finding, Watch
from monitors.outcome_table import NOT_CHECKED
from monitors.probes.entry import Code
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.shown import Shown
from monitors.weighing import Weighed, store, weigh
from notices import files
from notices.clockface import write_moment

NEVER = "Nobody has looked it up yet."
MOST_WORDS = 4000  # characters
LARGEST_FIGURE = Decimal(10_000)


class AttestRefused(Exception):
    """It cannot be stated so; the sentence says why. Nothing was kept."""


def attest(
    terms: Mapping[int, Sequence[str]],
    outcome: str,
    *,
    words: str = "",
    figure: Decimal | None = None,
    shown: Shown | None = None,
    counts_for: timedelta | None = None,
    key: str,
    by: Actor,
    at: datetime,
) -> list[Attestation]:
    """Keep that a person looked these watches of one check up, and saw the same of each.

    `terms` are the watches' keys with what was typed there, as the person read it: when it is not what it should be any
    more, nothing is kept. A file or a note is needed, because a bare "nothing" proves nothing. `counts_for` is at most,
    and else just, what the entry allows. Of two calls with the same `key` the second changes nothing.
    """
    words = words.strip()
    if not words and shown is None:
        raise AttestRefused("Write what the page said, or add a picture of it: one of the two is needed as proof.")
    if len(words) > MOST_WORDS:
        raise AttestRefused(f"Keep the note under {MOST_WORDS:,} characters.")
    if figure is not None and not 0 <= figure < LARGEST_FIGURE:
        raise AttestRefused("The figure cannot be right: it is below 0, or very large.")
    with files.keeping() as keep, turn():
        known = list(Attestation.objects.filter(key=key, watch__in=list(terms)).select_related("watch"))
        if known:
            return known
        watches = _held(terms, at)
        if stale := _stale(watches, at):
            expire(stale, at)
            watches = _held(terms, at)
        check_id = watches[0].check_id
        if outcome not in lookups.outcomes_of(check_id):
            raise AttestRefused("Choose what you saw.")
        seen = lookups.outcomes_of(check_id)[outcome]
        longest = lookups.counts_for(check_id)
        lasts = longest if counts_for is None else counts_for
        if not timedelta(0) < lasts <= longest:
            raise AttestRefused(f"What is seen there counts for {longest.days} days at most.")
        file = _kept(shown, keep("attestations", shown.content)) if shown else {}
        rows = []
        for watch in watches:
            row = Attestation.objects.create(
                watch=watch, key=key, outcome=outcome, meaning=seen.meaning, severity=seen.severity,
                looked_up=list(terms[watch.pk]), figure=figure, words=words, by_name=by.name, at=at,
                expires_at=at + lasts, **file,
            )  # fmt: skip
            note(
                row, "attested", by=by, at=at, why=words, watch=watch, check=check_id, outcome=outcome,
                meaning=seen.meaning, looked_up=row.looked_up, figure=figure, expires_at=row.expires_at,
                sha256=row.sha256,
            )  # fmt: skip
            rows.append(row)
        _weigh_all(watches, _reading(check_id, outcome, seen, figure), lasts, at)
    return rows


def _held(terms: Mapping[int, Sequence[str]], at: datetime) -> list[Watch]:
    """The watches, in this caller's hands: what the engine has under way about them is dropped when it comes late."""
    running = Watch.objects.running().filter(pk__in=list(terms))
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    Watch.objects.filter(pk__in=list(running.values_list("pk", flat=True))).update(
        lease_token=uuid4(), lease_until=at + lease
    )
    watches = list(lookups.with_terms(running).order_by("pk"))
    if not watches or len(watches) != len(terms):
        raise AttestRefused("Some of it is not watched any more. Load the page again, and look at what is still there.")
    if len({watch.check_id for watch in watches}) > 1:
        raise AttestRefused("State one list at a time: what can be seen differs from list to list.")
    for watch in watches:
        if tuple(terms[watch.pk]) != lookups.terms_of(watch):
            raise AttestRefused(
                f"What has to be looked up of {watch.subject} has changed meanwhile: "
                f"{', '.join(lookups.terms_of(watch))}. Look it up again."
            )
        if watch.looked_at is not None and at <= watch.looked_at <= at + timedelta(seconds=CLOCK_STEP):
            raise AttestRefused(f"{watch.subject} was looked up this very moment. See what was stated first.")
    return watches


def _kept(shown: Shown, place: str) -> dict[str, str | int]:
    return {
        "file_name": shown.name,
        "media_type": shown.media_type,
        "size": shown.size,
        "sha256": shown.sha256,
        "place": place,
    }


def _reading(check_id: str, outcome: str, seen: Code, figure: Decimal | None) -> Reading:
    name = checks.check_name(check_id)
    lead = f"Looked up by hand at {name}" if check_id.startswith(checks.ATTESTED) else f"{name}, seen by a person"
    phrase = seen.meaning if figure is None else f"{seen.meaning} (read there: {_plain(figure)})"
    is_clear = seen.severity is Severity.NONE
    return Reading(
        Verdict.CLEAR if is_clear else Verdict.ADVERSE,
        outcome,
        seen.severity,
        f"{lead}: {phrase}.",
        clause=lookups.clause_of(check_id),
        grounds=() if is_clear else (Ground(outcome, seen.severity, phrase),),
        lead="" if is_clear else lead,
    )


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _weigh_all(watches: Sequence[Watch], reading: Reading, lasts: timedelta, at: datetime) -> None:
    findings = open_findings(watches)
    weighed = [weigh(watch, reading, findings.get(watch.pk), at, by_hand=True) for watch in watches]
    store([_due_in(one, lasts) for one in weighed], at)


def _stale(watches: Sequence[Watch], at: datetime) -> list[Watch]:
    """Those whose last word ended before the engine could say so: the time since must not pass for looked at."""
    return [
        watch
        for watch in watches
        if watch.check_id.startswith(checks.ATTESTED)
        and watch.verdict != Verdict.UNKNOWN
        and watch.next_action_at is not None
        and watch.next_action_at <= at
    ]


def expire(watches: Sequence[Watch], at: datetime) -> None:
    """Nobody's word stands for these any more, or ever did: they are not checked. What is open stays open. The caller
    holds their leases, and gives them back by this."""
    if not watches:
        return
    findings = open_findings(watches)
    weighed = []
    for watch in watches:
        reading = Reading(Verdict.UNKNOWN, NOT_CHECKED, Severity.NONE, _too_old(watch))
        one = weigh(watch, reading, findings.get(watch.pk), at, by_hand=True)
        weighed.append(replace(_due_in(one, checks.interval_of(watch.check_id)), is_look=False))
    store(weighed, at)


def _too_old(watch: Watch) -> str:
    if watch.seen_at is None:
        return NEVER
    day = write_moment(watch.seen_at, "day")
    return f"Not checked: it was last looked up by hand on {day}, which is too long ago to count."


def open_findings(watches: Sequence[Watch]) -> dict[int, Finding]:
    found = Finding.objects.open().filter(watch__in=[watch.pk for watch in watches])
    return {finding.watch_id: finding for finding in found.select_related("server", "domain", "vendor")}


def _due_in(one: Weighed, wait: timedelta) -> Weighed:
    """With its next moment `wait` from now, and not on the grid."""
    return replace(one, judgement=replace(one.judgement, next_in=wait))
