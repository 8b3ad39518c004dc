"""Beginning again from what was accepted, and moving a draft to a newer form. Nothing that was answered is asked twice.

`begin_again` copies the accepted Exhibit A into a new form: a renewal, whose answers are to be confirmed one by one; a
change, whose answers stand until they are changed; an amendment, of which only what cites an amended clause is open.
`carry_over` takes a draft to the newest definition. Why and when an amendment begins is in amendments.py.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Max

from journal.actor import ENGINE, Actor
from journal.record import note, turn
from policies.models import PolicyVersion
from policies.versions import changed_between
from questionnaires.carrying import EVERY, Carried, carry, is_kept
from questionnaires.definition import Definition
from questionnaires.definition_file import load, newest, versions
from questionnaires.drafts import DraftRefused, ask_again, why_locked
from questionnaires.models import Acceptance, Evidence, Sheet, Submission
from questionnaires.reopening import cites
from questionnaires.unlocking import amended_clauses
from vendors.models import Vendor

Reason = Submission.Reason


def accepted_before(vendor: Vendor) -> Submission | None:
    """The Exhibit A that may be begun again from: that of the letter that counts, or has expired, or the last amendment
    of it that was accepted as it stood. One that was withdrawn ended for good, and a new form begins empty."""
    latest = Acceptance.objects.filter(vendor=vendor, exhibit="A").order_by("-issued_at", "-pk").first()
    last = Acceptance.objects.counting(vendor).first() or latest
    if last is None or last.state not in {*Acceptance.STANDING, Acceptance.State.EXPIRED}:
        return None
    found = last.submission
    amendments = vendor.submissions.filter(exhibit="A", state=Submission.State.ACCEPTED, acceptance=None)
    begun_from = {found.pk}
    for amendment in amendments.order_by("ended_at", "pk"):  # each after the one that it was begun from
        if amendment.previous_id in begun_from:
            begun_from.add(amendment.pk)
            found = amendment
    return found


def begin_again(
    vendor: Vendor, reason: str, *, by: Actor, at: datetime, amendment: PolicyVersion | None = None
) -> Submission:
    """A new Exhibit A with the answers and the evidence of the accepted one. AMENDMENT needs the version to accept.

    Raises DraftRefused when another Exhibit A is under way, or when there is none to begin from.
    """
    if (reason == Reason.AMENDMENT) != (amendment is not None):
        raise ValueError("An amendment, and nothing else, is of a version of the policy.")
    try:
        with turn():
            if other := vendor.submissions.open().filter(exhibit="A").first():
                raise DraftRefused(f"{other.number} is under way already. Go on with that one.")
            previous = accepted_before(vendor)
            if previous is None:
                raise DraftRefused("Nothing of yours was accepted that could be renewed. Begin Exhibit A anew.")
            submission = Submission.objects.create(
                vendor=vendor,
                exhibit="A",
                version=previous.version if amendment else newest("A").version,
                reason=reason,
                previous=previous,
                amendment=amendment,
                created_at=at,
                created_by=_name(by),
                touched_at=at,
            )
            carried = _copy(previous, submission, by, at)
            note(
                submission,
                "begun again",
                by=by,
                at=at,
                vendor=vendor,
                reason=reason,
                after=previous.number,
                policy=amendment.number if amendment else None,
                unconfirmed=sum(len(one.unconfirmed) for one in carried),
            )
    except IntegrityError:
        raise DraftRefused("A colleague began this form a moment ago. Go on with that one.") from None
    return submission


def _copy(previous: Submission, submission: Submission, by: Actor, at: datetime) -> list[Carried]:
    new = submission.definition
    amended = submission.amendment_id is not None
    unconfirmed: frozenset[str] | None = cites(new, amended_clauses(submission)) if amended else frozenset()
    if submission.reason == Reason.RENEWAL:
        unconfirmed = EVERY
    evidence = list(previous.evidence.filter(removed_at=None))
    carried = carry(
        previous.sheets.all(), evidence, previous.definition, new, unconfirmed=unconfirmed, reads_anew=not amended
    )
    _store(submission, carried, 1, by, at)
    places = {(one.step, one.row) for one in carried}
    for one in evidence:
        if is_kept(one.code, new) and (not one.row or (new.page_of[one.code].step, one.row) in places):
            Evidence.objects.create(
                submission=submission,
                code=one.code,
                row=one.row,
                name=one.name,
                media_type=one.media_type,
                size=one.size,
                sha256=one.sha256,
                place=one.place,
                facts=one.facts,
                added_at=one.added_at,
                added_by=one.added_by,
            )
    return carried


def _name(by: Actor) -> str:
    """As the vendor reads it: what the engine begins, we begin."""
    return str(settings.ADVERTISER_NAME) if by == ENGINE else by.name


def _store(submission: Submission, carried: Iterable[Carried], revision: int, by: Actor, at: datetime) -> None:
    Sheet.objects.bulk_create(
        Sheet(
            submission=submission,
            step=one.step,
            row=one.row,
            position=one.position,
            typed=one.typed,
            values=one.values,
            unconfirmed=one.unconfirmed,
            revision=revision,
            saved_at=at,
            saved_by=_name(by),
        )
        for one in carried
    )


def widen(submission: Submission, version: PolicyVersion, *, by: Actor, at: datetime) -> None:
    """Let the draft of an amendment accept a still newer version, and ask what that reopens as well."""
    with turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        if locked.state != Submission.State.DRAFT or locked.amendment is None:
            raise DraftRefused(f"{locked.number} is no amendment that waits to be signed.")
        changed = changed_between(locked.amendment.number or 0, version.number or 0)
        Submission.objects.filter(pk=locked.pk).update(amendment=version)
        locked.amendment = version
        ask_again(locked, cites(locked.definition, changed))
        note(locked, "widened", by=by, at=at, policy=version.number, clauses=sorted(changed))
    submission.refresh_from_db()


# ── newer definitions ───────────────────────────────────────────────────────
def is_outdated(submission: Submission) -> bool:
    """A draft of a form that has a newer version: it cannot be signed before it is carried over.

    One that was signed and sent back goes on as it was begun, and so does an amendment, which asks only what it asks.
    """
    return (
        submission.state == Submission.State.DRAFT
        and submission.amendment_id is None
        and submission.version < newest(submission.exhibit).version
    )


def news(submission: Submission) -> list[str]:
    """What each newer version says is new in it; to tell whoever carries a draft over."""
    exhibit = submission.exhibit
    newer = sorted(number for number in versions(exhibit) if number > submission.version)
    return [load(exhibit, number).changes for number in newer if load(exhibit, number).changes]


def carry_over(submission: Submission, *, by: Actor, at: datetime) -> list[str]:
    """Move a draft to the newest definition; what it says is new. What was typed stays in the history, answers to
    questions that are gone leave the form. Raises DraftRefused for what is not a draft or has no newer version."""
    with turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        if locked.state != Submission.State.DRAFT:
            raise DraftRefused(why_locked(locked) if not locked.is_editable else f"{locked.number} was signed already.")
        if not is_outdated(locked):
            raise DraftRefused(f"{locked.number} is of the newest version already.")
        said = news(locked)
        old, new = locked.definition, newest(locked.exhibit)
        evidence = list(locked.evidence.filter(removed_at=None))
        carried = carry(locked.sheets.all(), evidence, old, new)
        last = locked.sheets.aggregate(last=Max("revision"))["last"] or 0
        locked.sheets.all().delete()
        _store(locked, carried, last + 1, by, at)  # a page still open elsewhere has seen none of them
        _drop(locked, evidence, carried, new, at)
        Submission.objects.filter(pk=locked.pk).update(version=new.version, touched_at=at)
        note(locked, "carried over", by=by, at=at, from_version=old.version, to_version=new.version)
    submission.refresh_from_db()
    return said


def _drop(
    submission: Submission, evidence: Iterable[Evidence], carried: Iterable[Carried], new: Definition, at: datetime
) -> None:
    """Files whose question or row is gone, and assignments of sections that are gone."""
    rows = {one.row for one in carried} | {""}
    gone = [one.pk for one in evidence if not is_kept(one.code, new) or one.row not in rows]
    submission.evidence.filter(pk__in=gone).update(removed_at=at)
    submission.assignments.exclude(section__in=[section.code for section in new.sections]).delete()
