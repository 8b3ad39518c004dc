"""The journal as people tell it: one sentence an entry, with the numbers and names that they use.

Reads entries and the rows that they speak of, a fixed number of queries for any number of entries. An entry whose verb
is not known here is shown plainly rather than left out.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import User
from desk.checks import check
from desk.evidence_sentences import EVIDENCE
from desk.lookup_sentences import LOOKUPS
from desk.review_sentences import REVIEW
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
from vendors.models import Contact, Domain, SendingServer, TestCall, Vendor

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

NOUNS = {
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


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline. `state` is the class that colours its icon, or empty."""

    entry: Entry
    at: datetime
    icon: str
    state: str
    text: str
    name: str
    by: str
    href: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence around the name that leads on."""
        return self.text.partition(self.name) if self.href and self.name else (self.text, "", "")


def entries_about(rows: Mapping[type[Model], "QuerySet[Any] | Collection[int]"]) -> QuerySet[Entry]:
    """Entries about these rows, newest first. Give rows as querysets: they become subqueries of one statement."""
    wanted = Q(pk__in=[])
    for model, some in rows.items():
        ids: Any = (
            some.order_by().values(text=Cast("pk", CharField()))
            if isinstance(some, QuerySet)
            else [str(one) for one in some]
        )
        wanted |= Q(object_type=model._meta.label_lower, object_id__in=ids)
    return Entry.objects.filter(wanted).order_by("-position")


def vendor_rows(vendor: Vendor) -> dict[type[Model], "QuerySet[Any] | Collection[int]"]:
    """Everything whose journal belongs to a vendor's story."""
    orders = HaltOrder.objects.filter(vendor=vendor)
    abouts = [f"halt:{pk}" for pk in orders.values_list("pk", flat=True)]
    abouts += [f"contact:{pk}" for pk in vendor.contacts.values_list("pk", flat=True)]
    return {
        Vendor: [vendor.pk],
        SendingServer: vendor.servers.all(),
        Domain: vendor.domains.all(),
        Contact: vendor.contacts.all(),
        Finding: Finding.objects.filter(vendor=vendor),
        Attestation: Attestation.objects.filter(watch__vendor=vendor),
        Delisting: Delisting.objects.filter(finding__vendor=vendor),
        EvidenceRequest: EvidenceRequest.objects.of(vendor),
        Grant: Grant.objects.of(vendor),
        HaltOrder: orders,
        Submission: Submission.objects.filter(vendor=vendor),
        Acceptance: Acceptance.objects.filter(vendor=vendor),
        HeaderApproval: HeaderApproval.objects.filter(vendor=vendor),
        Delivery: Delivery.objects.filter(about__in=abouts),
    }


def events(entries: Iterable[Entry]) -> list[Event]:
    """Each entry as a sentence."""
    found = list(entries)
    rows = _rows_of(found)
    people = _people_of(found)
    return [_event(entry, rows.get((entry.object_type, entry.object_id)), people) for entry in found]


def _rows_of(entries: Sequence[Entry]) -> dict[tuple[str, str], Model]:
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


def _people_of(entries: Sequence[Entry]) -> dict[str, str]:
    ids = {match[1] for entry in entries if (match := re.match(r"user:(\d+)", entry.actor))}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def names_of(entries: Sequence[Entry]) -> dict[int, str]:
    """Who wrote each entry, by its key; "Sluice" for the engine."""
    people = _people_of(entries)
    return {entry.pk: _by(entry, people) or "Sluice" for entry in entries}


def _event(entry: Entry, row: Model | None, people: Mapping[str, str]) -> Event:
    known = SENTENCES.get((entry.object_type, entry.verb))
    name = _name(row, entry)
    if known is None:
        noun = entry.object_type.rpartition(".")[2]
        icon, state, text = "circle-dot", "", f"{noun.capitalize()} {name}: {entry.verb}."
    else:
        icon, state, tell = known
        text = tell(entry, name)
    return Event(entry, entry.at, icon, state, text, name, _by(entry, people), _href(row))


def _name(row: Model | None, entry: Entry) -> str:
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
            return f"{_list(row.list_id)} through {row.path}"
        case Quarantine() | ListEntry():
            return _list(row.list_id)
        case Delivery():
            return row.to_name or row.to_email
        case Submission() | Acceptance() | HeaderApproval() | EvidenceRequest():
            return row.number
        case Return():
            return f"{row.code} of {row.submission.number}"
        case _:
            return str(row)


def _list(list_id: str) -> str:
    return check(f"dnsbl:{list_id}").title


def _by(entry: Entry, people: Mapping[str, str]) -> str:
    """Who did it, when that is a person or a machine of somebody's; the engine's own deeds need no name."""
    kind, _, name = entry.actor.partition(":")
    if kind == "engine":
        return ""
    if kind == "user" and (match := re.match(r"\d+", name)):
        return people.get(match[0], "somebody whose account is gone")
    return {"link": "the holder of a letter's link", "token": f"the token {name}", "command": "a command"}.get(
        kind, name
    )


def _href(row: Model | None) -> str:
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


def _issued(entry: Entry, name: str) -> str:
    """The engine's reason is the finding's, which stands just below; a person's is told."""
    return (
        f"Halt order {name} issued." if entry.actor.startswith("engine") else f"Halt order {name} issued. {entry.why}"
    )


def _step(entry: Entry, name: str) -> str:
    told = entry.after.get("told") or []
    people = f"{len(told)} {'letter' if len(told) == 1 else 'letters'}"
    step = int(entry.after.get("step") or 0) + 1
    return f"Step {step} of {name}: {people} written." if told else f"Step {step} of {name}: there is nobody to tell."


def _called(entry: Entry, name: str) -> str:
    outcome = dict(TestCall.Outcome.choices).get(entry.after.get("outcome", ""), "It is not known what came of it")
    return f"Test call to {name}. {outcome}."


def _domain_changed(entry: Entry, name: str) -> str:
    nouns = {"uses": "its uses", "selectors": "its DKIM selectors", "opt_out_url": "its opt-out page"}
    changed = [noun for field, noun in nouns.items() if field in (entry.after.get("fields") or [])]
    return f"Domain {name} was changed: {', '.join(changed) or 'something of it'}."


Tell = Callable[[Entry, str], str]


def _clock(seconds: int) -> str:
    return f"The clock of the machine was set {'back' if seconds < 0 else 'on'} by {abs(seconds)} seconds."


def _list_entry(entry: Entry, name: str) -> str:
    """What was changed, field by field; the row is gone when it was taken back."""
    fields = ", ".join(json.loads(entry.after.get("now") or "{}"))
    title = _list(str(entry.after.get("list", "?")))
    if entry.verb == "taken back":
        return f"{title}: what was changed at the desk was taken back."
    return f"{title} was changed at the desk. It sets {fields}."


def _clause(entry: Entry) -> str:
    return f"Clause {entry.after.get('clause', '?')}"


SENTENCES: dict[tuple[str, str], tuple[str, str, Tell]] = {
    **REVIEW,
    **LOOKUPS,
    **EVIDENCE,
    ("vendors.vendor", "added"): ("building-2", "", lambda e, n: f"{n} was added to the register."),
    ("vendors.vendor", "renamed"): (
        "pencil",
        "",
        lambda e, n: (
            f"Renamed from {e.after.get('was', {}).get('name', '?')} to {e.after.get('now', {}).get('name', n)}."
        ),
    ),
    ("vendors.vendor", "retired"): ("archive", "", lambda e, n: f"{n} was retired. {e.why}".strip()),
    ("vendors.vendor", "active"): ("archive-restore", "", lambda e, n: f"{n} was reinstated. {e.why}".strip()),
    ("vendors.vendor", "look now"): ("refresh-cw", "", lambda e, n: "All checks were asked for at once."),
    ("vendors.sendingserver", "added"): ("server", "", lambda e, n: f"Server {n} was added."),
    ("vendors.sendingserver", "changed"): ("pencil", "", lambda e, n: f"The names of server {n} were changed."),
    ("vendors.sendingserver", "retired"): ("archive", "", lambda e, n: f"Server {n} was retired. {e.why}".strip()),
    ("vendors.sendingserver", "active"): (
        "archive-restore",
        "",
        lambda e, n: f"Server {n} was reinstated. {e.why}".strip(),
    ),
    ("vendors.sendingserver", "look now"): ("refresh-cw", "", lambda e, n: f"A check of {n} was asked for at once."),
    ("vendors.domain", "added"): ("globe", "", lambda e, n: f"Domain {n} was added."),
    ("vendors.domain", "met"): ("globe", "", lambda e, n: f"Domain {n} was met in the DNS of their servers."),
    ("vendors.domain", "declared"): ("globe", "", lambda e, n: f"Domain {n}, met before, was declared."),
    ("vendors.domain", "changed"): ("pencil", "", _domain_changed),
    ("vendors.domain", "retired"): ("archive", "", lambda e, n: f"Domain {n} was retired. {e.why}".strip()),
    ("vendors.domain", "active"): ("archive-restore", "", lambda e, n: f"Domain {n} was reinstated. {e.why}".strip()),
    ("vendors.domain", "look now"): ("refresh-cw", "", lambda e, n: f"A check of {n} was asked for at once."),
    ("vendors.vendor", "alias approved"): (
        "badge-check",
        "",
        lambda e, n: f"“{e.after.get('name', '?')}” was approved as another name of {n}.",
    ),
    ("vendors.vendor", "alias withdrawn"): (
        "archive",
        "",
        lambda e, n: f"“{e.after.get('name', '?')}” is no name of {n} any more. {e.why}".strip(),
    ),
    ("vendors.contact", "added"): ("user-plus", "", lambda e, n: f"Contact {n} was added."),
    ("vendors.contact", "changed"): ("pencil", "", lambda e, n: f"Contact {n} was changed."),
    ("vendors.contact", "removed"): ("user-minus", "", lambda e, n: "A contact was removed."),
    ("vendors.contact", "asked to confirm"): (
        "mail",
        "",
        lambda e, n: f"{n} was asked to confirm address and authority.",
    ),
    ("vendors.contact", "address confirmed"): ("mail-check", "open", lambda e, n: f"The address of {n} is confirmed."),
    ("vendors.contact", "authority confirmed"): (
        "state-open",
        "open",
        lambda e, n: f"{n} says that they can stop all mailings, and will.",
    ),
    ("vendors.contact", "declined"): (
        "state-shut",
        "shut",
        lambda e, n: f"{n} says that they are not the emergency contact, or cannot stop the mailings.",
    ),
    ("vendors.contact", "test call"): ("phone", "", _called),
    ("vendors.vendor", "code sent"): ("mail", "", lambda e, n: "A code was mailed, to confirm an address."),
    ("vendors.vendor", "code confirmed"): ("mail-check", "open", lambda e, n: "An address was confirmed by its code."),
    ("monitors.finding", "opened"): ("state-shut", "shut", lambda e, n: f"Finding {n} confirmed. {e.why}".strip()),
    ("monitors.finding", "graver"): ("state-shut", "shut", lambda e, n: f"Finding {n} is graver now. {e.why}".strip()),
    ("monitors.finding", "closed"): ("state-open", "open", lambda e, n: f"Finding {n} closed. {e.why}".strip()),
    ("monitors.sight", "seeing"): (
        "state-open",
        "open",
        lambda e, n: f"{n} can be seen{'' if e.before.get('state') == Sight.State.UNPROVED else ' again'}.",
    ),
    ("monitors.sight", "suspect"): (
        "state-unkn",
        "unkn",
        lambda e, n: f"{n} failed its test once, and is not believed. {e.why}".strip(),
    ),
    ("monitors.sight", "probation"): (
        "state-wait",
        "wait",
        lambda e, n: f"{n} passed its test once, and is on probation.",
    ),
    ("monitors.quarantine", "began"): (
        "state-unkn",
        "unkn",
        lambda e, n: (
            f"{n} was put into quarantine: it newly named {e.after.get('listed', '?')} of "
            f"{e.after.get('watched', '?')} vendors."
        ),
    ),
    ("monitors.quarantine", "released"): ("lock-open", "", lambda e, n: f"{n} is believed again. {e.why}".strip()),
    ("monitors.listentry", "changed"): ("pencil", "", _list_entry),
    ("monitors.listentry", "taken back"): ("undo-2", "", _list_entry),
    ("monitors.sight", "prove now"): ("refresh-cw", "", lambda e, n: "A proof of every list was asked for."),
    ("monitors.sight", "blind"): ("state-unkn", "unkn", lambda e, n: f"{n} cannot be trusted. {e.why}".strip()),
    ("engine.cycle", "clock set"): ("history", "unkn", lambda e, n: _clock(e.after.get("seconds", 0))),
    ("halts.haltorder", "issued"): ("alarm", "shut", _issued),
    ("halts.haltorder", "step"): ("mail", "", _step),
    ("halts.haltorder", "acknowledged"): ("state-wait", "wait", lambda e, n: f"Halt order {n} was answered."),
    ("halts.haltorder", "acknowledged again"): ("check", "", lambda e, n: f"Somebody else answered {n} too."),
    ("halts.haltorder", "lifted"): ("lock-open", "", lambda e, n: f"Halt order {n} lifted. {e.why}".strip()),
    ("notices.delivery", "sent"): ("mail-check", "", lambda e, n: f"A letter to {n} was accepted by the mail server."),
    ("notices.delivery", "dead"): ("mail-x", "shut", lambda e, n: f"A letter to {n} was given up. {e.why}".strip()),
    ("notices.delivery", "cancelled"): (
        "mail-minus",
        "",
        lambda e, n: f"A letter to {n} was taken back. {e.why}".strip(),
    ),
    ("policies.policyversion", "begun"): ("pencil", "", lambda e, n: "A draft of the policy was begun."),
    ("policies.policyversion", "clause changed"): (
        "pencil",
        "",
        lambda e, n: f"{_clause(e)} of the draft was changed.",
    ),
    ("policies.policyversion", "clause added"): ("pencil", "", lambda e, n: f"{_clause(e)} was added to the draft."),
    ("policies.policyversion", "clause dropped"): (
        "pencil",
        "",
        lambda e, n: f"{_clause(e)} was taken out of the draft.",
    ),
    ("policies.policyversion", "thresholds changed"): (
        "pencil",
        "",
        lambda e, n: "Thresholds of the draft policy were changed.",
    ),
    ("policies.policyversion", "title changed"): ("pencil", "", lambda e, n: "The draft policy has another title."),
    ("policies.policyversion", "published"): ("scroll-text", "", lambda e, n: f"Published: {n}."),
    ("policies.policyversion", "discarded"): (
        "archive",
        "",
        lambda e, n: f"The draft of the policy was discarded. {e.why}".strip(),
    ),
    ("notices.delivery", "due"): ("refresh-cw", "", lambda e, n: f"A letter to {n} is tried again. {e.why}".strip()),
}
