"""DNS on the wire (RFC 1035): a question read, a reply written. By hand: a scan asks thousands a second."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import dns.name
from dns.rcode import FORMERR, NOERROR, NOTIMP, REFUSED

from lab.zone import Record, Reply

HEADER = struct.Struct("!6H")
QR, AA, TC, RD, RA, OPCODE = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x7800
IN = 1
CLASSIC_LIMIT = 512  # octets in a UDP reply without EDNS (RFC 1035, 4.2.1)
EDNS_LIMIT = 4096  # octets that the lab sends at most by UDP, whatever the client offers
OPT = b"\0\0\x29" + struct.pack("!HIH", EDNS_LIMIT, 0, 0)  # RFC 6891, 6.1.2
POINTER = 0xC000
PLAIN = re.compile(rb"[a-z0-9._-]+")


class NotAQuestion(ValueError):
    """A packet that deserves no answer: too short, or itself an answer."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question. `name` is lower case without trailing dot; `section` is the question as spelt.

    `fault` is the rcode to refuse with, NOERROR where there is none; `udp_limit` is in octets.
    """

    flags: int
    name: str = ""
    rdtype: int = 0
    section: bytes = b""
    has_edns: bool = False
    udp_limit: int = CLASSIC_LIMIT
    fault: int = NOERROR


def read(packet: bytes) -> Query:
    """Read a question; NotAQuestion when silence is the only right answer."""
    if len(packet) < HEADER.size:
        raise NotAQuestion("shorter than a DNS header")
    _, flags, questions, answers, authorities, extras = HEADER.unpack_from(packet)
    if flags & QR:
        raise NotAQuestion("a reply")
    if flags & OPCODE:
        return Query(flags, fault=NOTIMP)
    try:
        labels, end = _labels(packet)
        rdtype, rdclass = struct.unpack_from("!HH", packet, end)
    except (IndexError, struct.error):
        return Query(flags, fault=FORMERR)
    if questions != 1:
        return Query(flags, fault=FORMERR)
    end += 4
    has_edns, limit = False, CLASSIC_LIMIT
    if extras and not answers and not authorities and packet[end : end + 3] == OPT[:3]:
        has_edns = True
        offered = int.from_bytes(packet[end + 3 : end + 5], "big")
        limit = min(max(offered, CLASSIC_LIMIT), EDNS_LIMIT)
    fault = NOERROR if rdclass == IN else REFUSED
    return Query(flags, _text(labels), rdtype, packet[HEADER.size : end], has_edns, limit, fault)


def write(query: Query, reply: Reply, *, limit: int) -> bytes:
    """The reply without its first two octets, the id; over `limit` octets, only the question with TC set.

    The lab stands in for a resolver as well as for the servers behind it, so AA and RA are both set.
    """
    flags = QR | AA | RA | (query.flags & (OPCODE | RD)) | reply.rcode
    extra, options = (OPT, 1) if query.has_edns else (b"", 0)
    questions = 1 if query.section else 0
    body = b"".join(_record(query, record) for record in (*reply.records, *reply.authority))
    if HEADER.size + len(query.section) + len(body) + len(extra) > limit:
        return _head(flags | TC, questions, 0, 0, options) + query.section + extra
    counts = (len(reply.records), len(reply.authority))
    return _head(flags, questions, *counts, options) + query.section + body + extra


def _head(flags: int, questions: int, answers: int, authorities: int, options: int) -> bytes:
    return HEADER.pack(0, flags, questions, answers, authorities, options)[2:]


def _record(query: Query, record: Record) -> bytes:
    fixed = struct.pack("!HHIH", record.rdtype, IN, record.ttl, len(record.rdata))
    return _owner(query, record.name) + fixed + record.rdata


def _owner(query: Query, name: str) -> bytes:
    """A pointer into the question where the name ends it (RFC 1035, 4.1.4), the whole name elsewhere.

    Each label's length octet stands in for a dot, so that places in the text are places on the wire; an
    escaped name breaks the rule and is written out.
    """
    if not name:
        return b"\0"
    if "\\" not in query.name and (query.name == name or query.name.endswith("." + name)):
        return struct.pack("!H", POINTER | (HEADER.size + len(query.name) - len(name)))
    return dns.name.from_text(name).to_wire() or b""


def _labels(packet: bytes) -> tuple[list[bytes], int]:
    """The labels of the name after the header, and where it ends; IndexError when it does not."""
    labels, at = [], HEADER.size
    while length := packet[at]:
        if length > 63 or at + length >= len(packet) or at + length - HEADER.size > 254:
            raise IndexError("a label that is none, or a name without end")
        labels.append(packet[at + 1 : at + 1 + length])
        at += 1 + length
    return labels, at + 1


def _text(labels: list[bytes]) -> str:
    if not labels:
        return ""
    joined = b".".join(labels).lower()
    if PLAIN.fullmatch(joined) and joined.count(b".") == len(labels) - 1:
        return joined.decode()
    return dns.name.Name([*labels, b""]).to_text(omit_final_dot=True).lower()
