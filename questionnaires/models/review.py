"""What is said of a submission: Comment, Return, Waiver, SectionLook; how it ends: Signature, Decision."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from policies.models import PolicyVersion
from questionnaires.models.submission import Submission


class Comment(models.Model):
    """A sentence about one answer, or about the submission. Internal ones are the desk's own."""

    class Audience(models.TextChoices):
        SHARED = "shared", "Vendor and desk"
        INTERNAL = "internal", "Desk only"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="comments")
    code = models.CharField(max_length=10, blank=True)
    row = models.CharField(max_length=32, blank=True)
    audience = models.CharField(max_length=10, choices=Audience)
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    is_from_desk = models.BooleanField()

    class Meta:
        ordering = ["at", "pk"]


class Return(models.Model):
    """One answer sent back with a comment: it unlocks, while the rest stays as signed."""

    class State(models.TextChoices):
        NOTED = "noted", "Noted by the reviewer"  # not yet sent to the vendor
        OPEN = "open", "With the vendor"
        ANSWERED = "answered", "Answered"
        DROPPED = "dropped", "Taken back"

    MOVES = {
        State.NOTED: frozenset({State.OPEN, State.DROPPED}),
        State.OPEN: frozenset({State.ANSWERED}),
        State.ANSWERED: frozenset({State.OPEN}),  # the vendor took back what it had signed
    }

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="returns")
    code = models.CharField(max_length=10)
    row = models.CharField(max_length=32, blank=True)
    round = models.PositiveSmallIntegerField()
    comment = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.NOTED)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "code", "row", "round"],
                name="answer_returned_once_a_round",
                condition=~Q(state="dropped"),
            )
        ]


class Waiver(models.Model):
    """IT lets a stop rule pass, for a reason and until a day. It is printed in the letter as a condition."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="waivers")
    rule = models.CharField(max_length=40)
    row = models.CharField(max_length=32, blank=True)
    reason = models.TextField()
    until = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]


class SectionLook(models.Model):
    """A reviewer has looked at a section of this round."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="section_looks")
    section = models.CharField(max_length=5)
    round = models.PositiveSmallIntegerField()
    remark = models.TextField(blank=True)  # what the reviewer says to the warnings of it
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "section", "round"], name="section_looked_at_once_a_round")
        ]


class Signature(models.Model):
    """One signing: the canonical snapshot of what was signed, and who signed it how. Never changed; only the copy is
    added to it, once.

    `seal` is SHA-256 over the ordered fields of snapshot.py; `content_hash` over the snapshot; both are in the journal.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="signatures")
    round = models.PositiveSmallIntegerField()
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    snapshot = models.TextField()  # canonical JSON
    content_hash = models.CharField(max_length=64)
    promises = models.JSONField()  # the exact texts that were ticked on the signing page, consent among them
    name = models.CharField(max_length=200)  # as typed
    title = models.CharField(max_length=200)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="signatures")
    email = models.EmailField()
    ip = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    proved_at = models.DateTimeField()  # when the second factor, or where none is required the password, was given
    proof = models.CharField(max_length=40)  # "totp", "webauthn", "recovery_codes", "password"
    at = models.DateTimeField()
    seal_lines = models.JSONField()  # what the seal is the SHA-256 of, line by line
    seal = models.CharField(max_length=64)
    copy_place = models.CharField(max_length=200, blank=True)  # the signed copy as PDF, below settings.MEDIA_ROOT
    copy_sha256 = models.CharField(max_length=64, blank=True)
    copy_due_at = models.DateTimeField(
        null=True, db_index=True
    )  # when it is tried (again) to make it; null: it is there

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "round"], name="signed_once_a_round")]

    def __str__(self) -> str:
        return f"the signature of {self.submission.number}, round {self.round}"

    @property
    def picture(self) -> dict[str, Any]:
        """What was signed, as picture.py drew it."""
        return dict(json.loads(self.snapshot))


class Decision(models.Model):
    """What somebody at the desk decided of one round. With four eyes an acceptance takes two people."""

    class Kind(models.TextChoices):
        RECOMMEND = "recommend", "First acceptance"
        ACCEPT = "accept", "Accepted"
        RETURN = "return", "Sent back"
        DECLINE = "decline", "Declined"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.TextField(blank=True)  # to the vendor
    conditions = models.JSONField(default=list)  # of an acceptance, each {text, due}
    flags = models.JSONField(default=list)  # of a first acceptance: which rules spoke, each [rule, row]
    voided_at = models.DateTimeField(null=True)  # of a first acceptance: since a waiver changed, it counts no more
    reopens = models.JSONField(default=list)  # of a return: codes that cite what an amendment changed since the signing
    asked_under = models.PositiveIntegerField(default=0)  # of a return: the version up to which `reopens` asks
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
