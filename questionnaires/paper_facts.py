"""What each paper is made of: the exact shape of the facts that typeset() takes. Pure.

Everything is text, whole numbers and lists of them, ready to be read. A text that may be empty says so; no other may,
and no field may be left out. Moments are made by moment(), sizes by file_size(). The sentences around the facts are in
papers/*.typ; this module neither finds facts nor decides which letter is due.
"""

from datetime import UTC, datetime
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

from questionnaires import snapshot

Exhibit = Literal["A", "B"]


class Moment(TypedDict):
    exact: str  # 2026-03-03T16:20:00Z, as it is hashed
    words: str  # 3 March 2026, 16:20 UTC
    there: str  # 11:20 New York: the same where the sender is; may be empty
    day: str  # 3 March 2026, in UTC


class Sender(TypedDict):
    """Who writes: the advertiser."""

    name: str
    lines: list[str]  # department, street; may be empty
    portal: str  # where the vendor signs in, for people: gate.example.com
    abuse: str  # address or telephone to which problems are reported; may be empty


class Addressee(TypedDict):
    company: str
    registration: str  # may be empty
    signatory: str
    title: str  # may be empty
    lines: list[str]  # postal address
    list_owners: list[str]  # whose lists are covered; may be empty


class Basis(TypedDict):
    """What was signed, and under which policy."""

    exhibit: Exhibit
    title: str  # Email Vendor Questionnaire and Agreement
    questionnaire_version: int
    questionnaire_sha256: str
    submission: str  # S-2026-0044
    signed_at: Moment | None  # None only for a copy without signature
    content_sha256: str
    policy_version: int
    policy_day: str  # since when it applies: 1 January 2026
    policy_sha256: str


class Authenticity(TypedDict):
    """How anybody checks a paper. The address opens the page; `page` is the same without the code, for typing."""

    address: str  # https://gate.example.com/verify/K7QF3M9TXW2P8RHA
    page: str  # gate.example.com/verify
    code: str  # K7QF-3M9T-XW2P-8RHA
    chain_number: int  # the last entry of the journal when the paper was issued
    chain_sha256: str
    seal_fingerprint: str  # of the certificate; empty when papers are not sealed


class Officer(TypedDict):
    name: str
    title: str
    at: Moment


class Server(TypedDict):
    host: str
    address: str
    helo: str  # may be empty


class HeaderAddress(TypedDict):
    header: str  # From, Reply-To, Return-Path, Errors-To
    address: str


class ListSource(TypedDict):
    name: str
    code: str
    addresses: int


class Ceiling(TypedDict):
    provider: str
    per_hour: int
    connections: int  # at once; 0 when none was agreed


class Scope(TypedDict):
    """What is accepted. What is not in it is not accepted. For Exhibit B only the new sources; the rest is empty."""

    servers: list[Server]
    domains: list[str]
    header_addresses: list[HeaderAddress]
    sources: list[ListSource]
    ceilings: list[Ceiling]
    ad_codes: list[str]


class Duty(TypedDict):
    clause: str
    text: str


class Condition(TypedDict):
    text: str
    clause: str  # may be empty
    due: str  # 1 April 2026; empty for a condition that lasts
    evidence: str  # what shows that it is met; may be empty


class Reason(TypedDict):
    clause: str
    text: str
    cure: str  # what would end it; may be empty
    question: str  # A6.03; may be empty


class Acceptance(TypedDict):
    """acceptance.typ"""

    reference: str
    issued_at: Moment
    sender: Sender
    addressee: Addressee
    basis: Basis
    scope: Scope
    duties: list[Duty]
    conditions: list[Condition]
    header_approvals: list[str]  # IT approvals for the sender's own domains in headers
    valid_until: str  # 2 March 2027
    emergency_contact: str  # the name only; may be empty
    signed: list[Officer]  # the reviewer, then the second approver
    authenticity: Authenticity


class Decline(TypedDict):
    """decline.typ: the exhibit is declined, or sent back for changes."""

    outcome: Literal["declined", "changes"]
    reference: str
    issued_at: Moment
    sender: Sender
    addressee: Addressee
    basis: Basis
    reasons: list[Reason]
    next_step: str  # what the vendor may do now, in a sentence or two
    signed: list[Officer]
    authenticity: Authenticity | None


class Suspension(TypedDict):
    """suspension.typ: an acceptance is suspended, or withdrawn for good."""

    outcome: Literal["suspended", "withdrawn"]
    reference: str
    issued_at: Moment
    sender: Sender
    addressee: Addressee
    acceptance: str  # the reference of the letter of acceptance
    acceptance_issued_at: Moment
    effective_at: Moment
    reasons: list[Reason]
    duties: list[Duty]  # what goes on although mailing stops
    next_step: str
    signed: list[Officer]
    authenticity: Authenticity | None


class Evidence(TypedDict):
    name: str
    size: str  # 34 kB
    sha256: str


class Table(TypedDict):
    columns: list[str]
    rows: list[list[str]]


class Answer(TypedDict):
    """One question with its answer in words. Nothing in `words`, `files` or `table` means that it was not answered."""

    code: str
    question: str
    clauses: list[str]
    words: list[str]  # one a line
    files: list[Evidence]
    table: Table | None


class Group(TypedDict):
    """The answers of one page; of one row when the page repeats."""

    title: str  # may be empty
    answers: list[Answer]


class Section(TypedDict):
    code: str
    title: str
    groups: list[Group]


class Attestation(TypedDict):
    code: str
    text: str
    at: Moment


class Signature(TypedDict):
    name: str  # as typed
    title: str
    company: str
    email: str
    at: Moment
    seal: str
    seal_lines: list[str]  # what the seal is the SHA-256 of: snapshot.seal_lines(), line by line


class SignedCopy(TypedDict):
    """signed_copy.typ: an exhibit with all its answers. Without a signature it says in its title that it is none."""

    reference: str  # the submission: S-2026-0044
    issued_at: Moment
    sender: Sender
    company: str
    basis: Basis
    sections: list[Section]
    attestations: list[Attestation]
    signature: Signature | None
    authenticity: Authenticity | None


def moment(at: datetime, zone: str = "") -> Moment:
    """A moment for a paper. `zone` is an IANA name, "America/New_York": where the sender is, when not in UTC."""
    utc = at.astimezone(UTC)
    there = ""
    if zone:
        local = at.astimezone(ZoneInfo(zone))
        there = f"{local:%H:%M} {zone.rpartition('/')[2].replace('_', ' ')}"
        if local.date() != utc.date():
            there = f"{local.day} {local:%B}, {there}"
    day = f"{utc.day} {utc:%B %Y}"
    return Moment(exact=snapshot.write_moment(at), words=f"{day}, {utc:%H:%M} UTC", there=there, day=day)


def file_size(size: int) -> str:
    """`34 kB`, `1.2 MB`; bytes below a thousand."""
    if size < 1000:
        return f"{size} bytes" if size != 1 else "1 byte"
    if size < 999_500:
        return f"{(size + 500) // 1000} kB"
    return f"{size / 1_000_000:.1f} MB"
