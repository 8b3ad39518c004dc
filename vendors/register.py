"""The register of vendors: the verbs that add and change vendors, their servers and their contacts.

Each verb is one transaction: the row and its journal entry, or neither. Each cleans what it is given and raises
ValidationError, with a sentence a field, when it refuses. Nothing is watched, told or ordered here; whoever watches
finds the new rows by itself. The journal names contacts by id: their addresses and telephone numbers stay out of it.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from journal.actor import Actor
from journal.record import note, turn
from vendors.changing import change, refuse_retired, shift
from vendors.fields import CONTACT, SERVER, VENDOR, cleaned
from vendors.models import Contact, SendingServer, Vendor

AUTHORITY_NEEDS_ORDERS = (
    "Who has the authority to stop mailings is told of halt orders: make them an emergency contact."
)


# ── vendors ─────────────────────────────────────────────────────────────────
def add_vendor(name: str, *, by: Actor, at: datetime) -> Vendor:
    """A new, active vendor. Names differ in more than their case."""
    values = cleaned(VENDOR, {"name": name})
    _refuse_taken_name(values["name"])
    try:
        with turn():
            vendor = Vendor.objects.create(**values, created_at=at)
            note(vendor, "added", by=by, at=at, **values)
    except IntegrityError:  # somebody added it between our look and our insert
        _refuse_taken_name(values["name"])
        raise
    return vendor


def rename_vendor(vendor: Vendor, name: str, *, by: Actor, at: datetime) -> None:
    values = cleaned(VENDOR, {"name": name})
    _refuse_taken_name(values["name"], but=vendor)
    try:
        change(vendor, values, "renamed", by=by, at=at)
    except IntegrityError:
        _refuse_taken_name(values["name"], but=vendor)
        raise


def retire_vendor(vendor: Vendor, *, by: Actor, at: datetime, why: str = "") -> None:
    """They no longer send for us: nothing of theirs is watched. What was seen and ordered stays."""
    shift(vendor, Vendor.State.RETIRED, by=by, at=at, why=why)


def reinstate_vendor(vendor: Vendor, *, by: Actor, at: datetime, why: str = "") -> None:
    shift(vendor, Vendor.State.ACTIVE, by=by, at=at, why=why)


def _refuse_taken_name(name: str, but: Vendor | None = None) -> None:
    same = Vendor.objects.filter(name__iexact=name).first()
    if same and same != but:
        raise ValidationError(
            {"name": f"There is a vendor named “{same.name}” already ({same.number}). Use that one, or another name."}
        )


# ── servers ─────────────────────────────────────────────────────────────────
def add_server(
    vendor: Vendor, *, address: str, hostname: str = "", helo: str = "", by: Actor, at: datetime
) -> SendingServer:
    """A new, active sending server of an active vendor. The same address may belong to another vendor too: servers
    are shared."""
    values = cleaned(SERVER, {"address": address, "hostname": hostname, "helo": helo})
    refuse_retired(vendor)
    _refuse_known_address(vendor, values["address"])
    try:
        with turn():
            server = SendingServer.objects.create(vendor=vendor, **values, created_at=at)
            note(server, "added", by=by, at=at, vendor=vendor, **values)
    except IntegrityError:
        _refuse_known_address(vendor, values["address"])
        raise
    return server


def change_server(
    server: SendingServer, *, hostname: str | None = None, helo: str | None = None, by: Actor, at: datetime
) -> None:
    """Change the names; what is None stays. The address never changes: what was seen was seen of that address."""
    given = {"hostname": hostname, "helo": helo}
    values = cleaned(SERVER, {field: value for field, value in given.items() if value is not None})
    change(server, values, "changed", by=by, at=at)


def retire_server(server: SendingServer, *, by: Actor, at: datetime, why: str = "") -> None:
    """Nothing is sent from it any more: it is not watched. What was seen of it stays."""
    shift(server, SendingServer.State.RETIRED, by=by, at=at, why=why)


def reinstate_server(server: SendingServer, *, by: Actor, at: datetime, why: str = "") -> None:
    shift(server, SendingServer.State.ACTIVE, by=by, at=at, why=why)


def _refuse_known_address(vendor: Vendor, address: str) -> None:
    known = SendingServer.objects.filter(vendor=vendor, address=address).first()
    if known and known.state == SendingServer.State.RETIRED:
        raise ValidationError({"address": f"{address} is a retired server of {vendor}. Reinstate it instead."})
    if known:
        raise ValidationError({"address": f"{address} is a server of {vendor} already."})


# ── contacts ────────────────────────────────────────────────────────────────
def add_contact(
    vendor: Vendor,
    *,
    name: str,
    email: str,
    phone: str = "",
    is_emergency: bool = True,
    has_authority: bool = False,
    rank: int | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """A new contact, told after those who are there when no `rank` (1 is told first) is given."""
    values = cleaned(CONTACT, {"name": name, "email": email, "phone": phone})
    refuse_retired(vendor)
    _refuse_idle_authority(is_emergency, has_authority)
    _refuse_known_email(vendor, values["email"])
    if rank is None:
        rank = (vendor.contacts.aggregate(last=models.Max("rank"))["last"] or 0) + 1
    facts: dict[str, Any] = {"is_emergency": is_emergency, "has_authority": has_authority, "rank": rank}
    try:
        with turn():
            contact = Contact.objects.create(vendor=vendor, **values, **facts, created_at=at)
            note(contact, "added", by=by, at=at, vendor=vendor, **facts)
    except IntegrityError:
        _refuse_known_email(vendor, values["email"])
        raise
    return contact


def change_contact(
    contact: Contact,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    is_emergency: bool | None = None,
    has_authority: bool | None = None,
    rank: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Change what is given; what is None stays. Letters already written keep the old address.

    What the change makes untrue is void: another address proves nothing any more, another person has said nothing yet,
    and who gets no orders or is said to have no authority cannot have confirmed it.
    """
    given = {"name": name, "email": email, "phone": phone}
    texts = cleaned(CONTACT, {field: value for field, value in given.items() if value is not None})
    flags = {"is_emergency": is_emergency, "has_authority": has_authority, "rank": rank}
    values = {field: value for field, value in flags.items() if value is not None}
    _refuse_idle_authority(
        bool(values.get("is_emergency", contact.is_emergency)),
        bool(values.get("has_authority", contact.has_authority)),
    )
    if "email" in texts:
        _refuse_known_email(contact.vendor, texts["email"], but=contact)
    voids = _voided(contact, texts | values)
    try:
        change(contact, values, "changed", by=by, at=at, unrecorded=texts, voids=voids)
    except IntegrityError:
        _refuse_known_email(contact.vendor, texts["email"], but=contact)
        raise


def remove_contact(contact: Contact, *, by: Actor, at: datetime, why: str = "") -> None:
    """Forget the person. Letters and answers stay, with the name and address they carried."""
    with turn():
        note(contact, "removed", by=by, at=at, why=why, vendor=contact.vendor)
        contact.delete()


NO_AUTHORITY = {"authority_confirmed_at": None, "authority_words": ""}


def _voided(contact: Contact, given: dict[str, Any]) -> dict[str, Any]:
    """What loses its proof when these fields become as given."""
    new = {field for field, value in given.items() if getattr(contact, field) != value}
    voids: dict[str, Any] = {}
    if "email" in new:
        voids |= {"email_confirmed_at": None}
    if new & {"email", "name"}:
        voids |= NO_AUTHORITY | {"declined_at": None}
    if given.get("is_emergency") is False or given.get("has_authority") is False:
        voids |= NO_AUTHORITY
    return voids


def _refuse_idle_authority(is_emergency: bool, has_authority: bool) -> None:
    if has_authority and not is_emergency:
        raise ValidationError({"is_emergency": AUTHORITY_NEEDS_ORDERS})


def _refuse_known_email(vendor: Vendor, email: str, but: Contact | None = None) -> None:
    known = Contact.objects.filter(vendor=vendor, email__iexact=email).first()
    if known and known != but:
        raise ValidationError(
            {"email": f"{email} is the address of {known.name}, who is a contact of {vendor} already."}
        )
