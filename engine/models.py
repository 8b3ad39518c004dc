"""The heartbeat of each stage, and the columns that make a row a duty."""

from django.db import models


class Duty(models.Model):
    """A row that something must be done about at `next_action_at`; None means nothing is due.

    `lease_token` says who has it until `lease_until`; a worker that dies leaves a lease that lapses.
    """

    next_action_at = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class Cycle(models.Model):
    """One row a stage: when its last sweep began and ended, and what it saw."""

    stage = models.CharField(max_length=30, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    claimed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    oldest_due_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.stage
