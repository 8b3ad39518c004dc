"""What the gate weighs, as plain values: what a vendor was granted, what it agreed to, who can stop its mail, what was
ordered and what was seen. Pure: no rows, no clock. `facts.py` fills it; `clearance.py` judges it.

Addresses are canonical texts, names lower case, codes of sources as questionnaires/source_codes.py compares them.
Moments are aware UTC; days are UTC days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network


def midnight(day: date) -> datetime:
    """When the day begins, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about. All empty: the vendor as a whole. Several at once: all of them together."""

    server: str = ""  # an address
    header: str = ""  # a domain, or an address of one
    source: str = ""  # the code of a list source


@dataclass(frozen=True, slots=True)
class Condition:
    """What the letter asks for besides, until the end of a day. A waiver lets a rule pass until then, and no longer."""

    text: str
    due: date | None
    is_waiver: bool = False

    def past_since(self, at: datetime) -> datetime | None:
        """Since when its day is over; None while it is not, or when it has none."""
        if self.due is None or at.astimezone(UTC).date() <= self.due:
            return None
        return midnight(self.due) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The vendor's written acceptance of Exhibit A that stands, or the last one that did. `state` is issued, received,
    suspended, expired or withdrawn; `changed_at` is when it came into that state, where that is known."""

    number: str
    state: str
    issued_at: datetime
    valid_until: datetime
    changed_at: datetime | None = None
    reason: str = ""  # of a suspension or withdrawal
    networks: tuple[Network, ...] = ()
    domains: frozenset[str] = frozenset()
    headers: frozenset[str] = frozenset()  # addresses, each for itself
    forms: frozenset[str] = frozenset()  # of Return-Path addresses, with one token: bounce+{recipient}@example.com
    sources: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A letter of Exhibit A that was issued and not received, and the version of the policy it was signed under."""

    number: str
    policy: int


@dataclass(frozen=True, slots=True)
class Application:
    """An Exhibit A that is under way: `state` is draft, submitted, in_review or returned, `policy` the version that it
    was signed under, if any."""

    number: str
    state: str
    since: datetime
    policy: int | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A material version of the policy, in force or to come, and the clauses that it changed."""

    number: int
    effective_at: datetime
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """An emergency abuse contact. `proven_at` is when both the address and the authority were confirmed."""

    name: str
    named_at: datetime
    has_address: bool = False  # confirmed
    has_authority: bool = False  # confirmed
    has_declined: bool = False
    proven_at: datetime | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """A sending server on file. `name` is how people call it."""

    address: str
    name: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """A standing halt order; without a server it stops everything."""

    number: str
    issued_at: datetime
    server: str = ""
    is_answered: bool = False
    reason: str = ""
    clause: str = "R12"


@dataclass(frozen=True, slots=True)
class Fault:
    """An open finding; `server` is empty for one of a domain or the vendor itself. A halting one that somebody judged
    had its order lifted by a person while it was seen."""

    number: str
    server: str
    since: datetime
    sentence: str
    clause: str = "R5"
    is_halting: bool = True
    is_judged: bool = False


@dataclass(frozen=True, slots=True)
class Blind:
    """A check, by the name that people call it, that gives no usable answer for some of the servers. Without a name:
    servers that nothing has looked at."""

    check: str
    servers: frozenset[str]
    since: datetime
    clause: str = "R5"


@dataclass(frozen=True, slots=True)
class Approval:
    """IT's approval in writing of one of the advertiser's domains, for the days from `since` to `until`."""

    number: str
    domain: str
    since: date
    until: date
    revoked_at: datetime | None = None
    revoked_why: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A list source and the additions to it that no received acceptance covers, as (how many, declared when).
    `awaiting` is the number of an issued letter that will cover some once it is received, `suspended` of one that will
    again once it is resumed. `conditions` are those of each received Exhibit B that covers addresses of it, with its
    number, as far as they speak of this source. `dropped` is the number of a letter of Exhibit A that counted once and
    listed the source, where the one that counts does not, and no letter covers any of it."""

    code: str
    additions: tuple[tuple[int, datetime], ...] = ()
    awaiting: str = ""
    suspended: str = ""
    conditions: tuple[tuple[str, Condition], ...] = ()
    dropped: str = ""

    @property
    def uncovered(self) -> int:
        return sum(count for count, _ in self.additions)

    def over_since(self, threshold: int) -> datetime | None:
        """When the sum rose above the threshold; None while it has not."""
        total = 0
        for count, at in sorted(self.additions, key=lambda one: one[1]):
            total += count
            if total > threshold:
                return at
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known of a vendor and matters to the gate."""

    advertiser: str = "the advertiser"
    advertiser_domains: frozenset[str] = frozenset()
    threshold: int = 500  # new addresses of a source that need no Exhibit B
    is_active: bool = True
    retired_at: datetime | None = None
    accepted: Accepted | None = None
    application: Application | None = None
    agreed: int = 0  # the newest version of the policy that an accepted Exhibit A was signed under, its letter received
    awaiting: Awaiting | None = None
    amendments: tuple[Amendment, ...] = ()
    people: tuple[Person, ...] = ()
    servers: tuple[Server, ...] = ()
    orders: tuple[Order, ...] = ()
    faults: tuple[Fault, ...] = ()
    blind: tuple[Blind, ...] = ()
    approvals: tuple[Approval, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
