"""The letters about what registrations do not show: to whom each goes, and the facts that its template needs.

To the vendor's owners, or to staff; what ends and what will, to both, each with the address of their own page.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from monitors.models import Document, EvidenceRequest, Grant
from monitors.probes.holder_tables import CALLED
from notices.confirmations import owners
from notices.models import Delivery
from notices.outbox import write_to_each
from notices.staff import staff
from vendors.models import Vendor

WHAT: Mapping[str, str] = {
    Grant.Kind.WAIVED: "the exception for",
    Grant.Kind.DOCUMENTED: "the evidence that was accepted for",
}


def asked(vendor: Vendor, requests: Sequence[EvidenceRequest], at: datetime) -> None:
    """What is missing, domain by domain, how to mend it, and what would do in its place."""
    write_to_each("evidence_asked", owners(vendor), requests[0].about, _of_vendor(vendor, requests), at)


def due(vendor: Vendor, requests: Sequence[EvidenceRequest], at: datetime) -> None:
    write_to_each("evidence_due", owners(vendor), requests[0].about, _of_vendor(vendor, requests), at)


def settled(request: EvidenceRequest, at: datetime) -> None:
    vendor = request.domain.vendor
    facts = {"number": request.number, "vendor": vendor.name, "domain": request.domain.name, "ending": request.ending}
    write_to_each("evidence_settled", owners(vendor), request.about, facts, at)


def answered(request: EvidenceRequest, documents: Sequence[Document], at: datetime) -> None:
    facts = _at_the_desk(request) | {
        "files": [one.file_name for one in documents if one.file_name],
        "note": documents[0].note,
        "by": documents[0].by_name,
        "elements": [CALLED[one] for one in documents[0].elements],
    }
    write_to_each("evidence_answered", staff(), request.about, facts, at, Delivery.Priority.STAFF)


def overdue(request: EvidenceRequest, at: datetime) -> None:
    facts = _at_the_desk(request) | {"due_on": request.due_on.isoformat(), "elements": _named(request.elements)}
    facts["has_owners"] = bool(owners(request.domain.vendor))
    write_to_each("evidence_overdue", staff(), request.about, facts, at, Delivery.Priority.STAFF)


# ── what is let stand ───────────────────────────────────────────────────────
def given(grants: Sequence[Grant], left: Iterable[str], at: datetime) -> None:
    """To the vendor; `left` are the elements that are still missing."""
    first = grants[0]
    facts = _of_grants(grants) | {"reason": first.reason, "left": _named(left), "page_url": _page_of_vendor(first)}
    write_to_each("grant_given", owners(first.domain.vendor), _about(first), facts, at, of=str(first.pk))


def ended(grants: Sequence[Grant], at: datetime) -> None:
    """To vendor and staff: lapsed, expired or withdrawn, for one reason; nothing when there are none."""
    if grants:
        facts = {"state": grants[0].state, "ending": grants[0].ending}
        _to_both("grant_ended", grants, facts, at)


def ending(grants: Sequence[Grant], at: datetime) -> None:
    _to_both("grant_ending", grants, {}, at)


def _to_both(letter: str, grants: Sequence[Grant], facts: Mapping[str, Any], at: datetime) -> None:
    first = grants[0]
    vendor = first.domain.vendor
    common = _of_grants(grants) | dict(facts)
    for_vendor = common | {"is_staff": False, "page_url": _page_of_vendor(first)}
    for_staff = common | {"is_staff": True, "page_url": f"{settings.PUBLIC_URL}/desk/grants/"}
    of = str(first.pk)
    write_to_each(letter, owners(vendor), _about(first), for_vendor, at, of=of)
    write_to_each(letter, staff(), _about(first), for_staff, at, Delivery.Priority.STAFF, of=of)


# ── facts that several have ─────────────────────────────────────────────────
def _of_vendor(vendor: Vendor, requests: Sequence[EvidenceRequest]) -> dict[str, Any]:
    return {
        "vendor": vendor.name,
        "due_on": min(one.due_on for one in requests).isoformat(),
        "page_url": f"{settings.PUBLIC_URL}/portal/evidence/",
        "requests": [
            {
                "number": one.number,
                "domain": one.domain.name,
                "words": one.words,
                "due_on": one.due_on.isoformat(),
                "elements": [{"called": CALLED[each["element"]], "sentence": each["sentence"]} for each in one.asked],
                "url": f"{settings.PUBLIC_URL}/portal/evidence/{one.number}/",
            }
            for one in requests
        ],
    }


def _at_the_desk(request: EvidenceRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "vendor": request.domain.vendor.name,
        "domain": request.domain.name,
        "page_url": f"{settings.PUBLIC_URL}/desk/evidence-requests/{request.number}/",
    }


def _of_grants(grants: Sequence[Grant]) -> dict[str, Any]:
    first = grants[0]
    return {
        "vendor": first.domain.vendor.name,
        "domain": first.domain.name,
        "kind": first.kind,
        "elements": _named(one.element for one in grants),
        "items": [f"{WHAT[one.kind]} the {one.called}" for one in grants],
        "expires_on": first.expires_on.isoformat(),
    }


def _page_of_vendor(grant: Grant) -> str:
    number = f"{grant.request.number}/" if grant.request else ""
    return f"{settings.PUBLIC_URL}/portal/evidence/{number}"


def _about(grant: Grant) -> str:
    return grant.request.about if grant.request else f"grant:{grant.pk}"


def _named(elements: Iterable[str]) -> list[str]:
    wanted = set(elements)
    return [called for element, called in CALLED.items() if element in wanted]
