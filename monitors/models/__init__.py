"""What we saw, as rows: one file a subject."""

from monitors.models.attestation import Attestation, AttestationQuerySet
from monitors.models.delisting import Delisting
from monitors.models.finding import Finding, FindingQuerySet
from monitors.models.sight import Allowance, Quarantine, Sight
from monitors.models.watch import SEVERITIES, VERDICTS, Enrolment, Observation, Subject, Watch, WatchQuerySet

__all__ = [
    "SEVERITIES",
    "VERDICTS",
    "Allowance",
    "Attestation",
    "AttestationQuerySet",
    "Delisting",
    "Enrolment",
    "Finding",
    "FindingQuerySet",
    "Observation",
    "Quarantine",
    "Sight",
    "Subject",
    "Watch",
    "WatchQuerySet",
]
