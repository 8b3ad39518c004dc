"""Files as answers: taken in, listed, removed. What a file may be says intake.py; where it lies, notices/files.py."""

from datetime import datetime
from typing import BinaryIO

from django.conf import settings

from journal.actor import Actor
from journal.record import note, turn
from notices import files
from questionnaires import draws, sample, unlocking
from questionnaires.definition import Kind, Question
from questionnaires.drafts import DraftRefused, why_locked
from questionnaires.facts import SAMPLE
from questionnaires.intake import Accepted, inspect, optouts
from questionnaires.models import Evidence, Sheet, Submission

MOST_FILES = 10  # of one answer, when the question names no other number
MOST_OF_SUBMISSION = 500
APPROVAL_PAGES = ("/policy/", "/verify/")  # of ours, in public: what we ask of senders, and is a letter of ours genuine
MOST_BYTES = 500_000_000  # of one submission


def add(
    submission: Submission, question: Question, row: str, name: str, file: BinaryIO, *, by: Actor, at: datetime
) -> Evidence:
    """Take a file in as (part of) the answer to `question`. Raises intake.FileRefused for what we do not take,
    draws.DrawRefused for proof that cannot be read, and DraftRefused when the answer cannot be changed now."""
    if question.kind is not Kind.FILE:
        raise LookupError
    accepted = inspect(name, file)
    _refuse(submission, question, row, accepted)  # before anything is stored, and once more below
    file.seek(0)
    facts = {}
    if question.code == SAMPLE and accepted.kind == "eml":
        facts = _facts_of_sample(submission, file.read())
        file.seek(0)
    if question.code == optouts.CODE:
        facts = optouts.read(accepted.kind, file.read(optouts.MOST_BYTES + 1)).facts
        file.seek(0)
    if question.code == draws.PROOF:
        facts = draws.read_proof(submission, accepted.name, file.read() if accepted.kind == "csv" else None)
        file.seek(0)
    with files.keeping() as store, turn():
        locked = Submission.objects.select_for_update().get(pk=submission.pk)
        _refuse(locked, question, row, accepted)
        place = store("evidence", file)
        evidence = Evidence.objects.create(
            submission=locked,
            code=question.code,
            row=row,
            name=accepted.name,
            media_type=accepted.media_type,
            size=accepted.size,
            sha256=accepted.sha256,
            place=place,
            facts=facts,
            added_at=at,
            added_by=by.name,
        )
        _settle(locked, question.code, row)
        note(
            locked,
            "evidence added",
            by=by,
            at=at,
            code=question.code,
            in_row=row,
            sha256=accepted.sha256,
            size=accepted.size,
        )
        Submission.objects.filter(pk=locked.pk).update(touched_at=at)
    return evidence


def remove(evidence: Evidence, *, by: Actor, at: datetime) -> None:
    """Take a file out of the answers. Where a signature names it the file stays; else it is kept for a while
    (pruning.py)."""
    with turn():
        locked = Submission.objects.select_for_update().get(pk=evidence.submission_id)
        _refuse_locked(locked, evidence.code, evidence.row)
        if Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=at):
            _settle(locked, evidence.code, evidence.row)
            note(locked, "evidence removed", by=by, at=at, code=evidence.code, sha256=evidence.sha256)
            Submission.objects.filter(pk=locked.pk).update(touched_at=at)


def _refuse(submission: Submission, question: Question, row: str, accepted: Accepted) -> None:
    _refuse_locked(submission, question.code, row)
    if row and not submission.sheets.filter(row=row).exists():
        raise LookupError
    standing = submission.evidence.filter(removed_at=None)
    if standing.filter(code=question.code, row=row, sha256=accepted.sha256).exists():
        raise DraftRefused(f"{accepted.name} is here already.")
    _refuse_too_much(standing.filter(code=question.code, row=row).count(), question.most or MOST_FILES)
    sizes = list(standing.values_list("size", flat=True))
    if len(sizes) >= MOST_OF_SUBMISSION or sum(sizes) + accepted.size > MOST_BYTES:
        raise DraftRefused(
            f"One form holds at most {MOST_OF_SUBMISSION} files and {MOST_BYTES // 1_000_000} MB in all. "
            "Remove what proves nothing."
        )


def _settle(submission: Submission, code: str, row: str) -> None:
    """Files that were carried over and are changed need nobody to say that they are still right."""
    step = submission.definition.page_of[code].step
    for sheet in submission.sheets.filter(step=step, row=row):
        if code in sheet.unconfirmed:
            Sheet.objects.filter(pk=sheet.pk).update(unconfirmed=[one for one in sheet.unconfirmed if one != code])


def _refuse_locked(submission: Submission, code: str, row: str) -> None:
    if not submission.is_editable:
        raise DraftRefused(why_locked(submission))
    if not unlocking.unlocked(submission)(code, row):
        raise DraftRefused("This answer stays as you signed it: we did not ask you to look at it again.")


def _refuse_too_much(count: int, most: int) -> None:
    if count >= most:
        raise DraftRefused(f"This answer has {count} files, and {most} are the most. Remove one first.")


def _facts_of_sample(submission: Submission, raw: bytes) -> dict[str, object]:
    values = dict(submission.sheets.filter(row="").values_list("step", "values"))
    own = [clean["A4.01"] for clean in submission.sheets.exclude(row="").values_list("values", flat=True)
           if "A4.01" in clean]  # fmt: skip
    company = values.get("company", {})
    address = company.get("A1.05") or {}
    return sample.read(
        raw,
        names=[submission.vendor.name, *(line["name"] for line in company.get("A1.02") or [] if line.get("name"))],
        postal=[part for part in (address.get("postcode"), address.get("street")) if part],
        advertiser_links=[link for link in (settings.OPTOUT_URL, settings.PUBLIC_URL) if link],
        own_domains=own,
        approval_links=[f"{settings.PUBLIC_URL}{page}" for page in APPROVAL_PAGES],
    )
