"""One vendor as its page shows it: what was seen of it, and its servers by checks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Count, Exists, OuterRef, QuerySet, Value, When

from desk.checks import Cell, Check, cell, in_order
from desk.standing import Facts, Standing, standing
from monitors.models import Finding, Watch
from monitors.probes.reading import Verdict
from vendors.models import Domain, SendingServer, Vendor


def seen(vendor: Vendor) -> Standing:
    """What the checks say of the vendor's servers, in three queries. Orders are the gate's to tell."""
    active = SendingServer.objects.filter(vendor=vendor, state=SendingServer.State.ACTIVE)
    servers = active.aggregate(all=Count("pk"), enrolled=Count("enrolment"))
    not_clear = Watch.objects.running().by_dns().filter(vendor=vendor).exclude(verdict=Verdict.CLEAR)
    verdicts = set(not_clear.values_list("verdict", flat=True).distinct())
    return standing(
        Facts(
            is_active=vendor.state == Vendor.State.ACTIVE,
            servers=servers["all"],
            enrolled=servers["enrolled"],
            adverse=Verdict.ADVERSE in verdicts,
            unknown=Verdict.UNKNOWN in verdicts,
            findings=Finding.objects.open().filter(vendor=vendor).count(),
        )
    )


@dataclass(frozen=True, slots=True)
class ServerRow:
    """A server with one cell for each column of the matrix."""

    server: SendingServer
    cells: list[Cell]
    looked_at: datetime | None


def matrix(servers: Sequence[SendingServer]) -> tuple[list[Check], list[ServerRow]]:
    """(columns, rows) for these servers, in one query."""
    watches: dict[int, dict[str, Watch]] = defaultdict(dict)
    columns: set[str] = set()
    for watch in Watch.objects.by_dns().filter(server__in=servers):
        watches[watch.server_id or 0][watch.check_id] = watch
        if watch.is_running:
            columns.add(watch.check_id)
    heads = in_order(columns)
    rows = []
    for server in servers:
        own = watches[server.pk]
        looked = [watch.looked_at for watch in own.values() if watch.looked_at]
        cells = [cell(server.address, head, own.get(head.id)) for head in heads]
        rows.append(ServerRow(server, cells, max(looked, default=None)))
    return heads, rows


def with_seen(domains: QuerySet[Domain]) -> QuerySet[Domain]:
    """Each with `seen`: the worst verdict of its checks, or "" while it has none."""
    own = Watch.objects.filter(domain=OuterRef("pk"), is_running=True)
    worst = [
        When(Exists(own.filter(verdict=verdict)), then=Value(str(verdict)))
        for verdict in (Verdict.ADVERSE, Verdict.UNKNOWN, Verdict.CLEAR)
    ]
    return domains.annotate(seen=Case(*worst, default=Value(""), output_field=CharField()))
