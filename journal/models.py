"""The journal's two tables: the entries, and the head that makes positions gapless."""

import hashlib
import json
from typing import Any

from django.db import models

GENESIS = "0" * 64


class Entry(models.Model):
    """One thing that happened. Triggers refuse UPDATE and DELETE; the hash chain shows what got past them.

    `hash` is SHA-256, in hex, over the previous entry's hash and the canonical JSON of this row. Entries name people
    by id and role where they can, so that erasing a person needs no rewriting.
    """

    position = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    ip = models.CharField(max_length=45, blank=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["object_type", "object_id", "position"], name="journal_of_object")]

    def __str__(self) -> str:
        return f"{self.position}: {self.object_type} {self.object_id} {self.verb}"

    def digest(self) -> str:
        """The hash that this row should carry."""
        facts: dict[str, Any] = {
            "position": self.position,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "ip": self.ip,
            "verb": self.verb,
            "object": [self.object_type, self.object_id],
            "before": self.before,
            "after": self.after,
            "why": self.why,
        }
        canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256((self.previous_hash + canonical).encode()).hexdigest()


class Head(models.Model):
    """The last position and hash, one row; locking it is what makes the chain gapless."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="journal_one_head")]
