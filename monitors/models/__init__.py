"""What we saw, as rows: one file a subject."""

from monitors.models.finding import Finding, FindingQuerySet
from monitors.models.list_entry import ListEntry
from monitors.models.sight import Allowance, Quarantine, Sight
from monitors.models.track_record import TrackRecord
from monitors.models.watch import SEVERITIES, VERDICTS, Enrolment, Observation, Subject, Watch, WatchQuerySet

__all__ = [
    "SEVERITIES",
    "VERDICTS",
    "Allowance",
    "Enrolment",
    "Finding",
    "FindingQuerySet",
    "ListEntry",
    "Observation",
    "Quarantine",
    "Sight",
    "Subject",
    "TrackRecord",
    "Watch",
    "WatchQuerySet",
]
