"""Written acceptance: issue the numbered letter, record its receipt, suspend, resume, withdraw, let it expire.

An acceptance counts from its *receipt*. The letter is typeset once, stored, and known by its SHA-256; it is never made
again. What it allows is `scope`, taken from what was signed (scope.py).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from journal.actor import Actor
from journal.record import MoveRefused, move, note, turn
from notices import files, links, outbox
from notices.clockface import write_moment
from notices.files import Enclosure
from notices.outbox import Recipient
from questionnaires import bad_news, codes, covering, decisions, letters, scope
from questionnaires.definition import Answers
from questionnaires.models import Acceptance, Decision, Signature, Submission
from questionnaires.reading import answers_of, signed_answers
from questionnaires.review import ReviewRefused
from questionnaires.waivers import Flag, relied_on
from vendors.models import Vendor

VALID_FOR = timedelta(days=365)
RECEIPT = "receipt"  # the purpose of the link in the letter's mail, and the first part of its URL


@dataclass(frozen=True, slots=True)
class Officer:
    """Who accepts for the advertiser, as the letter prints it."""

    name: str
    role: str
    at: datetime


class AcceptanceRefused(Exception):
    """Nothing was changed; the sentence says why."""


def accept(
    submission: Submission, conditions: Sequence[dict[str, Any]], *, user: User, by: Actor, at: datetime
) -> Acceptance:
    """Accept in writing: the letter is made, stored and mailed. With four eyes, only as the second person.

    Raises ReviewRefused, with the sentence for whoever pressed the button.
    """
    with files.keeping() as store, turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        answers = answers_of(locked, at)
        if sentences := decisions.obstacles(locked, answers, at):
            raise ReviewRefused(" ".join(sentences))
        officers = _officers(locked, user, at)
        first = decisions.first_eyes(locked)
        conditions = [*(first.conditions if first else []), *conditions]
        Decision.objects.create(
            submission=locked, round=locked.round, kind=Decision.Kind.ACCEPT, conditions=list(conditions), user=user,
            by=by.name, at=at,
        )  # fmt: skip
        move(locked, Submission.State.ACCEPTED, by=by, at=at, changes={"ended_at": at})
        acceptance = _issue(locked, answers, officers, conditions, store, by, at)
    submission.refresh_from_db()
    return acceptance


def _officers(submission: Submission, user: User, at: datetime) -> list[Officer]:
    second = Officer(user.name, user.get_role_display(), at)
    if not settings.FOUR_EYES:
        return [second]
    first = decisions.first_eyes(submission)
    if first is None:
        raise ReviewRefused("Acceptance takes two people. Accept as the first; somebody else accepts as the second.")
    if not decisions.may_be_second(submission, user):
        raise ReviewRefused("You accepted as the first. Somebody else has to be the second.")
    role = first.user.get_role_display() if first.user else ""
    return [Officer(first.by, role, first.at), second]


def _issue(
    submission: Submission,
    answers: Answers,
    officers: Sequence[Officer],
    conditions: Sequence[dict[str, Any]],
    store: Callable[[str, bytes], str],
    by: Actor,
    at: datetime,
) -> Acceptance:
    signature = submission.signatures.get(round=submission.round)
    if submission.exhibit == "A":  # a letter that nobody received counts for nothing; one that counts stays until then
        standing = Acceptance.objects.standing().filter(vendor=submission.vendor, exhibit="A")
        _supersede(standing.filter(received_at=None), by, at)
    to_name, to_email = scope.designated(signature)
    acceptance = Acceptance.objects.create(
        vendor=submission.vendor,
        submission=submission,
        signature=signature,
        policy=signature.policy,
        exhibit=submission.exhibit,
        code=codes.make(),
        scope=scope.of(signature),
        conditions=[*conditions, *_waived(signature, relied_on(submission, answers, at))],
        issued_at=at,
        officers=[{"name": one.name, "role": one.role, "at": one.at.isoformat()} for one in officers],
        to_name=to_name,
        to_email=to_email,
        valid_until=at + VALID_FOR,
        letter_size=0,
    )
    letter = letters.acceptance_letter(acceptance)
    changes = {
        "letter_place": store("letters", letter),
        "letter_sha256": hashlib.sha256(letter).hexdigest(),
        "letter_size": len(letter),
    }
    Acceptance.objects.filter(pk=acceptance.pk).update(**changes)
    for name, value in changes.items():
        setattr(acceptance, name, value)
    scope.take_effect(acceptance, by=by, at=at)
    note(
        acceptance, "issued", by=by, at=at, vendor=submission.vendor, submission=submission.number,
        letter_sha256=acceptance.letter_sha256, content_hash=signature.content_hash, policy=signature.policy.number,
    )  # fmt: skip
    _mail(acceptance, at)
    return acceptance


def _supersede(acceptances: QuerySet[Acceptance], by: Actor, at: datetime) -> None:
    """These end, replaced by a later one; their links open nothing more."""
    for replaced in acceptances:
        move(replaced, Acceptance.State.SUPERSEDED, by=by, at=at, changes={"ended_at": at})
        links.expire(replaced.about, RECEIPT, at)


def _waived(signature: Signature, flags: Sequence[Flag]) -> list[dict[str, Any]]:
    """The waivers that it rests on, as conditions that end with them."""
    sources = {row.uid: row.values.get("B2.01", "") for row in signed_answers(signature).rows.get("sources", ())}
    return [
        {
            "text": f"{flag.rule.says} Waived by IT: {flag.waiver.reason}",
            "due": flag.waiver.until.isoformat(),
            "is_waiver": True,
        }
        | ({"source": sources[flag.row_uid]} if flag.row_uid in sources else {})
        for flag in flags
        if flag.waiver
    ]


def _mail(acceptance: Acceptance, at: datetime) -> None:
    outbox.write(
        "acceptance",
        Recipient(acceptance.to_name, acceptance.to_email),
        key=f"{acceptance.about}:letter",
        about=acceptance.about,
        facts={
            "number": acceptance.number,
            "exhibit": acceptance.exhibit,
            "stands": Acceptance.objects.beside(acceptance.vendor, acceptance.exhibit),
            "vendor": acceptance.vendor.name,
            "code": codes.show(acceptance.code),
            "sha256": acceptance.letter_sha256,
            "verify": f"{settings.PUBLIC_URL}/verify/{codes.show(acceptance.code)}",
            "valid_until": f"{acceptance.valid_until:%d %B %Y}",
        },
        at=at,
        link_purpose=RECEIPT,
        enclosures=[Enclosure(f"{acceptance.number}.pdf", acceptance.letter_place)],
    )


# ── its life ────────────────────────────────────────────────────────────────
def receive(acceptance: Acceptance, how: str, who: str, *, by: Actor, at: datetime) -> None:
    """The vendor says that it has the letter: from now on it counts, and the one before it no more. To say it again
    changes nothing. Past its last day none is received any more: it would end the one that counts."""
    if acceptance.received_at is not None:
        return
    if at >= acceptance.valid_until:
        raise AcceptanceRefused(
            f"{acceptance.number} ended on {write_moment(acceptance.valid_until, 'minute')}, before anybody confirmed "
            f"its receipt. Nothing was changed. Begin the next Exhibit {acceptance.exhibit} in the portal, or ask us."
        )
    changes = {"received_at": at, "received_by": who[:200], "received_how": how}
    with turn():
        fresh = Acceptance.objects.select_for_update().get(pk=acceptance.pk)
        if fresh.received_at is None:
            _received(fresh, changes, by, at)
    acceptance.refresh_from_db()


def _received(fresh: Acceptance, changes: dict[str, Any], by: Actor, at: datetime) -> None:
    """Decided by the row as it is now. What is suspended does not count, so it ends none that does."""
    counting = Acceptance.objects.standing().filter(vendor_id=fresh.vendor_id, exhibit="A").exclude(received_at=None)
    others = counting.exclude(pk=fresh.pk) if fresh.exhibit == "A" else counting.none()
    if fresh.state == Acceptance.State.SUSPENDED:
        if before := others.first():
            raise AcceptanceRefused(
                f"{fresh.number} is suspended, so it cannot replace {before.number} yet. Nothing was changed. "
                "Confirm its receipt when we have written that the suspension is lifted."
            )
        Acceptance.objects.filter(pk=fresh.pk).update(**changes)
        note(fresh, "received while suspended", by=by, at=at, how=changes["received_how"])
    else:
        for replaced in others:
            covering.hand_over(replaced, fresh, at)
        _supersede(others, by, at)
        _move(fresh, Acceptance.State.RECEIVED, by=by, at=at, changes=changes)
    scope.cover(fresh, by=by, at=at)
    links.expire(fresh.about, RECEIPT, at + timedelta(days=30))  # a second visit still shows what was said


def suspend(acceptance: Acceptance, why: str, *, by: Actor, at: datetime) -> None:
    """It does not count until it is resumed. The vendor is told at once."""
    _with_reason(acceptance, Acceptance.State.SUSPENDED, why, by, at, {})


def resume(acceptance: Acceptance, why: str, *, by: Actor, at: datetime) -> None:
    with turn():
        fresh = Acceptance.objects.select_for_update().get(pk=acceptance.pk)
        to = Acceptance.State.RECEIVED if fresh.received_at else Acceptance.State.ISSUED
        _with_reason(fresh, to, why, by, at, {})
        scope.cover(fresh, by=by, at=at)
    acceptance.refresh_from_db()


def withdraw(acceptance: Acceptance, why: str, *, by: Actor, at: datetime) -> None:
    """It ends for good. A new form is needed."""
    _with_reason(acceptance, Acceptance.State.WITHDRAWN, why, by, at, {"ended_at": at})


def expire(acceptance: Acceptance, *, by: Actor, at: datetime) -> None:
    with turn():
        _move(acceptance, Acceptance.State.EXPIRED, by=by, at=at, changes={"ended_at": at})
        _tell(acceptance, "acceptance_expired", at)


def _with_reason(acceptance: Acceptance, to: str, why: str, by: Actor, at: datetime, changes: dict[str, Any]) -> None:
    if not why.strip():
        raise AcceptanceRefused("Write the reason. It goes to the vendor.")
    with files.keeping() as store, turn():
        _move(acceptance, to, by=by, at=at, why=why.strip(), changes={"reason": why.strip()[:2000]} | changes)
        is_bad = to in {Acceptance.State.SUSPENDED, Acceptance.State.WITHDRAWN}
        reason = acceptance.reason
        paper = bad_news.ending(acceptance, reason, by=by, title="", at=at, store=store) if is_bad else []
        _tell(acceptance, "acceptance_changed", at, paper)


def _tell(acceptance: Acceptance, letter: str, at: datetime, paper: Sequence[Enclosure] = ()) -> None:
    outbox.write(
        letter,
        Recipient(acceptance.to_name, acceptance.to_email),
        key=f"{acceptance.about}:{letter}:{acceptance.state}:{at.isoformat()}",
        about=acceptance.about,
        facts={
            "number": acceptance.number,
            "exhibit": acceptance.exhibit,
            "stands": Acceptance.objects.beside(acceptance.vendor, acceptance.exhibit),
            "vendor": acceptance.vendor.name,
            "state": acceptance.state,
            "state_words": acceptance.get_state_display(),
            "reason": acceptance.reason,
            "portal": f"{settings.PUBLIC_URL}/portal/",
            "is_enclosed": bool(paper),
        },
        at=at,
        enclosures=paper,
    )


def _move(acceptance: Acceptance, to: str, **given: Any) -> None:
    try:
        move(acceptance, to, **given)
    except MoveRefused as refused:
        raise AcceptanceRefused(
            f"{acceptance.number} is {acceptance.get_state_display().lower()} or was changed just now. Look again."
        ) from refused


def standing_for(vendor: Vendor) -> Acceptance | None:
    """The vendor's acceptance of Exhibit A that counts, received or not yet, suspended or not."""
    return Acceptance.objects.counting(vendor).first()
