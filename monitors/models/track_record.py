"""TrackRecord: a vendor's standing over time in figures, counted now and then so that a list can sort by them."""

from django.db import models

from vendors.models import Vendor


class TrackRecord(models.Model):
    """What monitors.tallying last counted for a vendor, at `counted_at`, of the last 30 and 90 days.

    Uptimes are shares of the time seen, None when nothing was seen; `unseen` are the shares of the checks' time that
    was not. It can be counted anew at any time and decides nothing.
    """

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="track_record")
    counted_at = models.DateTimeField()
    uptime_30 = models.FloatField(null=True)
    uptime_90 = models.FloatField(null=True)
    unseen_30 = models.FloatField(null=True)  # None when nothing was to be looked at
    unseen_90 = models.FloatField(null=True)
    cleared = models.PositiveIntegerField(default=0)  # findings that were closed in the 90 days
    median_to_clear = models.FloatField(null=True)  # s from opened to closed, of those

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["counted_at"], name="track_record_by_age")]

    def __str__(self) -> str:
        return f"the track record of vendor {self.vendor_id}"
