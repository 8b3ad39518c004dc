"""Submission, and what the vendor puts into it: Sheet, Save, Evidence, Assignment."""

import re
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from policies.models import PolicyVersion
from questionnaires.definition import Definition
from questionnaires.definition_file import load
from vendors.models import Vendor

NUMBER = re.compile(r"S-([1-9]\d{3})-(0\d{3}|[1-9]\d{3,14})", re.ASCII)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def numbered(self, number: str) -> "SubmissionQuerySet":
        """The one that people call by this number, S-2026-0125; none for another year or another spelling."""
        said = NUMBER.fullmatch(number)
        return self.filter(created_at__year=int(said[1]), pk=int(said[2])) if said else self.none()

    def open(self) -> "SubmissionQuerySet":
        """Not ended: somebody, the vendor or the desk, still has to do something."""
        return self.filter(state__in=Submission.OPEN)

    def with_vendor(self) -> "SubmissionQuerySet":
        """The vendor's turn."""
        return self.filter(state__in=Submission.EDITABLE)

    def with_desk(self) -> "SubmissionQuerySet":
        """The desk's turn."""
        return self.filter(state__in=[Submission.State.SUBMITTED, Submission.State.IN_REVIEW])


class Submission(models.Model):
    """One exhibit of one vendor, from the first answer to the decision."""

    class State(models.TextChoices):
        DRAFT = "draft", "In progress"
        SUBMITTED = "submitted", "Signed and sent"
        IN_REVIEW = "in_review", "In review"
        RETURNED = "returned", "Sent back"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    MOVES = {
        State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN, State.ACCEPTED}),
        State.SUBMITTED: frozenset({State.IN_REVIEW, State.DRAFT, State.RETURNED, State.WITHDRAWN}),
        State.IN_REVIEW: frozenset({State.RETURNED, State.ACCEPTED, State.DECLINED}),
        State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    }
    EDITABLE = (State.DRAFT, State.RETURNED)
    OPEN = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED)

    class Reason(models.TextChoices):
        """Why it was begun."""

        FIRST = "first", "First application"
        ADDITION = "addition", "Additions to a list"
        RENEWAL = "renewal", "Renewal"
        AMENDMENT = "amendment", "The policy changed"
        CHANGE = "change", "Something changed"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="submissions")
    exhibit = models.CharField(max_length=1, choices=[("A", "Exhibit A"), ("B", "Exhibit B")])
    version = models.PositiveSmallIntegerField()  # of the definition
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.FIRST)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)  # how often it was, or is to be, signed
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    amendment = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    touched_at = models.DateTimeField()  # when the vendor last did something to it
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["vendor"],
                name="one_open_exhibit_a_a_vendor",
                condition=Q(exhibit="A", state__in=["draft", "submitted", "in_review", "returned"]),
            )
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="submission_by_state"),
            models.Index(fields=["state", "touched_at"], name="submission_untouched"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, Exhibit {self.exhibit} of {self.vendor}"

    @property
    def number(self) -> str:
        """As people say it: S-2026-0125."""
        return f"S-{self.created_at.year}-{self.pk:04d}"

    @property
    def about(self) -> str:
        """What its letters and links are about."""
        return f"submission:{self.pk}"

    @property
    def definition(self) -> Definition:
        return load(self.exhibit, self.version)

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE


class Sheet(models.Model):
    """What was typed on one page of a form, or in one row of a repeated page.

    `typed` is what the form posted ({html name: [texts]}), whatever it was worth; `values` is what of it is clean, by
    code. `revision` counts saves: whoever saves over a revision that they have not seen is shown both.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="sheets")
    step = models.CharField(max_length=40)
    row = models.CharField(max_length=32, blank=True)  # empty: the page itself
    position = models.PositiveIntegerField(default=0)  # of the row on its page
    typed = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    unconfirmed = models.JSONField(default=list)  # codes carried over, that the vendor has yet to say are still right
    revision = models.PositiveIntegerField(default=0)
    editor = models.CharField(max_length=40, blank=True)  # the open page that saved last
    sent_ms = models.BigIntegerField(default=0)  # when it sent that, by its own clock; 0: it did not say
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["step", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "step", "row"], name="one_sheet_a_row")]


class Save(models.Model):
    """One save of a sheet, kept for ever: who typed what, when. One that lost a race is kept too, and marked."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="saves")
    step = models.CharField(max_length=40)
    row = models.CharField(max_length=32, blank=True)
    revision = models.PositiveIntegerField()  # that it made, or would have made
    typed = models.JSONField()
    has_lost = models.BooleanField(default=False)
    is_removal = models.BooleanField(default=False)  # of the row
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["submission", "step", "row"], name="save_of_sheet")]


class Evidence(models.Model):
    """A file that proves an answer. Removing it hides it; once signed over, it stays for ever."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="evidence")
    code = models.CharField(max_length=10)
    row = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    place = models.CharField(max_length=200)  # below settings.MEDIA_ROOT; random, without the file's own name
    facts = models.JSONField(default=dict)  # what reading a sample told, as facts.py names it; "sentences" for people
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)
    is_signed = models.BooleanField(null=True)  # of what was removed: a snapshot names it; null while nobody looked

    class Meta:
        ordering = ["added_at", "pk"]
        indexes = [
            models.Index(fields=["submission", "code", "row"], name="evidence_of_answer"),
            models.Index(fields=["removed_at"], name="evidence_removed", condition=Q(is_signed=None)),
        ]

    @property
    def sentences(self) -> list[str]:
        """What reading the file found, for people."""
        return list(self.facts.get("sentences", ()))


class Assignment(models.Model):
    """Who of the vendor's people was asked to fill in a section."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="assignments")
    section = models.CharField(max_length=5)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "section"], name="section_assigned_once")]
