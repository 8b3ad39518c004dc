"""What entries of the journal are about: the rows, what people call them, and the pages that show them."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Model
from django.urls import reverse

from accounts.models import User
from desk.checks import check, list_title
from halts.models import HaltOrder
from journal.models import Entry
from monitors.models import (
    Attestation,
    Delisting,
    EvidenceRequest,
    Finding,
    Grant,
    ListEntry,
    Quarantine,
    Sight,
    Watch,
)
from notices.models import Delivery
from policies.models import PolicyVersion
from questionnaires.models import Acceptance, HeaderApproval, Return, Submission
from vendors.models import Contact, Domain, SendingServer, Vendor

OBJECTS: dict[str, type[Model]] = {
    model._meta.label_lower: model
    for model in (
        Vendor,
        SendingServer,
        Domain,
        Contact,
        Watch,
        Attestation,
        Delisting,
        Finding,
        EvidenceRequest,
        Grant,
        Sight,
        Quarantine,
        ListEntry,
        HaltOrder,
        Delivery,
        PolicyVersion,
        Submission,
        Return,
        Acceptance,
        HeaderApproval,
        User,
    )
}
WITH: dict[type[Model], Sequence[str]] = {  # what a row needs to say its name
    Watch: ("server", "domain", "vendor"),
    Attestation: ("watch__server", "watch__domain", "watch__vendor"),
    Delisting: ("finding",),
    Return: ("submission",),
    Grant: ("domain",),
}

NOUNS = {  # what the journal's page can be narrowed to
    "vendors.vendor": "Vendors",
    "vendors.sendingserver": "Servers",
    "vendors.domain": "Domains",
    "vendors.contact": "Contacts",
    "monitors.finding": "Findings",
    "monitors.attestation": "Look-ups by hand",
    "monitors.delisting": "Delisting",
    "monitors.evidencerequest": "Requests for evidence",
    "monitors.grant": "Exceptions for registrations",
    "monitors.sight": "Sight of blocklists",
    "monitors.quarantine": "Quarantine of blocklists",
    "monitors.listentry": "The catalogue of blocklists",
    "halts.haltorder": "Halt orders",
    "notices.delivery": "Letters",
    "policies.policyversion": "The policy",
    "questionnaires.submission": "Submissions",
    "questionnaires.acceptance": "Acceptances",
    "questionnaires.headerapproval": "Header approvals",
    "accounts.user": "People",
    "accounts.apitoken": "Tokens",
}


def rows_of(entries: Sequence[Entry]) -> dict[tuple[str, str], Model]:
    """What the entries are about, by type and id; rows that are gone are left out."""
    ids: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.object_id.isdigit():
            ids[entry.object_type].add(entry.object_id)
    found: dict[tuple[str, str], Model] = {}
    for label, some in ids.items():
        model = OBJECTS.get(label)
        if model is None:
            continue
        rows = model._base_manager.filter(pk__in=some)
        if model in WITH:
            rows = rows.select_related(*WITH[model])
        found |= {(label, str(row.pk)): row for row in rows}
    return found


def name_of(row: Model | None, entry: Entry) -> str:
    """What people call it; its number when the row is gone."""
    match row:
        case None:
            return f"number {entry.object_id}"
        case Watch():
            return f"{check(row.check_id).title} of {row.subject}"
        case Attestation():
            return str(row.watch.subject)
        case Delisting():
            return row.finding.number
        case Sight():
            return f"{list_title(row.list_id)} through {row.path}"
        case Quarantine() | ListEntry():
            return list_title(row.list_id)
        case Delivery():
            return row.to_name or row.to_email
        case Submission() | Acceptance() | HeaderApproval() | EvidenceRequest():
            return row.number
        case Return():
            return f"{row.code} of {row.submission.number}"
        case _:
            return str(row)


def page_of(row: Model | None) -> str:
    """The address of the desk's page about it, or empty."""
    match row:
        case Vendor():
            return reverse("desk:vendor", args=[row.uid])
        case SendingServer():
            return reverse("desk:server", args=[row.uid])
        case Domain():
            return reverse("desk:domain", args=[row.uid])
        case Finding():
            return reverse("desk:finding", args=[row.number])
        case Delisting():
            return reverse("desk:finding", args=[row.finding.number])
        case Attestation() if row.watch.server is not None:
            return reverse("desk:server", args=[row.watch.server.uid])
        case Attestation():
            return reverse("desk:vendor", args=[row.watch.vendor.uid])
        case EvidenceRequest():
            return reverse("desk:evidence_request", args=[row.number])
        case Grant():
            return reverse("desk:registration", args=[row.domain.uid])
        case HaltOrder():
            return reverse("desk:order", args=[row.number])
        case Delivery():
            return reverse("desk:delivery", args=[row.uid])
        case Sight() | Quarantine() | ListEntry():
            return reverse("desk:blocklist", args=[row.list_id])
        case Submission():
            return reverse("desk:submission", args=[row.number])
        case Return():
            return reverse("desk:submission", args=[row.submission.number])
        case Acceptance():
            return reverse("desk:acceptance", args=[row.number])
        case HeaderApproval():
            return reverse("desk:header_approvals")
        case PolicyVersion(state=PolicyVersion.State.PUBLISHED):
            return reverse("visitors:policy_version", args=[row.number])
    return ""
