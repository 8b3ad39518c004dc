"""Vendors that were accepted in writing: rows only, without a form that anybody filled in and without a letter as PDF.

`make_acceptance` is an Exhibit A that was signed, accepted and received; `make_cleared` is all that opens the gate.
Moments are `NOON` unless the test says otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from policies.models import PolicyVersion
from policies.versions import in_force
from questionnaires.models import (
    Acceptance,
    Addition,
    HeaderApproval,
    ListSource,
    Signature,
    Submission,
)
from tests.world import NOON, make_contact, make_server
from vendors.models import SendingServer, Vendor

_codes = count(1)
YEAR = timedelta(days=365)


def make_scope(
    servers: Iterable[SendingServer | str] = (),
    domains: Iterable[str] = (),
    headers: Mapping[str, str] | Iterable[str] = (),
    lists: Mapping[str, int] | Iterable[str] = (),
) -> dict[str, Any]:
    """What a letter lists: servers as rows or networks, header addresses (as From), sources with their counts."""
    rows = [(str(one.address), one.hostname) if isinstance(one, SendingServer) else (one, "") for one in servers]
    named = headers if isinstance(headers, Mapping) else dict.fromkeys(headers, "From")
    counted = lists if isinstance(lists, Mapping) else dict.fromkeys(lists, 100)
    return {
        "servers": [{"network": network, "hostname": name, "helo": name} for network, name in rows],
        "domains": list(domains),
        "headers": [{"header": header, "address": address} for address, header in named.items()],
        "lists": [{"code": code, "owner": "", "count": number} for code, number in counted.items()],
        "ceilings": [],
    }


def make_submission(
    vendor: Vendor,
    *,
    exhibit: str = "A",
    state: str = Submission.State.ACCEPTED,
    at: datetime = NOON,
    **fields: Any,
) -> Submission:
    """One that is ended, or under way, in this state; without answers."""
    is_ended = state not in Submission.OPEN
    times = {"created_at": at, "touched_at": at, "submitted_at": at, "ended_at": at if is_ended else None}
    return Submission.objects.create(
        vendor=vendor, exhibit=exhibit, version=1, state=state, created_by="Alice", **times | fields
    )


def make_signature(submission: Submission, *, policy: PolicyVersion | None = None, at: datetime = NOON) -> Signature:
    """Alice's signature under the submission and the policy's version."""
    policy = policy or in_force(at)
    return Signature.objects.create(
        submission=submission,
        round=submission.round,
        policy=policy,
        snapshot="{}",
        content_hash="0" * 64,
        promises={},
        name="Alice",
        title="Owner",
        email="alice@people.example.com",
        proved_at=at,
        proof="totp",
        at=at,
        seal_lines=[],
        seal="0" * 64,
    )


def make_acceptance(
    vendor: Vendor,
    *,
    exhibit: str = "A",
    state: str = Acceptance.State.RECEIVED,
    servers: Iterable[SendingServer | str] | None = None,
    domains: Iterable[str] = (),
    headers: Mapping[str, str] | Iterable[str] = (),
    lists: Mapping[str, int] | Iterable[str] = (),
    conditions: Sequence[Mapping[str, Any]] = (),
    policy: PolicyVersion | None = None,
    reason: str = "",
    at: datetime = NOON,
    valid_for: timedelta = YEAR,
) -> Acceptance:
    """A letter that was issued at `at`, in this state. Without `servers` it accepts those that the vendor has."""
    submission = make_submission(vendor, exhibit=exhibit, at=at)
    signature = make_signature(submission, policy=policy, at=at)
    if servers is None:
        servers = list(vendor.servers.order_by("pk"))
    is_ended = state not in Acceptance.STANDING
    return Acceptance.objects.create(
        vendor=vendor,
        submission=submission,
        signature=signature,
        policy=signature.policy,
        exhibit=exhibit,
        state=state,
        code=f"TESTCODE{next(_codes):08d}",
        scope=make_scope(servers, domains, headers, lists),
        conditions=list(conditions),
        issued_at=at,
        officers=[{"name": "Rita", "role": "Reviewer", "at": at.isoformat()}],
        to_name="Alice",
        to_email="alice@people.example.com",
        valid_until=at + valid_for,
        letter_place="",
        letter_sha256="0" * 64,
        letter_size=0,
        received_at=None if state == Acceptance.State.ISSUED else at,
        received_by="" if state == Acceptance.State.ISSUED else "Alice",
        received_how="" if state == Acceptance.State.ISSUED else Acceptance.Receipt.PORTAL,
        ended_at=at if is_ended else None,
        reason=reason,
    )


def make_cleared(vendor: Vendor, **letter: Any) -> Acceptance:
    """All that opens the gate for `vendor`: a server, a contact who proved it, a received acceptance."""
    at = letter.get("at", NOON)
    if not vendor.servers.exists():
        make_server(vendor, at=at)
    if not vendor.contacts.proven().exists():
        make_contact(vendor, proven_at=at, at=at)
    return make_acceptance(vendor, **letter)


def make_source(
    vendor: Vendor, code: str, *counts: int, accepted_in: Acceptance | None = None, at: datetime = NOON
) -> ListSource:
    """A list source, with one addition for each of `counts`, a minute apart, all covered by `accepted_in`."""
    source, _ = ListSource.objects.get_or_create(vendor=vendor, code=code, defaults={"created_at": at})
    for place, number in enumerate(counts):
        Addition.objects.create(
            source=source,
            count=number,
            declared_at=at + timedelta(minutes=place),
            declared_by="Alice",
            accepted_in=accepted_in,
        )
    return source


def make_approval(
    vendor: Vendor, domain: str, *, since: date, until: date, at: datetime = NOON, revoked_at: datetime | None = None
) -> HeaderApproval:
    """IT's approval of one of the advertiser's domains."""
    return HeaderApproval.objects.create(
        vendor=vendor,
        domain=domain,
        reason="Asked for.",
        since=since,
        until=until,
        at=at,
        by="Dana",
        revoked_at=revoked_at,
    )
