"""What the gate weighs, read from the rows. Changes nothing and judges nothing; the number of queries does not depend
on how many vendors are asked about, nor on how much each has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q

from gate.standing import (
    Accepted,
    Amendment,
    Application,
    Approval,
    Awaiting,
    Blind,
    Condition,
    Fault,
    Network,
    Order,
    Person,
    Server,
    Source,
    Standing,
)
from halts.models import HaltOrder
from halts.policy import HALTING
from journal.models import Entry
from monitors import checks
from monitors.models import Finding, Watch
from monitors.probes.reading import Verdict
from policies.models import PolicyVersion
from policies.versions import in_force
from questionnaires.covering import conditional, covering, speaks_of
from questionnaires.fields.reading import is_form
from questionnaires.models import Acceptance, Addition, HeaderApproval, ListSource, Signature, Submission
from questionnaires.source_codes import key_of
from questionnaires.sources import uncovered
from vendors.models import Contact, Domain, SendingServer, Vendor

_READ = (  # of an acceptance
    "vendor",
    "exhibit",
    "state",
    "scope",
    "conditions",
    "issued_at",
    "received_at",
    "ended_at",
    "valid_until",
    "reason",
)
Rows = Mapping[int, tuple[Any, ...]]  # of each vendor, by its pk


def standing_of(vendor: Vendor, at: datetime) -> Standing:
    """All that matters to the gate about one vendor."""
    return standings_of([vendor], at)[vendor.pk]


def standings_of(vendors: Iterable[Vendor], at: datetime, *, is_whole: bool = True) -> dict[int, Standing]:
    """The standing of each, by its pk. With `is_whole` False only what can shut a vendor as a whole is read: enough to
    say whether the gate is open, and not why it may shut soon."""
    rows = list(vendors)
    ids = [row.pk for row in rows]
    acceptances, awaiting, dropped = _acceptances(ids)
    moved = _moved(rows, acceptances.values()) if is_whole else {}
    amendments = _amendments()
    agreed = _agreed(ids, acceptances)
    people, servers, orders, faults = (
        _people(ids, is_whole),
        _servers(ids),
        _orders(ids),
        _faults(ids, is_whole),
    )
    applications = _applications(ids) if is_whole else {}
    sources = _sources(ids, dropped, at) if is_whole else {}
    approvals = _approvals(ids) if is_whole else {}
    blind = _blind(ids, at) if is_whole else {}
    domains = frozenset(one.lower().strip(".") for one in settings.ADVERTISER_DOMAINS)
    threshold = in_force(at).limits.new_addresses if is_whole else 0
    return {
        row.pk: Standing(
            advertiser=settings.ADVERTISER_NAME,
            advertiser_domains=domains,
            threshold=threshold,
            is_active=row.state == Vendor.State.ACTIVE,
            retired_at=moved.get(("vendors.vendor", row.pk)),
            accepted=_accepted(acceptances.get(row.pk), moved),
            application=applications.get(row.pk),
            agreed=agreed.get(row.pk, 0),
            awaiting=awaiting.get(row.pk),
            amendments=amendments,
            people=people.get(row.pk, ()),
            servers=servers.get(row.pk, ()),
            orders=orders.get(row.pk, ()),
            faults=faults.get(row.pk, ()),
            blind=blind.get(row.pk, ()),
            approvals=approvals.get(row.pk, ()),
            sources=sources.get(row.pk, {}),
        )
        for row in rows
    }


# ── what was granted ────────────────────────────────────────────────────────
def _acceptances(
    ids: Sequence[int],
) -> tuple[dict[int, Acceptance], dict[int, Awaiting], dict[tuple[int, str], str]]:
    """Of each vendor the acceptance of Exhibit A that stands, or else the last one that did. One that was received
    counts until the letter that replaces it is received too; then it says nothing any more. And that other letter,
    while it waits to be received; and which sources earlier letters listed and this one does not."""
    rows = Acceptance.objects.filter(vendor__in=ids, exhibit="A")
    known = rows.select_related("policy").only(*_READ, "policy__number")
    in_order = sorted(
        known,
        key=lambda row: (row.state in Acceptance.STANDING, row.received_at is not None, row.issued_at, row.pk),
    )
    waiting = {
        row.vendor_id: Awaiting(row.number, row.policy.number or 0)
        for row in in_order
        if row.received_at is None and row.state in Acceptance.STANDING
    }
    last = {row.vendor_id: row for row in in_order if row.state != Acceptance.State.SUPERSEDED}
    return last, waiting, _dropped(in_order, last)  # the last one of each vendor stays


def _dropped(letters: Iterable[Acceptance], last: Mapping[int, Acceptance]) -> dict[tuple[int, str], str]:
    """By vendor and key of the source the number of the letter that listed it."""
    ended = [row for row in letters if row.received_at is not None and row.state not in Acceptance.STANDING]
    found = {(row.vendor_id, key): row.number for row in ended for key in _listed(row.scope)}
    still = {(pk, key) for pk, row in last.items() for key in _listed(row.scope)}
    return {place: number for place, number in found.items() if place not in still}


def _moved(vendors: Iterable[Vendor], acceptances: Iterable[Acceptance]) -> dict[tuple[str, int], datetime]:
    """When rows came into states whose moment no column keeps: the journal has it."""
    retired = [str(row.pk) for row in vendors if row.state == Vendor.State.RETIRED]
    suspended = [str(row.pk) for row in acceptances if row.state == Acceptance.State.SUSPENDED]
    if not retired and not suspended:
        return {}
    wanted = Q(object_type="vendors.vendor", verb=Vendor.State.RETIRED, object_id__in=retired) | Q(
        object_type="questionnaires.acceptance", verb=Acceptance.State.SUSPENDED, object_id__in=suspended
    )
    entries = Entry.objects.filter(wanted).values_list("object_type", "object_id").annotate(Max("at"))
    return {(kind, int(pk)): at for kind, pk, at in entries.order_by()}


def _accepted(row: Acceptance | None, moved: Mapping[tuple[str, int], datetime]) -> Accepted | None:
    if row is None:
        return None
    changed = {
        Acceptance.State.RECEIVED.value: row.received_at,
        Acceptance.State.SUSPENDED.value: moved.get(("questionnaires.acceptance", row.pk)),
    }
    scope = row.scope
    headers = [(one.get("header"), str(one.get("address", "")).lower()) for one in scope.get("headers", ())]
    listed = frozenset(address for _, address in headers)
    forms = frozenset(address for header, address in headers if header == "Return-Path" and is_form(address))
    return Accepted(
        number=row.number,
        state=row.state,
        issued_at=row.issued_at,
        valid_until=row.valid_until,
        changed_at=changed.get(row.state, row.ended_at),
        reason=row.reason,
        networks=tuple(filter(None, (network(one.get("network", "")) for one in scope.get("servers", ())))),
        domains=frozenset(str(one).lower() for one in scope.get("domains", ())),
        headers=listed - forms,
        forms=forms,
        sources=_listed(scope),
        conditions=tuple(map(_condition, row.conditions)),
    )


def _condition(one: Mapping[str, Any]) -> Condition:
    return Condition(str(one.get("text", "")), _day(one.get("due")), bool(one.get("is_waiver")))


@lru_cache(maxsize=8192)
def network(text: str) -> Network | None:
    """What is no network lists no server, so that nothing is accepted by it."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def _agreed(ids: Sequence[int], acceptances: Mapping[int, Acceptance]) -> dict[int, int]:
    """The newest version under which an Exhibit A was signed that is accepted, and its letter, if it has one, received.
    A signature that still waits for review does not count yet, nor does one under Exhibit B, which asks nothing of what
    an amendment reopens."""
    found = {pk: row.policy.number or 0 for pk, row in acceptances.items()}
    signed = Signature.objects.filter(
        submission__vendor__in=ids, submission__exhibit="A", submission__state=Submission.State.ACCEPTED
    )
    letter = ("submission__acceptance__state", "submission__acceptance__received_at")
    rows = signed.order_by("submission", "at").values_list(
        "submission__vendor", "submission", "submission__previous", *letter, "policy__number"
    )
    is_uncounted: dict[int, bool] = {}  # by form, each after the one that it was begun from
    for pk, form, previous, state, received_at, number in rows:
        if state is None:  # an amendment accepted as it stood counts with the letter whose answers it has
            is_uncounted[form] = is_uncounted.get(previous, False)
        else:
            is_uncounted[form] = received_at is None or state == Acceptance.State.WITHDRAWN
        if not is_uncounted[form]:
            found[pk] = max(found.get(pk, 0), number or 0)
    return found


def _amendments() -> tuple[Amendment, ...]:
    """Every material version, in force or to come."""
    rows = PolicyVersion.objects.published().material().order_by("number")
    return tuple(
        Amendment(number, effective_at, tuple(changed))
        for number, effective_at, changed in rows.values_list("number", "effective_at", "changed")
        if number and effective_at  # every published version has both
    )


def _applications(ids: Sequence[int]) -> dict[int, Application]:
    """An Exhibit A that is under way; of each vendor there is one at most."""
    rows = Submission.objects.open().filter(vendor__in=ids, exhibit="A")
    signed: dict[int, int | None] = dict(
        Signature.objects.filter(submission__in=rows).order_by("at", "pk").values_list("submission", "policy__number")
    )
    return {row.vendor_id: Application(row.number, row.state, _turned_at(row), signed.get(row.pk)) for row in rows}


def _turned_at(row: Submission) -> datetime:
    """Since when it is as it is, as far as the row tells."""
    if row.state == Submission.State.DRAFT:
        return row.created_at
    return row.submitted_at or row.touched_at if row.state != Submission.State.RETURNED else row.touched_at


def _people(ids: Sequence[int], is_whole: bool) -> Rows:
    contacts = Contact.objects.filter(vendor__in=ids, is_emergency=True).order_by("rank", "pk")
    found = defaultdict(list)
    for row in contacts.prefetch_related("test_calls") if is_whole else contacts:
        moments = [row.email_confirmed_at, row.authority_confirmed_at]
        found[row.vendor_id].append(
            Person(
                name=row.name,
                named_at=row.created_at,
                has_address=row.email_confirmed_at is not None,
                has_authority=row.authority_confirmed_at is not None,
                has_declined=row.declined_at is not None,
                proven_at=max(filter(None, moments)) if row.is_proven else None,
                warnings=tuple(row.warnings) if is_whole else (),
            )
        )
    return _frozen(found)


# ── what sends, and what stops it ───────────────────────────────────────────
def _servers(ids: Sequence[int]) -> Rows:
    found = defaultdict(list)
    rows = SendingServer.objects.filter(vendor__in=ids).order_by("pk")
    for pk, address, hostname, state in rows.values_list("vendor", "address", "hostname", "state"):
        name = f"{hostname} ({address})" if hostname else address
        found[pk].append(Server(address, name, state == SendingServer.State.ACTIVE))
    return _frozen(found)


def _orders(ids: Sequence[int]) -> Rows:
    found = defaultdict(list)
    for row in HaltOrder.objects.standing().filter(vendor__in=ids).select_related("server").order_by("pk"):
        address = str(row.server.address) if row.server else ""
        is_answered = row.state == HaltOrder.State.ACKNOWLEDGED
        found[row.vendor_id].append(Order(row.number, row.issued_at, address, is_answered, row.reason, row.clause))
    return _frozen(found)


def _faults(ids: Sequence[int], is_whole: bool) -> Rows:
    """Open findings of servers in use, and of domains and the vendor itself: those have no address."""
    lifted = HaltOrder.objects.filter(state=HaltOrder.State.LIFTED).exclude(finding=None)
    judged = set(lifted.filter(finding__state=Finding.State.OPEN, vendor__in=ids).values_list("finding", flat=True))
    in_use = ~Q(server__state=SendingServer.State.RETIRED) & ~Q(domain__state=Domain.State.RETIRED)
    rows = Finding.objects.open().filter(in_use, vendor__in=ids)
    if not is_whole:
        rows = rows.filter(severity__in=HALTING)
    found = defaultdict(list)
    for row in rows.select_related("server").order_by("pk"):
        address = str(row.server.address) if row.server else ""
        is_halting, is_judged = row.severity in HALTING, row.pk in judged
        found[row.vendor_id].append(
            Fault(row.number, address, row.first_seen_at, row.sentence, row.clause, is_halting, is_judged)
        )
    return _frozen(found)


def _blind(ids: Sequence[int], at: datetime) -> Rows:
    """Checks that have been unknown for long, and servers that nobody has begun to watch."""
    long_ago = at - timedelta(seconds=settings.BLIND_SECONDS)
    watched = Watch.objects.running().by_dns().filter(vendor__in=ids)
    unknown = watched.filter(verdict=Verdict.UNKNOWN, since__lte=long_ago)
    unwatched = SendingServer.objects.active().filter(vendor__in=ids, enrolment=None, created_at__lte=long_ago)
    servers: dict[tuple[int, str], dict[str, datetime]] = defaultdict(dict)
    for pk, address, since in unwatched.values_list("vendor", "address", "created_at"):
        servers[pk, ""][address] = since
    fields = ("vendor", "check_id", "server__address", "since")
    for pk, check_id, address, since in unknown.order_by("check_id").values_list(*fields):
        servers[pk, check_id][address] = since
    found = defaultdict(list)
    clauses = {checks.DNSBL + entry.id: entry.clause for entry in checks.blocklists()}
    for (pk, check_id), seen in servers.items():
        name = checks.check_name(check_id) if check_id else ""
        clause = clauses.get(check_id, "R7" if check_id == checks.FCRDNS else "R5")
        found[pk].append(Blind(name, frozenset(seen), min(seen.values()), clause))
    return _frozen(found)


# ── what is mailed, and in whose name ───────────────────────────────────────
def _approvals(ids: Sequence[int]) -> Rows:
    found = defaultdict(list)
    for row in HeaderApproval.objects.filter(vendor__in=ids):
        found[row.vendor_id].append(
            Approval(row.number, row.domain.lower().strip("."), row.since, row.until, row.revoked_at, row.revoked_why)
        )
    return _frozen(found)


def _sources(ids: Sequence[int], dropped: Mapping[tuple[int, str], str], at: datetime) -> dict[int, dict[str, Source]]:
    """Every source by its key, with the additions that nothing covers yet, and the conditions of what covers others."""
    additions: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    awaiting: dict[int, str] = {}
    suspended: dict[int, str] = {}
    open_ones = uncovered(Addition.objects.filter(source__vendor__in=ids), at).select_related("accepted_in")
    for row in open_ones.order_by("declared_at", "pk"):
        additions[row.source_id].append((row.count, row.declared_at))
        if row.accepted_in is not None and row.accepted_in.state == Acceptance.State.SUSPENDED:
            suspended[row.source_id] = row.accepted_in.number
        elif row.accepted_in is not None and row.accepted_in.state == Acceptance.State.ISSUED:
            awaiting[row.source_id] = row.accepted_in.number
    conditions: dict[int, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    letters = conditional(Addition.objects.filter(source__vendor__in=ids), at)
    for source, letter in sorted(letters, key=lambda one: one[1].pk):
        conditions[source].extend((letter.number, one) for one in letter.conditions)
    found: dict[int, dict[str, Source]] = defaultdict(dict)
    held = Exists(Addition.objects.filter(source=OuterRef("pk"), accepted_in__in=covering(at)))
    rows = ListSource.objects.filter(vendor__in=ids).annotate(held=held)
    for pk, vendor, code, key, is_held in rows.values_list("pk", "vendor", "code", "key", "held"):
        of_it = tuple((number, _condition(one)) for number, one in conditions[pk] if speaks_of(one, key))
        gone = "" if is_held else dropped.get((vendor, key), "")
        found[vendor][key] = Source(
            code, tuple(additions[pk]), awaiting.get(pk, ""), suspended.get(pk, ""), of_it, gone
        )
    return found


def _listed(scope: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the sources that a letter lists."""
    return frozenset(key_of(str(one.get("code", ""))) for one in scope.get("lists", ()))


def _frozen(found: Mapping[int, list[Any]]) -> Rows:
    return {pk: tuple(rows) for pk, rows in found.items()}
