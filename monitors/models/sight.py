"""Sight, Quarantine, Allowance: whether a list can be seen, whether it is believed, how often it may be asked."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from engine.models import Duty


class SightQuerySet(models.QuerySet["Sight"]):
    def unheld(self) -> "list[Sight]":
        """All rows, read by somebody who claims none: without the token of whoever holds one, so that it cannot be
        given back in that one's name."""
        rows = list(self.all())
        for row in rows:
            row.lease_token = row.lease_until = None
        return rows


class Sight(Duty):
    """Can we see this list on this resolver path? Proved by its test points and a nonce, not assumed.

    Only while it is SEEING does the list's word count. One failed proof makes it SUSPECT, a second BLIND; then it needs
    two good ones to be believed again, and is on PROBATION in between.
    """

    class State(models.TextChoices):
        UNPROVED = "unproved", "Not proved yet"
        SEEING = "seeing", "Works"
        SUSPECT = "suspect", "Failed once"
        BLIND = "blind", "Cannot be trusted"
        PROBATION = "probation", "On probation"

    MOVES = {
        State.UNPROVED: frozenset({State.SEEING, State.BLIND}),
        State.SEEING: frozenset({State.SUSPECT}),
        State.SUSPECT: frozenset({State.SEEING, State.BLIND}),
        State.BLIND: frozenset({State.PROBATION}),
        State.PROBATION: frozenset({State.SEEING, State.BLIND}),
    }
    TROUBLED = (State.SUSPECT, State.BLIND, State.PROBATION)

    list_id = models.CharField(max_length=60)
    path = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.UNPROVED)
    since = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)  # the last proof, whichever way it went
    fault = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    failures = models.PositiveIntegerField(default=0)  # proofs in a row that failed: the more, the longer the rest
    told_at = models.DateTimeField(null=True)  # when staff were last told that it is blind

    objects = SightQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_id", "path"], name="sight_once")]

    def __str__(self) -> str:
        return f"{self.list_id} through {self.path}"


class QuarantineQuerySet(models.QuerySet["Quarantine"]):
    def standing(self) -> "QuarantineQuerySet":
        return self.filter(state=Quarantine.State.STANDING)


class Quarantine(models.Model):
    """A list that named too many unrelated servers at once: nothing that it says counts until a person has looked.

    Lists that work have had bad data before, and their test entries did not show it.
    """

    class State(models.TextChoices):
        STANDING = "standing", "In quarantine"
        RELEASED = "released", "Believed again"

    MOVES = {State.STANDING: frozenset({State.RELEASED})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    list_id = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.STANDING)
    began_at = models.DateTimeField()
    listed = models.PositiveIntegerField()  # vendors with something newly listed
    watched = models.PositiveIntegerField()  # vendors that the list is asked about
    named = models.JSONField(default=list)  # the watches of what it newly named when it was held
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)  # why it is believed again

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["list_id"], condition=Q(state="standing"), name="quarantine_one_standing")
        ]

    def __str__(self) -> str:
        return f"quarantine of {self.list_id}"


class Allowance(models.Model):
    """How much of what somebody lets us ask is used: a token bucket for the pace, a count for the day (UTC).

    One row for all workers; `of` is `dnsbl:LIST`, or `server:HOST` for a registry.
    """

    of = models.CharField(max_length=320, unique=True)
    tokens = models.FloatField(default=0)
    refilled_at = models.DateTimeField()
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)
    warned_on = models.DateField(null=True)  # the day on which staff were told that the cap is near
