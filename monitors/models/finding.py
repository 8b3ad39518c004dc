"""Finding: what readings of one watch amount to."""

import re
from uuid import uuid4

from django.db import models
from django.db.models import Q

from monitors.models.watch import SEVERITIES, Subject, Watch
from vendors.models import Domain, SendingServer, Vendor

NUMBER = re.compile(r"F-(0\d{3}|[1-9]\d{3,14})", re.ASCII)


class FindingQuerySet(models.QuerySet["Finding"]):
    def numbered(self, number: str) -> "FindingQuerySet":
        """The finding that people call by this number, F-2031; none for another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(pk=int(said[1])) if said else self.none()

    def open(self) -> "FindingQuerySet":
        return self.filter(state=Finding.State.OPEN)


class Finding(models.Model):
    """A confirmed fault of a server, a domain, or the vendor itself. At most one is open for a watch and kind."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    MOVES = {State.OPEN: frozenset({State.CLOSED})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="findings")
    server = models.ForeignKey(SendingServer, null=True, on_delete=models.PROTECT, related_name="findings")
    domain = models.ForeignKey(Domain, null=True, on_delete=models.PROTECT, related_name="findings")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=40)  # one of monitors.checks, KINDS
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    clause = models.CharField(max_length=10)
    sentence = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    first_seen_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["watch", "kind"], condition=Q(state="open"), name="finding_one_open")
        ]
        indexes = [
            models.Index(fields=["state", "-opened_at"], name="finding_by_state"),
            models.Index(fields=["severity", "opened_at"], name="finding_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it: F-2031."""
        return f"F-{self.pk:04d}"

    @property
    def subject(self) -> Subject:
        """What is at fault."""
        return self.server or self.domain or self.vendor
