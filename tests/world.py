"""The people that tests speak of and the register of vendors, made by plain functions.

Alice owns vendor A, Bob is her colleague, Charlie is of vendor B, Dana is IT at the desk. Every function takes what the
test cares about and fills in the rest; moments are `NOON` unless the test says otherwise. Those of tests/monitored.py,
tests/halted.py and tests/amended.py do the same for what befalls them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.db.models import QuerySet
from django.http import HttpRequest
from django.test import Client

from accounts.models import Role, User
from journal.models import Entry
from notices import confirmations, links
from vendors.models import Alias, Contact, Domain, Member, SendingServer, Vendor

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PASSWORD = "seven calm otters row home"
_numbers = count(1)


def make_user(name: str = "", *, role: str = "", email: str = "", password: str = PASSWORD) -> User:
    """Somebody who can sign in with `password`; with a `role`, at the desk."""
    name = name or f"Person {next(_numbers)}"
    email = email or f"{name.lower().replace(' ', '.')}@people.example.com"
    return User.objects.create_user(email, password, name=name, role=role)


def come_in(client: Client, user: User, *, is_proved: bool = True) -> None:
    """Sign `user` in; unless told otherwise they gave their password just now."""
    client.force_login(user)
    if is_proved:
        request = HttpRequest()
        request.session = session = client.session
        record_authentication(request, user, method="password", reauthenticated=True)
        session.save()


def come(user: User) -> Client:
    """A browser in which they are signed in."""
    client = Client()
    come_in(client, user)
    return client


def make_vendor(name: str = "", *, at: datetime = NOON) -> Vendor:
    return Vendor.objects.create(name=name or f"Vendor {next(_numbers)}", created_at=at)


def make_member(vendor: Vendor, name: str = "", *, role: str = Member.Role.MEMBER) -> User:
    """Somebody new who acts for `vendor` in the portal."""
    user = make_user(name)
    Member.objects.create(vendor=vendor, user=user, role=role)
    return user


def make_contact(
    vendor: Vendor,
    name: str = "",
    *,
    email: str = "",
    phone: str = "+12125550100",
    rank: int = 1,
    at: datetime = NOON,
    proven_at: datetime | None = None,
) -> Contact:
    """An emergency abuse contact; with `proven_at`, one who confirmed address and authority then."""
    name = name or f"Contact {next(_numbers)}"
    return Contact.objects.create(
        vendor=vendor,
        name=name,
        email=email or f"{name.lower().replace(' ', '.')}@vendor{vendor.pk}.example.net",
        phone=phone,
        rank=rank,
        is_emergency=True,
        has_authority=True,
        created_at=at,
        email_confirmed_at=proven_at,
        authority_confirmed_at=proven_at,
        authority_words="I can stop all mailings." if proven_at else "",
    )


def make_contact_token(contact: Contact, *, at: datetime = NOON) -> str:
    """The token of the link by which `contact` confirms address and authority; the page is at /contact/TOKEN."""
    return links.make(
        confirmations.CONTACT,
        contact.about,
        at,
        contact=contact,
        holder_name=contact.name,
        holder_email=contact.email,
    )


def make_server(vendor: Vendor, address: str = "", *, hostname: str = "", at: datetime = NOON) -> SendingServer:
    """A sending server; without `address`, the next one of 198.18.0.0/15 (RFC 2544, for tests)."""
    number = next(_numbers)
    return SendingServer.objects.create(
        vendor=vendor,
        address=address or f"198.18.{number // 250}.{number % 250 + 1}",
        hostname=hostname,
        helo=hostname,
        created_at=at,
    )


def make_domain(
    vendor: Vendor,
    name: str = "",
    *,
    uses: Iterable[str] = (Domain.Use.HEADER,),
    is_declared: bool = True,
    at: datetime = NOON,
    **fields: Any,
) -> Domain:
    """A domain in whose name the vendor sends; without `name`, the next one below example.org."""
    name = name or f"d{next(_numbers)}.example.org"
    texts = [str(use) for use in uses]
    return Domain.objects.create(vendor=vendor, name=name, uses=texts, is_declared=is_declared, created_at=at, **fields)


def make_alias(
    vendor: Vendor, name: str, *, evidence: str = "The register of companies.", at: datetime = NOON
) -> Alias:
    return Alias.objects.create(vendor=vendor, name=name, evidence=evidence, approved_by_name="Dana", approved_at=at)


@dataclass(frozen=True, slots=True)
class People:
    """Two vendors and who belongs to them; Dana, Rita, Ada and Orla are at the desk."""

    vendor_a: Vendor
    vendor_b: Vendor
    alice: User  # owner of A
    bob: User  # member of A
    charlie: User  # owner of B
    dana: User  # IT
    rita: User  # reviewer
    orla: User  # auditor
    ada: User  # administrator


def make_people() -> People:
    vendor_a, vendor_b = make_vendor("Alder Mailings"), make_vendor("Birch Direct")
    return People(
        vendor_a=vendor_a,
        vendor_b=vendor_b,
        alice=make_member(vendor_a, "Alice", role=Member.Role.OWNER),
        bob=make_member(vendor_a, "Bob"),
        charlie=make_member(vendor_b, "Charlie", role=Member.Role.OWNER),
        dana=make_user("Dana", role=Role.IT),
        rita=make_user("Rita", role=Role.REVIEWER),
        orla=make_user("Orla", role=Role.AUDITOR),
        ada=make_user("Ada", role=Role.ADMINISTRATOR),
    )


def entries() -> QuerySet[Entry]:
    """What the journal holds besides the very first entry, which is about the policy that came with the product."""
    return Entry.objects.exclude(object_type="policies.policyversion", position=1)
