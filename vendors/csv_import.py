"""Vendors, servers and contacts from a CSV file: `read` says what the file would add, `apply` adds it, all or nothing.

A row names a vendor and one server, one contact, both or neither; the vendor is repeated on each of its rows. What is
known already stays as it is, so the same file twice adds nothing. Nothing is changed or retired by a file. Columns of
OPTIONAL may be left out: whether a contact may stop the mail without asking anybody, and who is told before whom.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction

from journal.actor import Actor
from vendors import register
from vendors.csv_file import Fault, FileRefused, rows
from vendors.fields import CONTACT, SERVER, VENDOR, cleaned
from vendors.models import NO_PHONE, Contact, SendingServer, Vendor

COLUMNS = (
    "vendor",
    "server_address",
    "server_hostname",
    "server_helo",
    "contact_name",
    "contact_email",
    "contact_phone",
    "contact_emergency",
)
OPTIONAL = ("contact_authority", "contact_rank")
MOST_RANK = 999
WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(slots=True)
class Draft:
    """One vendor of the file: `vendor` when it is known; servers by address and contacts by email, as keyword arguments
    of the verbs, each with the row it stands in."""

    name: str
    vendor: Vendor | None = None
    servers: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    contacts: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would add. `remarks` are sentences about rows that differ from what is known, which stays; `warnings`
    are about what it adds and somebody should complete."""

    drafts: tuple[Draft, ...]
    rows: int
    remarks: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def vendors(self) -> int:
        """How many new vendors; and so for servers and contacts."""
        return sum(draft.vendor is None for draft in self.drafts)

    @property
    def servers(self) -> int:
        return sum(len(draft.servers) for draft in self.drafts)

    @property
    def contacts(self) -> int:
        return sum(len(draft.contacts) for draft in self.drafts)

    @property
    def is_empty(self) -> bool:
        return not (self.vendors or self.servers or self.contacts)

    def __str__(self) -> str:
        """What it adds, as the object of a sentence: 2 vendors, 1 server and 3 contacts."""
        return (
            f"{_count(self.vendors, 'vendor')}, {_count(self.servers, 'server')} and {_count(self.contacts, 'contact')}"
        )


def read(file: IO[bytes]) -> Plan:
    """What `file` would add to the register as it is now; stores nothing. Raises FileRefused with every fault."""
    drafts: dict[str, Draft] = {}
    faults: list[Fault] = []
    count = 0
    try:
        for number, cells in rows(file, COLUMNS, OPTIONAL):
            count += 1
            faults += _take(drafts, number, cells)
    except FileRefused as refused:
        faults += refused.faults
    remarks = [] if faults else list(_leave_out_known(drafts, faults))
    if faults:
        raise FileRefused(faults)
    if not count:
        raise FileRefused.whole("The file has a header and no rows. Add a row for each server or contact.")
    return Plan(tuple(drafts.values()), count, tuple(remarks), tuple(_warnings(drafts)))


def apply(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Add all that `plan` names, in one transaction. Raises FileRefused when the register changed since it was read."""
    try:
        with transaction.atomic():
            for draft in plan.drafts:
                vendor = draft.vendor or register.add_vendor(draft.name, by=by, at=at)
                for _, server in draft.servers.values():
                    register.add_server(vendor, **server, by=by, at=at)
                for _, contact in draft.contacts.values():
                    register.add_contact(vendor, **contact, by=by, at=at)
    except ValidationError as refused:
        raise FileRefused.whole(
            f"The register changed while the file was read: {' '.join(refused.messages)} Nothing was added; try again."
        ) from refused


def _take(drafts: dict[str, Draft], row: int, cells: dict[str, str]) -> Iterator[Fault]:
    """Put one row into its vendor's draft; yields what is wrong with it."""
    values: dict[str, dict[str, Any]] = {}
    for prefix, cleaners in (("", VENDOR), ("server_", SERVER), ("contact_", CONTACT)):
        given = {name: cells[_column(prefix, name)] for name in cleaners}
        flags = [cells[name] for name in ("contact_emergency", *OPTIONAL)] if prefix == "contact_" else []
        if prefix and not any(flags) and not any(given.values()):
            continue
        try:
            values[prefix] = cleaned(cleaners, given)
        except ValidationError as refused:
            for name, sentences in refused.message_dict.items():
                yield Fault(row, _column(prefix, name), given[name], " ".join(sentences))
        if prefix == "contact_":
            yield from _take_flags(row, cells, values.get(prefix, {}))
    if "" not in values:
        return
    name = values[""]["name"]
    draft = drafts.setdefault(name.casefold(), Draft(name))
    for prefix, known, key in (("server_", draft.servers, "address"), ("contact_", draft.contacts, "email")):
        if prefix in values:
            first, same = known.setdefault(values[prefix][key].casefold(), (row, values[prefix]))
            if same != values[prefix]:
                yield Fault(
                    row,
                    f"{prefix}{key}",
                    cells[f"{prefix}{key}"],
                    f"Row {first} says something else of {same[key]}. Make them the same, or leave one out.",
                )


def _take_flags(row: int, cells: dict[str, str], contact: dict[str, Any]) -> Iterator[Fault]:
    """Put what is not text into `contact`; yields what is wrong with it."""
    emergency, authority, rank = (cells[name].lower() for name in ("contact_emergency", *OPTIONAL))
    if emergency not in WORDS:
        yield Fault(row, "contact_emergency", emergency, "Write yes if this contact gets halt orders, or no.")
    else:
        contact["is_emergency"] = WORDS[emergency]
    if authority and authority not in WORDS:
        yield Fault(
            row, "contact_authority", authority, "Write yes if they told us that they may stop mailings, or no."
        )
    elif authority:
        contact["has_authority"] = WORDS[authority]
        if WORDS[authority] and not contact.get("is_emergency", True):
            yield Fault(row, "contact_emergency", emergency, register.AUTHORITY_NEEDS_ORDERS)
    if rank and not (rank.isascii() and rank.isdigit() and 1 <= int(rank) <= MOST_RANK):
        yield Fault(row, "contact_rank", rank, f"Write a whole number from 1, who is told first, to {MOST_RANK}.")
    elif rank:
        contact["rank"] = int(rank)


def _warnings(drafts: dict[str, Draft]) -> Iterator[str]:
    for draft in drafts.values():
        for row, contact in draft.contacts.values():
            if contact["is_emergency"] and not contact["phone"]:
                yield f"Row {row}: {contact['email']} {NO_PHONE}"


def _column(prefix: str, name: str) -> str:
    return f"{prefix}{name}" if prefix else "vendor"


def _leave_out_known(drafts: dict[str, Draft], faults: list[Fault]) -> Iterator[str]:
    """Take out of the drafts what the register has; yields a remark where the file says something else of it."""
    by_id: dict[int, Draft] = {}
    for vendor in Vendor.objects.all():
        if draft := drafts.get(vendor.name.casefold()):
            draft.vendor, by_id[vendor.pk] = vendor, draft
    for server in SendingServer.objects.filter(vendor__in=by_id):
        row, given = by_id[server.vendor_id].servers.pop(server.address.casefold(), (0, {}))
        if given and server.state == SendingServer.State.RETIRED:
            yield f"Row {row}: {server.address} is a retired server of this vendor; it stays retired."
        elif _differs(server, given):
            yield f"Row {row}: {server.address} is known with other names; they stay as they are."
    for contact in Contact.objects.filter(vendor__in=by_id):
        row, given = by_id[contact.vendor_id].contacts.pop(contact.email.casefold(), (0, {}))
        if _differs(contact, given):
            yield f"Row {row}: {contact.email} is known with other particulars; they stay as they are."
    for draft in by_id.values():
        if draft.vendor and draft.vendor.state == Vendor.State.RETIRED and (draft.servers or draft.contacts):
            row = min(row for row, _ in (*draft.servers.values(), *draft.contacts.values()))
            faults.append(Fault(row, "vendor", draft.name, f"{draft.vendor} is retired. Reinstate the vendor first."))


def _differs(known: SendingServer | Contact, given: dict[str, Any]) -> bool:
    return any(getattr(known, name) != value for name, value in given.items() if name not in {"address", "email"})


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
