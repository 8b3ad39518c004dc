"""A domain whose registration does not show its vendor, as rows: what was read, what was asked, supplied and let stand.
For pages; tests/monitors has looks at the lab's registry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from journal.actor import ENGINE, Actor
from monitors import evidence
from monitors.models import Document, EvidenceRequest, Grant, Observation, Watch
from monitors.probes.holder_tables import CALLED, CURES, OPEN_IT
from monitors.shown import Shown
from tests.submissions import PDF
from vendors.models import Domain, Vendor

RECORD = "5eed" * 16
WHY = {
    "valid": "The {called} is shown.",
    "redacted": "The {called} is withheld, says the registry's RDAP server.",
    "missing": "The registration has no {called}, and nothing says that one is withheld.",
}


@dataclass(frozen=True, slots=True)
class Trail:
    domain: Domain
    watch: Watch
    request: EvidenceRequest
    document: Document
    grant: Grant


def make_domain(vendor: Vendor, name: str = "alder.example", *, at: datetime | None = None) -> Domain:
    return Domain.objects.create(vendor=vendor, name=name, uses=["header"], created_at=at or timezone.now())


def make_reading(
    domain: Domain,
    states: dict[str, str] | None = None,
    *,
    result: str = "not_shown",
    record: str = RECORD,
    raw: str = '{"objectClassName": "domain", "ldhName": "alder.example"}',
    count: int = 2,
    at: datetime | None = None,
) -> Watch:
    """The registration as it was read `count` times; what `states` leaves out is withheld."""
    at = at or timezone.now()
    known = dict.fromkeys(CALLED, "redacted") | (states or {})
    watch, _ = Watch.objects.get_or_create(
        domain=domain, vendor=domain.vendor, check_id="registration", defaults={"since": at, "next_action_at": at}
    )
    verdict = {"met": "clear", "not_met": "adverse"}.get(result, "unknown")
    sentence = f"The registration of {domain}: the holder's name is withheld (the registry's RDAP server)."
    Watch.objects.filter(pk=watch.pk).update(
        verdict=verdict, result=result, sentence=sentence, looked_at=at, rounds=count
    )
    watch.refresh_from_db()
    watch.observations.update(is_latest=False)
    Observation.objects.create(
        watch=watch, path="192.0.2.53:53", first_at=at, last_at=at, count=count, likeness=record[:16], verdict=verdict,
        result=result, severity="none", sentence=sentence, is_proved=False, evidence=_evidence(known, record, raw, at),
    )  # fmt: skip
    return watch


def _evidence(states: dict[str, str], record: str, raw: str, at: datetime) -> list[dict[str, Any]]:
    elements = []
    for element, state in states.items():
        cure = "" if state == "valid" else OPEN_IT if state == "redacted" else CURES[element]
        said = WHY[state].format(called=CALLED[element])
        value = f"the {element}" if state == "valid" else ""
        elements.append(
            {"element": element, "state": state, "value": value, "sentence": f"{said} {cure}".strip(), "cure": cure}
        )
    fields = {
        name: {"state": "present" if states[name] == "valid" else "redacted", "value": f"the {name}"} for name in states
    }
    source = {
        "source": "registry_rdap", "server": "rdap.example", "at": at.isoformat(), "outcome": "found",
        "sentence": "rdap.example knows the name.", "raw": raw,
        "fields": {"organisation": {"state": "redacted", "value": ""}, "registrar": "Lab Registrar Ltd"} | fields,
    }  # fmt: skip
    return [{"record": record, "elements": elements}, source]


def make_trail(vendor: Vendor, *, at: datetime | None = None) -> Trail:
    """An answered request with one document, and an exception that stands for the address."""
    at = at or timezone.now()
    domain = make_domain(vendor, at=at)
    watch = make_reading(domain, at=at)
    request = evidence.ask_by_hand(domain, "", by=ENGINE, at=at)
    shown = Shown("extract.pdf", "application/pdf", len(PDF), "ab" * 32, PDF)
    [document] = evidence.answer(
        request, [shown], "The register.", ["name"], by=Actor("user", "Alice"), at=at
    )  # fmt: skip
    request.refresh_from_db()
    grant = Grant.objects.create(
        domain=domain, request=request, element="address", kind=Grant.Kind.WAIVED, reason="A known house.",
        approved_by="Dana", granted_at=at, expires_on=_in_half_a_year(at), record_hash=RECORD,
    )  # fmt: skip
    return Trail(domain, watch, request, document, grant)


def _in_half_a_year(at: datetime) -> date:
    return at.date() + timedelta(days=180)
