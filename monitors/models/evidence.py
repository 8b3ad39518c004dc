"""EvidenceRequest, Document, Grant: what a registration does not show, what was supplied for it, what is let stand."""

import re
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from monitors.probes import holder
from monitors.probes.holder_tables import CALLED
from vendors.models import Domain, Vendor

NUMBER = re.compile(r"E-(0\d{3}|[1-9]\d{3,14})", re.ASCII)
ELEMENTS = tuple(CALLED)  # name, email, phone, address


class EvidenceRequestQuerySet(models.QuerySet["EvidenceRequest"]):
    def numbered(self, number: str) -> "EvidenceRequestQuerySet":
        """The request that people call by this number, E-0012; none for another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(pk=int(said[1])) if said else self.none()

    def live(self) -> "EvidenceRequestQuerySet":
        """Those that wait for somebody."""
        return self.filter(state__in=EvidenceRequest.LIVE)

    def with_desk(self) -> "EvidenceRequestQuerySet":
        """Those that wait for us: answered, or past their day without an answer."""
        return self.filter(state__in=[EvidenceRequest.State.ANSWERED, EvidenceRequest.State.OVERDUE])

    def of(self, vendor: Vendor) -> "EvidenceRequestQuerySet":
        return self.filter(domain__vendor=vendor)


class EvidenceRequest(models.Model):
    """We asked the vendor to show in a domain's registration who it is, or to prove it in another way (R7).

    At most one is live for a domain. It ends by itself when the registration is met, in whatever way. It is no finding
    and becomes none: what is withheld is not a fault.
    """

    class State(models.TextChoices):
        OPEN = "open", "With the vendor"
        OVERDUE = "overdue", "Overdue"
        ANSWERED = "answered", "Answered"
        SETTLED = "settled", "Settled"
        DROPPED = "dropped", "No longer asked"

    LIVE = (State.OPEN, State.OVERDUE, State.ANSWERED)
    MOVES = {
        State.OPEN: frozenset({State.OVERDUE, State.ANSWERED, State.SETTLED, State.DROPPED}),
        State.OVERDUE: frozenset({State.OPEN, State.ANSWERED, State.SETTLED, State.DROPPED}),
        State.ANSWERED: frozenset({State.OPEN, State.SETTLED, State.DROPPED}),
    }

    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="evidence_requests")
    asked = models.JSONField()  # per element {element, state, sentence, cure}, as it was seen when we asked
    words = models.TextField(blank=True)  # what staff wrote to it, when they asked (again)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()  # the last time
    due_on = models.DateField()
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(blank=True)  # why it ended

    objects = EvidenceRequestQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                condition=Q(state__in=["open", "overdue", "answered"]),
                name="evidence_request_one_live",
            )
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="evidence_request_due")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it: E-0012."""
        return f"E-{self.pk:04d}"

    @property
    def about(self) -> str:
        """The subject under which its letters stand."""
        return f"evidence:{self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def elements(self) -> list[str]:
        return [one["element"] for one in self.asked]


class Document(models.Model):
    """What was supplied to a request: a file with what it shows, or words alone. Never changed."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="documents")
    elements = models.JSONField()  # what it is to show: some of ELEMENTS
    note = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=200, blank=True)  # see notices.files
    is_from_desk = models.BooleanField(default=False)  # the vendor sent it in another way, and staff put it here
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(place="") | ~Q(note=""), name="document_is_a_file_or_a_note"),
            models.UniqueConstraint(fields=["request", "sha256"], condition=~Q(sha256=""), name="document_once"),
        ]

    def __str__(self) -> str:
        return self.file_name or f"a note by {self.by_name}"


class GrantQuerySet(models.QuerySet["Grant"]):
    def standing(self) -> "GrantQuerySet":
        return self.filter(state=Grant.State.STANDING)

    def live(self) -> "GrantQuerySet":
        """Those that stand, or wait for a second person."""
        return self.filter(state__in=Grant.LIVE)

    def of(self, vendor: Vendor) -> "GrantQuerySet":
        return self.filter(domain__vendor=vendor)


class Grant(models.Model):
    """What staff let stand for one element of one record, until a day: an exception, or evidence that was accepted.

    It holds for the record that it was given for: when registrant, registrar or name servers are others, it has lapsed,
    and stays so should they come back.
    """

    class Kind(models.TextChoices):
        WAIVED = "waived", "Exception"
        DOCUMENTED = "documented", "Evidence accepted"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        STANDING = "standing", "Stands"
        LAPSED = "lapsed", "Ended: the record changed"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn"

    LIVE = (State.PROPOSED, State.STANDING)
    MOVES = {
        State.PROPOSED: frozenset({State.STANDING, State.LAPSED, State.EXPIRED, State.WITHDRAWN}),
        State.STANDING: frozenset({State.LAPSED, State.EXPIRED, State.WITHDRAWN}),
    }

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="grants")
    request = models.ForeignKey(EvidenceRequest, null=True, on_delete=models.PROTECT, related_name="grants")
    element = models.CharField(max_length=10)  # one of ELEMENTS
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    approved_by = models.CharField(max_length=200)  # the name, with four eyes both
    first_eyes = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    granted_at = models.DateTimeField()
    expires_on = models.DateField()  # from this day on it does not hold
    record_hash = models.CharField(max_length=64)  # of monitors.probes.holder.record_hash
    compared_at = models.DateTimeField(null=True)  # the look whose record it was last held against
    state = models.CharField(max_length=10, choices=State, default=State.STANDING)
    reminded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(blank=True)  # why it ended

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "element"], condition=Q(state="standing"), name="grant_one_standing"
            ),
            models.UniqueConstraint(
                fields=["domain", "element"], condition=Q(state="proposed"), name="grant_one_proposed"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="grant_live", condition=Q(state__in=["proposed", "standing"]))
        ]

    def __str__(self) -> str:
        return f"{self.called} of {self.domain}"

    @property
    def called(self) -> str:
        """The element as people call it: telephone number."""
        return CALLED[self.element]

    def holds(self, day: date) -> bool:
        return self.state == self.State.STANDING and day < self.expires_on

    def value(self) -> holder.Grant:
        """As the judging of a registration reads it."""
        return holder.Grant(self.element, self.kind, self.expires_on, self.record_hash)
