"""How one thing points at another: enough to name it and to fetch it."""

from uuid import UUID

from ninja import Schema

from halts.models import HaltOrder
from monitors.models import Finding
from vendors.models import Domain, SendingServer, Vendor


class VendorRef(Schema):
    id: UUID
    number: str
    name: str

    @classmethod
    def of(cls, row: Vendor) -> "VendorRef":
        return cls(id=row.uid, number=row.number, name=row.name)


class ServerRef(Schema):
    id: UUID
    address: str
    hostname: str

    @classmethod
    def of(cls, row: SendingServer) -> "ServerRef":
        return cls(id=row.uid, address=row.address, hostname=row.hostname)


class DomainRef(Schema):
    id: UUID
    name: str

    @classmethod
    def of(cls, row: Domain) -> "DomainRef":
        return cls(id=row.uid, name=row.name)


class NumberedRef(Schema):
    """A finding or an order, as others point at it."""

    id: UUID
    number: str

    @classmethod
    def of(cls, row: Finding | HaltOrder) -> "NumberedRef":
        return cls(id=row.uid, number=row.number)
