"""ListEntry: what people at the desk changed in the catalogue of blocklists."""

from django.db import models


class ListEntry(models.Model):
    """One blocklist's entry as the desk has it, laid over the operator's file and the built-in catalogue.

    `fields` are those of a [[blocklist]] table (monitors.catalogue), without its id and without keys, which stand in
    SLUICE_BLOCKLIST_KEYS alone.
    """

    list_id = models.CharField(max_length=60, unique=True)
    fields = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"entry of {self.list_id}"
