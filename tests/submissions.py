"""Exhibit A filled in to the end, signed, and in review: real rows, real files, the real signature.

The answers are those of tests/questionnaires/exhibit_a.py, so no rule stops them unless a test says so with `said`.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from accounts.models import User
from notices import files
from questionnaires import review, shown, signing
from questionnaires.amendments import policy_of
from questionnaires.definition import Answers, Kind
from questionnaires.definition_file import newest
from questionnaires.fields import as_posted
from questionnaires.models import Evidence, Look, Sheet, Signature, Submission
from questionnaires.picture import picture_of
from questionnaires.reading import answers_of
from questionnaires.signing import Signer
from questionnaires.subjects import subject_of
from tests.questionnaires.walking import DOMAIN_LOOKS, SAMPLE, SERVER_LOOKS, Walk
from tests.world import NOON, make_contact
from vendors.models import Vendor

PDF = b"%PDF-1.7\nthe proof\n%%EOF\n"
SIGNATORY = "Mara Lindqvist"
CLEAR = {"id": "ptr", "verdict": "clear", "word": "Clear", "sentence": "Leads to itself.", "cure": "", "clause": "R7"}


@lru_cache
def _walked(servers: int) -> Walk:
    walk = Walk(rows={"domains": 1, "servers": servers, "lists": 1, "parties": 1})
    walk.to_the_end()
    return walk


def make_filled(
    vendor: Vendor, *, servers: int = 1, said: Mapping[str, Any] | None = None, at: datetime = NOON, **fields: Any
) -> Submission:
    """A draft in which every question is answered. `said` are clean values by code, or by "code@row"."""
    walk = _walked(servers)
    definition = newest("A")
    submission = Submission.objects.create(
        vendor=vendor,
        exhibit="A",
        version=definition.version,
        created_at=at,
        created_by="Alice",
        touched_at=at,
        **fields,
    )
    values = walk.values | dict(said or {})
    for page in definition.pages.values():
        codes = {question.code for question in page.of_page()}
        _sheet(submission, page.step, "", 0, {code: value for code, value in values.items() if code in codes}, at)
        if page.rows:
            of_rows = {uid: found for uid, found in walk.of_rows.items() if uid.rstrip("0123456789") == page.step}
            for position, (uid, found) in enumerate(of_rows.items()):
                own = {key.partition("@")[0]: value for key, value in values.items() if key.endswith(f"@{uid}")}
                _sheet(submission, page.step, uid, position, _different(page.step, position, found) | own, at)
    _looks(submission, at)
    if not vendor.contacts.proven().exists():
        contact = make_contact(vendor, "Jonas Aker", at=at)
        type(contact).objects.filter(pk=contact.pk).update(email_confirmed_at=at, authority_confirmed_at=at)
    return submission


def _different(step: str, position: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Each server of several has an address of its own."""
    if step == "servers" and position:
        return {**values, "A5.01": f"93.184.{215 + position // 250}.{position % 250 + 1}"}
    return dict(values)


def _sheet(submission: Submission, step: str, row: str, position: int, values: Mapping[str, Any], at: datetime) -> None:
    questions = submission.definition.questions
    for code in values:
        if questions[code].kind is Kind.FILE:
            make_evidence(submission, code, row=row, at=at)
    kept = {code: value for code, value in values.items() if questions[code].kind is not Kind.FILE}
    typed: dict[str, list[str]] = {}
    for code, value in kept.items():
        typed |= as_posted(questions[code], value, code)
    Sheet.objects.create(
        submission=submission, step=step, row=row, position=position, typed=typed, values=kept, revision=1, saved_at=at,
        saved_by="Alice",
    )  # fmt: skip


def make_evidence(
    submission: Submission, code: str, *, row: str = "", name: str = "", content: bytes = PDF, at: datetime = NOON
) -> Evidence:
    return Evidence.objects.create(
        submission=submission,
        code=code,
        row=row,
        name=name or f"{code}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content + code.encode()).hexdigest(),
        place=files.store("evidence", content),
        facts=SAMPLE if code == "A6.10" else {},
        added_at=at,
        added_by="Alice",
    )


def _looks(submission: Submission, at: datetime) -> None:
    facts = {"servers": SERVER_LOOKS, "domains": DOMAIN_LOOKS}
    for sheet in submission.sheets.exclude(row=""):
        page = submission.definition.pages[sheet.step]
        subject = subject_of(page, sheet.values)
        if subject:
            kind, what, helo = subject
            Look.objects.update_or_create(
                vendor=submission.vendor,
                kind=kind,
                subject=what,
                helo=helo,
                defaults={"asked_at": at, "looked_at": at, "checks": [CLEAR], "facts": facts[sheet.step]},
            )


def sign(submission: Submission, user: User, *, at: datetime = NOON) -> Signature:
    """Signed by the one whom the form names, from `user`'s account, with all promises ticked."""
    return signing.sign(
        submission, signer(submission, user, at=at), seen=seen(submission, at=at), by=user.actor(), at=at
    )


def seen(submission: Submission, *, at: datetime = NOON) -> str:
    """What the signing page shows now."""
    policy = policy_of(submission, at)
    return shown.line_of(picture_of(submission, answers(submission, at), policy=policy))


def signer(submission: Submission, user: User, *, at: datetime = NOON) -> Signer:
    """The one whom the form names, who has just proved it, and the promises."""
    promises = {
        question.code: question.label
        for section in submission.definition.sections
        if section.kind == "signature"
        for page in section.pages
        for question in page.questions
        if question.kind is Kind.PROMISE
    }
    return Signer(user, SIGNATORY, "Director", promises, "198.51.100.7", "Browser", at - timedelta(minutes=1), "totp")


def make_signed(vendor: Vendor, user: User, *, at: datetime = NOON, **options: Any) -> Submission:
    submission = make_filled(vendor, at=at, **options)
    sign(submission, user, at=at)
    return submission


def make_in_review(vendor: Vendor, user: User, reviewer: User, *, at: datetime = NOON, **options: Any) -> Submission:
    """Signed by `user`, taken up by `reviewer`."""
    submission = make_signed(vendor, user, at=at, **options)
    review.take_up(submission, by=reviewer.actor(), at=at)
    return submission


def look_at_all(
    submission: Submission, reviewer: User, *, remark: str = "Seen, and fine.", at: datetime = NOON
) -> None:
    """Every section is looked at, with something to say to its warnings."""
    for section in review.sections_to_look_at(submission, answers(submission, at)):
        review.look_at(submission, section, remark, by=reviewer.actor(), at=at)


def answers(submission: Submission, at: datetime = NOON) -> Answers:
    return answers_of(submission, at)
