"""Watches, observations and findings, as shown. Nobody gives them: they are seen."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from api.schemas.refs import DomainRef, NumberedRef, ServerRef, VendorRef
from monitors.models import Finding, Observation, Watch


class WatchShown(Schema):
    id: int
    vendor: VendorRef
    server: ServerRef | None
    domain: DomainRef | None = Field(description="Neither server nor domain: the check is of the vendor itself.")
    check: str = Field(description="dnsbl:LIST, fcrdns, network, registration, website, mx, spf, dkim, dmarc, …")
    running: bool
    verdict: str
    suspected: bool = Field(description="A fault was seen that is not confirmed, or one that stands.")
    result: str
    sentence: str
    since: datetime
    looked_at: datetime | None
    seen_at: datetime | None = Field(description="The last look that was not unknown.")

    @classmethod
    def of(cls, row: Watch) -> "WatchShown":
        return cls(
            id=row.pk,
            vendor=VendorRef.of(row.vendor),
            server=ServerRef.of(row.server) if row.server else None,
            domain=DomainRef.of(row.domain) if row.domain else None,
            check=row.check_id,
            running=row.is_running,
            verdict=row.verdict,
            suspected=row.is_suspected,
            result=row.result,
            sentence=row.sentence,
            since=row.since,
            looked_at=row.looked_at,
            seen_at=row.seen_at,
        )


class ObservationShown(Schema):
    id: int
    watch: int
    vendor: VendorRef
    server: ServerRef | None
    domain: DomainRef | None
    check: str
    first_at: datetime = Field(description="The first of the like readings that this row stands for.")
    looked_at: datetime = Field(description="The last of them.")
    count: int = Field(description="How many they are. The evidence is the first one's.")
    verdict: str
    result: str
    severity: str
    sentence: str
    proved: bool = Field(description="The list was shown to work on this path in the same round.")
    codes: list[str]
    text: list[str] = Field(description="What the list says; a stranger's words, to be shown as text only.")
    path: str = Field(description="The resolver that was asked.")
    evidence: list[dict[str, Any]]

    @classmethod
    def of(cls, row: Observation) -> "ObservationShown":
        return cls(
            id=row.pk,
            watch=row.watch_id,
            vendor=VendorRef.of(row.watch.vendor),
            server=ServerRef.of(row.watch.server) if row.watch.server else None,
            domain=DomainRef.of(row.watch.domain) if row.watch.domain else None,
            check=row.watch.check_id,
            first_at=row.first_at,
            looked_at=row.last_at,
            count=row.count,
            verdict=row.verdict,
            result=row.result,
            severity=row.severity,
            sentence=row.sentence,
            proved=row.is_proved,
            codes=row.codes,
            text=row.text,
            path=row.path,
            evidence=row.evidence,
        )


class FindingShown(Schema):
    id: UUID
    number: str
    vendor: VendorRef
    server: ServerRef | None
    domain: DomainRef | None
    watch: int
    check: str
    kind: str
    severity: str
    clause: str
    sentence: str
    state: str
    first_seen_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    halt: NumberedRef | None

    @classmethod
    def of(cls, row: Finding) -> "FindingShown":
        order = next(iter(row.halt_orders.all()), None)  # the latest
        return cls(
            id=row.uid,
            number=row.number,
            vendor=VendorRef.of(row.vendor),
            server=ServerRef.of(row.server) if row.server else None,
            domain=DomainRef.of(row.domain) if row.domain else None,
            watch=row.watch_id,
            check=row.watch.check_id,
            kind=row.kind,
            severity=row.severity,
            clause=row.clause,
            sentence=row.sentence,
            state=row.state,
            first_seen_at=row.first_seen_at,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            halt=NumberedRef.of(order) if order else None,
        )
