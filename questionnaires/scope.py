"""What an acceptance covers: read from the signed answers, and put into force in the vendor's register.

The shape is in models/acceptance.py. Nothing that was not signed gets into a scope; what is not in it is not accepted.
"""

from datetime import datetime
from typing import Any

from journal.actor import Actor
from questionnaires import covering, enlisting, sources
from questionnaires.definition import Answers, Row
from questionnaires.designated import address_of
from questionnaires.fields.reading import is_form
from questionnaires.models import Acceptance, Signature
from questionnaires.reading import signed_answers

HEADERS = (("A6.02", "Reply-To"), ("A6.03", "Return-Path"), ("A6.04", "Errors-To"))
ALSO = {"reply_to": "Reply-To", "return_path": "Return-Path", "errors_to": "Errors-To"}


def of(signature: Signature) -> dict[str, Any]:
    """The schedule of the letter."""
    answers = signed_answers(signature)
    if signature.submission.exhibit == "B":
        return {"lists": _lists_of_b(answers)}
    return {
        "servers": [
            {"network": row.values["A5.01"], "helo": row.values.get("A5.04", ""), "hostname": _seen_name(row)}
            for row in answers.rows.get("servers", ())
            if "A5.01" in row.values
        ],
        "domains": [row.values["A4.01"] for row in answers.rows.get("domains", ()) if "A4.01" in row.values],
        "headers": _headers(answers),
        "lists": _lists_of_a(answers),
        "ceilings": [dict(line) for line in answers.values.get("A8.01") or []],
        "ad_codes": [],
    }


def _seen_name(row: Row) -> str:
    """The reverse name, as it was seen when it was signed."""
    return str(row.values.get("A5.02") or "")


def _headers(answers: Answers) -> list[dict[str, str]]:
    """Each address as it was named. What looks like a form is one of Return-Path only where that question has it."""
    found: dict[tuple[str, str], None] = {}
    for line in answers.values.get("A6.01") or []:
        address = str(line["address"]).lower()
        found["From", address] = None
        for also in line.get("also") or []:
            if also in ALSO and not (also == "return_path" and is_form(address)):
                found[ALSO[also], address] = None
    for code, header in HEADERS:
        for line in answers.values.get(code) or []:
            found[header, str(line["address"]).lower()] = None
    return [{"header": header, "address": address} for header, address in found]


def _lists_of_a(answers: Answers) -> list[dict[str, Any]]:
    return [
        {
            "code": row.values["A9.01"],
            "owner": "" if answers.known("A9.19", row) in (None, "own") else "another company",
            "count": int((row.values.get("A9.02") or {}).get("now", 0)),
        }
        for row in answers.rows.get("lists", ())
        if "A9.01" in row.values
    ]


def _lists_of_b(answers: Answers) -> list[dict[str, Any]]:
    owner = (answers.values.get("B1.06") or {}) if answers.values.get("B1.03") == "other" else {}
    return [
        {
            "code": row.values["B2.01"],
            "owner": str(owner.get("name", "")),
            "count": int(row.values.get("B2.02") or 0),
        }
        for row in answers.rows.get("sources", ())
        if "B2.01" in row.values
    ]


def designated(signature: Signature) -> tuple[str, str]:
    """Whom the letter goes to, name and address: the one designated in the standing Exhibit A, else whoever signed."""
    submission = signature.submission
    if submission.exhibit == "B":
        standing = Acceptance.objects.counting(submission.vendor).first()
        return (standing.to_name, standing.to_email) if standing else (signature.name, signature.email)
    return signature.name, address_of(signed_answers(signature)) or signature.email


def take_effect(acceptance: Acceptance, *, by: Actor, at: datetime) -> None:
    """Put what is accepted into the register, so that it is watched, and let the letter cover its list sources."""
    enlisting.enlist(acceptance, by=by, at=at)
    cover(acceptance, by=by, at=at)


def cover(acceptance: Acceptance, *, by: Actor, at: datetime) -> None:
    """Let it cover what it accepts of each list source; again when it comes into force, for what it has to wait for."""
    for entry in acceptance.scope.get("lists", ()):
        source = sources.source_of(acceptance.vendor, entry["code"], owner=entry["owner"], by=by, at=at)
        covering.cover(source, acceptance, entry["count"], by=by, at=at)
