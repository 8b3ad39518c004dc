"""What we saw, as rows: one file a subject."""

from monitors.models.attestation import Attestation, AttestationQuerySet
from monitors.models.delisting import Delisting
from monitors.models.evidence import ELEMENTS, Document, EvidenceRequest, Grant
from monitors.models.finding import Finding, FindingQuerySet
from monitors.models.list_entry import ListEntry
from monitors.models.sight import Allowance, Quarantine, Sight
from monitors.models.track_record import TrackRecord
from monitors.models.watch import SEVERITIES, VERDICTS, Enrolment, Observation, Subject, Watch, WatchQuerySet

__all__ = [
    "ELEMENTS",
    "SEVERITIES",
    "VERDICTS",
    "Allowance",
    "Attestation",
    "AttestationQuerySet",
    "Delisting",
    "Document",
    "Enrolment",
    "EvidenceRequest",
    "Finding",
    "FindingQuerySet",
    "Grant",
    "ListEntry",
    "Observation",
    "Quarantine",
    "Sight",
    "Subject",
    "TrackRecord",
    "Watch",
    "WatchQuerySet",
]
