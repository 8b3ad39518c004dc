"""Enrolment, Watch, Observation, Finding, Sight: what is looked at, what was seen, what it amounts to, whether we can
see."""

import re
from uuid import uuid4

from django.db import models
from django.db.models import Q

from engine.models import Duty
from monitors.probes.reading import Severity, Verdict
from vendors.models import SendingServer, Vendor

VERDICTS = [(verdict.value, verdict.value.capitalize()) for verdict in Verdict]
SEVERITIES = [(severity.value, severity.value.capitalize()) for severity in Severity]


class Enrolment(models.Model):
    """A server has its watches, made for this state of the catalogue; another fingerprint means they are looked over
    again."""

    server = models.OneToOneField(SendingServer, on_delete=models.CASCADE, related_name="enrolment")
    catalogue = models.CharField(max_length=64)


class WatchQuerySet(models.QuerySet["Watch"]):
    def running(self) -> "WatchQuerySet":
        return self.filter(
            is_running=True,
            server__state=SendingServer.State.ACTIVE,
            server__vendor__state=Vendor.State.ACTIVE,
        )


class Watch(Duty):
    """One check of one server, again and again: `check_id` is `dnsbl:LIST` or `fcrdns`.

    It holds the standing that the last readings amount to; each reading itself is an Observation.
    """

    server = models.ForeignKey(SendingServer, on_delete=models.CASCADE, related_name="watches")
    check_id = models.CharField(max_length=60)
    is_running = models.BooleanField(default=True)  # False when the catalogue no longer has the list
    verdict = models.CharField(max_length=10, choices=VERDICTS, default=Verdict.UNKNOWN)
    result = models.CharField(max_length=40, default="not_looked_yet")
    sentence = models.TextField(default="Not looked yet.")
    since = models.DateTimeField()  # since when the verdict has been what it is
    looked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # the last reading that was not unknown
    clear_count = models.PositiveIntegerField(default=0)
    faults = models.JSONField(default=dict)  # adverse readings that count, by fault: [how many, the first, the latest]
    rounds = models.PositiveIntegerField(default=0)  # readings so far; chooses the resolver path

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "check_id"], name="watch_once")]
        indexes = [
            models.Index(fields=["next_action_at"], name="watch_due", condition=Q(is_running=True)),
            models.Index(fields=["check_id", "verdict"], name="watch_by_check"),
        ]

    def __str__(self) -> str:
        return f"{self.check_id} of {self.server_id}"


class Observation(models.Model):
    """One reading, as it was: what was asked and answered, word for word. Never changed.

    `number` is its watch's count of readings: the UPDATE that takes the next one is the same that stores the standing,
    so no two have one number and none is lost. A slot would not do: it comes again when a clock is set back, or when
    somebody asks twice for a look at once.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="observations")
    number = models.PositiveIntegerField()
    slot = models.DateTimeField()  # the moment at which the look was due
    looked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    result = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    sentence = models.TextField()
    is_proved = models.BooleanField()  # the list was shown to work on this path in the same round
    codes = models.JSONField(default=list)
    text = models.JSONField(default=list)
    path = models.CharField(max_length=60)
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["-looked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["watch", "number"], name="observation_once_a_reading")]
        indexes = [models.Index(fields=["looked_at"], name="observation_by_age")]


NUMBER = re.compile(r"F-(0\d{3}|[1-9]\d{3,14})", re.ASCII)


class FindingQuerySet(models.QuerySet["Finding"]):
    def numbered(self, number: str) -> "FindingQuerySet":
        """The finding that people call by this number, F-2031; none for another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(pk=int(said[1])) if said else self.none()

    def open(self) -> "FindingQuerySet":
        return self.filter(state=Finding.State.OPEN)


class Finding(models.Model):
    """A confirmed fault of a server. At most one is open for a watch and kind."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    MOVES = {State.OPEN: frozenset({State.CLOSED})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="findings")
    server = models.ForeignKey(SendingServer, on_delete=models.PROTECT, related_name="findings")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=40)  # listed, reverse_dns
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


class SightQuerySet(models.QuerySet["Sight"]):
    def unheld(self) -> "list[Sight]":
        """All rows, read by somebody who claims none: without the token of whoever holds one, so that it cannot be
        given back in that one's name."""
        rows = list(self.all())
        for row in rows:
            row.lease_token = row.lease_until = None
        return rows


class Sight(Duty):
    """Can we see this list on this resolver path? Proved by its test points and a nonce, not assumed."""

    class State(models.TextChoices):
        UNPROVED = "unproved", "Not proved yet"
        SEEING = "seeing", "Works"
        BLIND = "blind", "Cannot be trusted"

    MOVES = {
        State.UNPROVED: frozenset({State.SEEING, State.BLIND}),
        State.SEEING: frozenset({State.BLIND}),
        State.BLIND: frozenset({State.SEEING}),
    }

    list_id = models.CharField(max_length=60)
    path = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.UNPROVED)
    since = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)  # the last proof, whichever way it went
    fault = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)  # when staff were last told that it is blind

    objects = SightQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_id", "path"], name="sight_once")]

    def __str__(self) -> str:
        return f"{self.list_id} through {self.path}"
