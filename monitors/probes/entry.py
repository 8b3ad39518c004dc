"""What is known of one blocklist: where to ask, what its answers mean, how to test it.

The value only; `monitors.catalogue` reads it from TOML and refuses what does not fit together.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address
from typing import Any, NamedTuple

from egress.answer import Answer
from monitors.probes.names import as_ascii, is_domain, registrable
from monitors.probes.reading import Severity

Target = IPv4Address | IPv6Address | str
"""What a list is asked about: an address, or the name of a domain."""

LISTING_RANGE = IPv4Network("127.0.0.0/8")  # RFC 5782 section 2.1: every answer of a list lies in here
REFUSAL_RANGE = IPv4Network("127.255.255.0/24")  # "you may not ask me", by common use; never a listing
LONGEST_NAME = 253  # characters of a DNS name as text (RFC 1035 section 2.3.4)
COOL_DOWN = timedelta(hours=24)  # clean for so long before a listing counts as ended, unless the list is known better
ATTEST_FOR = timedelta(days=7)
KEY_MASK = "…"


class Kind(StrEnum):
    DNS = "dns"
    ATTESTED = "attested"  # no zone to ask: a person looks it up and says so


class About(StrEnum):
    """What a person types who looks something up by hand."""

    ADDRESS = "address"  # of a server
    NAMES = "names"  # of the vendor: its own, and its aliases
    DOMAINS = "domains"  # that the vendor signs with, or has in headers


class Mode(StrEnum):
    """How an answer is read against the table of codes."""

    EXACT = "exact"  # the answer is one of the codes
    RANGE = "range"  # codes may be spans: 127.0.2.2-127.0.2.24
    SPECIAL = "special"  # codes may have open octets: 127.0.x.1
    BITS = "bits"  # codes are bits of the last octet: 1, 2, 4 … 128
    ANY_127 = "any-127"  # any answer in 127.0.0.0/8 is a listing, except the refusals


class Sign(StrEnum):
    """What a code says about the machine, beside its standing. Evidence for a person; alone it proves neither."""

    HOME = "home"  # an end user's or changing address
    HIJACKED = "hijacked"  # taken over: infected, an open proxy, a stolen network, a cracked site


class Code(NamedTuple):
    """What an answer means. `sign` is a `Sign`, or "" for none."""

    meaning: str
    severity: Severity
    sign: str = ""


class Match(NamedTuple):
    """A code that an answer was found to hold, as readings name it, and what it means."""

    code: str
    meaning: str
    severity: Severity
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Blocklist:
    """One list. Field by field as `monitors.catalogue` documents its TOML, plus the operator's `key`.

    The key is a label of the names that we ask, so names and answers are shown, stored and logged only after
    `hide_key`; `zone_shown` is the zone for people.
    """

    id: str
    name: str
    policy_name: str = ""
    kind: Kind = Kind.DNS
    zone: str = ""
    key_zone: str = ""
    key: str = field(default="", repr=False)
    targets: tuple[str, ...] = ("ipv4",)
    mode: Mode = Mode.ANY_127
    codes: Mapping[str, Code] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: int = 0
    positive: tuple[str, ...] = ("127.0.0.2",)
    negative: tuple[str, ...] = ("127.0.0.1",)
    lookup: str = ""
    delisting: str = ""
    usage: str = ""
    interval: timedelta | None = None
    clause: str = "R5"
    about: About = About.ADDRESS
    outcomes: Mapping[str, Code] = field(default_factory=dict)  # what a person may have seen there, by a short name
    attest_for: timedelta = ATTEST_FOR  # how long a person's word counts
    measure: str = ""  # a figure that the page shows besides, as a label
    family: str = ""
    is_enabled: bool = True
    registrable: bool = False
    per_second: float | None = None
    daily_cap: int | None = None
    cool_down: timedelta = COOL_DOWN

    @property
    def zone_asked(self) -> str:
        """The zone as it goes on the wire, with the key in it; "" when there is nothing that we could ask."""
        return self.key_zone.replace("{key}", self.key) if self.key and self.key_zone else self.zone

    @property
    def zone_shown(self) -> str:
        """The zone for people, with … in place of a key; "" for a list that is not asked over DNS."""
        if self.zone and not self.key:
            return self.zone
        return self.key_zone.replace("{key}", KEY_MASK)

    @property
    def is_configured(self) -> bool:
        """Whether it can be asked: a DNS list with a public zone, or with a key for its key zone."""
        return self.kind is Kind.DNS and bool(self.zone_asked)

    def covers(self, target: Target) -> bool:
        """Whether the list declares that it holds data on this kind of target.

        Declared, never tried: a list of IPv4 data can pass the IPv6 test entry and know no IPv6 address. A list of
        domains is never asked about an address, in whatever notation: DBL answers every one of them as if listed.
        """
        match self.asked_about(target):
            case IPv4Address():
                return "ipv4" in self.targets
            case IPv6Address():
                return "ipv6" in self.targets
            case name:
                fits = len(f"{name}.{self.zone_asked}") <= LONGEST_NAME
                return "domain" in self.targets and is_domain(name) and fits

    def asked_about(self, target: Target) -> Target:
        """What the list is asked about to learn of the target; mostly the target itself.

        An IPv6 address that only wraps an IPv4 one (::ffff:203.0.113.5) is taken for what it wraps: lists answer
        such a question from their IPv4 data, and mail leaves from the IPv4 address. Names are asked in A-labels.
        With `registrable` a host name becomes the domain that somebody registered (example.co.uk of
        mail.example.co.uk), "" when there is none.
        """
        match target:
            case IPv6Address():
                return target.ipv4_mapped or target
            case str():
                name = as_ascii(target.rstrip(".").lower())
                return registrable(name) if self.registrable else name
        return target

    def refusal(self, answer: IPv4Address) -> str | None:
        """Why this answer means "I will not tell you"; None when it is not a refusal.

        127.0.0.1 is none in general: it is one on URIBL and SURBL (`refused = 1`), and a listing on others.
        """
        for pattern, meaning in self.errors.items():
            if code_matches(pattern, answer):
                return meaning
        if answer in REFUSAL_RANGE:
            return "an answer by which lists refuse to be asked"
        if self.refused and answer.packed[:3] == b"\x7f\0\0" and answer.packed[3] & self.refused:
            return "it does not answer questions from here"
        return None

    def signs(self, codes: Iterable[str]) -> dict[str, str]:
        """Code -> its sign, of the codes that have one; codes as a reading of this list names them."""
        found = (match for code in codes for match in self.read(IPv4Address(code))[0])
        return {match.code: match.sign for match in found if match.sign}

    def read(self, answer: IPv4Address) -> tuple[list[Match], list[str]]:
        """(what the table says about an answer in 127.0.0.0/8, what in it the table does not know)."""
        if self.mode is Mode.ANY_127:
            return [Match(str(answer), *self.codes["any"])], []
        if self.mode is Mode.BITS:
            return self._read_bits(answer)
        found = [Match(str(answer), *code) for pattern, code in self.codes.items() if code_matches(pattern, answer)]
        return found[:1], [] if found else [str(answer)]

    def _read_bits(self, answer: IPv4Address) -> tuple[list[Match], list[str]]:
        if answer.packed[:3] != b"\x7f\0\0" or not answer.packed[3]:
            return [], [str(answer)]
        known, unknown = [], []
        for bit in (1 << place for place in range(8)):
            if answer.packed[3] & bit:
                code = self.codes.get(str(bit))
                if code:
                    known.append(Match(f"127.0.0.{bit}", *code))
                else:
                    unknown.append(f"127.0.0.{bit}")
        return known, unknown

    def hide_key(self, text: str) -> str:
        """The text with … in place of the key, in whatever case it came back."""
        return re.sub(re.escape(self.key), KEY_MASK, text, flags=re.IGNORECASE) if self.key else text

    def evidence(self, answer: Answer) -> dict[str, Any]:
        """`answer.evidence()` without the key: the only form in which an answer of this list may be kept."""
        kept: dict[str, Any] = self._without_key(answer.evidence())
        return kept

    def _without_key(self, value: Any) -> Any:
        match value:
            case str():
                return self.hide_key(value)
            case dict():
                return {name: self._without_key(part) for name, part in value.items()}
            case list() | tuple():
                return [self._without_key(part) for part in value]
            case _:
                return value


def code_matches(pattern: str, answer: IPv4Address) -> bool:
    """Whether an answer falls under a code as it is written: 127.0.0.2, 127.0.2.2-127.0.2.24 or 127.0.x.1."""
    first, dash, last = pattern.partition("-")
    if dash:
        return IPv4Address(first) <= answer <= IPv4Address(last)
    return all(want in ("x", got) for want, got in zip(pattern.split("."), str(answer).split("."), strict=True))
