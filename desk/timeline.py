"""The journal as people tell it: one sentence an entry, with the numbers and names that they use.

Reads entries and the rows that they speak of, a fixed number of queries for any number of entries. An entry whose verb
is not known here is shown plainly rather than left out.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast

from accounts.models import User
from desk.journal_objects import name_of, page_of, rows_of
from desk.sentences import SENTENCES
from halts.models import HaltOrder
from journal.models import Entry
from monitors.models import Attestation, Delisting, EvidenceRequest, Finding, Grant
from notices.models import Delivery
from questionnaires.models import Acceptance, HeaderApproval, Submission
from vendors.models import Contact, Domain, SendingServer, Vendor


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
    rows = rows_of(found)
    people = _people_of(found)
    return [_event(entry, rows.get((entry.object_type, entry.object_id)), people) for entry in found]


def _people_of(entries: Sequence[Entry]) -> dict[str, str]:
    ids = {match[1] for entry in entries if (match := re.match(r"user:(\d+)", entry.actor))}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def names_of(entries: Sequence[Entry]) -> dict[int, str]:
    """Who wrote each entry, by its key; "Sluice" for the engine."""
    people = _people_of(entries)
    return {entry.pk: _by(entry, people) or "Sluice" for entry in entries}


def _event(entry: Entry, row: Model | None, people: Mapping[str, str]) -> Event:
    known = SENTENCES.get((entry.object_type, entry.verb))
    name = name_of(row, entry)
    if known is None:
        noun = entry.object_type.rpartition(".")[2]
        icon, state, text = "circle-dot", "", f"{noun.capitalize()} {name}: {entry.verb}."
    else:
        icon, state, tell = known
        text = tell(entry, name)
    return Event(entry, entry.at, icon, state, text, name, _by(entry, people), page_of(row))


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
