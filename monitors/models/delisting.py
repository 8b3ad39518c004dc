"""Delisting: somebody asked that an entry be taken away, and what came back."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q

from monitors.models.finding import Finding


class Delisting(models.Model):
    """One request to whoever keeps a list, about one finding; there may be several. It is a note of what people did:
    the finding closes by what is seen, never by what was promised."""

    class Party(models.TextChoices):
        STAFF = "staff", "We"
        VENDOR = "vendor", "The vendor"

    class Outcome(models.TextChoices):
        AGREED = "agreed", "It will be taken off, or is"
        REFUSED = "refused", "It stays"
        OTHER = "other", "Something else"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="delistings")
    asked_at = models.DateTimeField()
    party = models.CharField(max_length=10, choices=Party)
    asked_by_name = models.CharField(max_length=200)
    how = models.TextField()  # by which form, mail or call
    note = models.TextField(blank=True)
    noted_at = models.DateTimeField()
    noted_by_name = models.CharField(max_length=200)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)  # their words
    answer_noted_by_name = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="") | Q(answered_at__isnull=False) & ~Q(outcome=""),
                name="delisting_answered_with_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"delisting of {self.finding.number}"

    def open_for(self, now: datetime) -> timedelta:
        """How long the finding has been open, or was, since this was asked; zero when it had closed before."""
        return max((self.finding.closed_at or now) - self.asked_at, timedelta(0))
