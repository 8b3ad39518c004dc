"""Filling in: begin a form, save a sheet, add and remove rows. What a vendor types is never lost and never refused.

A save says which revision of the sheet it has seen. When somebody else saved since, nothing is overwritten: `Conflict`
carries both versions, and the one that came too late is kept in the history as well. What may be changed now is asked
of unlocking.py; whether answers are good enough is not asked here.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, models, transaction

from journal.actor import Actor
from journal.record import note, turn
from questionnaires import unlocking
from questionnaires.definition import Page
from questionnaires.definition_file import newest
from questionnaires.models import Acceptance, Save, Sheet, Submission
from questionnaires.sheet_form import SheetForm, Typed, code_of
from vendors.models import Vendor

MOST_TYPED = 200_000  # characters on one sheet
OVERTAKEN_MS = 60_000  # how much later a request may arrive than one that the same page sent after it
_PARTIAL = "Only the answers that we ask you to look at again can be changed"


class DraftRefused(Exception):
    """It cannot be changed now; the sentence says why, and who acts next."""


class Conflict(Exception):
    """Somebody saved the sheet since it was opened. `sheet` is as they left it, `lost` the save that came too late."""

    def __init__(self, sheet: Sheet, lost: Save) -> None:
        self.sheet, self.lost = sheet, lost
        super().__init__(f"{sheet.saved_by} saved this page at {sheet.saved_at:%H:%M}.")


class RowGone(LookupError):
    """A colleague removed the row meanwhile. `lost` is what was typed into it since, None when that is nothing new."""

    def __init__(self, removal: Save, lost: Save | None) -> None:
        self.removal, self.lost = removal, lost
        super().__init__(f"{removal.by} removed this row at {removal.at:%H:%M}.")


class TooLong(DraftRefused):
    """More was typed on one page than is kept."""


def begin(vendor: Vendor, exhibit: str, *, by: Actor, at: datetime) -> Submission:
    """The vendor's open form of this exhibit, or a new one; of Exhibit B each call begins a new one.

    Raises DraftRefused when one is under way already (Exhibit A) or cannot be begun yet (Exhibit B).
    """
    open_one = vendor.submissions.open().filter(exhibit=exhibit).first()
    if exhibit == "A" and open_one:
        raise DraftRefused(f"{open_one.number} is under way already. Go on with that one.")
    if exhibit == "B" and not Acceptance.objects.in_force().filter(vendor=vendor, exhibit="A").exists():
        raise DraftRefused("Exhibit B opens when Exhibit A is accepted and you have said that the letter arrived.")
    try:
        with turn():
            submission = Submission.objects.create(
                vendor=vendor,
                exhibit=exhibit,
                version=newest(exhibit).version,
                reason=Submission.Reason.FIRST if exhibit == "A" else Submission.Reason.ADDITION,
                created_at=at,
                created_by=by.name,
                touched_at=at,
            )
            note(submission, "begun", by=by, at=at, vendor=vendor, exhibit=exhibit, version=submission.version)
    except IntegrityError:
        raise DraftRefused("A colleague began this form a moment ago. Go on with that one.") from None
    return submission


def sheet_of(submission: Submission, step: str, row: str = "") -> Sheet | None:
    return submission.sheets.filter(step=step, row=row).first()


def save(
    submission: Submission,
    step: str,
    typed: Typed,
    *,
    codes: Collection[str] | None = None,
    row: str = "",
    revision: int,
    editor: str = "",
    sent_ms: int = 0,
    by: Actor,
    at: datetime,
) -> Sheet:
    """Keep what was typed on one sheet, good or bad; the sheet as it is now.

    `codes` are the questions that were shown; answers to others stay, all are replaced when it is None. `revision` is
    the one that was opened, 0 for none. `editor` names the open page, so that what it saved by itself a moment ago is
    no conflict; nor is a sheet that is posted as it was opened. `sent_ms` is when the page sent it, by its own clock: a
    save that a later one of the same page has overtaken changes nothing. Raises Conflict, RowGone for a row that
    was removed, LookupError for one that never was, TooLong, or DraftRefused.
    """
    page = submission.definition.pages[step]
    if sum(len(name) + len(text) for name, of in typed.items() for text in of) > MOST_TYPED:
        raise TooLong(f"One page holds at most {MOST_TYPED:,} characters. Put long texts into a file.")
    gone = None
    is_first = not submission.saves.filter(step=step, row=row, by=by.name, at__date=at.date()).exists()
    with turn() if is_first else transaction.atomic():
        locked = _lock(submission)
        sheet = sheet_of(submission, step, row)
        if sheet is None and row:
            gone = _keep_after_removal(submission, step, row, typed, by, at)
            if is_first and gone.lost:
                _note_filled_in(locked, step, row, by, at)
        sheet = sheet or Sheet(submission=submission, step=step, row=row, saved_at=at, saved_by=by.name)
        may_change = unlocking.unlocked(locked)
        known = {question.code for question in page.questions}

        def is_written(name: str) -> bool:
            code = code_of(name)
            return code in (known if codes is None else codes) and code in known and may_change(code, row)

        wanted = {name: list(of) for name, of in sheet.typed.items() if not is_written(name)}
        wanted |= {name: list(of) for name, of in typed.items() if is_written(name)}
        if gone is None:
            if wanted == sheet.typed and sheet.revision:
                return sheet
            is_ours = bool(editor) and editor == sheet.editor
            if is_ours and sent_ms and 0 < sheet.sent_ms - sent_ms < OVERTAKEN_MS:
                return sheet
            if sheet.revision == revision or is_ours:
                sheet.editor, sheet.sent_ms = editor, sent_ms
                _write(sheet, page, wanted, by, at, may_change)
                if is_first:
                    _note_filled_in(locked, step, row, by, at)
                return sheet
            opened = _opened(sheet, revision)
            if opened and _same(
                {name: of for name, of in opened.typed.items() if is_written(name)},
                {name: of for name, of in typed.items() if is_written(name)},
            ):
                return sheet
            lost = _keep(sheet, wanted, by, at, has_lost=True)
            if is_first:
                _note_filled_in(locked, step, row, by, at)
    if gone:
        raise gone
    raise Conflict(sheet, lost)


def _note_filled_in(submission: Submission, step: str, row: str, by: Actor, at: datetime) -> None:
    """Once a person, sheet and day (UTC): what saves itself would fill the journal. Every save is kept as a Save."""
    note(submission, "filled in", by=by, at=at, step=step, in_row=row)


def _opened(sheet: Sheet, revision: int) -> Save | None:
    """The save that made the revision of the sheet that somebody opened."""
    return Save.objects.filter(
        submission=sheet.submission_id, step=sheet.step, row=sheet.row, revision=revision, has_lost=False,
        is_removal=False,
    ).last()  # fmt: skip


def _same(one: Typed, other: Typed) -> bool:
    """The same texts, but for controls that were left empty."""
    return _filled(one) == _filled(other)


def _filled(typed: Typed) -> dict[str, list[str]]:
    return {name: list(of) for name, of in typed.items() if any(text.strip() for text in of)}


def _keep_after_removal(submission: Submission, step: str, row: str, typed: Typed, by: Actor, at: datetime) -> RowGone:
    """What is typed into a row that was removed goes into the history, and nowhere else. LookupError when it never was
    there."""
    saves = submission.saves.filter(step=step, row=row).order_by("pk")
    removal = saves.filter(is_removal=True).last()
    if removal is None:
        raise LookupError
    before = saves.filter(has_lost=True, pk__gt=removal.pk).last() or removal
    if _same(dict(typed), {name: of for name, of in before.typed.items() if name in typed}):
        return RowGone(removal, before if before.has_lost else None)
    sheet = Sheet(submission=submission, step=step, row=row, revision=removal.revision)
    return RowGone(removal, _keep(sheet, {**before.typed, **typed}, by, at, has_lost=True))


def settle(submission: Submission, lost: Save, mine: set[str], *, revision: int, by: Actor, at: datetime) -> Sheet:
    """End a conflict: take the answers to the codes in `mine` from the save that came too late, the others as they
    are. Raises Conflict when somebody saved once more, LookupError when the row was removed meanwhile."""
    sheet = sheet_of(submission, lost.step, lost.row)
    if sheet is None:
        raise LookupError
    typed = {name: of for name, of in sheet.typed.items() if code_of(name) not in mine}
    typed |= {name: of for name, of in lost.typed.items() if code_of(name) in mine}
    return save(submission, lost.step, typed, row=lost.row, revision=revision, by=by, at=at)


def add_row(submission: Submission, step: str, *, by: Actor, at: datetime, values: Typed | None = None) -> Sheet:
    """An empty row at the end of a repeated page, or one with `values` typed in."""
    page = submission.definition.pages[step]
    if page.rows is None:
        raise LookupError
    with turn():
        locked = _lock(submission)
        if unlocking.is_partial(locked):
            raise DraftRefused(f"{_PARTIAL}, so no {page.rows.noun} is added.")
        rows = submission.sheets.filter(step=step).exclude(row="")
        if rows.count() >= page.rows.most:
            raise DraftRefused(f"There are {page.rows.most} {page.rows.plural} here already, the most that are taken.")
        last = rows.aggregate(last=models.Max("position"))["last"]
        sheet = Sheet(
            submission=submission,
            step=step,
            row=uuid4().hex,
            position=0 if last is None else last + 1,
            saved_at=at,
            saved_by=by.name,
        )
        typed = {name: list(of) for name, of in (values or {}).items()}
        sheet.editor, sheet.sent_ms = "", 0
        _write(sheet, page, typed, by, at, unlocking.unlocked(locked))
        note(locked, "row added", by=by, at=at, step=step, in_row=sheet.row)
    return sheet


def remove_row(submission: Submission, step: str, row: str, *, by: Actor, at: datetime) -> None:
    """Take a row away, with the evidence in it; what was typed stays in the history."""
    with turn():
        locked = _lock(submission)
        if unlocking.is_partial(locked):
            raise DraftRefused(f"{_PARTIAL}, so no row is removed.")
        sheet = submission.sheets.filter(step=step, row=row).first()
        if sheet is None:
            raise LookupError
        _keep(sheet, sheet.typed, by, at, is_removal=True)
        files = submission.evidence.filter(row=row, removed_at=None).update(removed_at=at)
        sheet.delete()
        note(locked, "row removed", by=by, at=at, step=step, in_row=row, files=files)


def confirm(submission: Submission, step: str, codes: set[str], *, row: str, by: Actor, at: datetime) -> None:
    """Answers that were carried over are still right."""
    with turn():
        _lock(submission)
        sheet = submission.sheets.filter(step=step, row=row).first()
        if sheet and codes & set(sheet.unconfirmed):
            still = [code for code in sheet.unconfirmed if code not in codes]
            Sheet.objects.filter(pk=sheet.pk).update(unconfirmed=still)
            note(submission, "answers confirmed", by=by, at=at, step=step, codes=sorted(codes))


def ask_again(submission: Submission, codes: Collection[str]) -> None:
    """What is answered to these codes has to be confirmed, or changed, before it is signed."""
    files = set(submission.evidence.filter(removed_at=None).values_list("code", "row"))
    for sheet in submission.sheets.all():
        questions = submission.definition.pages[sheet.step].questions
        answered = {*sheet.values, *(one.code for one in questions if (one.code, sheet.row) in files)}
        if new := (answered & set(codes)) - set(sheet.unconfirmed):
            Sheet.objects.filter(pk=sheet.pk).update(unconfirmed=sorted({*sheet.unconfirmed, *new}))


def _lock(submission: Submission) -> Submission:
    """The submission, held until the transaction ends: saves of one form come one after another."""
    locked = Submission.objects.select_for_update().get(pk=submission.pk)
    if not locked.is_editable:
        raise DraftRefused(why_locked(locked))
    return locked


def why_locked(submission: Submission) -> str:
    """Why nothing can be changed, and who acts next."""
    match submission.state:
        case Submission.State.SUBMITTED | Submission.State.IN_REVIEW:
            return f"{submission.number} is signed and with us. We write to you when it is decided or sent back."
        case Submission.State.ACCEPTED:
            return f"{submission.number} is accepted. To change something, report a change."
        case Submission.State.DECLINED:
            return f"{submission.number} was declined. Begin a new form when the reasons are gone."
        case _:
            return f"{submission.number} was withdrawn. Begin a new form."


def _write(
    sheet: Sheet,
    page: Page,
    typed: dict[str, list[str]],
    by: Actor,
    at: datetime,
    may_change: unlocking.MayChange,
) -> None:
    questions = page.of_row() if sheet.row else page.of_page()
    before = dict(sheet.values)
    sheet.typed = typed
    sheet.values = {
        code: value for code, value in SheetForm(questions, typed).values.items() if may_change(code, sheet.row)
    } | {  # what was signed stays as it was, also when a day in it would be too long ago by now
        code: value for code, value in before.items() if not may_change(code, sheet.row)
    }
    changed = {code for code in {*before, *sheet.values} if before.get(code) != sheet.values.get(code)}
    sheet.unconfirmed = [code for code in sheet.unconfirmed if code not in changed]
    sheet.revision += 1
    sheet.saved_at, sheet.saved_by = at, by.name
    sheet.save()
    _keep(sheet, typed, by, at)
    Submission.objects.filter(pk=sheet.submission_id).update(touched_at=at)


def _keep(
    sheet: Sheet,
    typed: Mapping[str, Any],
    by: Actor,
    at: datetime,
    *,
    has_lost: bool = False,
    is_removal: bool = False,
) -> Save:
    return Save.objects.create(
        submission_id=sheet.submission_id,
        step=sheet.step,
        row=sheet.row,
        revision=sheet.revision + (1 if has_lost else 0),
        typed=typed,
        has_lost=has_lost,
        is_removal=is_removal,
        at=at,
        by=by.name,
    )
