"""PolicyVersion: the policy as it is, was, or is about to be."""

import hashlib
import json
from datetime import datetime

from django.db import models
from django.db.models import Q

from policies.clauses import Clause
from policies.difference import Wording
from policies.thresholds import Thresholds
from policies.wording import filled


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def published(self) -> "PolicyVersionQuerySet":
        return self.filter(state=PolicyVersion.State.PUBLISHED)

    def effective(self, at: datetime) -> "PolicyVersionQuerySet":
        """Published, and the moment from which it counts has come. The last one is in force, the others were."""
        return self.published().filter(effective_at__lte=at)

    def material(self) -> "PolicyVersionQuerySet":
        return self.filter(kind=PolicyVersion.Kind.MATERIAL)


class PolicyVersion(models.Model):
    """One version of the policy. Triggers refuse any change of a published one, and its removal.

    A draft has no number: it gets the next one when it is published, so that numbers have no gaps. The clauses keep
    their thresholds in braces; `text` is the whole as people read it, and what `sha256` is of.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        DISCARDED = "discarded", "Discarded"

    MOVES = {State.DRAFT: frozenset({State.PUBLISHED, State.DISCARDED})}

    class Kind(models.TextChoices):
        EDITORIAL = "editorial", "Editorial"
        MATERIAL = "material", "Material"

    number = models.PositiveIntegerField(null=True, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=120)
    clauses = models.JSONField()  # in their order: {"id", "title", "text"}
    thresholds = models.JSONField()  # policies.thresholds.Thresholds
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    changed = models.JSONField(default=list)  # ids of the clauses that differ from the version before
    note = models.TextField(blank=True)  # what changes, for vendors
    effective_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField()
    begun_by_name = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)
    published_by_name = models.CharField(max_length=200, blank=True)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="draft"), name="policy_one_draft"),
            models.CheckConstraint(
                condition=Q(state="published", number__isnull=False, effective_at__isnull=False)
                | ~Q(state="published") & Q(number=None),
                name="policy_number_when_published",
            ),
        ]

    def __str__(self) -> str:
        if self.state == self.State.PUBLISHED:
            return f"version {self.number} of the policy"
        return "the draft of the policy" if self.state == self.State.DRAFT else "a discarded draft of the policy"

    @property
    def limits(self) -> Thresholds:
        """The thresholds, as numbers that are within their bounds."""
        return Thresholds.of(self.thresholds)

    @property
    def written(self) -> tuple[Clause, ...]:
        """The clauses as they are edited, thresholds in braces."""
        return tuple(Clause(one["id"], one["title"], one["text"]) for one in self.clauses)

    @property
    def read(self) -> tuple[Clause, ...]:
        """The clauses as people read them."""
        return filled(self.written, self.limits)

    @property
    def wording(self) -> Wording:
        """For a comparison with another version."""
        return Wording(self.title, self.written, self.limits)

    @property
    def fingerprint(self) -> str:
        """Of all that can be edited: whoever publishes says with it which draft they looked at."""
        content = [self.title, [[one.id, one.title, one.text] for one in self.written], self.limits.stored()]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
