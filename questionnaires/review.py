"""Review: take it up, look at sections, comment, send single answers back, waive a rule, accept or decline.

With four eyes (SLUICE_FOUR_EYES) an acceptance takes two people: the first recommends, another accepts. Issuing the
letter is acceptances.py's part. Every verb writes to the journal and raises ReviewRefused with a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import User
from journal.actor import Actor
from journal.record import MoveRefused, move, note, turn
from notices import files, outbox
from notices.files import Enclosure
from notices.outbox import Recipient
from policies.versions import amended_since
from questionnaires import asking, bad_news
from questionnaires.definition import Answers, Row, Rule
from questionnaires.models import Comment, Decision, Return, SectionLook, Submission, Waiver
from questionnaires.picture import row_name
from questionnaires.reading import answers_of, signed_values
from vendors.models import Member

LONGEST_WAIVER = timedelta(days=366)
LONGEST_TEXT = 4000  # characters of a comment or a note


class ReviewRefused(Exception):
    """Nothing was changed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that speaks of this submission, and the waiver that lets it pass, when there is one."""

    rule: Rule
    row: Row | None
    row_name: str
    waiver: Waiver | None

    @property
    def row_uid(self) -> str:
        return self.row.uid if self.row else ""

    @property
    def stops(self) -> bool:
        return self.rule.level == "stop" and self.waiver is None


def flags(submission: Submission, answers: Answers, at: datetime) -> list[Flag]:
    """Every rule that speaks, stops first."""
    waivers = {
        (waiver.rule, waiver.row): waiver for waiver in submission.waivers.filter(revoked_at=None, until__gte=at.date())
    }
    found = [
        Flag(
            rule,
            row,
            row_name(submission.definition.page_of[rule.question], row, answers) if row else "",
            waivers.get((rule.id, row.uid if row else "")),
        )
        for rule, row in asking.spoken(submission.definition, answers)
    ]
    return sorted(found, key=lambda flag: (not flag.stops, flag.rule.level))


# ── taking part ─────────────────────────────────────────────────────────────
def take_up(submission: Submission, *, by: Actor, at: datetime) -> None:
    """The review begins: from now on the vendor can no longer take it back by itself."""
    _move(submission, Submission.State.IN_REVIEW, by=by, at=at)


def look_at(submission: Submission, section: str, remark: str, *, by: Actor, at: datetime) -> None:
    """A section was looked at in this round; `remark` answers its warnings."""
    with turn():
        locked = _locked(submission)
        if section not in sections_to_look_at(locked, answers_of(locked, at)):
            raise LookupError
        _looked(locked, section, remark.strip()[:LONGEST_TEXT], by, at)


def look_at_unchanged(submission: Submission, *, by: Actor, at: datetime) -> list[str]:
    """The sections that were looked at in the round before, and whose answers stand as they were signed then, count as
    looked at again, with the remarks they had. The codes of them."""
    with turn():
        locked = _locked(submission)
        carried = sections_unchanged(locked, answers_of(locked, at))
        for section, remark in carried.items():
            _looked(locked, section, remark, by, at)
    return list(carried)


def sections_unchanged(submission: Submission, answers: Answers) -> dict[str, str]:
    """Those that `look_at_unchanged` would mark, with their remarks."""
    before = submission.signatures.filter(round=submission.round - 1).first()
    now = submission.signatures.filter(round=submission.round).first()
    if before is None or now is None:
        return {}
    old, new = signed_values(before), signed_values(now)
    page_of, section_of = submission.definition.page_of, submission.definition.section_of
    changed = {
        section_of[page_of[key.partition("@")[0]].step].code for key in {*old, *new} if old.get(key) != new.get(key)
    }
    looks = list(submission.section_looks.all())
    done = {look.section for look in looks if look.round == submission.round}
    earlier = {look.section: look.remark for look in looks if look.round == submission.round - 1}
    form = {section.code for section in submission.definition.sections if section.kind == "form"}
    wanted = sections_to_look_at(submission, answers)
    return {one: earlier[one] for one in wanted if one in earlier and one in form and one not in {*changed, *done}}


def _looked(submission: Submission, section: str, remark: str, by: Actor, at: datetime) -> None:
    SectionLook.objects.update_or_create(
        submission=submission,
        section=section,
        round=submission.round,
        defaults={"remark": remark, "at": at, "by": by.name},
    )
    note(submission, "section looked at", by=by, at=at, section=section, round=submission.round)


def comment(
    submission: Submission,
    text: str,
    *,
    code: str = "",
    row: str = "",
    audience: str = Comment.Audience.SHARED,
    is_from_desk: bool,
    by: Actor,
    at: datetime,
) -> Comment:
    """Say something about an answer, or about the whole. The journal has who and when, not the words."""
    if not text.strip():
        raise ReviewRefused("Write a sentence first.")
    if code and code not in submission.definition.questions:
        raise LookupError
    with turn():
        said = Comment.objects.create(
            submission=submission, code=code, row=row, audience=audience, text=text.strip()[:LONGEST_TEXT], at=at,
            by=by.name,
            is_from_desk=is_from_desk,
        )  # fmt: skip
        note(submission, "commented", by=by, at=at, code=code, in_row=row, audience=audience)
        if not is_from_desk:
            Submission.objects.filter(pk=submission.pk).update(touched_at=at)
    return said


def mark_return(submission: Submission, code: str, row: str, text: str, *, by: Actor, at: datetime) -> Return:
    """Note that an answer goes back, with a comment. It leaves when `send_back` is called.

    Raises LookupError for what is no answer of what was signed.
    """
    if not text.strip():
        raise ReviewRefused("Say what is wrong with the answer, and what would be right.")
    with turn():
        locked = _locked(submission)
        signed = signed_values(locked.signatures.filter(round=locked.round).first())
        if (f"{code}@{row}" if row else code) not in signed:
            raise LookupError
        marked, _ = Return.objects.update_or_create(
            submission=locked, code=code, row=row, round=locked.round, state=Return.State.NOTED,
            defaults={"comment": text.strip()[:LONGEST_TEXT], "at": at, "by": by.name},
        )  # fmt: skip
        note(locked, "answer marked for return", by=by, at=at, code=code, in_row=row)
    return marked


def noted(submission: Submission) -> int:
    """How many answers will go back."""
    return submission.returns.filter(round=submission.round, state=Return.State.NOTED).count()


def unmark_return(marked: Return, *, by: Actor, at: datetime) -> None:
    try:
        move(marked, Return.State.DROPPED, by=by, at=at)
    except MoveRefused as refused:
        raise ReviewRefused("It was sent to the vendor already.") from refused


def waive(submission: Submission, rule: str, row: str, reason: str, until: date, *, by: Actor, at: datetime) -> Waiver:
    """Let a stop rule that speaks pass until a day; LookupError for any other. It is IT's right: the desk checks."""
    if not reason.strip():
        raise ReviewRefused("Write the reason. It is printed in the letter as a condition.")
    if not at.date() < until <= (at + LONGEST_WAIVER).date():
        raise ReviewRefused("A waiver ends on a day after today, within a year.")
    with turn():
        locked = _locked(submission)
        if not any(
            flag.rule.id == rule and flag.row_uid == row and flag.rule.level == "stop"
            for flag in flags(locked, answers_of(locked, at), at)
        ):
            raise LookupError
        locked.waivers.filter(rule=rule, row=row, revoked_at=None).update(revoked_at=at)
        waiver = Waiver.objects.create(
            submission=locked, rule=rule, row=row, reason=reason.strip()[:2000], until=until, at=at, by=by.name
        )
        note(locked, "rule waived", by=by, at=at, why=waiver.reason, rule=rule, in_row=row, until=until)
    return waiver


def revoke_waiver(waiver: Waiver, *, by: Actor, at: datetime) -> None:
    """The rule stops again. Only while the review lasts: what was accepted with it stands as its condition says."""
    with turn():
        locked = _locked(waiver.submission)
        if Waiver.objects.filter(pk=waiver.pk, revoked_at=None).update(revoked_at=at):
            note(locked, "waiver revoked", by=by, at=at, rule=waiver.rule, in_row=waiver.row)


# ── deciding ────────────────────────────────────────────────────────────────
def obstacles(submission: Submission, answers: Answers, at: datetime) -> list[str]:
    """Why it cannot be accepted yet, in sentences for the reviewer."""
    if submission.state != Submission.State.IN_REVIEW:
        return ["It is not in review."]
    found = []
    all_flags = flags(submission, answers, at)
    if stops := sum(flag.stops for flag in all_flags):
        stop = "rule stops" if stops == 1 else "rules stop"
        found.append(f"{stops} {stop} it. Acceptance is not possible until that is cured or waived.")
    looked = {look.section: look for look in submission.section_looks.filter(round=submission.round)}
    sections = sections_to_look_at(submission, answers)
    if waiting := [code for code in sections if code not in looked]:
        found.append(f"{_many(len(waiting), 'section')} not looked at yet: {_some(waiting)}.")
    warned = {
        submission.definition.section_of[submission.definition.page_of[flag.rule.question].step].code
        for flag in all_flags
        if flag.rule.level == "warn"
    }
    if silent := sorted(code for code in warned if code in looked and not looked[code].remark):
        found.append(f"Say something to the warnings in {', '.join(silent)}.")
    if marked := noted(submission):
        found.append(f"{_many(marked, 'answer')} marked to go back. Send back, or take the marks away.")
    signature = submission.signatures.filter(round=submission.round).first()
    if signature is None:
        found.append("This round is not signed.")
    elif amended_since(signature.policy.number or 0, at):
        found.append("It was signed under an older version of the policy. Send it back to be signed again.")
    return found


def sections_to_look_at(submission: Submission, answers: Answers) -> list[str]:
    """Codes of the sections that have something to look at: answers, files, the signature."""
    steps = {page.step for page in asking.steps(submission.definition, answers)}
    has_files = submission.evidence.filter(removed_at=None).exists()
    return [
        section.code
        for section in submission.definition.sections
        if section.kind == "signature"
        or (section.kind == "evidence" and has_files)
        or any(page.step in steps for page in section.pages)
    ]


def first_eyes(submission: Submission) -> Decision | None:
    """Who recommended acceptance of this round."""
    return submission.decisions.filter(round=submission.round, kind=Decision.Kind.RECOMMEND).last()


def may_be_second(submission: Submission, user: User) -> bool:
    first = first_eyes(submission)
    return first is not None and first.user_id != user.pk


def recommend(
    submission: Submission, conditions: Sequence[dict[str, Any]], *, user: User, by: Actor, at: datetime
) -> Decision:
    """The first of four eyes accepts. Nothing goes to the vendor yet."""
    with turn():
        locked = _locked(submission)
        _refuse(obstacles(locked, answers_of(locked, at), at))
        if first_eyes(locked):
            raise ReviewRefused("Somebody has accepted this round as the first already.")
        decision = Decision.objects.create(
            submission=locked, round=locked.round, kind=Decision.Kind.RECOMMEND, conditions=list(conditions),
            user=user, by=by.name, at=at,
        )  # fmt: skip
        note(locked, "first acceptance", by=by, at=at, round=locked.round)
    return decision


def send_back(submission: Submission, words: str, *, user: User, by: Actor, at: datetime) -> Decision:
    """Send the marked answers back; only these unlock. The vendor signs again when they are answered."""
    with turn():
        locked = _locked(submission)
        marked = list(locked.returns.filter(round=locked.round, state=Return.State.NOTED))
        if not marked:
            raise ReviewRefused("Mark at least one answer to go back, with a comment.")
        for one in marked:
            move(one, Return.State.OPEN, by=by, at=at)
        decision = _decide(locked, Decision.Kind.RETURN, words, user, by, at)
        _move(
            locked, Submission.State.RETURNED, by=by, at=at,
            changes={"round": locked.round + 1, "touched_at": at},
        )  # fmt: skip
        _tell(locked, "submission_returned", at, words=words, comments=_comments(locked, marked))
    submission.refresh_from_db()
    return decision


def decline(submission: Submission, words: str, *, user: User, by: Actor, at: datetime) -> Decision:
    """No. The reasons go to the vendor in writing."""
    if not words.strip():
        raise ReviewRefused("Write the reasons. They go to the vendor.")
    with files.keeping() as store, turn():
        locked = _locked(submission)
        decision = _decide(locked, Decision.Kind.DECLINE, words, user, by, at)
        _move(locked, Submission.State.DECLINED, by=by, at=at, changes={"ended_at": at})
        paper = bad_news.decline(locked, decision.note, by=by, title=user.get_role_display(), at=at, store=store)
        _tell(locked, "submission_declined", at, paper, words=words, comments=[])
    submission.refresh_from_db()
    return decision


def take_back(submission: Submission, *, by: Actor, at: datetime) -> None:
    """The vendor takes a signed form back to change it, before anybody reviews it; its signature counts no more."""
    with turn():
        _move(
            submission, Submission.State.DRAFT, by=by, at=at,
            changes={"round": submission.round + 1, "touched_at": at},
        )  # fmt: skip


def withdraw(submission: Submission, *, by: Actor, at: datetime, why: str = "") -> None:
    """The vendor does not go on with it."""
    _move(submission, Submission.State.WITHDRAWN, by=by, at=at, why=why, changes={"ended_at": at})


def _decide(submission: Submission, kind: Decision.Kind, words: str, user: User, by: Actor, at: datetime) -> Decision:
    return Decision.objects.create(
        submission=submission, round=submission.round, kind=kind, note=words.strip()[:LONGEST_TEXT], user=user,
        by=by.name, at=at,
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
                "portal": f"{settings.PUBLIC_URL}/portal/",
                "is_enclosed": bool(paper),
                **facts,
            },
            at=at,
            enclosures=paper,
        )


def _locked(submission: Submission) -> Submission:
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    _in_review(locked)
    return locked


def _in_review(submission: Submission) -> None:
    if submission.state != Submission.State.IN_REVIEW:
        raise ReviewRefused(f"{submission.number} is not in review now. Look at it again.")


def _some(codes: Sequence[str]) -> str:
    return ", ".join(codes[:6]) + (f" and {len(codes) - 6} more" if len(codes) > 6 else "")


def _refuse(sentences: Sequence[str]) -> None:
    if sentences:
        raise ReviewRefused(" ".join(sentences))


def _move(row: Submission, to: str, **given: Any) -> None:
    try:
        move(row, to, **given)
    except MoveRefused as refused:
        raise ReviewRefused(f"{row.number} was changed by somebody else just now. Look at it again.") from refused


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'} {'is' if count == 1 else 'are'}"
