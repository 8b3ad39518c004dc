"""Everything of a vendor that a page about forms can be about: rows and small files, for walks over all addresses.

A form under way (Exhibit A), one in review at the desk (Exhibit B), and an acceptance whose letter was not received
yet. Nothing here was filled in by anybody: tests/submissions.py has forms with answers.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from notices import files, links
from questionnaires import codes, drafts, waivers
from questionnaires.acceptances import RECEIPT
from questionnaires.drafts import Conflict
from questionnaires.models import (
    Acceptance,
    Draw,
    Evidence,
    HeaderApproval,
    Paper,
    Return,
    Save,
    Sheet,
    Signature,
    Submission,
    Waiver,
)
from questionnaires.reading import answers_of
from tests.acceptances import make_acceptance, make_approval, make_signature, make_submission
from tests.submissions import PDF, make_evidence
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Paperwork:
    draft: Submission  # Exhibit A
    row: Sheet  # of its domains
    lost: Save  # that came too late
    evidence: Evidence
    in_review: Submission  # Exhibit B
    rule: str  # that stops it
    marked: Return
    waiver: Waiver
    acceptance: Acceptance
    receipt: str  # the token of the link in the letter's mail
    approval: HeaderApproval
    paper: Paper

    def arguments(self, route: str) -> dict[str, Any]:
        """What stands in the brackets of an address below portal/forms/."""
        known: dict[str, Callable[[], Any]] = {
            "number": lambda: (self.in_review if "sample" in route else self.draft).number,
            "code": lambda: {"files": "A1.13", "assign": "A1"}.get(route.split("/")[3], "A4.01"),
            "pk": lambda: self.lost.pk,
            "row": lambda: self.row.row,
            "step": lambda: "domains",
        }
        return {name: found() for name, found in known.items() if f":{name}>" in route}

    def at_the_desk(self, route: str) -> dict[str, Any]:
        """The same below desk/submissions/."""
        pk = self.marked.pk if "/returns/" in route else self.waiver.pk
        known = {"number": self.in_review.number, "section": "B1", "rule": self.rule, "pk": pk}
        return {name: found for name, found in known.items() if f":{name}>" in route}


def make_paperwork(vendor: Vendor, user: User, *, at: datetime | None = None) -> Paperwork:
    at = at or timezone.now()
    acceptance = make_acceptance(vendor, state=Acceptance.State.ISSUED, at=at)
    Acceptance.objects.filter(pk=acceptance.pk).update(
        code=codes.make(), letter_place=files.store("letters", PDF), letter_size=len(PDF)
    )
    acceptance.refresh_from_db()
    draft = make_submission(vendor, state=Submission.State.DRAFT, at=at)
    row = drafts.add_row(draft, "domains", values={"A4.01": ["fieldnote.example"]}, by=user.actor(), at=at)
    in_review = make_submission(vendor, exhibit="B", state=Submission.State.IN_REVIEW, at=at)
    signature = make_signature(in_review, at=at)
    Signature.objects.filter(pk=signature.pk).update(
        snapshot=json.dumps({"answers": [], "evidence": []}), copy_place=files.store("signed", PDF)
    )
    Draw.objects.create(
        submission=in_review, seed="5eed", total=3, size=30, numbers=[2, 1, 3],
        sources=[{"row": "s1", "code": "GARDEN", "count": 3}], at=at, by="Alice",
    )  # fmt: skip
    stops = [flag for flag in waivers.flags(in_review, answers_of(in_review, at), at) if flag.stops]
    return Paperwork(
        draft=draft,
        row=row,
        lost=make_lost(draft, row, user, at),
        evidence=make_evidence(draft, "A1.13", at=at),
        in_review=in_review,
        rule=stops[0].rule.id,
        marked=Return.objects.create(
            submission=in_review, code="B1.01", round=1, comment="Which one?", at=at, by="Rita"
        ),
        waiver=Waiver.objects.create(
            submission=in_review, rule="other", reason="Known.", until=at.date(), at=at, by="Dana"
        ),
        acceptance=acceptance,
        receipt=links.make(RECEIPT, acceptance.about, at, holder_name="Alice", holder_email="alice@example.com"),
        paper=Paper.objects.create(
            kind=Paper.Kind.SUSPENSION,
            vendor=vendor,
            submission=acceptance.submission,
            acceptance=acceptance,
            at=at,
            place=files.store("letters", PDF),
            sha256="0" * 64,
        ),
        approval=make_approval(vendor, "mail.harrow.example.com", since=at.date(), until=at.date(), at=at),
    )


def make_lost(submission: Submission, row: Sheet, user: User, at: datetime) -> Save:
    """A save of the row that came too late."""
    try:
        drafts.save(submission, row.step, {"A4.01": ["other.example"]}, row=row.row, revision=0, by=user.actor(), at=at)
    except Conflict as conflict:
        return conflict.lost
    raise AssertionError("nothing was lost")
