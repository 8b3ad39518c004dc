"""The fleet in counts: vendors by what is known of them, servers by their worst check. A fixed number of queries,
whatever the size of the register."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypedDict

from django.db.models import Case, Count, Exists, OuterRef, Q, When

from desk.standing import Facts, standing
from gate.ask import open_among
from halts.models import HaltOrder
from monitors.models import Finding, Watch
from monitors.probes.reading import Verdict
from notices.clockface import write_moment
from vendors.models import SendingServer, Vendor

# Plain strings: an enumeration's member costs a lookup each time, and a list asks fifty times.
_ACTIVE, _ISSUED, _ACKNOWLEDGED = (
    Vendor.State.ACTIVE.value,
    HaltOrder.State.ISSUED.value,
    HaltOrder.State.ACKNOWLEDGED.value,
)
_ADVERSE, _UNKNOWN = Verdict.ADVERSE.value, Verdict.UNKNOWN.value


class VendorLine(TypedDict):
    """A vendor as a line of a list, ready to print. A dictionary because templates read one twice as fast as an object,
    and this page is drawn more often than any other."""

    uid: str
    name: str
    number: str
    since: str
    servers: str
    orders: str
    findings: str
    state: str
    word: str
    is_open: bool  # the gate


def vendor_lines(vendors: Collection[Vendor], at: datetime) -> list[VendorLine]:
    """What is known of each, in four grouped queries over their ids, and the gate's own few."""
    may_mail = open_among(vendors, at)
    ids = [vendor.pk for vendor in vendors]
    servers = {
        vendor: (active, enrolled)
        for vendor, active, enrolled in SendingServer.objects.filter(vendor__in=ids, state=SendingServer.State.ACTIVE)
        .values_list("vendor")
        .annotate(Count("pk"), Count("enrolment"))
    }
    watches = Watch.objects.by_dns().filter(
        vendor__in=ids,
        server__state=SendingServer.State.ACTIVE,
        is_running=True,
        verdict__in=[Verdict.ADVERSE, Verdict.UNKNOWN],
    )
    seen = set(watches.values_list("vendor", "verdict").distinct())
    orders = {
        (vendor, state): count
        for vendor, state, count in HaltOrder.objects.standing()
        .filter(vendor__in=ids)
        .order_by()
        .values_list("vendor", "state")
        .annotate(Count("pk"))
    }
    findings = dict(
        Finding.objects.open().filter(vendor__in=ids).order_by().values_list("vendor").annotate(Count("pk"))
    )
    return [
        _line(
            vendor,
            Facts(
                is_active=vendor.state == _ACTIVE,
                servers=servers.get(vendor.pk, (0, 0))[0],
                enrolled=servers.get(vendor.pk, (0, 0))[1],
                adverse=(vendor.pk, _ADVERSE) in seen,
                unknown=(vendor.pk, _UNKNOWN) in seen,
                unanswered=orders.get((vendor.pk, _ISSUED), 0),
                answered=orders.get((vendor.pk, _ACKNOWLEDGED), 0),
                findings=findings.get(vendor.pk, 0),
            ),
            is_open=vendor.pk in may_mail,
        )
        for vendor in vendors
    ]


def _line(vendor: Vendor, facts: Facts, *, is_open: bool) -> VendorLine:
    known = standing(facts)
    orders = facts.unanswered + facts.answered
    return VendorLine(
        uid=str(vendor.uid),
        name=vendor.name,
        number=vendor.number,
        since=write_moment(vendor.created_at, "day"),
        servers=f"{facts.servers:,}",
        orders=f"{orders:,}" if orders else "",
        findings=f"{facts.findings:,}" if facts.findings else "",
        state=known.state,
        word=known.word,
        is_open=is_open,
    )


def gravity() -> Case:
    """A vendor's standing as a number, 0 the worst, in the order of desk.standing: for sorting in the database."""
    orders = HaltOrder.objects.order_by().filter(vendor=OuterRef("pk"))
    findings = Finding.objects.open().order_by().filter(vendor=OuterRef("pk"))
    servers = SendingServer.objects.order_by().filter(vendor=OuterRef("pk"), state=SendingServer.State.ACTIVE)
    watches = Watch.objects.running().by_dns().filter(vendor=OuterRef("pk"))
    return Case(
        When(Exists(orders.filter(state=HaltOrder.State.ISSUED)), then=0),
        When(Exists(orders.filter(state=HaltOrder.State.ACKNOWLEDGED)), then=1),
        When(Exists(findings), then=2),
        When(state=Vendor.State.RETIRED, then=7),
        When(Exists(watches.filter(verdict=Verdict.ADVERSE)), then=3),
        When(Exists(watches.filter(verdict=Verdict.UNKNOWN)), then=4),
        When(Exists(servers.filter(enrolment=None)), then=4),
        When(~Exists(servers), then=5),
        default=6,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """Active servers by their worst check; `unwatched` have not been looked at yet."""

    total: int
    adverse: int
    unknown: int
    unwatched: int

    @property
    def clear(self) -> int:
        return max(0, self.total - self.adverse - self.unknown - self.unwatched)

    def bars(self) -> list[tuple[str, str, str]]:
        """(state, start, width) in per cent, worst first, for the bar; empty parts are left out."""
        parts = [("shut", self.adverse), ("unkn", self.unknown), ("wait", self.unwatched), ("open", self.clear)]
        start, found = 0.0, []
        for state, count in parts:
            if count and self.total:
                width = 100 * count / self.total
                found.append((state, f"{start:.2f}%", f"{max(width - 0.8, 0.6):.2f}%"))
                start += width
        return found


class Gates(NamedTuple):
    """Vendors in use by the gate's answer."""

    open: int
    shut: int


def gate_tally(at: datetime) -> Gates:
    vendors = list(Vendor.objects.filter(state=Vendor.State.ACTIVE).order_by().only("pk", "state"))
    may_mail = len(open_among(vendors, at))
    return Gates(may_mail, len(vendors) - may_mail)


def server_tally() -> Tally:
    """In two queries: one over the servers, one over what is not clear."""
    servers = SendingServer.objects.active().aggregate(total=Count("pk"), enrolled=Count("enrolment"))
    not_clear = Watch.objects.running().by_dns().filter(verdict__in=[Verdict.ADVERSE, Verdict.UNKNOWN])
    worst = not_clear.aggregate(
        adverse=Count("server", filter=Q(verdict=Verdict.ADVERSE), distinct=True), any=Count("server", distinct=True)
    )
    return Tally(
        total=servers["total"],
        adverse=worst["adverse"],
        unknown=worst["any"] - worst["adverse"],
        unwatched=servers["total"] - servers["enrolled"],
    )
