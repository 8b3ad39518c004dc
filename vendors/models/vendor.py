"""Vendor, Member, Alias: whom we deal with, who acts for them, and under which other names they are known."""

import re
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from accounts.models import User

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


class Alias(models.Model):
    """Another name under which a vendor stands in registers: its legal name, a brand, its parent. Approved by a person
    who saw evidence for it."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    evidence = models.TextField()  # what was seen: a register's entry, a letter
    approved_by_name = models.CharField(max_length=200)
    approved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("vendor", Lower("name"), name="alias_once_a_vendor")]

    def __str__(self) -> str:
        return self.name
