"""The papers of a submission: which facts the signed copy and the letter of acceptance hold; typeset.py sets them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from journal.models import Head
from policies.models import PolicyVersion
from questionnaires import codes, snapshot
from questionnaires.amendments import policy_of
from questionnaires.definition_file import load
from questionnaires.models import Acceptance, HeaderApproval, Signature, Submission
from questionnaires.paper_facts import file_size, moment
from questionnaires.paper_parts import addressee, basis, sender
from questionnaires.picture import Picture, picture_of
from questionnaires.reading import answers_of
from questionnaires.typeset import PAPERS, typeset

DUTIES = ("O1", "O2", "O4", "O9", "C0", "R12", "R2", "R7")  # what goes on as long as anybody mails


# ── the signed copy ─────────────────────────────────────────────────────────
def signed_copy(signature: Signature, *, papers: Path = PAPERS) -> bytes:
    """The exhibit as it was signed, with the snapshot inside. The same signature makes the same copy, whenever."""
    submission, picture = signature.submission, signature.picture
    facts = _copy(picture, submission, signature.policy, signature.at) | {
        "attestations": [
            {"code": code, "text": text, "at": moment(signature.at)} for code, text in signature.promises.items()
        ],
        "signature": {
            "name": signature.name,
            "title": signature.title,
            "company": picture["vendor"]["name"],
            "email": signature.email,
            "at": moment(signature.at),
            "seal": signature.seal,
            "seal_lines": list(signature.seal_lines),
        },
        "basis": basis(submission, picture, signature.policy, signature.content_hash, signature.at),
    }
    attachments = {"submission.json": signature.snapshot.encode()}
    return typeset("signed_copy", facts, attachments=attachments, at=signature.at, papers=papers)


def copy_of(submission: Submission, *, at: datetime) -> bytes:
    """What is filled in so far; its title says that it is not signed."""
    policy = policy_of(submission, at)
    picture = picture_of(submission, answers_of(submission, at), policy=policy)
    facts = _copy(picture, submission, policy, at) | {
        "attestations": [],
        "signature": None,
        "basis": basis(submission, picture, policy, snapshot.sha256(picture), None),
    }
    return typeset("signed_copy", facts, at=at)


def _copy(picture: Picture, submission: Submission, policy: PolicyVersion, at: datetime) -> dict[str, Any]:
    files: dict[tuple[str, str], list[dict[str, str]]] = {}
    for file in picture["evidence"]:
        shown = {"name": file["name"], "size": file_size(file["size"]), "sha256": file["sha256"]}
        files.setdefault((file["code"], file["row"]), []).append(shown)
    return {
        "reference": submission.number,
        "issued_at": moment(at),
        "sender": sender(),
        "company": picture["vendor"]["name"],
        "sections": _sections(picture, files),
        "authenticity": None,
    }


def _sections(picture: Picture, files: Mapping[tuple[str, str], Sequence[Any]]) -> list[dict[str, Any]]:
    definition = load(picture["exhibit"], picture["version"])
    sections: dict[str, dict[str, Any]] = {}
    for answer in picture["answers"]:
        section = sections.setdefault(
            answer["section"],
            {"code": answer["section"], "title": definition.section(answer["section"]).title, "groups": {}},
        )
        group = section["groups"].setdefault((answer["step"], answer["row"]), {"title": "", "answers": []})
        group["title"] = answer["row_name"] or definition.pages[answer["step"]].title
        group["answers"].append(
            {
                "code": answer["code"],
                "question": answer["label"],
                "clauses": answer["clauses"],
                "words": [] if (answer["code"], answer["row"]) in files else answer["said"].splitlines(),
                "files": list(files.get((answer["code"], answer["row"]), ())),
                "table": None,
            }
        )
    return [section | {"groups": list(section["groups"].values())} for section in sections.values()]


# ── the letter ──────────────────────────────────────────────────────────────
def acceptance_letter(acceptance: Acceptance) -> bytes:
    """The numbered letter, with its schedule and the signed snapshot inside for machines."""
    signature, submission = acceptance.signature, acceptance.submission
    clauses = {clause.id: clause for clause in acceptance.policy.read}
    facts = {
        "reference": acceptance.number,
        "issued_at": moment(acceptance.issued_at),
        "sender": sender(),
        "addressee": addressee(signature),
        "basis": basis(submission, signature.picture, acceptance.policy, signature.content_hash, signature.at),
        "scope": _scope(acceptance),
        "duties": [{"clause": one, "text": clauses[one].text} for one in DUTIES if one in clauses],
        "conditions": [
            {"text": one["text"], "clause": "", "due": str(one.get("due") or ""), "evidence": ""}
            for one in acceptance.conditions
        ],
        "header_approvals": [
            f"{one.number}: {one.domain}, {one.since:%d %B %Y} to {one.until:%d %B %Y}, approved by {one.by}"
            for one in _approvals(acceptance)
        ],
        "valid_until": f"{acceptance.valid_until.day} {acceptance.valid_until:%B %Y}",
        "emergency_contact": _emergency_contact(acceptance),
        "signed": [
            {"name": one["name"], "title": one["role"], "at": moment(datetime.fromisoformat(one["at"]))}
            for one in acceptance.officers
        ],
        "authenticity": _authenticity(acceptance.code),
    }
    attachments = {
        "acceptance.json": json.dumps(machine_readable(acceptance), ensure_ascii=False, sort_keys=True).encode(),
        "submission.json": signature.snapshot.encode(),
    }
    return typeset("acceptance", facts, attachments=attachments, at=acceptance.issued_at)


def machine_readable(acceptance: Acceptance) -> dict[str, Any]:
    """The letter for machines: what is attached to it as acceptance.json."""
    return {
        "number": acceptance.number,
        "exhibit": acceptance.exhibit,
        "code": codes.show(acceptance.code),
        "vendor": {"number": acceptance.vendor.number, "name": acceptance.vendor.name},
        "submission": acceptance.submission.number,
        "content_sha256": acceptance.signature.content_hash,
        "policy": {"number": acceptance.policy.number, "sha256": acceptance.policy.sha256},
        "issued_at": snapshot.write_moment(acceptance.issued_at),
        "valid_until": snapshot.write_moment(acceptance.valid_until),
        "scope": acceptance.scope,
        "conditions": acceptance.conditions,
        "header_approvals": [
            {"number": one.number, "domain": one.domain, "since": one.since.isoformat(), "until": one.until.isoformat()}
            for one in _approvals(acceptance)
        ],
    }


def _approvals(acceptance: Acceptance) -> list[HeaderApproval]:
    today = acceptance.issued_at.date()
    return list(
        HeaderApproval.objects.filter(vendor=acceptance.vendor, revoked_at=None, until__gte=today).order_by("pk")
    )


def _scope(acceptance: Acceptance) -> dict[str, Any]:
    scope = acceptance.scope
    return {
        "servers": [
            {"host": one.get("hostname") or one["helo"], "address": one["network"], "helo": one["helo"]}
            for one in scope.get("servers", ())
        ],
        "domains": list(scope.get("domains", ())),
        "header_addresses": [{"header": one["header"], "address": one["address"]} for one in scope.get("headers", ())],
        "sources": [
            {"name": one["code"], "code": one["code"], "addresses": one["count"]} for one in scope.get("lists", ())
        ],
        "ceilings": [
            {
                "provider": _receiver(acceptance, one["domain"]),
                "per_hour": one["per_hour"],
                "connections": one.get("connections", 0),
            }
            for one in scope.get("ceilings", ())
        ],
        "ad_codes": list(scope.get("ad_codes", ())),
    }


def _receiver(acceptance: Acceptance, value: str) -> str:
    """The receiver's name as the form said it."""
    question = acceptance.submission.definition.questions.get("A8.01")
    for column in question.columns if question else ():
        for choice in column.choices:
            if choice.value == value:
                return choice.label
    return value


def _emergency_contact(acceptance: Acceptance) -> str:
    """The first of them who confirmed both the address and the authority."""
    proven = acceptance.vendor.contacts.emergency().proven().first()
    return proven.name if proven else ""


def _authenticity(code: str) -> dict[str, Any]:
    """How anybody checks the letter; the head of the journal at this moment is printed as an anchor."""
    head = Head.objects.get(id=1)
    return {
        "address": f"{settings.PUBLIC_URL}/verify/{code}",
        "page": f"{urlsplit(settings.PUBLIC_URL).netloc}/verify",
        "code": codes.show(code),
        "chain_number": head.position,
        "chain_sha256": head.hash,
        "seal_fingerprint": "",
    }
