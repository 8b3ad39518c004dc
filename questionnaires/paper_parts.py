"""What papers share: who writes, to whom, and what was signed. Facts only; their shape is in paper_facts.py."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from policies.models import PolicyVersion
from questionnaires.models import Signature, Submission
from questionnaires.paper_facts import moment


def sender() -> dict[str, Any]:
    return {
        "name": settings.ADVERTISER_NAME,
        "lines": [],
        "portal": urlsplit(settings.PUBLIC_URL).netloc,
        "abuse": settings.ABUSE_ADDRESS,
    }


def addressee(signature: Signature) -> dict[str, Any]:
    """The company as the signed Exhibit A gives it, else as it is called; and whoever signed."""
    values = {answer["code"]: answer["value"] for answer in signature.picture.get("answers", ()) if not answer["row"]}
    address = values.get("A1.05") or {}
    city = " ".join(str(part) for part in (address.get("postcode"), address.get("city")) if part)
    lines = [address.get("street"), city, address.get("region"), address.get("country")]
    return {
        "company": str(values.get("A1.01") or signature.submission.vendor.name),
        "registration": str(values.get("A1.04") or "") if not isinstance(values.get("A1.04"), Mapping) else "",
        "signatory": signature.name,
        "title": signature.title,
        "lines": [str(line) for line in lines if line],
        "list_owners": [],
    }


def basis(
    submission: Submission, picture: Mapping[str, Any], policy: PolicyVersion, content: str, at: datetime | None
) -> dict[str, Any]:
    """What `picture` was drawn with, which is what was signed, whatever file of that version lies there now."""
    definition = picture if "definition_sha256" in picture else _definition(submission)
    return {
        "exhibit": definition["exhibit"],
        "title": definition["title"],
        "questionnaire_version": definition["version"],
        "questionnaire_sha256": definition["definition_sha256"],
        "submission": submission.number,
        "signed_at": moment(at) if at else None,
        "content_sha256": content,
        "policy_version": policy.number or 0,
        "policy_day": f"{policy.effective_at.day} {policy.effective_at:%B %Y}" if policy.effective_at else "",
        "policy_sha256": policy.sha256,
    }


def _definition(submission: Submission) -> dict[str, Any]:
    """For a picture that does not name it."""
    found = submission.definition
    return {
        "exhibit": found.exhibit,
        "title": found.title,
        "version": found.version,
        "definition_sha256": found.sha256,
    }
