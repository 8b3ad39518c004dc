"""Addresses of a form to which mail has to be read: the one designated for written acceptance and notices (A2.06),
those in headers (A6), abuse@ and postmaster@ of each domain (A4.10).

That is shown by a code (notices/codes.py), and needs no code where it was shown before: one of the vendor's people
signs in with the address, or a contact has confirmed it. An address that nobody confirmed keeps nobody from signing:
it is named before, and the reviewer asks. That a code was not typed says nothing about an address.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from journal.actor import Actor
from notices import codes
from questionnaires.definition import Answers
from questionnaires.models import Submission
from questionnaires.subjects import DOMAIN, header_subjects
from vendors.models import AddressCode, Vendor

NOTICES = "notices"  # the purpose of the codes
QUESTION = "A2.06"
PATTERN = frozenset("{}*%")
ROLES = ("abuse", "postmaster")


def address_of(answers: Answers) -> str:
    """The one that the form names, else the owner's; empty when neither is known."""
    return str(answers.known(QUESTION) or answers.known("record.email") or "")


def in_headers(values: Mapping[str, Any]) -> list[str]:
    """The addresses in headers; a pattern, which is another for each recipient, cannot be written to."""
    return [address for _, address, _ in header_subjects(values) if PATTERN.isdisjoint(address)]


def others(answers: Answers) -> list[str]:
    """Every address of the form but the designated one: those in headers, then those of domains."""
    domains = [str(row.values[DOMAIN]) for row in answers.rows.get("domains", ()) if row.values.get(DOMAIN)]
    of_domains = [f"{role}@{domain}" for domain in domains for role in ROLES]
    return list(dict.fromkeys([*in_headers(answers.values), *of_domains]))


def is_confirmed(vendor: Vendor, address: str) -> bool:
    return bool(confirmed(vendor, [address]))


def confirmed(vendor: Vendor, addresses: Collection[str]) -> set[str]:
    """Those to which mail is read, in one query whatever their number."""
    of_members = vendor.members.filter(user__is_active=True).order_by().values_list("user__email")
    of_contacts = vendor.contacts.filter(email_confirmed_at__isnull=False).order_by().values_list("email")
    by_code = vendor.address_codes.filter(purpose=NOTICES, confirmed_at__isnull=False).order_by().values_list("email")
    lower = {email.lower() for (email,) in of_members.union(of_contacts, by_code)}
    return {address for address in addresses if address.strip().lower() in lower}


def unread(submission: Submission, answers: Answers) -> str:
    """The address, while the form can be changed and nobody has confirmed it; else empty."""
    is_unread = submission.is_editable and answers.known("notices.is_read") is False
    return address_of(answers) if is_unread else ""


def unread_headers(submission: Submission, answers: Answers) -> list[str]:
    """The addresses in headers that nobody has confirmed, while the form can be changed."""
    if not submission.is_editable or answers.known("headers.answered"):
        return []
    named = in_headers(answers.values)
    known = confirmed(submission.vendor, named)
    return [address for address in named if address not in known]


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
