"""Vendor, Member, Contact, SendingServer."""

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from accounts.models import User


NO_PHONE = "has no telephone: in an emergency nobody can be called."


NUMBER = re.compile(r"V-(0\d{3}|[1-9]\d{3,14})", re.ASCII)


class VendorQuerySet(models.QuerySet["Vendor"]):
    def numbered(self, number: str) -> "VendorQuerySet":
        """The vendor that people call by this number, V-0017; none for another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(pk=int(said[1])) if said else self.none()

    def for_actor(self, user: "User") -> "VendorQuerySet":
        """The vendors that `user` may see: all for staff, their own for members, none for others."""
        if user.is_staff:
            return self
        return self.filter(members__user=user) if user.is_active and user.pk else self.none()


class Vendor(models.Model):
    """A third party (initiator, list owner, or whoever sends for them) that mails in the advertiser's name."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    MOVES = {State.ACTIVE: frozenset({State.RETIRED}), State.RETIRED: frozenset({State.ACTIVE})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()

    objects = VendorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), name="vendor_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def number(self) -> str:
        """As people say it: V-0017."""
        return f"V-{self.pk:04d}"


class Member(models.Model):
    """A person who acts for a vendor in the portal; for one vendor at most."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        MEMBER = "member", "Member"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="member_of_one_vendor")]


class ContactQuerySet(models.QuerySet["Contact"]):
    def emergency(self) -> "ContactQuerySet":
        """Those who can stop the mail, in the order in which they are told."""
        return self.filter(is_emergency=True).order_by("rank", "pk")


class Contact(models.Model):
    """A person of a vendor. An emergency abuse contact has the capability and the authority to stop the mail at any
    time (R12)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    email = models.EmailField()
    phone = models.CharField(max_length=20, blank=True)  # E.164
    is_emergency = models.BooleanField(default=True)
    rank = models.PositiveSmallIntegerField(default=1)  # 1 is told first, 2 is the back-up, and so on
    has_authority = models.BooleanField(default=False)  # stated to us: may stop the mail without asking anybody
    created_at = models.DateTimeField()

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.UniqueConstraint("vendor", Lower("email"), name="contact_email_once_a_vendor")]

    def __str__(self) -> str:
        return self.name

    @property
    def warning(self) -> str:
        """What somebody should ask the vendor for; empty when nothing is missing."""
        return f"{self.name} {NO_PHONE}" if self.is_emergency and not self.phone else ""


class SendingServerQuerySet(models.QuerySet["SendingServer"]):
    def active(self) -> "SendingServerQuerySet":
        return self.filter(state=SendingServer.State.ACTIVE, vendor__state=Vendor.State.ACTIVE)


class SendingServer(models.Model):
    """An SMTP server from which a vendor sends for us, by its exact address."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    MOVES = {State.ACTIVE: frozenset({State.RETIRED}), State.RETIRED: frozenset({State.ACTIVE})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="servers")
    address = models.GenericIPAddressField(unpack_ipv4=True)
    hostname = models.CharField(max_length=253, blank=True)
    helo = models.CharField(max_length=253, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()

    objects = SendingServerQuerySet.as_manager()

    class Meta:
        ordering = ["address", "pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "address"], name="server_address_once_a_vendor")]

    def __str__(self) -> str:
        return f"{self.hostname or self.address} ({self.address})" if self.hostname else str(self.address)
