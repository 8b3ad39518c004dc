"""Domains and aliases of vendors, as given and as shown."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from api.schemas.given import Given
from api.schemas.refs import VendorRef
from api.schemas.vendors import REASON
from vendors.models import Alias, Domain

MOST = 100  # items of one list in a body
Use = Literal["header", "return_path", "dkim", "link", "dns"]
USES = "header: addresses in headers; return_path; dkim: signatures; link: links and pictures; dns: names of servers."
SELECTORS = "Of DKIM keys: what stands after s= in a DKIM-Signature."


class DomainGiven(Given):
    name: str = Field(description="Stored as A-labels, in lower case.")
    uses: list[Use] = Field([], max_length=MOST, description=USES)
    selectors: list[str] = Field([], max_length=MOST, description=SELECTORS)
    opt_out_url: str = Field("", description="Where the vendor says that people opt out.")


class DomainChanges(Given):
    name: str | None = Field(None, description="Only to be refused when it is another: it never changes.")
    uses: list[Use] | None = Field(None, max_length=MOST, description="All of them: these replace those on file.")
    selectors: list[str] | None = Field(None, max_length=MOST, description="All of them.")
    opt_out_url: str | None = None
    state: Literal["active", "retired"] | None = None
    reason: str = REASON


class DomainShown(Schema):
    id: UUID
    vendor: VendorRef
    name: str
    uses: list[str] = Field(description=USES)
    selectors: list[str]
    opt_out_url: str
    declared: bool = Field(description="False: it was met in the DNS of their servers, and nobody has named it.")
    state: str
    created_at: datetime

    @classmethod
    def of(cls, row: Domain) -> "DomainShown":
        return cls(
            id=row.uid,
            vendor=VendorRef.of(row.vendor),
            name=row.name,
            uses=row.uses,
            selectors=row.selectors,
            opt_out_url=row.opt_out_url,
            declared=row.is_declared,
            state=row.state,
            created_at=row.created_at,
        )


class AliasShown(Schema):
    id: UUID
    vendor: VendorRef
    name: str
    evidence: str
    approved_by: str
    approved_at: datetime

    @classmethod
    def of(cls, row: Alias) -> "AliasShown":
        return cls(
            id=row.uid,
            vendor=VendorRef.of(row.vendor),
            name=row.name,
            evidence=row.evidence,
            approved_by=row.approved_by_name,
            approved_at=row.approved_at,
        )
