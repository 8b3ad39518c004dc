"""Taking part in a review: take it up, look at sections, comment, mark single answers to go back.

What stops it and who lets that pass: waivers.py. How a round ends: decisions.py. Every verb writes to the journal and
raises ReviewRefused with a sentence.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from journal.actor import Actor
from journal.record import MoveRefused, move, note, turn
from questionnaires import asking
from questionnaires.definition import Answers
from questionnaires.models import Comment, Return, SectionLook, Submission
from questionnaires.reading import answers_of, sent_back, signed_values

LONGEST_TEXT = 4000  # characters of a comment or a note


class ReviewRefused(Exception):
    """Nothing was changed; the sentence says why."""


UNSEEN = "The text holds a character that cannot be seen (U+0000). Type it anew."
TOO_LONG = f"Keep it under {LONGEST_TEXT:,} characters. Nothing was saved, and what you typed is still here."
_TEXT = forms.CharField(
    required=False,
    max_length=LONGEST_TEXT,
    error_messages={
        "max_length": TOO_LONG,
        "null_characters_not_allowed": UNSEEN,
    },
)


def clean_text(text: str, if_empty: str = "") -> str:
    """What somebody wrote, kept whole; else ReviewRefused. `if_empty` is the sentence where it has to be there."""
    try:
        clean = str(_TEXT.clean(text.replace("\r\n", "\n")))
    except ValidationError as refused:
        raise ReviewRefused(" ".join(refused.messages)) from refused
    if if_empty and not clean:
        raise ReviewRefused(if_empty)
    return clean


def take_up(submission: Submission, *, by: Actor, at: datetime) -> None:
    """The review begins: from now on the vendor can no longer take it back by itself."""
    move_on(submission, Submission.State.IN_REVIEW, by=by, at=at)


def look_at(submission: Submission, section: str, remark: str, *, by: Actor, at: datetime) -> None:
    """A section was looked at in this round; `remark` answers its warnings."""
    remark = clean_text(remark)
    with turn():
        locked = hold(submission)
        if section not in sections_to_look_at(locked, answers_of(locked, at)):
            raise LookupError
        _looked(locked, section, remark, by, at)


def look_at_unchanged(submission: Submission, *, by: Actor, at: datetime) -> list[str]:
    """The sections that were looked at in the round that was sent back, and whose answers stand as they were signed
    then, count as looked at again, with the remarks they had. The codes of them."""
    with turn():
        locked = hold(submission)
        carried = sections_unchanged(locked, answers_of(locked, at))
        for section, remark in carried.items():
            _looked(locked, section, remark, by, at)
    return list(carried)


def sections_unchanged(submission: Submission, answers: Answers) -> dict[str, str]:
    """Those that `look_at_unchanged` would mark, with their remarks."""
    returned = sent_back(submission)
    before = submission.signatures.filter(round=returned.round).first() if returned else None
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
    earlier = {look.section: look.remark for look in looks if look.round == before.round}
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
    text = clean_text(text, "Write a sentence first.")
    if code and code not in submission.definition.questions:
        raise LookupError
    with turn():
        said = Comment.objects.create(
            submission=submission, code=code, row=row, audience=audience, text=text, at=at,
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
    text = clean_text(text, "Say what is wrong with the answer, and what would be right.")
    with turn():
        locked = hold(submission)
        signed = signed_values(locked.signatures.filter(round=locked.round).first())
        if (f"{code}@{row}" if row else code) not in signed:
            raise LookupError
        marked, _ = Return.objects.update_or_create(
            submission=locked, code=code, row=row, round=locked.round, state=Return.State.NOTED,
            defaults={"comment": text, "at": at, "by": by.name},
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


def hold(submission: Submission) -> Submission:
    """The submission, held until the transaction ends; ReviewRefused unless it is in review."""
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if locked.state != Submission.State.IN_REVIEW:
        raise ReviewRefused(f"{locked.number} is not in review now. Look at it again.")
    return locked


def move_on(row: Submission, to: str, **given: Any) -> None:
    """Move a submission, or what hangs on it, with a sentence when somebody else was first."""
    try:
        move(row, to, **given)
    except MoveRefused as refused:
        raise ReviewRefused(f"{row.number} was changed by somebody else just now. Look at it again.") from refused
