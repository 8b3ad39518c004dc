"""What the machine knows of a submission: from the vendor's record, the sample message, the looks, the other answers.

Facts answer in the vendor's place and drive conditions and rules. A fact that is not known is absent. Names:
record.* (vendors), contact.*, notices.*, headers.* (designated.py), sample.* and optouts.* (the newest sample message
and sample file of opt-outs), sections.* (assignments.py), look.* (looks.py; most are of a row: look.*@row), derived.*,
approval.* (header_approvals.py); for Exhibit B also accepted.* (accepted.py), additions.*@row (sources.py), draw.*
(draws.py). Once it is signed: signature.of_signatory.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from monitors.probes.names import is_within
from questionnaires import designated, draws, header_approvals
from questionnaires.accepted import accepted_of
from questionnaires.definition import Answers, Definition, Row
from questionnaires.derived import derive
from questionnaires.intake import optouts
from questionnaires.models import Look, Submission
from questionnaires.reckoning import reckon
from questionnaires.seen.whole import add_up
from questionnaires.source_codes import key_of
from questionnaires.sources import counted_of
from questionnaires.subjects import (
    OPT_OUT,
    OPT_OUT_OF_ROW,
    SITE,
    SITE_OF_ROW,
    Subject,
    header_subjects,
    pages_of,
    pages_of_row,
    subject_of,
)
from vendors.models import Member, Vendor

SAMPLE = "A6.10"
NOT_YET = {  # facts that definitions name and nothing tells yet: their questions stay without an answer, and why
    "record.last_drill": "drills of a halt are not held here yet",
    "derived.drill_old": "it follows from record.last_drill",
    "drill.complaint": "drills of a complaint are not held here yet",
    "policy.read": "that the policy was opened is looked up when somebody signs, and kept with the signature",
    "signature.at": "it is known only with the signature, which names its moment itself",
}


def gather(
    submission: Submission,
    values: Mapping[str, Any],
    rows: Mapping[str, list[Row]],
    files: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """`files` is what reading the newest file of each answer told."""
    definition = submission.definition
    facts = _record(submission.vendor) | _samples(files) | _assigned(submission)
    facts |= _looks(submission.vendor, definition, values, rows)
    if submission.exhibit == "B":
        accepted = accepted_of(submission.vendor, at)
        facts |= {**accepted.facts, **_additions(submission.vendor, rows, at)}
        facts |= reckon(Answers(values, rows, facts), today=at.date(), allowed=accepted.allowed)
        facts |= _signature(submission, facts.get("accepted.A2.01"))
        return facts | draws.facts_of(submission, Answers(values, rows, facts))
    answers = Answers(values, rows, facts)
    facts |= _read_mail(submission.vendor, designated.address_of(answers), designated.in_headers(values))
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
    signature = submission.signature_of(submission.round)
    return {} if signature is None else {"signature.of_signatory": signature.email.lower() == str(address).lower()}


def _read_mail(vendor: Vendor, designated_address: str, in_headers: list[str]) -> dict[str, Any]:
    """Is the mail read that goes to the designated address, and to each in a header? Of headers only that it is: a code
    that nobody typed yet is no proof that nobody reads."""
    confirmed = designated.confirmed(vendor, [designated_address, *in_headers])
    facts: dict[str, Any] = {"notices.is_read": designated_address in confirmed} if designated_address else {}
    if in_headers and confirmed.issuperset(in_headers):
        facts["headers.answered"] = True
    return facts


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


def _samples(files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What the sample message and the sample file of opt-outs show."""
    families = {SAMPLE: "sample.", optouts.CODE: "optouts."}
    return {
        name: fact
        for code, family in families.items()
        for name, fact in files.get(code, {}).items()
        if name.startswith(family)
    }


def _assigned(submission: Submission) -> dict[str, Any]:
    """Who fills in which sections: "Jo Rowe: A7 Reputation"."""
    named = dict(submission.assignments.values_list("section", "user__name"))
    sections: dict[str, list[str]] = {}
    for section in submission.definition.sections:
        if section.code in named:
            sections.setdefault(named[section.code], []).append(f"{section.code} {section.title}")
    said = "; ".join(f"{name}: {', '.join(of)}" for name, of in sections.items())
    return {"sections.assigned": said} if said else {}


def _looks(
    vendor: Vendor, definition: Definition, values: Mapping[str, Any], rows: Mapping[str, list[Row]]
) -> dict[str, Any]:
    """What was seen of each row's subject, as facts about that row; of pages of the web; and what all of it amounts
    to."""
    seen = {
        (look.kind, look.subject, look.helo): look.facts
        for look in Look.objects.filter(vendor=vendor, looked_at__isnull=False)
    }
    facts: dict[str, Any] = {}
    servers: dict[str, Mapping[str, Any] | None] = {}
    for page in definition.pages.values():
        if page.rows and page.rows.looks:
            for row in rows.get(page.step, ()):
                subject = subject_of(page, row.values) or ("", "", "")
                known = seen.get(subject)
                facts |= {f"{name}@{row.uid}": value for name, value in (known or {}).items()}
                if subject[0] == "server":
                    servers[subject[1]] = known
                of_pages = _of_pages(pages_of_row(row.values, values), OF_ROW, seen)
                facts |= {f"{name}@{row.uid}": value for name, value in of_pages.items()}
    headers = {subject[1]: seen.get(subject) for subject in header_subjects(values)}
    return facts | _of_pages(pages_of(values), OF_WHOLE, seen) | add_up(servers, headers)


# The fact that an answer wants of the page that it names, and what the form calls it.
OF_ROW = {SITE_OF_ROW: ("look.site", "look.site"), OPT_OUT_OF_ROW: ("look.opt_out", "look.opt_out")}
OF_WHOLE = {SITE: ("look.company_name", "look.company_name"), OPT_OUT: ("look.opt_out", "look.opt_out_page")}


def _of_pages(
    named: Mapping[str, Subject], wants: Mapping[str, tuple[str, str]], seen: Mapping[Subject, Mapping[str, Any]]
) -> dict[str, Any]:
    found = {wants[code][1]: seen.get(subject, {}).get(wants[code][0]) for code, subject in named.items()}
    return {name: fact for name, fact in found.items() if fact is not None}


def _additions(vendor: Vendor, rows: Mapping[str, list[Row]], at: datetime) -> dict[str, Any]:
    counted = {source.key: new + waived for source, new, waived in counted_of(vendor, at)}
    return {
        f"additions.counted@{row.uid}": counted.get(key_of(str(row.values.get("B2.01") or "")), 0)
        for of in rows.values()
        for row in of
    }
