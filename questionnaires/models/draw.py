"""Proof by sample (B8): Draw, the rows that were drawn by lot, and Verdict, what a reviewer found of their proof."""

from django.conf import settings
from django.db import models

from questionnaires.models.submission import Submission


class Draw(models.Model):
    """Rows of the new addresses, drawn by lot. The newest of a submission counts; the others stay on record.

    `sources` are [{row, code, count}] in the order of the form, as they stood when it was drawn: rows are counted
    through all of them, 1 to `total`. Drawing is done again from `seed` by sampling.py; a wider draw keeps its seed.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="draws")
    seed = models.CharField(max_length=64)
    total = models.PositiveBigIntegerField()
    size = models.PositiveSmallIntegerField()  # rows asked for; there are fewer numbers when the list is shorter
    numbers = models.JSONField()
    sources = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["at", "pk"]


class Verdict(models.Model):
    """What a reviewer found of the proof in one round: the rows drawn that lack it without an explanation."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="verdicts")
    round = models.PositiveSmallIntegerField()
    failed = models.JSONField()  # numbers of rows
    words = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
