"""Acceptance and what it rests on: HeaderApproval, ListSource with its Additions. Paper: that none is
given, or that one ended."""

import re
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from policies.models import PolicyVersion
from questionnaires import codes, source_codes
from questionnaires.models.review import Signature
from questionnaires.models.submission import Submission
from vendors.models import Vendor

NUMBER = re.compile(r"([AB])-([1-9]\d{3})-(0\d{3}|[1-9]\d{3,14})", re.ASCII)
PAPER_NUMBER = re.compile(r"P-([1-9]\d{3})-(0\d{3}|[1-9]\d{3,14})", re.ASCII)


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    def numbered(self, number: str) -> "AcceptanceQuerySet":
        """The one that people call by this number, A-2026-0012; none for another year or another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(exhibit=said[1], issued_at__year=int(said[2]), pk=int(said[3])) if said else self.none()

    def about(self, about: str) -> "AcceptanceQuerySet":
        """The acceptance that a letter or a link is about, when it is about one."""
        kind, _, number = about.partition(":")
        return self.filter(pk=int(number)) if kind == "acceptance" and number.isdecimal() else self.none()

    def in_force(self) -> "AcceptanceQuerySet":
        """Received, and neither ended nor suspended."""
        return self.filter(state=Acceptance.State.RECEIVED)

    def counting(self, vendor: Vendor) -> "AcceptanceQuerySet":
        """The vendor's standing acceptances of Exhibit A, first the one that counts: one that was received counts until
        the letter that replaces it is received too."""
        is_waiting = models.Case(models.When(received_at=None, then=1), default=0)
        return self.standing().filter(vendor=vendor, exhibit="A").order_by(is_waiting, "-issued_at", "-pk")

    def beside(self, vendor: Vendor, exhibit: str) -> str:
        """The number of the Exhibit A letter that counts whatever becomes of another form or letter of Exhibit A; empty
        when there is none, and for Exhibit B."""
        found = self.in_force().filter(vendor=vendor, exhibit="A").first() if exhibit == "A" else None
        return found.number if found else ""

    def standing(self) -> "AcceptanceQuerySet":
        """Issued and not ended, whether received, waiting to be, or suspended."""
        return self.filter(state__in=Acceptance.STANDING)


class Acceptance(models.Model):
    """Written acceptance of one submission: the numbered letter, what it covers, and whether it was received.

    `scope` is what the schedule of the letter lists: servers [{network, hostname, helo}], domains [name], headers
    [{header, address}], lists [{code, owner, count}], ceilings
    [{domain, per_hour, connections, per_connection}].
    What is not listed is not accepted.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "Not yet received"
        RECEIVED = "received", "In force"
        SUSPENDED = "suspended", "Suspended"
        EXPIRED = "expired", "Expired"
        SUPERSEDED = "superseded", "Replaced by a later one"
        WITHDRAWN = "withdrawn", "Withdrawn"

    _ENDS = frozenset({State.EXPIRED, State.SUPERSEDED, State.WITHDRAWN})
    MOVES = {
        State.ISSUED: _ENDS | {State.RECEIVED, State.SUSPENDED},
        State.RECEIVED: _ENDS | {State.SUSPENDED},
        State.SUSPENDED: _ENDS | {State.RECEIVED, State.ISSUED},
    }
    STANDING = (State.ISSUED, State.RECEIVED, State.SUSPENDED)

    class Receipt(models.TextChoices):
        PORTAL = "portal", "acknowledged in the portal"
        LINK = "link", "acknowledged by the letter's own link"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="acceptances")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="acceptance")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    exhibit = models.CharField(max_length=1)
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    code = models.CharField(max_length=16, unique=True)
    scope = models.JSONField()
    # Each {text, due}; is_waiver where it ends what a waiver let pass, source where it is about one list source only.
    conditions = models.JSONField(default=list)
    issued_at = models.DateTimeField()
    officers = models.JSONField()  # names and titles of those who accepted, first and second
    to_name = models.CharField(max_length=200)
    to_email = models.EmailField()
    valid_until = models.DateTimeField()
    letter_place = models.CharField(max_length=200)  # the PDF, below settings.MEDIA_ROOT
    letter_sha256 = models.CharField(max_length=64, db_index=True)
    letter_size = models.PositiveIntegerField()  # bytes
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=200, blank=True)
    received_how = models.CharField(max_length=10, choices=Receipt, blank=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # of the suspension or withdrawal, as the vendor reads it

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor"],
                name="one_received_acceptance_of_a",
                condition=Q(exhibit="A", state__in=["received", "suspended"], received_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["vendor"],
                name="one_waiting_acceptance_of_a",
                condition=Q(exhibit="A", state__in=["issued", "suspended"], received_at=None),
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_until"], name="acceptance_ending")]

    def __str__(self) -> str:
        return f"{self.number} for {self.vendor}"

    @property
    def number(self) -> str:
        """As people say it: A-2026-0012."""
        return f"{self.exhibit}-{self.issued_at.year}-{self.pk:04d}"

    @property
    def code_shown(self) -> str:
        """K7QF-3M9T-XW2P-8RHA."""
        return codes.show(self.code)

    @property
    def about(self) -> str:
        """What its letters and links are about."""
        return f"acceptance:{self.pk}"


class PaperQuerySet(models.QuerySet["Paper"]):
    def numbered(self, number: str) -> "PaperQuerySet":
        """The one that people call by this number, P-2026-0007; none for another year or another spelling."""
        said = PAPER_NUMBER.fullmatch(number)
        return self.filter(at__year=int(said[1]), pk=int(said[2])) if said else self.none()


class Paper(models.Model):
    """Bad news in writing, as it was issued: a form is declined, or an acceptance is suspended or withdrawn."""

    class Kind(models.TextChoices):
        DECLINE = "decline", "Decline"
        SUSPENSION = "suspension", "Suspension"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    kind = models.CharField(max_length=10, choices=Kind)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="papers")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="papers")
    acceptance = models.ForeignKey(Acceptance, null=True, on_delete=models.PROTECT, related_name="papers")
    at = models.DateTimeField()
    place = models.CharField(max_length=200)  # the PDF, below settings.MEDIA_ROOT
    sha256 = models.CharField(max_length=64, db_index=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    @property
    def number(self) -> str:
        """As people say it: P-2026-0007."""
        return f"P-{self.at.year}-{self.pk:04d}"


class HeaderApproval(models.Model):
    """IT's approval, in writing, that a vendor uses one of the advertiser's domains in message headers (R11)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="header_approvals")
    domain = models.CharField(max_length=253)
    reason = models.TextField()
    since = models.DateField()
    until = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.TextField(blank=True)  # as the vendor reads it

    class Meta:
        ordering = ["-at", "-pk"]

    @property
    def number(self) -> str:
        """As people say it: N-2026-0003."""
        return f"N-{self.at.year}-{self.pk:04d}"

    @property
    def about(self) -> str:
        """What its letters are about."""
        return f"approval:{self.pk}"


class ListSource(models.Model):
    """A source of addresses, by the code that the vendor stores with every address (R2, C3). `key` is what spellings
    of the code have in common (source_codes.py); it follows the code whenever the row is saved."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="list_sources")
    code = models.CharField(max_length=source_codes.MOST)
    key = models.CharField(max_length=source_codes.MOST_OF_KEY, editable=False)
    owner = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "key"], name="one_source_a_code")]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **options: Any) -> None:
        self.key = source_codes.key_of(self.code)
        super().save(*args, **options)


class Addition(models.Model):
    """New addresses of a source that the vendor declared. `accepted_in` is the acceptance that covers them.

    One that is covered in part becomes two rows, the second `part_of` the first (covering.py).
    """

    source = models.ForeignKey(ListSource, on_delete=models.CASCADE, related_name="additions")
    count = models.PositiveIntegerField()
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  NULLs may repeat, '' may not
    part_of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")
    accepted_in = models.ForeignKey(Acceptance, null=True, on_delete=models.SET_NULL, related_name="additions")

    class Meta:
        ordering = ["declared_at", "pk"]

    @property
    def declared(self) -> int:
        """How many were declared at once, whatever part of them this row stands for."""
        whole = self.part_of or self
        return whole.count + sum(part.count for part in whole.parts.all())
