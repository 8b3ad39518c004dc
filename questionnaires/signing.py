"""Signing: the snapshot of what is signed, who signed, and the seal; signed_copies.py then makes the copy of it.

`obstacles` says why a form cannot be signed yet. `sign` is the only door from filling in to the desk. The law behind
what is kept (intent, consent, attribution, association with the record): docs/vendors.md.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError

from accounts.models import User
from journal.actor import Actor
from journal.record import MoveRefused, move, note, turn
from policies.models import PolicyVersion
from questionnaires import overtaken, renewals, shown, signed_copies, snapshot
from questionnaires.amendments import policy_of
from questionnaires.definition import Answers
from questionnaires.models import Return, Signature, Submission
from questionnaires.picture import Picture, picture_of
from questionnaires.reading import SectionProgress, answers_of, progress
from questionnaires.typeset import PAPERS

PROOF_LASTS = timedelta(minutes=10)  # from the second factor to the signature


class SigningRefused(Exception):
    """Not signed, and nothing changed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and how we know. `promises` are the texts as they stood beside the ticked boxes, by code."""

    user: User
    name: str
    title: str
    promises: Mapping[str, str]
    ip: str
    user_agent: str
    proved_at: datetime | None
    proof: str


def obstacles(submission: Submission, answers: Answers, sections: Sequence[SectionProgress] | None = None) -> list[str]:
    """Why it cannot be signed yet, in sentences; empty when it can. `sections` are reading.progress(), where the caller
    has it already."""
    if not submission.is_editable:
        return [f"{submission.number} is not open for changes."]
    if renewals.is_outdated(submission):
        return [f"There is a newer version of {submission.definition.name}. Carry your answers over to it, then sign."]
    found = progress(submission, answers) if sections is None else sections
    waiting = [one.section for one in found if one.section.kind == "form" and not one.is_complete]
    if not waiting:
        return []
    names = ", ".join(f"{section.code} {section.title}" for section in waiting[:4])
    more = f" and {len(waiting) - 4} more" if len(waiting) > 4 else ""
    return [f"Not complete yet: {names}{more}."]


def signatory_of(answers: Answers) -> Mapping[str, Any]:
    """Who signs for the company, with name and address: as this form says, or the accepted Exhibit A for an Exhibit B;
    empty when nobody is named."""
    person = answers.known("A2.01") or answers.known("accepted.A2.01")
    return person if isinstance(person, Mapping) else {}


def same_name(one: str, other: str) -> bool:
    """Equal but for case, accents, dots and blanks."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def sign(
    submission: Submission, signer: Signer, *, seen: str, by: Actor, at: datetime, papers: Path = PAPERS
) -> Signature:
    """Sign and send to the desk. Raises SigningRefused. `seen` is shown.line_of() what the signer was shown: nothing
    else is signed. `papers` is the folder that the signed copy is set from.

    A renewed signature under an amended policy that changes no answer needs no review: it is accepted as it stands.
    """
    if signer.proved_at is None or at - signer.proved_at > PROOF_LASTS:
        raise SigningRefused("Confirm again that it is you: that lasts ten minutes. Nothing was signed.")
    if clauses := overtaken.catch_up(submission, at):
        raise SigningRefused(
            f"The policy was amended while you had the form ({', '.join(sorted(clauses))}). Look again at the "
            "answers that this touches: the form marks them now. Nothing was signed, and what you typed is kept."
        )
    with turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        answers = answers_of(locked, at)
        if sentences := obstacles(locked, answers):
            raise SigningRefused(" ".join(sentences))
        if (wanted := signatory_of(answers).get("name")) and not same_name(signer.name, str(wanted)):
            is_b = locked.exhibit == "B"
            raise SigningRefused(
                f"You typed “{signer.name}”, and {'your accepted Exhibit A' if is_b else 'the form'} names {wanted} as "
                f"the one who signs (A2.01). Type that name, or {'report a change' if is_b else 'change the answer'}."
            )
        policy = policy_of(locked, at)
        picture = picture_of(locked, answers, policy=policy, promises=signer.promises)
        if sentences := shown.changes(seen, picture):
            raise SigningRefused(
                f"{' '.join(sentences)} Nothing was signed, and what you typed here is kept. "
                "Look at it again, then sign."
            )
        signature = _signature(locked, picture, policy, signer, at)
        note(
            locked,
            "signed",
            by=by,
            at=at,
            round=locked.round,
            policy=policy.number,
            seal=signature.seal,
            content_hash=signature.content_hash,
            proof=signer.proof,
        )
        _hand_over(locked, by, at)
        for one in locked.returns.filter(state=Return.State.OPEN):
            move(one, Return.State.ANSWERED, by=by, at=at)
    signed_copies.try_to_hand_out(signature, at, papers=papers)
    submission.refresh_from_db()
    return signature


def _signature(
    submission: Submission, picture: Picture, policy: PolicyVersion, signer: Signer, at: datetime
) -> Signature:
    content_hash = snapshot.sha256(picture)
    fields = [
        submission.number,
        f"round {submission.round}",
        content_hash,
        policy.sha256,
        signer.name,
        signer.title,
        signer.user.email.lower(),
        signer.ip or "address unknown",
        signer.user_agent or "browser unknown",
        signer.proof,
        snapshot.write_moment(at),
    ]
    try:
        return Signature.objects.create(
            submission=submission,
            round=submission.round,
            policy=policy,
            snapshot=snapshot.canonical(picture).decode(),
            content_hash=content_hash,
            promises=dict(signer.promises),
            name=signer.name,
            title=signer.title,
            user=signer.user,
            email=signer.user.email,
            ip=signer.ip,
            user_agent=signer.user_agent,
            proved_at=signer.proved_at or at,
            proof=signer.proof,
            at=at,
            copy_due_at=at,
            seal_lines=snapshot.seal_lines(fields).splitlines(),
            seal=snapshot.seal(fields),
        )
    except IntegrityError:
        raise SigningRefused("A colleague signed this form a moment ago.") from None


def _hand_over(submission: Submission, by: Actor, at: datetime) -> None:
    to = Submission.State.SUBMITTED
    if submission.amendment and submission.previous and not changed_answers(submission):
        to = Submission.State.ACCEPTED
    ended = {"ended_at": at} if to == Submission.State.ACCEPTED else {}
    try:
        move(submission, to, by=by, at=at, changes={"submitted_at": at, "touched_at": at} | ended)
    except MoveRefused as refused:
        raise SigningRefused("A colleague changed this form a moment ago. Look at it again.") from refused


def changed_answers(submission: Submission) -> set[str]:
    """Keys of answers that the vendor gives otherwise than in the submission before; all when there is none. What the
    machine finds and what only the vendor's record says is nobody's answer, and may differ."""
    now = _given(submission)
    before = _given(submission.previous) if submission.previous else {}
    return {key for key in {*now, *before} if now.get(key) != before.get(key)}


def _given(submission: Submission) -> dict[str, Any]:
    """By key what the vendor itself wrote, and the SHA-256 of the files that it put in."""
    found = {
        _key(code, row): value
        for row, values in submission.sheets.values_list("row", "values")
        for code, value in values.items()
    }
    files = submission.evidence.filter(removed_at=None).order_by("sha256").values_list("code", "row", "sha256")
    for code, row, sha256 in files:
        found.setdefault(_key(code, row), []).append(sha256)
    return found


def _key(code: str, row: str) -> str:
    return f"{code}@{row}" if row else code
