"""Delivery (the outbox), Attempt (each try, append-only) and Link (what the holder of a mail may do without signing
in)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from engine.models import Duty
from vendors.models import Contact


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.DUE)

    def about(self, about: str) -> "DeliveryQuerySet":
        return self.filter(about=about)


class Delivery(Duty):
    """One letter to one address. `facts` are frozen when it is written; the text is kept as sent, its link masked."""

    class State(models.TextChoices):
        DUE = "due", "Waiting"
        SENT = "sent", "Accepted by the mail server"
        DEAD = "dead", "Given up"
        CANCELLED = "cancelled", "No longer needed"

    MOVES = {
        State.DUE: frozenset({State.SENT, State.DEAD, State.CANCELLED}),
        State.DEAD: frozenset({State.DUE, State.CANCELLED}),
    }

    class Priority(models.IntegerChoices):
        ORDER = 0
        STAFF = 5
        ORDINARY = 9

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(max_length=400, unique=True)  # what makes it the same letter to the same person
    about = models.CharField(max_length=60, db_index=True)  # "halt:41", "sight:3"
    letter = models.CharField(max_length=40)
    facts = models.JSONField()
    to_name = models.CharField(max_length=200, blank=True)
    to_email = models.EmailField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL)
    link_purpose = models.CharField(max_length=30, blank=True)  # a Link for this is put into the letter
    enclosures = models.JSONField(default=list)  # each {name, place, media_type}; `place` is one of notices/files.py
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ORDINARY)
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    message_id = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    tried_since = models.DateTimeField()  # given up a day after this; a person who has it tried again sets it anew
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    unwanted = models.TextField(blank=True)  # why it need not leave any more, said while somebody was at it
    sent_at = models.DateTimeField(null=True)
    sent_subject = models.CharField(max_length=255, blank=True)
    sent_text = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["priority", "next_action_at"], name="delivery_due", condition=Q(state="due")),
            models.Index(fields=["state", "-created_at"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.letter} to {self.to_email}"


class Attempt(models.Model):
    """One try at a delivery: when, how long, and what the other side said."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    accepted = models.BooleanField()
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["started_at", "pk"]


class Link(models.Model):
    """The right to do one thing about one subject, held by whoever has the 256-bit token; stored as its SHA-256
    only."""

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=30)
    about = models.CharField(max_length=60, db_index=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL)
    holder_name = models.CharField(max_length=200, blank=True)
    holder_email = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
