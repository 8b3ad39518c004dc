"""The picture of a submission: every question that applies with its answer in words, as plain data for JSON.

The page that is checked, the snapshot that is signed, the review, the signed copy and the export are all made of this
one shape, so that what was seen is what was signed:

    {exhibit, title, version, definition_sha256, number, round, vendor: {number, name}, policy: {number, sha256},
     answers: [{key, code, section, step, row, row_name, label, value, said, by, clauses}],
     evidence: [{code, row, name, size, sha256}], promises: {code: text}}

`by` says who answers: "vendor", "record" (carried, may be changed) or "machine". The value of a file answer is the list
of the SHA-256 of its files. Numbers are integers.
"""

from collections.abc import Mapping
from typing import Any

from policies.models import PolicyVersion
from questionnaires import asking
from questionnaires.definition import Answers, Kind, Page, Place, Row
from questionnaires.fields import show
from questionnaires.models import Submission

Picture = dict[str, Any]


def picture_of(
    submission: Submission, answers: Answers, *, policy: PolicyVersion, promises: Mapping[str, str] | None = None
) -> Picture:
    definition = submission.definition
    evidence = list(submission.evidence.filter(removed_at=None))
    files = {str(one.uid): one for one in evidence}
    drawn = [
        _answer(place, answers, definition.section_of[page.step].code, files)
        for page in asking.steps(definition, answers)
        for place in asking.applying(page, answers)
        if definition.section_of[page.step].kind != "signature"
    ]
    applying = {(one["code"], one["row"]) for one in drawn}
    return {
        "exhibit": definition.exhibit,
        "title": definition.title,
        "version": definition.version,
        "definition_sha256": definition.sha256,
        "number": submission.number,
        "round": submission.round,
        "vendor": {"number": submission.vendor.number, "name": submission.vendor.name},
        "policy": {"number": policy.number, "sha256": policy.sha256},
        "answers": drawn,
        "evidence": [
            {
                "code": one.code,
                "row": one.row,
                "name": one.name,
                "size": one.size,
                "sha256": one.sha256,
            }
            for one in evidence
            if (one.code, one.row) in applying
        ],
        "promises": dict(promises or {}),
    }


def _answer(place: Place, answers: Answers, section: str, files: Mapping[str, Any]) -> dict[str, Any]:
    question = place.question
    value = asking.value_at(place, answers)
    said = show(question, value)
    if question.kind is Kind.FILE:
        found = [files[uid] for uid in value or [] if uid in files]
        value, said = [one.sha256 for one in found], ", ".join(one.name for one in found)
    asked = asking.is_asked(place, answers)
    return {
        "key": place.key,
        "code": question.code,
        "section": section,
        "step": place.page.step,
        "row": place.row.uid if place.row else "",
        "row_name": row_name(place.page, place.row, answers) if place.row else "",
        "label": question.label,
        "value": value,
        "said": said,
        "by": "vendor" if asked else "record" if question.carried else "machine",
        "clauses": list(question.clauses),
    }


def row_name(page: Page, row: Row, answers: Answers) -> str:
    """What people call a row: "Server 2, 192.0.2.5"."""
    if page.rows is None:
        return ""
    position = next((n for n, one in enumerate(answers.rows.get(page.step, ()), 1) if one.uid == row.uid), 0)
    named = row.values.get(page.rows.named_by)
    if isinstance(named, Mapping):
        named = next((str(part) for part in named.values() if part), "")
    name = f"{page.rows.noun.capitalize()} {position}"
    return f"{name}, {named}" if named else name
