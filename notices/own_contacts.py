"""A vendor keeps its contacts: each change takes effect at once, staff are told by letter, and who is new is asked.

The rows are vendors.register's. Staff who change contacts at the desk need no letter and use `ask_if_unproven` alone.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from journal.actor import Actor
from journal.record import turn
from notices import outbox
from notices.confirmations import AskRefused, ask_contact, take_back
from notices.models import Delivery
from notices.staff import staff
from vendors import register
from vendors.models import Contact, Vendor

MOST = 20  # contacts of one vendor
FIELDS = {"name": "name", "email": "email address", "phone": "telephone", "rank": "place in the order of telling"}


def add(vendor: Vendor, values: dict[str, Any], *, who: str, by: Actor, at: datetime) -> tuple[Contact, bool]:
    """A new emergency contact, and whether they were written to. Raises ValidationError for what cannot stand."""
    with turn():
        if vendor.contacts.count() >= MOST:
            raise ValidationError(f"{vendor} has {MOST} contacts already. Remove one first.")
        contact = register.add_contact(vendor, **values, is_emergency=True, by=by, at=at)
        _tell_staff(contact, f"{contact} is a new emergency contact.", who, at)
        return contact, ask_if_unproven(contact, by=by, at=at)


def change(contact: Contact, values: dict[str, Any], *, who: str, by: Actor, at: datetime) -> bool:
    """Change what differs; True when the contact was written to, because they have to confirm anew."""
    changed = [
        FIELDS[field] for field, value in values.items() if value is not None and getattr(contact, field) != value
    ]
    if not changed:
        return False
    was_proven, was = contact.is_proven, contact.name
    before = (contact.name, contact.email)
    with turn():
        register.change_contact(contact, **values, by=by, at=at)
        void = " The earlier confirmation is void." if was_proven and not contact.is_proven else ""
        _tell_staff(contact, f"{was}: the {_listed(changed)} changed.{void}", who, at)
        return (contact.name, contact.email) != before and ask_if_unproven(contact, by=by, at=at)


def remove(contact: Contact, *, who: str, by: Actor, at: datetime) -> None:
    """Raises ValidationError for the last emergency contact: the others who could be told would be our own staff."""
    vendor = contact.vendor
    with turn():
        if contact.is_emergency and not vendor.contacts.emergency().exclude(pk=contact.pk).exists():
            raise ValidationError(
                f"{contact} is the only emergency contact of {vendor}. Add another one first, then remove {contact}."
            )
        _tell_staff(contact, f"{contact} is no longer a contact.", who, at)
        take_back(contact, "The contact was removed.", by=by, at=at)
        register.remove_contact(contact, why="Removed by the vendor.", by=by, at=at)


def ask_if_unproven(contact: Contact, *, by: Actor, at: datetime) -> bool:
    """Write to an emergency contact who has something to confirm; False when there is nothing, or no letter now."""
    take_back(contact, "The contact was changed.", by=by, at=at)
    try:
        ask_contact(contact, by=by, at=at)
    except AskRefused:
        return False
    return True


def _tell_staff(contact: Contact, said: str, who: str, at: datetime) -> None:
    vendor = contact.vendor
    for recipient in staff():
        outbox.write(
            "contact_changed",
            recipient,
            key=f"{contact.about}:changed:{at.isoformat()}:{recipient.email.lower()}",
            about=contact.about,
            facts={
                "vendor": vendor.name,
                "said": said,
                "who": who,
                "page_url": f"{settings.PUBLIC_URL}/desk/vendors/{vendor.uid}/",
            },
            at=at,
            priority=Delivery.Priority.STAFF,
        )


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
