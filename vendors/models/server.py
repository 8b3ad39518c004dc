"""SendingServer and Domain: from where, and in which names, a vendor sends for us."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from vendors.models.vendor import Vendor


class SendingServerQuerySet(models.QuerySet["SendingServer"]):
    def active(self) -> "SendingServerQuerySet":
        return self.filter(state=SendingServer.State.ACTIVE, vendor__state=Vendor.State.ACTIVE)


class SendingServer(models.Model):
    """An SMTP server from which a vendor sends for us, by its exact address."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    MOVES = {State.ACTIVE: frozenset({State.RETIRED}), State.RETIRED: frozenset({State.ACTIVE})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="servers")
    address = models.GenericIPAddressField(unpack_ipv4=True)
    hostname = models.CharField(max_length=253, blank=True)
    helo = models.CharField(max_length=253, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()

    objects = SendingServerQuerySet.as_manager()

    class Meta:
        ordering = ["address", "pk"]
        constraints = [models.UniqueConstraint(fields=["vendor", "address"], name="server_address_once_a_vendor")]

    def __str__(self) -> str:
        return f"{self.hostname or self.address} ({self.address})" if self.hostname else str(self.address)


class DomainQuerySet(models.QuerySet["Domain"]):
    def active(self) -> "DomainQuerySet":
        return self.filter(state=Domain.State.ACTIVE, vendor__state=Vendor.State.ACTIVE)


class Domain(models.Model):
    """A domain that a vendor uses when it sends for us, as A-labels: declared, or met in the DNS of its servers.

    `uses` says for what: header (From, Reply-To), return_path, dkim, link, and dns for the forward and reverse names of
    its servers. One that was only met is not declared; it is watched all the same (O8, R7).
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    class Use(models.TextChoices):
        HEADER = "header", "Addresses in headers"
        RETURN_PATH = "return_path", "Return-Path"
        DKIM = "dkim", "DKIM signatures"
        LINK = "link", "Links and pictures"
        DNS = "dns", "Names of servers"

    MOVES = {State.ACTIVE: frozenset({State.RETIRED}), State.RETIRED: frozenset({State.ACTIVE})}

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)
    uses = models.JSONField(default=list)
    selectors = models.JSONField(default=list)  # of DKIM keys, as far as they are known
    opt_out_url = models.URLField(max_length=1000, blank=True)  # where the vendor says that people opt out
    is_declared = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()

    objects = DomainQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name"], name="domain_once_a_vendor"),
            models.CheckConstraint(condition=~Q(name=""), name="domain_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def uses_shown(self) -> list[str]:
        """What it is used for, in words."""
        return [str(Domain.Use(use).label) for use in self.uses]
