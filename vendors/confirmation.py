"""What a contact has shown: that the address is theirs, that they can stop the mail, that the telephone works.

Each verb is one transaction with its journal entry, which names the contact by id and holds of the words only their
SHA-256. Asking for a proof, and the links and codes that bring one, are notices' part (notices/confirmations.py,
notices/codes.py). What a change of the contact makes void is vendors.register's.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import User
from journal.actor import Actor
from journal.record import note, turn
from vendors.models import Contact, TestCall

NOTE_LIMIT = 2000  # characters


class ConfirmationRefused(Exception):
    """The contact is no longer as it was asked about; the sentence says what to do."""


def promises(contact: Contact) -> tuple[str, str, str]:
    """The three sentences that an emergency contact agrees to: who they are, what they can do, what they will do."""
    return (
        f"I am {contact.name}, and {contact.email} is my address.",
        f"I can stop all mailings for {settings.ADVERTISER_NAME} at any time, without asking anybody.",
        f"I will follow an instruction from {settings.ADVERTISER_NAME} to stop at once.",
    )


def confirm_email(contact: Contact, *, by: Actor, at: datetime) -> bool:
    """Somebody showed that they read the mail to this address; False when that was known.

    Raises ConfirmationRefused when the contact was changed or removed since it was read.
    """
    return _prove(contact, {"email_confirmed_at": at}, "address confirmed", only_if={}, by=by, at=at)


def confirm_authority(contact: Contact, words: str, *, by: Actor, at: datetime) -> bool:
    """The contact agreed to `words`, which say that they can and will stop the mail; False when they had before.

    The first words stay. Raises ConfirmationRefused when the contact was changed or removed since it was read, or is
    not told of orders any more.
    """
    values = {"authority_confirmed_at": at, "authority_words": words, "has_authority": True, "declined_at": None}
    seal = f"sha256:{hashlib.sha256(words.encode()).hexdigest()}"
    return _prove(contact, values, "authority confirmed", only_if={"is_emergency": True}, by=by, at=at, words=seal)


def decline(contact: Contact, *, by: Actor, at: datetime) -> bool:
    """Whoever reads the address says that they are not this person, or cannot stop the mail; False when they said so
    before. What was confirmed is void. The contact stays one until the vendor or staff change it."""
    values = {
        "declined_at": at,
        "email_confirmed_at": None,
        "authority_confirmed_at": None,
        "authority_words": "",
        "has_authority": False,
    }
    return _prove(contact, values, "declined", only_if={}, by=by, at=at)


def open_anew(contact: Contact, *, by: Actor, at: datetime) -> None:
    """The contact is asked for the proofs, once more after they declined."""
    with turn():
        Contact.objects.filter(pk=contact.pk).update(declined_at=None)
        note(contact, "asked to confirm", by=by, at=at, vendor=contact.vendor)
    contact.declined_at = None


def log_test_call(contact: Contact, outcome: str, *, remark: str = "", user: User, by: Actor, at: datetime) -> TestCall:
    """Keep what came of calling the contact at the number on file. Raises ValidationError without a number, or for an
    outcome that is none."""
    if not contact.phone:
        raise ValidationError(f"{contact} has no telephone number on file, so nobody can have called it. Add it first.")
    if outcome not in TestCall.Outcome.values:
        raise ValidationError({"outcome": f"“{outcome}” is no outcome of a call. Choose one of the list."})
    with turn():
        call = TestCall.objects.create(
            contact=contact,
            name=contact.name,
            phone=contact.phone,
            at=at,
            by=user,
            outcome=outcome,
            note=remark.strip()[:NOTE_LIMIT],
        )
        note(contact, "test call", by=by, at=at, vendor=contact.vendor, outcome=outcome)
    return call


def _prove(
    contact: Contact,
    values: dict[str, Any],
    verb: str,
    *,
    only_if: dict[str, Any],
    by: Actor,
    at: datetime,
    **facts: Any,
) -> bool:
    """Write `values` once, to the contact as it was read; its first field says whether it was done before."""
    first = next(iter(values))
    with turn():
        same = Contact.objects.filter(pk=contact.pk, name=contact.name, email=contact.email, **only_if)
        if not same.filter(**{first: None}).update(**values):
            if not same.exists():
                raise ConfirmationRefused("This contact was changed or removed just now, so nothing was recorded.")
            contact.refresh_from_db()
            return False
        note(contact, verb, by=by, at=at, vendor=contact.vendor, **facts)
    for field, value in values.items():
        setattr(contact, field, value)
    return True
