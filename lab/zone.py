"""One zone of the pretend internet: what it lists, and the mood it answers in.

A blocklist answers as RFC 5782 says: the octets (IPv4) or nibbles (IPv6) of an address in reverse, or a
domain name, in front of the zone's name; one A record a code and a TXT with the reason when listed, NXDOMAIN
when not. Like rbldnsd, and unlike RFC 8020, it says NXDOMAIN for the empty names in between.

The module is pure: no sockets, no clock, no lock. :class:`lab.world.World` guards it.
"""

from __future__ import annotations

import enum
import ipaddress
import struct
from dataclasses import dataclass, field

import dns.name
from dns.rcode import NOERROR, NXDOMAIN, REFUSED, SERVFAIL
from dns.rdatatype import SOA, TXT, A

from lab.names import check_pace, return_code

NAMESERVER = dns.name.from_text("ns.lab.invalid").to_wire() or b""
HOSTMASTER = dns.name.from_text("hostmaster.lab.invalid").to_wire() or b""
MAX_TEXT = 4096  # octets; longer reasons are cut


class Mood(enum.StrEnum):
    """How a zone answers; each one has happened to a real list."""

    NORMAL = "normal"
    WILDCARD = "wildcard"  # lists the world
    REFUSE_CODE = "refuse_code"  # an error code for every question, such as 127.255.255.254
    REFUSED = "refused"  # rcode REFUSED
    SERVFAIL = "servfail"
    TIMEOUT = "timeout"  # silence
    EMPTY = "empty"  # NXDOMAIN for everything, the test point included
    PARK = "park"  # the domain lapsed: an address outside 127/8 for everything
    NODATA = "nodata"  # NOERROR without an answer, as rebinding protection makes it


RCODES = {Mood.REFUSED: REFUSED, Mood.SERVFAIL: SERVFAIL}
CODES = {
    Mood.WILDCARD: "127.0.0.2",
    Mood.REFUSE_CODE: "127.255.255.254",  # "you ask through a public resolver", as Spamhaus says it
    Mood.PARK: "198.51.100.250",  # no seeded sender has it
}
REASONS = {
    Mood.WILDCARD: "This list is closed and lists the world",
    Mood.REFUSE_CODE: "Error: query refused",
    Mood.PARK: "This domain is for sale",
}


@dataclass(frozen=True, slots=True)
class Temper:
    """A zone's mood with the address and words answered, the delay (s) and the share of silence (0 to 1)."""

    mood: Mood = Mood.NORMAL
    code: str = ""
    delay: float = 0.0
    loss: float = 0.0
    text: str = ""

    @classmethod
    def of(cls, mood: str, code: str = "", delay: float = 0.0, loss: float = 0.0, text: str = "") -> Temper:
        """Check what was asked for; ValueError with a sentence for what makes no sense."""
        try:
            chosen = Mood(mood)
        except ValueError:
            raise ValueError(f"There is no mood {mood!r} for a zone; choose one of {', '.join(Mood)}.") from None
        if code and chosen not in CODES:
            raise ValueError(f"The mood {chosen} takes no code; only {', '.join(CODES)} do.")
        shown = return_code(code) if code else CODES.get(chosen, "")
        if chosen is Mood.PARK and ipaddress.IPv4Address(shown).is_loopback:
            raise ValueError(f"A parked domain answers outside 127.0.0.0/8; {shown} is inside.")
        check_pace(delay, loss)
        return cls(chosen, shown, delay, loss, text or REASONS.get(chosen, ""))


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record; `rdata` is its uncompressed wire form, `ttl` in seconds."""

    name: str
    rdtype: int
    ttl: int
    rdata: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the world says to one question, after `delay` seconds; a share `loss` of the times it is silent.

    `alias` is where the question goes on, when `records` are a CNAME.
    """

    rcode: int = NOERROR
    records: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    alias: str = ""
    is_silent: bool = False
    delay: float = 0.0
    loss: float = 0.0


@dataclass(frozen=True, slots=True)
class Listing:
    """An address or a domain on a list, with the codes answered for it and the reason in words."""

    target: str
    codes: tuple[str, ...]
    text: str = ""
    is_test_point: bool = False

    def rdatas(self, rdtype: int) -> tuple[bytes, ...]:
        """The listing as A or TXT records; nothing for other types."""
        if rdtype == A:
            return tuple(ipaddress.IPv4Address(code).packed for code in self.codes)
        if rdtype == TXT and self.text:
            return (text_rdata(self.text),)
        return ()


@dataclass(slots=True)
class Zone:
    """A part of the name space with one mood. A blocklist keeps listings by the name asked in front of it."""

    name: str
    is_blocklist: bool = False
    temper: Temper = Temper()
    listings: dict[str, Listing] = field(default_factory=dict)
    serial: int = 1

    def reply_in_mood(self, name: str, rdtype: int, ttl: int) -> Reply | None:
        """The answer that the mood forces on every question, or None in the normal mood."""
        temper = self.temper
        match temper.mood:
            case Mood.NORMAL:
                return None
            case Mood.TIMEOUT:
                return Reply(is_silent=True)
            case Mood.REFUSED | Mood.SERVFAIL:
                return Reply(RCODES[temper.mood])
            case Mood.EMPTY:
                return self.nothing(NXDOMAIN, ttl)
            case Mood.NODATA:
                return self.nothing(NOERROR, ttl)
            case _:
                return self._tell(Listing("", (temper.code,), temper.text), name, rdtype, ttl)

    def reply_as_list(self, name: str, rdtype: int, ttl: int) -> Reply:
        """The answer of a blocklist in its normal mood; `name` lies below the zone's own."""
        listing = self.listings.get(name[: -len(self.name) - 1])
        return self._tell(listing, name, rdtype, ttl) if listing else self.nothing(NXDOMAIN, ttl)

    def nothing(self, rcode: int, ttl: int) -> Reply:
        """A negative answer, NXDOMAIN or NODATA, with the zone's SOA (RFC 2308)."""
        return Reply(rcode, authority=(self.soa(ttl),))

    def soa(self, ttl: int) -> Record:
        """The zone's SOA; its minimum is `ttl` too: negative answers live as long as positive ones."""
        times = struct.pack("!5I", self.serial, 3600, 600, 86400, ttl)
        return Record(self.name, SOA, ttl, NAMESERVER + HOSTMASTER + times)

    def _tell(self, listing: Listing, name: str, rdtype: int, ttl: int) -> Reply:
        values = listing.rdatas(rdtype)
        if not values:
            return self.nothing(NOERROR, ttl)
        return Reply(records=tuple(Record(name, rdtype, ttl, value) for value in values))


def text_rdata(text: str) -> bytes:
    """Wire form of a TXT record: strings of at most 255 octets (RFC 1035, 3.3.14)."""
    octets = text.encode()[:MAX_TEXT]
    pieces = [octets[start : start + 255] for start in range(0, len(octets), 255)]
    return b"".join(bytes((len(piece),)) + piece for piece in pieces)
