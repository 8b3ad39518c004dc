"""The enrol stage: what is active gets its watches, lists and paths their sight, as the catalogue in force has it.

Servers and vendors come from the register. Domains too, and those that servers bear in the DNS are met here: behind
each of them a website is due (O8), and its registration shows whose it is (R7). What is looked at no more forgets its
suspicions: the two readings that open a finding belong to one stretch of looking.
"""

import contextlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from engine.cycle import Sweep
from journal.actor import ENGINE
from journal.record import MoveRefused, move
from monitors import attestations, checks
from monitors.models import Enrolment, Finding, Observation, Sight, Subject, Watch
from monitors.outcome_table import NOT_CHECKED
from monitors.probes.fcrdns import MOST_NAMES
from monitors.probes.names import is_within, registrable
from vendors.domains import meet
from vendors.models import Domain, SendingServer, Vendor

BATCH = 500
FRESH: dict[str, Any] = {"faults": {}, "clear_count": 0, "clear_since": None, "clear_paths": []}


def sweep(state: Sweep) -> None:
    """Enrol what has no watches for the catalogue in force, or is used for something else now; take out what is not
    active any more. New watches are due at once."""
    current = checks.fingerprint()
    enrol_sights(state.now)
    active: Sequence[tuple[str, QuerySet[Any]]] = (
        ("server", SendingServer.objects.active().select_related("vendor")),
        ("domain", Domain.objects.active().select_related("vendor")),
        ("vendor", _vendors()),
    )
    for kind, rows in active:
        stands: dict[str, Any] = {"enrolment__catalogue": current}
        if kind == "domain":
            stands["enrolment__uses"] = F("uses")
        for subject in rows.exclude(**stands).order_by("pk")[:BATCH]:
            state.claimed += 1
            with state.each(subject):
                enrol(kind, subject, current, state.now)
        gone = Enrolment.objects.filter(**{f"{kind}__isnull": False}).exclude(**{f"{kind}__in": rows})
        for enrolment in gone.select_related(kind).order_by("pk")[:BATCH]:
            state.claimed += 1
            with state.each(getattr(enrolment, kind)):
                take_out(kind, enrolment)
    for finding in unwatched()[:BATCH]:
        state.claimed += 1
        with state.each(finding):
            close_unwatched(finding, state.now)


def unwatched() -> QuerySet[Finding]:
    """Open findings that no look can close any more: what they are of was retired, or the check is made no more."""
    is_over = (
        Q(watch__is_running=False)
        | Q(vendor__state=Vendor.State.RETIRED)
        | Q(server__state=SendingServer.State.RETIRED)
        | Q(domain__state=Domain.State.RETIRED)
    )
    return Finding.objects.open().filter(is_over).select_related("watch").order_by("pk")


def close_unwatched(finding: Finding, now: datetime) -> None:
    """An order that stands is a person's to lift all the same; what is found after a return is a finding of its own."""
    why = "It is not looked at any more, so nobody can say whether the fault is still there."
    with contextlib.suppress(MoveRefused):  # somebody closed it meanwhile
        move(finding, Finding.State.CLOSED, by=ENGINE, at=now, why=why, changes={"closed_at": now})


def _vendors() -> QuerySet[Vendor]:
    """Those of which something is checked that is no server's and no domain's."""
    active = Vendor.objects.filter(state=Vendor.State.ACTIVE)
    return active if checks.checks_of_vendor() else active.none()


def enrol(kind: str, subject: Subject, catalogue: str, now: datetime) -> None:
    """Give the subject the watches of the catalogue; those of lists that are gone stop, and keep what they saw."""
    vendor = subject if isinstance(subject, Vendor) else subject.vendor
    wanted = _checks_of(subject)
    if isinstance(subject, SendingServer):
        _meet_domains(subject.vendor, [subject.hostname, subject.helo, *_reverse_names(subject)], now)
    elif isinstance(subject, Domain):
        _meet_domains(subject.vendor, [subject.name], now)
    with transaction.atomic():
        own = _watches_of(kind, subject)
        existing = set(own.values_list("check_id", flat=True))
        place = {} if kind == "vendor" else {kind: subject}
        Watch.objects.bulk_create(
            [
                Watch(vendor=vendor, check_id=check, since=now, next_action_at=now, **place, **_first_words(check))
                for check in wanted
                if check not in existing
            ],
            ignore_conflicts=True,
        )
        own.filter(is_running=True).exclude(check_id__in=wanted).update(is_running=False)
        own.filter(is_running=False, check_id__in=wanted).update(is_running=True, next_action_at=now, **FRESH)
        of_it: dict[str, Any] = {kind: subject}
        uses = subject.uses if isinstance(subject, Domain) else []
        Enrolment.objects.update_or_create(**of_it, defaults={"catalogue": catalogue, "uses": uses})


def _first_words(check_id: str) -> dict[str, str]:
    """What a watch says before its first reading."""
    if check_id.startswith(checks.ATTESTED):
        return {"result": NOT_CHECKED, "sentence": attestations.NEVER}
    return {}


def _checks_of(subject: Subject) -> tuple[str, ...]:
    match subject:
        case SendingServer():
            return checks.checks_of_server(checks.address_of(subject.address))
        case Domain():
            return checks.checks_of_domain(subject)
        case _:
            return checks.checks_of_vendor()


def _watches_of(kind: str, subject: Subject) -> QuerySet[Watch]:
    watches = Watch.objects.filter(**{kind: subject})
    return watches.filter(server=None, domain=None) if kind == "vendor" else watches


def take_out(kind: str, enrolment: Enrolment) -> None:
    """It was retired: its watches keep what they saw last, and start to count anew if it is reinstated."""
    with transaction.atomic():
        _watches_of(kind, getattr(enrolment, kind)).update(**FRESH)
        enrolment.delete()


# ── domains that are met, not declared ──────────────────────────────────────
def _meet_domains(vendor: Vendor, hosts: Iterable[str], now: datetime) -> None:
    """The registered names behind these hosts; the advertiser's own are not the vendor's to answer for."""
    for name in sorted({registrable(host) for host in hosts if host}):
        if name and not is_within(name, settings.ADVERTISER_DOMAINS):
            meet(vendor, name, at=now)


def _reverse_names(server: SendingServer) -> list[str]:
    """The names that the address had when it was last looked at, and no more: a stranger wrote them."""
    latest = Observation.objects.filter(watch__server=server, watch__check_id=checks.FCRDNS, is_latest=True)
    names = {
        record
        for evidence in latest.values_list("evidence", flat=True)
        for answer in evidence
        if answer.get("rdtype") == "PTR"
        for record in answer.get("records", ())
    }
    return sorted(names)[:MOST_NAMES]


def enrol_sights(now: datetime) -> None:
    """One Sight for each list that can be asked, on each path; those of lists or paths that are gone are dropped."""
    wanted = {(entry.id, str(path)) for entry in checks.asked().values() for path in checks.paths()}
    rows = {(list_id, path): pk for pk, list_id, path in Sight.objects.values_list("pk", "list_id", "path")}
    if wanted == set(rows):
        return
    Sight.objects.bulk_create(
        [Sight(list_id=one, path=path, since=now, next_action_at=now) for one, path in sorted(wanted - set(rows))],
        ignore_conflicts=True,
    )
    Sight.objects.filter(pk__in=[pk for key, pk in rows.items() if key not in wanted]).delete()
