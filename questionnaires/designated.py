"""The address designated for written acceptance and notices (A2.06): which it is, and whether somebody reads its mail.

That is shown by a code (notices/codes.py), and needs no code where it was shown before: one of the vendor's people
signs in with the address, or a contact has confirmed it. An address that nobody confirmed keeps nobody from signing:
it is named before, and the reviewer asks.
"""

from datetime import datetime

from journal.actor import Actor
from notices import codes
from questionnaires.definition import Answers
from questionnaires.models import Submission
from vendors.models import AddressCode, Vendor

NOTICES = "notices"  # the purpose of its codes
QUESTION = "A2.06"


def address_of(answers: Answers) -> str:
    """The one that the form names, else the owner's; empty when neither is known."""
    return str(answers.known(QUESTION) or answers.known("record.email") or "")


def is_confirmed(vendor: Vendor, address: str) -> bool:
    return (
        vendor.members.filter(user__email__iexact=address, user__is_active=True).exists()
        or vendor.contacts.filter(email__iexact=address, email_confirmed_at__isnull=False).exists()
        or codes.confirmed_at(vendor, address, NOTICES) is not None
    )


def unread(submission: Submission, answers: Answers) -> str:
    """The address, while the form can be changed and nobody has confirmed it; else empty."""
    is_unread = submission.is_editable and answers.known("notices.is_read") is False
    return address_of(answers) if is_unread else ""


def send_code(vendor: Vendor, address: str, *, by: Actor, at: datetime) -> None:
    """Mail a code there. Raises CodeRefused when one was sent a moment ago, or many were."""
    codes.send_code(vendor, address, NOTICES, by=by, at=at)


def confirm(vendor: Vendor, address: str, typed: str, *, by: Actor, at: datetime) -> None:
    """The code that was typed confirms the address. Raises CodeRefused with the sentence for who typed it."""
    codes.check_code(vendor, address, NOTICES, typed, by=by, at=at)


def code_under_way(vendor: Vendor, address: str) -> AddressCode | None:
    """The newest code, when it was not used yet."""
    newest = AddressCode.objects.of(vendor, address, NOTICES).first()
    return newest if newest and not newest.confirmed_at else None
