"""Vendors, their servers and their contacts, as given and as shown."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from api.schemas.given import Given
from api.schemas.refs import VendorRef
from vendors.models import Contact, SendingServer, TestCall, Vendor

REASON_LIMIT = 4000  # characters
REASON = Field("", max_length=REASON_LIMIT, description="Why the state changes; kept in the journal.")


class VendorGiven(Given):
    name: str


class VendorChanges(Given):
    name: str | None = None
    state: Literal["active", "retired"] | None = None
    reason: str = REASON


class VendorShown(Schema):
    id: UUID
    number: str
    name: str
    state: str
    created_at: datetime

    @classmethod
    def of(cls, row: Vendor) -> "VendorShown":
        return cls(id=row.uid, number=row.number, name=row.name, state=row.state, created_at=row.created_at)


class ServerGiven(Given):
    address: str = Field(description="IPv4 or IPv6.")
    hostname: str = ""
    helo: str = ""


class ServerChanges(Given):
    address: str | None = Field(None, description="Only to be refused when it is another: it never changes.")
    hostname: str | None = None
    helo: str | None = None
    state: Literal["active", "retired"] | None = None
    reason: str = REASON


class ServerShown(Schema):
    id: UUID
    vendor: VendorRef
    address: str
    hostname: str
    helo: str
    state: str
    created_at: datetime

    @classmethod
    def of(cls, row: SendingServer) -> "ServerShown":
        return cls(
            id=row.uid,
            vendor=VendorRef.of(row.vendor),
            address=row.address,
            hostname=row.hostname,
            helo=row.helo,
            state=row.state,
            created_at=row.created_at,
        )


class ContactGiven(Given):
    name: str
    email: str
    phone: str = Field("", description="With + and the country code; stored as E.164.")
    emergency: bool = Field(True, description="Gets halt orders.")
    authority: bool = Field(False, description="Stated to us: may stop the mailings without asking anybody.")
    rank: int | None = Field(None, ge=1, le=999, description="1 is told first; without it, after those who are there.")


class ContactChanges(Given):
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    emergency: bool | None = None
    authority: bool | None = None
    rank: int | None = Field(None, ge=1, le=999)


class TestCallShown(Schema):
    at: datetime
    outcome: str
    reached: bool

    @classmethod
    def of(cls, row: TestCall) -> "TestCallShown":
        return cls(at=row.at, outcome=row.outcome, reached=row.has_reached)


class ContactShown(Schema):
    id: UUID
    vendor: VendorRef
    name: str
    email: str
    phone: str
    emergency: bool
    authority: bool
    rank: int
    email_confirmed_at: datetime | None = Field(description="The person showed that they read mail to this address.")
    authority_confirmed_at: datetime | None = Field(
        description="The person said, by their own link, that they can and will stop the mailings."
    )
    last_test_call: TestCallShown | None = Field(description="The last call to this person at this number.")
    warnings: list[str] = Field(description="What is missing, in sentences; it keeps nothing from working.")
    created_at: datetime

    @classmethod
    def of(cls, row: Contact) -> "ContactShown":
        return cls(
            id=row.uid,
            vendor=VendorRef.of(row.vendor),
            name=row.name,
            email=row.email,
            phone=row.phone,
            emergency=row.is_emergency,
            authority=row.has_authority,
            rank=row.rank,
            email_confirmed_at=row.email_confirmed_at,
            authority_confirmed_at=row.authority_confirmed_at,
            last_test_call=TestCallShown.of(call) if (call := row.last_test_call) else None,
            warnings=row.warnings,
            created_at=row.created_at,
        )
