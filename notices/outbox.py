"""Writing letters: `write` puts one into the outbox once, `write_to_each` one for each address, `cancel` takes back
what has not left, `retry` gives one that was given up another day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings

from engine import bell
from journal.actor import ENGINE, Actor
from journal.record import MoveRefused, move
from notices.files import Enclosure
from notices.models import Delivery
from vendors.models import Contact


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str
    contact: Contact | None = None


def write(
    letter: str,
    to: Recipient,
    *,
    key: str,
    about: str,
    facts: Mapping[str, Any],
    at: datetime,
    link_purpose: str = "",
    enclosures: Sequence[Enclosure] = (),
    priority: int = Delivery.Priority.ORDINARY,
) -> Delivery:
    """The delivery with this key: a new one due at once, or the one that is already there, unchanged.

    The Message-ID is derived from the key, so that every copy of the letter that leaves the building carries the same.
    """
    delivery, is_new = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "about": about,
            "letter": letter,
            "facts": dict(facts),
            "to_name": to.name,
            "to_email": to.email,
            "contact": to.contact,
            "link_purpose": link_purpose,
            "enclosures": [asdict(enclosure) for enclosure in enclosures],
            "priority": priority,
            "message_id": f"<{uuid5(NAMESPACE_URL, f'{settings.PUBLIC_URL}/{key}')}@{settings.MAIL_DOMAIN}>",
            "created_at": at,
            "tried_since": at,
            "next_action_at": at,
        },
    )
    if is_new:
        bell.ring("deliver")
    return delivery


def write_to_each(
    letter: str,
    people: Iterable[Recipient],
    about: str,
    facts: Mapping[str, Any],
    at: datetime,
    priority: int = Delivery.Priority.ORDINARY,
    of: str = "",
) -> None:
    """One letter to each address; `of` tells apart several about one subject. The moment is in the key: that the letter
    is written once is for the caller, by the move or the mark in whose transaction it is written."""
    for recipient in {one.email.lower(): one for one in people}.values():
        key = key_of(letter, about, recipient.email, at, of)
        write(letter, recipient, key=key, about=about, facts=facts, at=at, priority=priority)


def key_of(letter: str, about: str, email: str, at: datetime, of: str = "") -> str:
    """The key of a letter that is written at one moment, once, to one address."""
    return f"{letter}:{about}:{of}:{email.lower()}:{at.isoformat()}"


def cancel(about: str, letter: str, *, at: datetime, why: str, by: Actor = ENGINE) -> int:
    """Take back the letters about a subject that have not left, those too that were given up; how many.

    One that somebody is at may still arrive; when it does not, it is not tried again.
    """
    cancelled = 0
    not_sent = [Delivery.State.DUE, Delivery.State.DEAD]
    for delivery in Delivery.objects.about(about).filter(letter=letter, state__in=not_sent):
        try:
            move(delivery, Delivery.State.CANCELLED, by=by, at=at, why=why, only_if={"lease_token": None})
        except MoveRefused:
            Delivery.objects.waiting().filter(pk=delivery.pk).update(unwanted=why)
        else:
            cancelled += 1
    return cancelled


def retry(delivery: Delivery, *, at: datetime, why: str, by: Actor) -> None:
    """Have a letter that was given up tried again, for another day. MoveRefused when it was not given up, or was taken
    back since: a letter about an order that is answered or lifted never leaves late."""
    changes = {"next_action_at": at, "tried_since": at, "attempts": 0}
    move(delivery, Delivery.State.DUE, by=by, at=at, why=why, changes=changes)
    bell.ring("deliver")
