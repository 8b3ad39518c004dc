"""A vendor that has everything, as plain values, and ways to take something from it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from gate.clearance import Clearance, Subject, decide
from gate.standing import (
    Accepted,
    Amendment,
    Approval,
    Condition,
    Fault,
    Order,
    Person,
    Server,
    Source,
    Standing,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MTA1, MTA2 = "203.0.113.11", "203.0.113.12"

ACCEPTED = Accepted(
    number="A-2026-0012",
    state="received",
    issued_at=NOON - 30 * DAY,
    valid_until=NOON + 335 * DAY,
    changed_at=NOON - 29 * DAY,
    networks=(ip_network(f"{MTA1}/32"), ip_network(f"{MTA2}/32"), ip_network("198.51.100.0/28")),
    domains=frozenset({"alder.example"}),
    headers=frozenset({"news@alder.example", "bounce@post.example.net"}),
    forms=frozenset({"bounce+{to}@alder.example", "b{any}@bounces.example"}),
    sources=frozenset({"web-1"}),
)
OF_OURS = frozenset({"news@harrowlyle.example", "x@news.harrowlyle.example"})
SERVERS = (Server(MTA1, f"mta1.alder.example ({MTA1})"), Server(MTA2, f"mta2.alder.example ({MTA2})"))
CLEARED = Standing(
    advertiser="Harrow & Lyle",
    advertiser_domains=frozenset({"harrowlyle.example"}),
    accepted=ACCEPTED,
    agreed=1,
    people=(Person("Theo Marsh", NOON - 40 * DAY, True, True, proven_at=NOON - 39 * DAY),),
    servers=SERVERS,
    amendments=(Amendment(1, NOON - 100 * DAY),),
)
TWO_HALTED = tuple(Order(f"H-2026-000{n}", NOON - HOUR, one.address) for n, one in enumerate(SERVERS))
FAULT = Fault("F-2031", MTA1, NOON - HOUR, f"{MTA1} is on the blocklist Quarry.")
WAIVER = Condition("No proof. Waived by IT: it is coming.", TODAY - DAY, is_waiver=True)
MTA1_ONLY = (ip_network(f"{MTA1}/32"),)


def asked(standing: Standing = CLEARED, at: datetime = NOON, **about: str) -> Clearance:
    return decide(standing, Subject(**about), at)


def letter(**changes: Any) -> Standing:
    return replace(CLEARED, accepted=replace(ACCEPTED, **changes))


def source(*counts: int, **fields: Any) -> Standing:
    additions = tuple((count, NOON + place * HOUR) for place, count in enumerate(counts))
    return replace(CLEARED, sources={"web-2": Source("Web-2", additions, **fields)})


def approval(since: date, until: date, revoked_at: datetime | None = None) -> Standing:
    """IT approved a domain of ours, and the letter lists addresses of it."""
    return replace(
        letter(headers=ACCEPTED.headers | OF_OURS),
        approvals=(
            Approval("N-2026-0003", "harrowlyle.example", since, until, revoked_at, "Misused." if revoked_at else ""),
        ),
    )
