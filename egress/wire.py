"""DNS messages as bytes (RFC 1035 section 4): questions put together, answers read.

Most answers of a blocklist sweep are NXDOMAIN, and nearly all others one or two plain A records. Those are
read here from their header and a fixed shape, without building objects; dnspython reads everything else. No
function here raises for what a server sent: what cannot be read is MALFORMED.

No EDNS is offered: the answers that Sluice wants fit the classic 512 bytes, and the rare one that does not
is asked for again over TCP (RFC 7766), so no answer ever arrives as fragments that could be forged
(RFC 9715).
"""

import re
import struct
from dataclasses import dataclass
from typing import cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.SOA
import dns.rdtypes.ANY.TXT
import dns.rdtypes.nsbase
import dns.rrset

from egress.answer import Outcome, Question

RDTYPES = {"A": 1, "NS": 2, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}

HEADER = b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"  # after the id: recursion desired, one question
HEADER_LENGTH = 12

NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5

_LONGEST_CHAIN = 16  # CNAMEs followed within one answer; more is a loop or a joke
_SAME_NAME = b"\xc0\x0c"  # an owner that points back at the question's name
_PLAIN_LABEL = re.compile(r"[!-~]+")


def encode_name(name: str) -> bytes:
    """An absolute name as length-prefixed labels, lower case, with the final zero byte.

    `name` may end in a dot and may carry the escapes of RFC 1035 section 5.1 (`\\.`, `\\000`), so that a
    name out of a hostile PTR record can be asked about like any other; "." is the root. Raises ValueError
    with a sentence for a name that cannot exist: an empty label, a label over 63 bytes, more than 253
    characters in all (RFC 1035 section 2.3.4), a character outside ASCII.
    """
    if name == ".":
        return b"\0"
    if "\\" in name:
        return _encode_escaped(name)
    text = name.removesuffix(".").lower()
    if len(text) > 253:
        raise ValueError(f"The name {_cut(name)} has {len(text)} characters; a DNS name has at most 253.")
    parts = []
    for label in text.split("."):
        if not label:
            raise ValueError(f"The name {_cut(name)!r} has an empty label; write at least one character between dots.")
        if len(label) > 63:
            raise ValueError(f"The label {_cut(label)} has {len(label)} characters; a DNS label has at most 63.")
        if not _PLAIN_LABEL.fullmatch(label):
            raise ValueError(
                f"The name {_cut(name)!r} has a blank or a character outside ASCII; "
                "write an international name in its xn-- form."
            )
        parts.append(bytes((len(label),)) + label.encode("ascii"))
    return b"".join(parts) + b"\0"


def _encode_escaped(name: str) -> bytes:
    return _from_escaped(name).to_wire() or b"\0"


def _from_escaped(name: str) -> dns.name.Name:
    try:
        return dns.name.from_text(name).canonicalize()
    except (dns.exception.DNSException, ValueError) as refusal:
        raise ValueError(f"The name {_cut(name)!r} is not a DNS name: {refusal}") from refusal


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def question(name: str, rdtype: str) -> Question:
    """The question in its one canonical form. Raises ValueError with a sentence for what cannot be asked."""
    if rdtype not in RDTYPES:
        raise ValueError(f"Sluice does not ask for {rdtype!r} records; it asks for {', '.join(RDTYPES)}.")
    if "\\" in name:
        return Question(_name_text(_from_escaped(name)), rdtype)
    encode_name(name)
    return Question(name if name == "." else name.removesuffix(".").lower(), rdtype)


def tail(zone: str, rdtype: str) -> bytes:
    """The end of a question that many questions share: the zone's labels, the type, class IN."""
    return encode_name(zone) + struct.pack("!HH", RDTYPES[rdtype], 1)


def body(asked: Question) -> bytes:
    """The question section of one question: what a true answer must repeat."""
    return tail(asked.name, asked.rdtype)


def retyped(asked: bytes, rdtype: str) -> bytes:
    """The same question section for another type of record."""
    return asked[:-4] + struct.pack("!HH", RDTYPES[rdtype], 1)


def answers(packet: bytes, asked: bytes) -> bool:
    """Whether the packet, whose id is known to fit, is a response to the question section `asked`.

    The question must come back (RFC 5452 section 9.1), in any case of letters. A bare header with an error
    code is taken too: it is how some servers say FORMERR, and it can only make an answer unknown.
    """
    if len(packet) < HEADER_LENGTH or packet[2] & 0xF8 != 0x80:  # a response, opcode QUERY
        return False
    if packet[4:6] == b"\0\1":
        return packet.startswith(asked, HEADER_LENGTH) or (
            packet[HEADER_LENGTH : HEADER_LENGTH + len(asked)].lower() == asked
        )
    return len(packet) == HEADER_LENGTH and packet[4:6] == b"\0\0" and packet[3] & 15 not in (NOERROR, NXDOMAIN)


def is_truncated(packet: bytes) -> bool:
    """The TC bit: the whole answer must be asked for over TCP (RFC 7766 section 5)."""
    return packet[2] & 2 != 0


def rcode(packet: bytes) -> int:
    """The four bits of response code in the header."""
    return packet[3] & 15


def is_bare(packet: bytes) -> bool:
    """Whether the answer section is empty, so that a response code says all there is to say."""
    return packet[6] == 0 == packet[7]


def plain_records(packet: bytes, asked: bytes) -> tuple[str, ...] | None:
    """The records of a NOERROR answer to an A or TXT question that holds nothing but such records of the
    asked name, as nearly every listing does. None for any other shape, which `read` has to look at."""
    shape = _SAME_NAME + asked[-4:]
    to_text = _PLAIN[asked[-3]]
    found = []
    at = HEADER_LENGTH + len(asked)
    for _ in range(packet[6] << 8 | packet[7]):
        start = at + len(shape) + 6  # the TTL and the length lie between
        if len(packet) < start or not packet.startswith(shape, at):
            return None
        at = start + (packet[start - 2] << 8 | packet[start - 1])
        text = to_text(packet[start:at]) if at <= len(packet) else None
        if text is None:
            return None
        found.append(text)
    return tuple(dict.fromkeys(found)) or None


def _plain_address(data: bytes) -> str | None:
    return "{}.{}.{}.{}".format(*data) if len(data) == 4 else None


def _plain_text(data: bytes) -> str | None:
    at, strings = 0, []
    while at < len(data):
        end = at + 1 + data[at]
        strings.append(data[at + 1 : end])
        at = end
    return printable(b"".join(strings)) if at == len(data) > 0 else None


_PLAIN = {RDTYPES["A"]: _plain_address, RDTYPES["TXT"]: _plain_text}


@dataclass(frozen=True, slots=True)
class Contents:
    """What one answer message says; the fields are those of `egress.answer.Answer`."""

    outcome: Outcome
    records: tuple[str, ...]
    ttl: int | None
    rcode: str
    canonical: str


def read(packet: bytes, asked: bytes) -> Contents:
    """Everything a message says about the question section `asked`. Never raises, whatever the packet is."""
    owner, _ = dns.name.from_wire(asked, 0)
    code = rcode(packet) if len(packet) >= HEADER_LENGTH else SERVFAIL
    if code not in (NOERROR, NXDOMAIN):
        outcome = Outcome.REFUSED if code == REFUSED else Outcome.SERVFAIL
        return Contents(outcome, (), None, _rcode_text(code), _name_text(owner))
    try:
        message = dns.message.from_wire(packet, ignore_trailing=True)
        return _follow(message, owner, dns.rdatatype.RdataType(asked[-3]))
    except Exception:  # noqa: BLE001 -- a hostile server chose these bytes, and a parser can object in many ways
        return Contents(Outcome.MALFORMED, (), None, _rcode_text(code), _name_text(owner))


def _rcode_text(code: int) -> str:
    text = dns.rcode.to_text(dns.rcode.Rcode.make(code))
    return text if text.isalpha() else f"RCODE{code}"


def _follow(message: dns.message.Message, owner: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> Contents:
    """Walks the CNAME chain inside the answer (RFC 1034 section 3.6.2): that is how a classless reverse
    delegation answers for an address (RFC 2317)."""
    ttls: list[int] = []
    for _ in range(_LONGEST_CHAIN):
        found = _rrset(message.answer, owner, rdtype)
        alias = None if found else _rrset(message.answer, owner, dns.rdatatype.CNAME)
        if alias is None:
            break
        ttls.append(alias.ttl)
        owner = cast("dns.rdtypes.ANY.CNAME.CNAME", alias[0]).target
    else:
        raise dns.message.ChainTooLong

    records = tuple(_text(record) for record in found or ())
    if message.rcode() == dns.rcode.NXDOMAIN:
        outcome = Outcome.MALFORMED if found else Outcome.NXDOMAIN  # "it does not exist, and here it is"
    else:
        outcome = Outcome.ANSWER if found else Outcome.NODATA
    ttls += [found.ttl] if found else _negative_ttl(message)
    ttl = min(ttls) if ttls else None
    return Contents(outcome, records, ttl, _rcode_text(message.rcode()), _name_text(owner))


def _rrset(
    section: list[dns.rrset.RRset], owner: dns.name.Name, rdtype: dns.rdatatype.RdataType
) -> dns.rrset.RRset | None:
    for rrset in section:
        if rrset.rdtype == rdtype and rrset.rdclass == dns.rdataclass.IN and rrset.name == owner:
            return rrset
    return None


def _negative_ttl(message: dns.message.Message) -> list[int]:
    """How long "there is none" may be believed: the lesser of the SOA record's TTL and its last field
    (RFC 2308 section 5)."""
    for rrset in message.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            return [min(rrset.ttl, cast("dns.rdtypes.ANY.SOA.SOA", rrset[0]).minimum)]
    return []


def _text(record: dns.rdata.Rdata) -> str:
    if isinstance(record, dns.rdtypes.ANY.TXT.TXT):
        return printable(b"".join(record.strings))
    if isinstance(record, dns.rdtypes.nsbase.NSBase):  # NS, PTR: a name and nothing else
        return _name_text(record.target)
    if isinstance(record, dns.rdtypes.ANY.MX.MX):
        return f"{record.preference} {_name_text(record.exchange)}"
    return record.to_text()


def _name_text(name: dns.name.Name) -> str:
    return name.canonicalize().to_text(omit_final_dot=True)


def printable(raw: bytes) -> str:
    """Bytes that somebody else wrote, as text that is safe to store, log and show: what is not UTF-8, and
    every control, format and bidirectional character, is escaped."""
    text = raw.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else _escaped(mark) for mark in text)


def _escaped(mark: str) -> str:
    code = ord(mark)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
