"""One vendor as its page shows it: what is known with the reasons, the servers by checks, the people to tell."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse

from desk.checks import Cell, Check, cell, check, headline, in_order
from desk.standing import Facts, Standing, standing
from desk.words import counted
from halts.models import HaltOrder
from monitors.models import Finding, Watch
from monitors.probes.reading import Verdict
from vendors.models import Contact, SendingServer, Vendor

REASONS = 8  # of each kind; the lists behind them hold the rest


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the vendor's standing is what it is; `href` is where the evidence lies."""

    state: str
    word: str
    fact: str
    detail: str
    href: str
    link: str
    clause: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Known:
    """The verdict block: the standing, since when, and every reason, worst first."""

    standing: Standing
    since: datetime | None
    reasons: list[Reason]


def known(vendor: Vendor, contacts: Sequence[Contact]) -> Known:
    """In five queries."""
    orders = list(HaltOrder.objects.standing().filter(vendor=vendor).select_related("server").order_by("issued_at"))
    findings = list(
        Finding.objects.open().filter(vendor=vendor).select_related("server", "watch").order_by("opened_at")
    )
    active = SendingServer.objects.filter(vendor=vendor, state=SendingServer.State.ACTIVE)
    servers = active.aggregate(all=Count("pk"), enrolled=Count("enrolment"))
    not_clear = Watch.objects.running().filter(server__vendor=vendor).exclude(verdict=Verdict.CLEAR)
    verdicts = set(not_clear.values_list("verdict", flat=True).distinct())
    unknown = list(
        not_clear.filter(verdict=Verdict.UNKNOWN)
        .values_list("check_id")
        .annotate(Count("server"), Min("since"))
        .order_by("check_id")
    )
    is_active = vendor.state == Vendor.State.ACTIVE
    facts = Facts(
        is_active=is_active,
        servers=servers["all"],
        enrolled=servers["enrolled"],
        adverse=Verdict.ADVERSE in verdicts,
        unknown=Verdict.UNKNOWN in verdicts,
        unanswered=sum(order.state == HaltOrder.State.ISSUED for order in orders),
        answered=sum(order.state == HaltOrder.State.ACKNOWLEDGED for order in orders),
        findings=len(findings),
    )
    reasons = [_order(order) for order in orders[:REASONS]] + [_finding(one) for one in findings[:REASONS]]
    reasons += [_unknown(check(check_id), count, since) for check_id, count, since in unknown]
    if is_active and not any(contact.is_emergency for contact in contacts):
        reasons.append(_nobody_to_tell())
    reasons += [_contact(sentence) for one in contacts for sentence in one.warnings] if is_active else []
    if is_active and not facts.servers:
        reasons.append(
            Reason("wait", "Attention", "No server is on file.", "Add those they send from.", "", "", "R3", None)
        )
    moments = (
        [one.issued_at for one in orders] or [one.first_seen_at for one in findings] or [one[-1] for one in unknown]
    )
    return Known(standing(facts), min(moments, default=None), reasons)


def _order(order: HaltOrder) -> Reason:
    answered = order.state == HaltOrder.State.ACKNOWLEDGED
    scope = f"for {order.server}" if order.server else "for the whole vendor"
    return Reason(
        "wait" if answered else "shut",
        "Answered" if answered else "No answer",
        f"A halt order is in force {scope}.",
        "Only a person lifts it." if answered else "Nobody has said that the mailings stop.",
        reverse("desk:order", args=[order.number]),
        f"Order {order.number}",
        order.clause,
        order.issued_at,
    )


def _finding(finding: Finding) -> Reason:
    return Reason(
        "shut" if finding.severity == "halt" else "wait",
        "Adverse" if finding.severity == "halt" else "Attention",
        f"{headline(finding)}.",
        "It closes when the check is clear again.",
        reverse("desk:finding", args=[finding.number]),
        f"Finding {finding.number}",
        finding.clause,
        finding.first_seen_at,
    )


def _unknown(one: Check, servers: int, since: datetime) -> Reason:
    return Reason(
        "unkn",
        "Unknown",
        f"{one.title} was not seen for {counted(servers, 'server')}.",
        "That is our blindness and says nothing about the vendor.",
        reverse("desk:blocklists") + (f"#{one.entry.id}" if one.entry else ""),
        "What we can see",
        one.entry.clause if one.entry else "R7",
        since,
    )


def _nobody_to_tell() -> Reason:
    return Reason(
        "wait",
        "Attention",
        "No emergency abuse contact is on file.",
        "A halt order would reach only our own staff.",
        "",
        "",
        "R12",
        None,
    )


def _contact(sentence: str) -> Reason:
    return Reason(
        "wait", "Attention", sentence, "A halt order may reach nobody.", "#contacts", "The contacts", "R12", None
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
    for watch in Watch.objects.filter(server__in=servers):
        watches[watch.server_id][watch.check_id] = watch
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
