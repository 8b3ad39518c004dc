"""Bad news in writing: the paper that says that a form is declined, or an acceptance suspended or withdrawn.

It is set, kept and known by its SHA-256, and goes with the mail that says the same. A paper that cannot be set or
stored holds nothing up: what is suspended has to stop now, and the mail has the reason in its text.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from journal.actor import Actor
from journal.record import note
from notices.files import Enclosure
from questionnaires.models import Acceptance, Paper, Signature, Submission
from questionnaires.paper_facts import moment
from questionnaires.paper_parts import addressee, basis, sender
from questionnaires.typeset import PAPERS, PaperRefused, typeset

Store = Callable[[str, bytes], str]
DUTIES = ("O2", "O4", "O9", "C0")  # what goes on although nobody mails
log = logging.getLogger(__name__)


def decline(
    submission: Submission, words: str, *, by: Actor, title: str, at: datetime, store: Store, papers: Path = PAPERS
) -> list[Enclosure]:
    """What to enclose when a form is declined; called within the turn that declines it."""
    signature = submission.signatures.get(round=submission.round)
    paper = _written(Paper.Kind.DECLINE, signature, at)
    facts = {
        "outcome": "declined",
        "next_step": "When the reasons are gone you may begin a new form. Ask us first when a reason is not clear.",
        **_shared(paper, signature, words, by, title),
    }
    return _kept(paper, "decline", facts, by, store, papers)


def ending(
    acceptance: Acceptance, words: str, *, by: Actor, title: str, at: datetime, store: Store, papers: Path = PAPERS
) -> list[Enclosure]:
    """What to enclose when an acceptance is suspended or withdrawn; within that turn, and after it took effect."""
    is_final = acceptance.state == Acceptance.State.WITHDRAWN
    paper = _written(Paper.Kind.WITHDRAWAL if is_final else Paper.Kind.SUSPENSION, acceptance.signature, at, acceptance)
    clauses = {clause.id: clause for clause in acceptance.policy.read}
    mended = "Tell us what you repaired. We look again, and lift the suspension in writing."
    anew = (
        f"Send in a new Exhibit {acceptance.exhibit}. Nothing may be mailed before its written acceptance is received."
    )
    facts = {
        "outcome": "withdrawn" if is_final else "suspended",
        "acceptance": acceptance.number,
        "acceptance_issued_at": moment(acceptance.issued_at),
        "effective_at": moment(at),
        "duties": [{"clause": one, "text": clauses[one].text} for one in DUTIES if one in clauses],
        "next_step": anew if is_final else mended,
        **_shared(paper, acceptance.signature, words, by, title),
    }
    return _kept(paper, "suspension", facts, by, store, papers)


def _written(kind: str, signature: Signature, at: datetime, acceptance: Acceptance | None = None) -> Paper:
    return Paper.objects.create(
        kind=kind, vendor=signature.submission.vendor, submission=signature.submission, acceptance=acceptance, at=at
    )


def _shared(paper: Paper, signature: Signature, words: str, by: Actor, title: str) -> dict[str, Any]:
    return {
        "reference": paper.number,
        "issued_at": moment(paper.at),
        "sender": sender(),
        "addressee": addressee(signature),
        "basis": basis(signature.submission, signature.picture, signature.policy, signature.content_hash, signature.at),
        "reasons": [{"clause": "R1", "text": words, "cure": "", "question": ""}],
        "signed": [{"name": by.name, "title": title, "at": moment(paper.at)}],
        "authenticity": None,
    }


def _kept(paper: Paper, name: str, facts: dict[str, Any], by: Actor, store: Store, papers: Path) -> list[Enclosure]:
    try:
        content = typeset(name, facts, at=paper.at, papers=papers)
        place = store("letters", content)
    except (PaperRefused, OSError):  # a paper that lacks a fact, a disk that is full
        log.exception("%s could not be set or stored: the mail goes without it", paper.number)
        paper.delete()
        return []
    paper.place, paper.sha256 = place, hashlib.sha256(content).hexdigest()
    paper.save(update_fields=["place", "sha256"])
    note(paper, "issued", by=by, at=paper.at, vendor=paper.vendor, kind=paper.kind, sha256=paper.sha256)
    return [Enclosure(f"{paper.number}.pdf", paper.place)]
