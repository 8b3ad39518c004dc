"""The register's rows, one file a subject."""

from vendors.models.contact import NO_PHONE, AddressCode, Contact, TestCall
from vendors.models.server import Domain, SendingServer
from vendors.models.vendor import Alias, Member, Vendor

__all__ = ["NO_PHONE", "AddressCode", "Alias", "Contact", "Domain", "Member", "SendingServer", "TestCall", "Vendor"]
