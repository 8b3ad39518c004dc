"""Reminder: that something was told, so that it is told once."""

from django.db import models


class Reminder(models.Model):
    """Of what, and of which row, stands in `key`. It is written in one transaction with the letters that it is about;
    of two that try at once, one wins."""

    key = models.CharField(max_length=400, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.key
