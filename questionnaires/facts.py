"""What the machine knows of a submission: from the vendor's record, the sample message, the looks, the other answers.

Facts answer in the vendor's place and drive conditions and rules. A fact that is not known is absent. Names:
record.* (vendors), contact.*, notices.* (designated.py), sample.* (the newest sample message), look.*@row (looks.py),
derived.*, approval.* (header_approvals.py); for Exhibit B also accepted.* (accepted.py), additions.*@row (sources.py),
draw.* (draws.py). Once it is signed: signature.of_signatory.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from questionnaires import designated, draws, header_approvals
from questionnaires.accepted import accepted_of
from questionnaires.definition import Answers, Definition, Row
from questionnaires.derived import derive
from questionnaires.models import Evidence, Look, Submission
from questionnaires.names import is_within
from questionnaires.reckoning import reckon
from questionnaires.seen.whole import add_up
from questionnaires.source_codes import key_of
from questionnaires.sources import counted_of
from questionnaires.subjects import header_subjects, subject_of
from vendors.models import Member, Vendor

SAMPLE = "A6.10"


def gather(
    submission: Submission, values: Mapping[str, Any], rows: Mapping[str, list[Row]], at: datetime
) -> dict[str, Any]:
    definition = submission.definition
    facts = _record(submission.vendor) | _sample(submission)
    facts |= _looks(submission.vendor, definition, values, rows)
    if submission.exhibit == "B":
        accepted = accepted_of(submission.vendor, at)
        facts |= {**accepted.facts, **_additions(submission.vendor, rows)}
        facts |= reckon(Answers(values, rows, facts), today=at.date(), allowed=accepted.allowed)
        facts |= _signature(submission, facts.get("accepted.A2.01"))
        return facts | draws.facts_of(submission, Answers(values, rows, facts))
    answers = Answers(values, rows, facts)
    if address := designated.address_of(answers):
        facts["notices.is_read"] = designated.is_confirmed(submission.vendor, address)
    facts |= derive(definition, answers, advertiser_domains=settings.ADVERTISER_DOMAINS, today=at.date())
    facts |= _signature(submission, values.get("A2.01"))
    return facts | _approvals(submission.vendor, facts.get("derived.header_domains") or (), at)


def _approvals(vendor: Vendor, hosts: Collection[str], at: datetime) -> dict[str, Any]:
    """Has IT approved every domain of the advertiser's that stands in a header?"""
    own = {host for host in hosts if is_within(host, settings.ADVERTISER_DOMAINS)}
    if not own:
        return {}
    approved = header_approvals.in_force(at.date()).filter(vendor=vendor).values_list("domain", flat=True)
    return {} if own - set(approved) else {"approval.advertiser_header": True}


def _signature(submission: Submission, signatory: Mapping[str, Any] | None) -> dict[str, Any]:
    """Did the account sign whose address is that of the one who signs for the company? Of this round's signature."""
    address = (signatory or {}).get("email")
    if not address or submission.state not in {Submission.State.SUBMITTED, Submission.State.IN_REVIEW}:
        return {}
    account = submission.signatures.filter(round=submission.round).values_list("email", flat=True).first()
    return {} if account is None else {"signature.of_signatory": account.lower() == str(address).lower()}


def _record(vendor: Vendor) -> dict[str, Any]:
    owner = vendor.members.filter(role=Member.Role.OWNER).select_related("user").order_by("pk").first()
    emergency = list(vendor.contacts.emergency())
    facts: dict[str, Any] = {
        "record.name": vendor.name,
        "record.email": owner.user.email if owner else None,
    }
    if emergency:
        first = emergency[0]
        facts |= {
            "record.emergency_name": first.name,
            "record.emergency_email": first.email,
            "record.emergency_phone": first.phone or None,
            "contact.authority": True if first.is_proven else None,
        }
    if len(emergency) > 1:
        facts["record.backups"] = [
            {"name": one.name, "email": one.email, "phone": one.phone} for one in emergency[1:] if one.phone
        ] or None
    return {name: value for name, value in facts.items() if value is not None}


def _sample(submission: Submission) -> dict[str, Any]:
    newest = Evidence.objects.filter(submission=submission, code=SAMPLE, removed_at=None).last()
    return dict(newest.facts) if newest else {}


def _looks(
    vendor: Vendor, definition: Definition, values: Mapping[str, Any], rows: Mapping[str, list[Row]]
) -> dict[str, Any]:
    """What was seen of each row's subject, as facts about that row; and what all of it amounts to."""
    seen = {(look.kind, look.subject, look.helo): look for look in Look.objects.filter(vendor=vendor)}
    facts: dict[str, Any] = {}
    servers: dict[str, Mapping[str, Any] | None] = {}
    for page in definition.pages.values():
        if page.rows and page.rows.looks:
            for row in rows.get(page.step, ()):
                subject = subject_of(page, row.values) or ("", "", "")
                look = seen.get(subject)
                known = look.facts if look and look.looked_at else None
                facts |= {f"{name}@{row.uid}": value for name, value in (known or {}).items()}
                if subject[0] == "server":
                    servers[subject[1]] = known
    headers = {
        subject[1]: look.facts if (look := seen.get(subject)) and look.looked_at else None
        for subject in header_subjects(values)
    }
    return facts | add_up(servers, headers)


def _additions(vendor: Vendor, rows: Mapping[str, list[Row]]) -> dict[str, Any]:
    counted = {source.key: count for source, count in counted_of(vendor)}
    return {
        f"additions.counted@{row.uid}": counted.get(key_of(str(row.values.get("B2.01") or "")), 0)
        for of in rows.values()
        for row in of
    }
