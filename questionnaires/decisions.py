"""How a round ends: accepted by a first person, sent back, declined, or taken back or withdrawn by the vendor.

With four eyes (SLUICE_FOUR_EYES) an acceptance takes two people: the first recommends, another accepts. Accepting for
good, and the letter, is acceptances.py's part. Every verb writes to the journal and raises ReviewRefused.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import User
from journal.actor import Actor
from journal.record import move, note, turn
from notices import files, outbox
from notices.files import Enclosure
from notices.outbox import Recipient
from policies.versions import amended_since, in_force
from questionnaires import bad_news, drafts, review, waivers
from questionnaires.definition import Answers
from questionnaires.models import Acceptance, Decision, Return, Submission
from questionnaires.reading import answers_of, sent_back
from questionnaires.reopening import cites
from questionnaires.review import ReviewRefused
from questionnaires.waivers import Flag
from vendors.models import Member

OVERTAKEN = "It was signed under an older version of the policy. Send it back to be signed again."


def obstacles(submission: Submission, answers: Answers, at: datetime) -> list[str]:
    """Why it cannot be accepted yet, in sentences for the reviewer."""
    if submission.state != Submission.State.IN_REVIEW:
        return ["It is not in review."]
    found = []
    all_flags = waivers.flags(submission, answers, at)
    if stops := sum(flag.stops for flag in all_flags):
        stop = "rule stops" if stops == 1 else "rules stop"
        found.append(f"{stops} {stop} it. Acceptance is not possible until that is cured or waived.")
    looked = {look.section: look for look in submission.section_looks.filter(round=submission.round)}
    sections = review.sections_to_look_at(submission, answers)
    if waiting := [code for code in sections if code not in looked]:
        found.append(f"{_many(len(waiting), 'section')} not looked at yet: {_some(waiting)}.")
    warned = {
        submission.definition.section_of[submission.definition.page_of[flag.rule.question].step].code
        for flag in all_flags
        if flag.rule.level == "warn"
    }
    if silent := sorted(code for code in warned if code in looked and not looked[code].remark):
        found.append(f"Say something to the warnings in {', '.join(silent)}.")
    if marked := review.noted(submission):
        found.append(f"{_many(marked, 'answer')} marked to go back. Send back, or take the marks away.")
    signature = submission.signature_of(submission.round)
    if signature is None:
        found.append("This round is not signed.")
    elif amended_since(signature.policy.number or 0, at):
        found.append(OVERTAKEN)
    return found


def first_eyes(submission: Submission) -> Decision | None:
    """Who recommended acceptance of this round, what is waived being as it is now."""
    return recommended(submission)[0]


def recommended(submission: Submission) -> tuple[Decision | None, Decision | None]:
    """The first acceptance of this round that counts; and, while there is none, the one that a change of what is waived
    made void."""
    wanted = (submission.round, Decision.Kind.RECOMMEND)
    last = next((one for one in reversed(submission.decisions.all()) if (one.round, one.kind) == wanted), None)
    return (None, last) if last and last.voided_at else (last, None)


def flags_since(first: Decision, flags: Sequence[Flag]) -> list[Flag]:
    """The rules that speak now and did not when the first person accepted."""
    return [flag for flag in flags if [flag.rule.id, flag.row_uid] not in first.flags]


def may_be_second(submission: Submission, user: User) -> bool:
    first = first_eyes(submission)
    return first is not None and first.user_id != user.pk


def recommend(
    submission: Submission, conditions: Sequence[dict[str, Any]], *, user: User, by: Actor, at: datetime
) -> Decision:
    """The first of four eyes accepts. Nothing goes to the vendor yet."""
    with turn():
        locked = review.hold(submission)
        answers = answers_of(locked, at)
        _refuse(obstacles(locked, answers, at))
        if first_eyes(locked):
            raise ReviewRefused("Somebody has accepted this round as the first already.")
        decision = Decision.objects.create(
            submission=locked, round=locked.round, kind=Decision.Kind.RECOMMEND, conditions=list(conditions),
            flags=[[flag.rule.id, flag.row_uid] for flag in waivers.flags(locked, answers, at)], user=user, by=by.name,
            at=at,
        )  # fmt: skip
        note(locked, "first acceptance", by=by, at=at, round=locked.round)
    return decision


def overtaken_by(submission: Submission, at: datetime) -> frozenset[str]:
    """The clauses that material amendments changed since this round was signed: it has to be signed again."""
    signature = submission.signature_of(submission.round)
    return amended_since(signature.policy.number or 0, at) if signature else frozenset()


def send_back(submission: Submission, words: str, *, user: User, by: Actor, at: datetime) -> Decision:
    """Send the marked answers back, and with them whatever cites a clause that was amended since it was signed; only
    these unlock. The vendor signs again when they are answered."""
    with turn():
        locked = review.hold(submission)
        marked = list(locked.returns.filter(round=locked.round, state=Return.State.NOTED))
        changed = overtaken_by(locked, at)
        if not marked and not changed:
            raise ReviewRefused("Mark at least one answer to go back, with a comment.")
        for one in marked:
            move(one, Return.State.OPEN, by=by, at=at)
        reopens = sorted(cites(locked.definition, changed))
        decision = _decide(
            locked, Decision.Kind.RETURN, words, user, by, at, reopens=reopens, asked_under=in_force(at).number or 0
        )
        review.move_on(
            locked, Submission.State.RETURNED, by=by, at=at,
            changes={"round": locked.round + 1, "touched_at": at},
        )  # fmt: skip
        drafts.ask_again(locked, reopens)
        clauses = sorted(changed)
        _tell(locked, "submission_returned", at, words=words, comments=_comments(locked, marked), clauses=clauses)
    submission.refresh_from_db()
    return decision


def decline(submission: Submission, words: str, *, user: User, by: Actor, at: datetime) -> Decision:
    """No. The reasons go to the vendor in writing."""
    words = review.clean_text(words, "Write the reasons. They go to the vendor.")
    with files.keeping() as store, turn():
        locked = review.hold(submission)
        decision = _decide(locked, Decision.Kind.DECLINE, words, user, by, at)
        review.move_on(locked, Submission.State.DECLINED, by=by, at=at, changes={"ended_at": at})
        paper = bad_news.decline(locked, decision.note, by=by, title=user.get_role_display(), at=at, store=store)
        _tell(locked, "submission_declined", at, paper, words=words, comments=[])
    submission.refresh_from_db()
    return decision


def take_back(submission: Submission, *, by: Actor, at: datetime) -> None:
    """The vendor takes a signed form back to change it, before anybody reviews it; its signature counts no more. One
    that was sent back before is as it was then: the same answers can be changed, the rest stays as it was signed."""
    with turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        if locked.state != Submission.State.SUBMITTED:
            raise ReviewRefused(f"{locked.number} was changed by somebody else just now. Look at it again.")
        returned = sent_back(locked)
        review.move_on(
            locked, Submission.State.RETURNED if returned else Submission.State.DRAFT, by=by, at=at,
            changes={"round": locked.round + 1, "touched_at": at},
        )  # fmt: skip
        if returned:
            for one in locked.returns.filter(round=returned.round, state=Return.State.ANSWERED):
                move(one, Return.State.OPEN, by=by, at=at, why="The vendor took back what it had signed.")
    submission.refresh_from_db()


def withdraw(submission: Submission, *, by: Actor, at: datetime, why: str = "") -> None:
    """The vendor does not go on with it."""
    review.move_on(submission, Submission.State.WITHDRAWN, by=by, at=at, why=why, changes={"ended_at": at})


def _decide(
    submission: Submission, kind: Decision.Kind, words: str, user: User, by: Actor, at: datetime, **more: Any
) -> Decision:
    return Decision.objects.create(
        submission=submission, round=submission.round, kind=kind, note=review.clean_text(words), user=user,
        by=by.name, at=at, **more,
    )  # fmt: skip


def _comments(submission: Submission, returned: Sequence[Return]) -> list[dict[str, str]]:
    questions = submission.definition.questions
    return [{"code": one.code, "label": questions[one.code].label, "comment": one.comment} for one in returned]


def _tell(submission: Submission, letter: str, at: datetime, paper: Sequence[Enclosure] = (), **facts: Any) -> None:
    """To the owners of the vendor, and whoever signed."""
    owners = submission.vendor.members.filter(role=Member.Role.OWNER, user__is_active=True).select_related("user")
    people = {member.user.email.lower(): member.user.name for member in owners}
    signature = submission.signatures.last()
    if signature:
        people.setdefault(signature.email.lower(), signature.name)
    for email, name in people.items():
        outbox.write(
            letter,
            Recipient(name, email),
            key=f"{submission.about}:{letter}:{submission.round}:{email}",
            about=submission.about,
            facts={
                "number": submission.number,
                "exhibit": submission.exhibit,
                "stands": Acceptance.objects.beside(submission.vendor, submission.exhibit),
                "portal": f"{settings.PUBLIC_URL}/portal/",
                "is_enclosed": bool(paper),
                **facts,
            },
            at=at,
            enclosures=paper,
        )


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:6]) + (f" and {len(codes) - 6} more" if len(codes) > 6 else "")


def _refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise ReviewRefused(" ".join(sentences))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'} {'is' if count == 1 else 'are'}"
