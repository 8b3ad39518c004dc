"""HaltOrder and its acknowledgements."""

import re
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from engine.models import Duty
from monitors.models import Finding
from vendors.models import Contact, SendingServer, Vendor

NUMBER = re.compile(r"H-([1-9]\d{3})-(0\d{3}|[1-9]\d{3,14})", re.ASCII)


class HaltOrderQuerySet(models.QuerySet["HaltOrder"]):
    def numbered(self, number: str) -> "HaltOrderQuerySet":
        """The order that people call by this number, H-2026-0041; none for another year or another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(issued_at__year=int(said[1]), pk=int(said[2])) if said else self.none()

    def standing(self) -> "HaltOrderQuerySet":
        """In force: issued or acknowledged, not lifted."""
        return self.exclude(state=HaltOrder.State.LIFTED)

    def about(self, about: str) -> "HaltOrderQuerySet":
        """The order that a letter or a link is about, when it is about an order."""
        kind, _, number = about.partition(":")
        return self.filter(pk=int(number)) if kind == "halt" and number.isdecimal() else self.none()

    def unanswered(self) -> "HaltOrderQuerySet":
        return self.filter(state=HaltOrder.State.ISSUED)


class HaltOrder(Duty):
    """An instruction to a vendor to stop mailing in the advertiser's name, in force until it is lifted (R12)."""

    class State(models.TextChoices):
        ISSUED = "issued", "No answer"
        ACKNOWLEDGED = "acknowledged", "Answered"
        LIFTED = "lifted", "Lifted"

    MOVES = {
        State.ISSUED: frozenset({State.ACKNOWLEDGED, State.LIFTED}),
        State.ACKNOWLEDGED: frozenset({State.LIFTED}),
    }

    class Scope(models.TextChoices):
        SERVER = "server", "One server"
        VENDOR = "vendor", "The whole vendor"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="halt_orders")
    scope = models.CharField(max_length=10, choices=Scope)
    server = models.ForeignKey(SendingServer, null=True, blank=True, on_delete=models.PROTECT)
    finding = models.ForeignKey(Finding, null=True, on_delete=models.PROTECT, related_name="halt_orders")
    reason = models.TextField()  # one or more sentences, as the vendor reads them
    clause = models.CharField(max_length=10)
    code = models.CharField(max_length=9)  # read back over the telephone
    state = models.CharField(max_length=15, choices=State, default=State.ISSUED)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_by_name = models.CharField(max_length=200)
    idempotency_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001  NULLs may repeat, '' may not
    step = models.PositiveIntegerField(default=0)  # steps already taken on the ladder
    acknowledged_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)
    lift_reason = models.TextField(blank=True)

    objects = HaltOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["finding"], condition=~Q(state="lifted"), name="order_one_standing_a_finding"
            ),
            models.CheckConstraint(
                condition=Q(scope="vendor", server=None) | Q(scope="server", server__isnull=False),
                name="order_scope_and_server",
            ),
        ]
        indexes = [
            models.Index(fields=["next_action_at"], name="order_due", condition=Q(state="issued")),
            models.Index(fields=["state", "-issued_at"], name="order_by_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it: H-2026-0041."""
        return f"H-{self.issued_at:%Y}-{self.pk:04d}"

    @property
    def spoken_code(self) -> str:
        """The code in two groups, as it is read over the telephone."""
        return f"{self.code[:4]} {self.code[4:]}"

    @property
    def about(self) -> str:
        """The subject under which its letters and links stand."""
        return f"halt:{self.pk}"


class Acknowledgement(models.Model):
    """Somebody said that they have the authority and are stopping. Every one is kept; the first one counts."""

    order = models.ForeignKey(HaltOrder, on_delete=models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField()
    name = models.CharField(max_length=200)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL)
    channel = models.CharField(max_length=20)  # link
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["at", "pk"]
