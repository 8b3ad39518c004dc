"""Enrolment, Watch, Observation: what is looked at, again and again, and what was seen."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from engine.models import Duty
from monitors.probes.reading import Severity, Verdict
from vendors.models import Domain, SendingServer, Vendor

VERDICTS = [(verdict.value, verdict.value.capitalize()) for verdict in Verdict]
SEVERITIES = [(severity.value, severity.value.capitalize()) for severity in Severity]
Subject = SendingServer | Domain | Vendor


class Enrolment(models.Model):
    """A server, a domain or a vendor has its watches, made for this state of the catalogue and these uses of a domain;
    when either is another they are looked over again."""

    server = models.OneToOneField(SendingServer, null=True, on_delete=models.CASCADE, related_name="enrolment")
    domain = models.OneToOneField(Domain, null=True, on_delete=models.CASCADE, related_name="enrolment")
    vendor = models.OneToOneField(Vendor, null=True, on_delete=models.CASCADE, related_name="enrolment")
    catalogue = models.CharField(max_length=64)
    uses = models.JSONField(default=list)  # of a domain

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(server__isnull=False, domain=None, vendor=None)
                | Q(server=None, domain__isnull=False, vendor=None)
                | Q(server=None, domain=None, vendor__isnull=False),
                name="enrolment_of_one",
            )
        ]


class WatchQuerySet(models.QuerySet["Watch"]):
    def running(self) -> "WatchQuerySet":
        """Those that are looked at: in the catalogue, and of what is active."""
        return self.filter(
            Q(server__state=SendingServer.State.ACTIVE)
            | Q(domain__state=Domain.State.ACTIVE)
            | Q(server=None, domain=None),
            is_running=True,
            vendor__state=Vendor.State.ACTIVE,
        )

    def by_dns(self) -> "WatchQuerySet":
        """Those of servers whose silence is our blindness: blocklists and reverse DNS. What a registry does not show,
        or a person has not looked up, is no blindness of a resolver."""
        by_dns = Q(check_id__startswith="dnsbl:") | Q(check_id="fcrdns")
        return self.filter(by_dns, server__isnull=False)

    def by_hand(self) -> "WatchQuerySet":
        """Those that a person has to look up."""
        return self.filter(check_id__startswith="attested:")

    def unchecked(self, now: datetime) -> "WatchQuerySet":
        """Of those by hand the ones that nobody's word stands for: it never came, or is too old."""
        return self.filter(Q(verdict=Verdict.UNKNOWN) | Q(next_action_at__lte=now))


class Watch(Duty):
    """One check of one subject, again and again: `check_id` is one of monitors.checks.

    The subject is a server, a domain, or the vendor itself where neither is set. The row holds the standing that the
    last readings amount to; each reading itself is in an Observation.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="watches")
    server = models.ForeignKey(SendingServer, null=True, on_delete=models.CASCADE, related_name="watches")
    domain = models.ForeignKey(Domain, null=True, on_delete=models.CASCADE, related_name="watches")
    check_id = models.CharField(max_length=60)
    is_running = models.BooleanField(default=True)  # False when the catalogue no longer has the list
    verdict = models.CharField(max_length=10, choices=VERDICTS, default=Verdict.UNKNOWN)
    result = models.CharField(max_length=40, default="not_looked_yet")
    sentence = models.TextField(default="Not looked yet.")
    since = models.DateTimeField()  # since when the verdict has been what it is
    looked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # the last reading that was not unknown
    clear_count = models.PositiveIntegerField(default=0)
    clear_since = models.DateTimeField(null=True)  # the first of the clear readings in a row
    clear_paths = models.JSONField(default=list)  # the resolver paths that gave them
    faults = models.JSONField(default=dict)  # adverse readings that count, by fault; see monitors.weighing
    rounds = models.PositiveIntegerField(default=0)  # readings so far; chooses the resolver path

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["server", "check_id"], name="watch_once"),
            models.UniqueConstraint(fields=["domain", "check_id"], name="watch_once_a_domain"),
            models.UniqueConstraint(
                fields=["vendor", "check_id"], condition=Q(server=None, domain=None), name="watch_once_a_vendor"
            ),
            models.CheckConstraint(condition=Q(server=None) | Q(domain=None), name="watch_of_one"),
        ]
        indexes = [
            models.Index(fields=["next_action_at"], name="watch_due", condition=Q(is_running=True)),
            models.Index(fields=["check_id", "verdict"], name="watch_by_check"),
        ]

    def __str__(self) -> str:
        return f"{self.check_id} of {self.server_id or self.domain_id or self.vendor_id}"

    @property
    def subject(self) -> Subject:
        """What is looked at."""
        return self.server or self.domain or self.vendor

    @property
    def is_suspected(self) -> bool:
        """Whether a fault was seen that is not confirmed, or an open finding rests upon."""
        return bool(self.faults)


class Observation(models.Model):
    """A run of like readings through one resolver path: what was asked and answered, word for word, the first time.

    A reading that says the same as the one before it on its path is folded into that one's row: `count` grows and
    `last_at` moves. Readings that confirm a suspicion, and the first ones after a gap, have rows of their own
    (monitors.folding), so a row claims nothing of times at which nobody looked.
    """

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="observations")
    path = models.CharField(max_length=60)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)
    is_latest = models.BooleanField(default=True)  # of its watch and path: what the next reading is compared with
    likeness = models.CharField(max_length=16)  # the same for readings that say the same
    verdict = models.CharField(max_length=10, choices=VERDICTS)
    result = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    sentence = models.TextField()
    is_proved = models.BooleanField()  # the list was shown to work on this path in the same round
    codes = models.JSONField(default=list)
    meanings = models.JSONField(default=list)  # a phrase for each code
    text = models.JSONField(default=list)
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "path"], condition=Q(is_latest=True), name="observation_one_latest"
            )
        ]
        indexes = [
            # Rows that still grow are left out: their last moment changes with every look.
            models.Index(fields=["last_at"], name="observation_by_age", condition=Q(is_latest=False)),
        ]
