"""Attestation: what a person saw who looked something up that no machine can ask."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import OuterRef, Subquery

from engine.cycle import CLOCK_STEP
from monitors.models.watch import SEVERITIES, Watch
from monitors.probes.reading import Severity


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def newest(self) -> "AttestationQuerySet":
        """Of each watch the last one."""
        last = Attestation.objects.filter(watch=OuterRef("watch")).order_by("-pk").values("pk")[:1]
        return self.filter(pk=Subquery(last))


class Attestation(models.Model):
    """One look by a person at one watch. It counts until `expires_at`, and is kept for good with what proves it.

    `outcome` is one of monitors.attestations.outcomes_of(watch.check_id); `meaning` and `severity` are what it meant at
    the time. Several looks that were stated in one go share a `key`, and a file.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="attestations")
    key = models.CharField(max_length=64)  # of the page that was sent, so that a double click is one
    outcome = models.CharField(max_length=40)
    meaning = models.TextField()
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    looked_up = models.JSONField()  # what was typed there: an address, or names
    figure = models.DecimalField(max_digits=9, decimal_places=4, null=True)  # as the entry's `measure` names it
    words = models.TextField(blank=True)  # what the page said, in the person's words
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=200, blank=True)  # see notices.files
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = AttestationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]  # as they were stated: a clock may have been set back in between
        constraints = [models.UniqueConstraint(fields=["watch", "key"], name="attestation_once_a_page")]

    def __str__(self) -> str:
        return f"{self.watch} by {self.by_name}"

    @property
    def is_clear(self) -> bool:
        return self.severity == Severity.NONE

    @property
    def read_there(self) -> str:
        """The figure as people write it; "" for none."""
        return "" if self.figure is None else f"{self.figure.normalize():f}"

    def counts(self, at: datetime) -> bool:
        """Whether it still says something: it is not expired, nor was it stated by a clock that ran ahead."""
        return self.at <= at + timedelta(seconds=CLOCK_STEP) and at < self.expires_at
