"""The open findings of a vendor as its own page tells them: what is wrong, by which clause, and what ends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, OuterRef, Subquery, Value, When

from halts.models import HaltOrder
from monitors import checks
from monitors.cures import Cure, cure
from monitors.delistings import is_of_a_list
from monitors.models import Finding, Observation
from monitors.probes.reading import Severity, Verdict
from vendors.models import Domain, SendingServer, Vendor


@dataclass(frozen=True, slots=True)
class Fault:
    """`order` is the number of the order that stands because of it, or ""; `held` how long the check must have been
    clear before it ends."""

    finding: Finding
    check: str
    cure: Cure
    order: str
    held: timedelta

    @property
    def is_grave(self) -> bool:
        return self.finding.severity == Severity.HALT

    @property
    def is_by_hand(self) -> bool:
        """Whether a person looks it up, and no machine."""
        return self.finding.watch.check_id.startswith(checks.ATTESTED)

    @property
    def is_listing(self) -> bool:
        """Whether there is a list that can be asked to take the entry away."""
        return is_of_a_list(self.finding)


def faults(vendor: Vendor) -> list[Fault]:
    """The gravest first, then the oldest, in three queries."""
    last = Observation.objects.filter(watch=OuterRef("watch"), verdict=Verdict.ADVERSE).order_by("-last_at", "-pk")
    places = [When(severity=one, then=Value(place)) for place, one in enumerate(Severity)]
    rows: list[Any] = list(  # findings, each with the key of its last adverse reading
        Finding.objects.open()
        .filter(vendor=vendor)
        .select_related("watch", "server", "domain", "vendor")
        .annotate(reading=Subquery(last.values("pk")[:1]), place=Case(*places, output_field=IntegerField()))
        .order_by("place", "opened_at", "pk")
    )
    readings = Observation.objects.defer("evidence").in_bulk([row.reading for row in rows if row.reading])
    standing = HaltOrder.objects.standing().filter(finding__in=rows)
    orders: Mapping[int | None, str] = {order.finding_id: order.number for order in standing}
    return [_fault(row, readings.get(row.reading or 0), orders.get(row.pk, "")) for row in rows]


def _fault(finding: Finding, reading: Observation | None, order: str) -> Fault:
    check_id = finding.watch.check_id
    found = cure(
        check_id,
        result=reading.result if reading else "",
        codes=reading.codes if reading else (),
        subject=name_of(finding.subject),
        entry=checks.asked().get(check_id) or checks.attested().get(check_id),
    )
    return Fault(finding, checks.check_name(check_id), found, order, checks.cool_down_of(check_id))


def name_of(subject: SendingServer | Domain | Vendor) -> str:
    """What was looked at, as it stands in a cure: an address, or a name."""
    return subject.address if isinstance(subject, SendingServer) else subject.name


def looks_to_end() -> int:
    """How many clear looks in a row end a finding."""
    return int(settings.CLEAR_COUNT)
