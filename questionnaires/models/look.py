"""Look: what the machine saw of something that a vendor typed, before anybody accepted it."""

from django.db import models

from engine.models import Duty
from vendors.models import Vendor


class Look(Duty):
    """One server, domain, header address or web page of a vendor's form, and what was seen of it.

    `checks` are [{id, verdict, word, sentence, cure, clause}], worst first; `facts` are what the form may use in the
    vendor's place ({"registrant": "Example Ltd", …}). `looked_at` is null while nothing was seen yet.
    """

    class Subject(models.TextChoices):
        SERVER = "server", "Sending server"
        DOMAIN = "domain", "Domain"
        HEADER = "header", "Header address"
        WEBSITE = "website", "Website"
        OPT_OUT = "opt_out", "Opt-out page"

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="looks")
    kind = models.CharField(max_length=10, choices=Subject)
    subject = models.CharField(max_length=1000)  # an address or network, a name, an email address, a URL
    helo = models.CharField(max_length=253, blank=True)
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    checks = models.JSONField(default=list)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "kind", "subject", "helo"], name="one_look_a_subject")]
        indexes = [models.Index(fields=["next_action_at"], name="look_due")]

    @property
    def is_under_way(self) -> bool:
        """Asked for, and not taken since. A look that comes again by itself is not: what was seen stands meanwhile."""
        return self.next_action_at is not None and self.next_action_at <= self.asked_at

    def __str__(self) -> str:
        return f"{self.get_kind_display().lower()} {self.subject} of vendor {self.vendor_id}"
