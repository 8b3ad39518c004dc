"""All answers on one page, as they will be signed; what to look at again; then signing, on a page of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import access
from questionnaires import asking, designated, shown, signing, unlocking
from questionnaires.amendments import policy_of
from questionnaires.definition import Definition
from questionnaires.models import Submission
from questionnaires.picture import picture_of, row_name
from questionnaires.reading import answers_of
from vendors.models import Vendor


@require_safe
@access.member
def check(request: HttpRequest, vendor: Vendor, number: str) -> HttpResponse:
    submission = access.find_submission(vendor, number)
    now = timezone.now()
    answers = answers_of(submission, now)
    policy = policy_of(submission, now)
    signature = submission.signatures.filter(round=submission.round).first()
    drawn = signature.picture if signature else picture_of(submission, answers, policy=policy)
    definition = submission.definition
    warnings = [
        (rule, row_name(definition.page_of[rule.question], row, answers) if row else "")
        for rule, row in asking.spoken(definition, answers)
    ]
    page = {
        "vendor_name": vendor.name,
        "submission": submission,
        "definition": definition,
        "sections": by_section(drawn["answers"], definition, submission),
        "evidence": drawn["evidence"],
        "unread_address": designated.unread(submission, answers),
        "warnings": warnings,
        "obstacles": signing.obstacles(submission, answers) if submission.is_editable else [],
        "signature": signature,
        "policy": policy,
        "seen": shown.line_of(drawn),
    }
    return render(request, "portal/check.html", page)


def by_section(answers: list[dict[str, Any]], definition: Definition, submission: Submission) -> list[dict[str, Any]]:
    """The answers of a picture, section by section, rows together; each with whether it may be changed."""
    may_change = unlocking.unlocked(submission)
    found: dict[str, dict[str, Any]] = {}
    for answer in answers:
        section = found.setdefault(
            answer["section"], {"code": answer["section"], "title": definition.section(answer["section"]).title,
                                "groups": {}},
        )  # fmt: skip
        group = section["groups"].setdefault(answer["row"], {"name": answer["row_name"], "answers": []})
        group["answers"].append(answer | {"may_change": may_change(answer["code"], answer["row"])})
    return list(found.values())
