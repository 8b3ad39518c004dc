"""Asking an emergency contact, by a letter with their own link, to confirm address and authority; and their answer.

The answer is written by vendors.confirmation; who is told of a refusal is decided here. Reminding is not done here.
A link holds while the contact is the person at the address that it was written to.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from accounts.models import User
from journal.actor import Actor
from journal.record import turn
from notices import links, outbox
from notices.clockface import write_moment
from notices.models import Delivery, Link
from notices.outbox import Recipient
from notices.staff import staff
from vendors import confirmation
from vendors.confirmation import promises
from vendors.models import Contact, Member, Vendor

CONTACT = "contact"  # the purpose of the link, and the first part of its URL
LETTER = "contact_confirm"
AGAIN_AFTER = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 6  # letters to one contact
MOST_OF_VENDOR = 20  # letters of one vendor in an hour: ours are not for its mailings


class AskRefused(Exception):
    """The contact cannot be asked; the sentence says why and what to do."""


def ask_contact(contact: Contact, *, by: Actor, at: datetime) -> Delivery:
    """Write to the contact, for the first time or again; letters that have not left are taken back.

    Raises AskRefused when there is nothing to ask, or when too many letters were written.
    """
    vendor = contact.vendor
    if vendor.state == Vendor.State.RETIRED:
        raise AskRefused(f"{vendor} is retired, so its contacts are asked nothing.")
    if not contact.is_emergency:
        raise AskRefused(f"{contact} is not an emergency contact, so there is nothing to confirm.")
    if contact.is_proven:
        raise AskRefused(f"{contact} has confirmed address and authority already.")
    with turn():
        stem = f"{LETTER}:{vendor.pk}:"  # counts those to contacts who were removed since, too
        _refuse_too_many(contact, stem, at)
        take_back(contact, "A newer letter takes its place.", by=by, at=at)
        confirmation.open_anew(contact, by=by, at=at)
        number = Delivery.objects.about(contact.about).filter(letter=LETTER).count() + 1
        return outbox.write(
            LETTER,
            Recipient(contact.name, contact.email, contact),
            key=f"{stem}{contact.pk}:{number}",
            about=contact.about,
            facts={"vendor": vendor.name, "promises": list(promises(contact))},
            at=at,
            link_purpose=CONTACT,
        )


def take_back(contact: Contact, why: str, *, by: Actor, at: datetime) -> None:
    """Letters that ask the contact and have not left stay here."""
    outbox.cancel(contact.about, LETTER, at=at, why=why, by=by)


def asked(token: str, at: datetime) -> tuple[Link, Contact] | None:
    """The link with this token and the contact it was written to, while that is still the person and the address."""
    link = links.find(token, CONTACT, at)
    contact = link.contact if link else None
    if link is None or contact is None or not contact.is_emergency:
        return None
    is_same = (contact.name, contact.email) == (link.holder_name, link.holder_email)
    return (link, contact) if is_same and contact.vendor.state == Vendor.State.ACTIVE else None


def accept(link: Link, contact: Contact, *, at: datetime, ip: str = "") -> None:
    """The holder of the link agrees to all three promises: address and authority are confirmed, as often as it is
    sent. Raises ConfirmationRefused when the contact was changed meanwhile."""
    by = _holder(link, ip)
    with turn():
        confirmation.confirm_authority(contact, "\n".join(promises(contact)), by=by, at=at)
        confirmation.confirm_email(contact, by=by, at=at)


def decline(link: Link, contact: Contact, *, at: datetime, ip: str = "") -> None:
    """The holder of the link is not this person, or cannot stop the mail: the vendor's owners and staff are told, once.

    Raises ConfirmationRefused when the contact was changed meanwhile.
    """
    with turn():
        if not confirmation.decline(contact, by=_holder(link, ip), at=at):
            return
        vendor = contact.vendor
        facts = {"vendor": vendor.name, "contact": contact.name, "email": contact.email}
        portal, desk = f"{settings.PUBLIC_URL}/portal/contacts/", f"{settings.PUBLIC_URL}/desk/vendors/{vendor.uid}/"
        told = [(one, portal) for one in owners(vendor)] + [(one, desk) for one in staff()]
        for recipient, page in told:
            outbox.write(
                "contact_declined",
                recipient,
                key=f"{contact.about}:declined:{at.isoformat()}:{recipient.email.lower()}",
                about=contact.about,
                facts=facts | {"said_at": write_moment(at, "minute"), "page_url": page},
                at=at,
                priority=Delivery.Priority.STAFF,
            )


def owners(vendor: Vendor) -> list[Recipient]:
    """Those who act for the vendor and may change its contacts."""
    people = User.objects.filter(is_active=True, memberships__vendor=vendor, memberships__role=Member.Role.OWNER)
    return [Recipient(user.name, user.email) for user in people.order_by("pk")]


def last_letters(contacts: Iterable[Contact]) -> dict[int, Delivery]:
    """By contact, the last letter that asked them, in one query: to say when, and whether it arrived."""
    numbers = {contact.about: contact.pk for contact in contacts}
    found = Delivery.objects.filter(about__in=numbers, letter=LETTER).order_by("created_at", "pk")
    return {numbers[one.about]: one for one in found}


def _holder(link: Link, ip: str) -> Actor:
    return Actor("link", f"link {link.pk} (contact {link.contact_id})", ip)


def _refuse_too_many(contact: Contact, stem: str, at: datetime) -> None:
    written = Delivery.objects.filter(letter=LETTER, key__startswith=stem, created_at__gt=at - HOUR)
    same = list(written.filter(about=contact.about).order_by("-created_at").values_list("created_at", flat=True))
    if same and same[0] > at - AGAIN_AFTER and not _is_changed_since_asked(contact):
        raise AskRefused(f"{contact} was written to less than a minute ago. Wait for the answer.")
    if len(same) >= MOST_AN_HOUR or written.count() >= MOST_OF_VENDOR:
        raise AskRefused("Many letters were written to contacts within the last hour. Try again in an hour.")


def _is_changed_since_asked(contact: Contact) -> bool:
    """The last letter went to another name or address: it asks nobody any more."""
    last = Delivery.objects.about(contact.about).filter(letter=LETTER).order_by("-created_at", "-pk").first()
    return last is not None and (last.to_name, last.to_email) != (contact.name, contact.email)
