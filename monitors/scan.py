"""Screens many addresses against many blocklists in one sweep: which of them does which list name?

This is the coarse sieve, for a vendor's list of servers before it is taken on. A zone here is only a name:
any answer within 127.0.0.0/8 is a listing (RFC 5782 section 2.1), except 127.255.255.0/24, where lists put
their refusals. It proves no list's health, opens no finding and needs no database; what watches a vendor's
servers, and knows each list's codes, is `monitors.probes`.

Everything streams: the addresses come out of an iterator, rows go out in the order of the addresses and,
within one, of the zones, and only what lies between the two is held.
"""

import ipaddress
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from egress import wire
from egress.answer import Outcome
from egress.exchange import Exchange, Flight
from egress.resolver import why_nothing_came

LISTED, CLEAR, UNKNOWN = "listed", "clear", "unknown"

AHEAD = 4_096  # addresses begun while an earlier one still waits for an answer: what bounds the memory
SILENT_AFTER = 50  # lookups in a row without any answer, until a zone is asked no more
DEAF_AFTER = 100  # the same of all zones together, until the server is asked no more

_OCTETS = tuple(bytes((len(text := str(octet)), *text.encode())) for octet in range(256))
_NIBBLES = tuple(bytes((1, *f"{byte & 15:x}".encode(), 1, *f"{byte >> 4:x}".encode())) for byte in range(256))


class Row(NamedTuple):
    """What one zone says about one address. `codes` are the A records, `reason` is the list's own text for
    what is listed and the cause for what is unknown."""

    address: str
    zone: str
    verdict: str
    codes: tuple[str, ...]
    reason: str


@dataclass(slots=True)
class Tally:
    """What a scan did. `lookups` counts questions, A and TXT, each once, `answers` what came back for
    the A ones, `resends` the repetitions; `unknown_because` the causes of the unknown; `seconds` is the time
    from the first question to the last row; `silent` names the zones that were given up, `is_deaf` tells that
    the server was."""

    addresses: int = 0
    lookups: int = 0
    answers: int = 0
    listed: int = 0
    clear: int = 0
    unknown_because: Counter[str] = field(default_factory=Counter)
    resends: int = 0
    seconds: float = 0.0
    silent: list[str] = field(default_factory=list)
    is_deaf: bool = False

    @property
    def unknown(self) -> int:
        return self.unknown_because.total()


def query_head(address: str) -> bytes:
    """The labels that an address puts before a zone: its octets, or all its 32 nibbles, last first (RFC 5782
    sections 2.1 and 2.4). Raises ValueError with a sentence for what is not one IP address."""
    try:
        if ":" in address:
            return b"".join([_NIBBLES[byte] for byte in reversed(socket.inet_pton(socket.AF_INET6, address))])
        return b"".join([_OCTETS[byte] for byte in reversed(socket.inet_pton(socket.AF_INET, address))])
    except (OSError, ValueError):  # ValueError: a NUL, or a character outside ASCII
        pass
    if "/" in address:
        raise ValueError(f"{address!r} is a network; write its addresses, one a line.")
    if "%" in address:
        raise ValueError(f"{address!r} has a scope; write the address without the part from %.")
    raise ValueError(f"{address!r} is not an IPv4 or IPv6 address; write one address a line.")


def plain_verdict(codes: Sequence[str]) -> tuple[str, str]:
    """The verdict on the A records of a list of which only the name is known, with the cause if unknown."""
    if any(not code.startswith("127.") for code in codes):
        return UNKNOWN, "hijacked"  # a parked domain, or a resolver that invents answers
    if any(code.startswith("127.255.255.") for code in codes):
        return UNKNOWN, "refused_by_list"
    return LISTED, ""


class _Target:
    """One address on its way through the zones; zones without an entry in `rows` are clear."""

    __slots__ = ("address", "rows", "waiting")

    def __init__(self, address: str, zones: int) -> None:
        self.address = address
        self.waiting = zones
        self.rows: dict[int, Row] = {}


class Scan:
    """One sweep over `zones` through an entered `exchange`. `write` gets each listed and unknown row, and
    with `with_clear` the clear ones too. `tally` can be read at any time, to show progress."""

    def __init__(
        self,
        zones: Sequence[str],
        exchange: Exchange,
        write: Callable[[Row], object],
        *,
        with_clear: bool = False,
    ) -> None:
        self.tally = Tally()
        self._zones = tuple(zones)
        self._tails = [wire.tail(zone, "A") for zone in zones]
        self._failed = [0] * len(self._zones)  # lookups in a row without an answer
        self._failed_anywhere = 0
        self._exchange = exchange
        self._write = write
        self._with_clear = with_clear
        self._begun: deque[_Target] = deque()

    async def run(self, addresses: Iterable[str]) -> Tally:
        """Asks every zone about every address. Raises ValueError for an address that is none, and whatever
        `write` raises; a server that does not answer is a row, not an exception."""
        started = time.perf_counter()
        resends = self._exchange.resends
        await self._exchange.fly_all(self._flights(addresses))
        self.tally.resends = self._exchange.resends - resends
        self.tally.seconds = time.perf_counter() - started
        return self.tally

    def _flights(self, addresses: Iterable[str]) -> Iterator[Flight | None]:
        tally, landed = self.tally, self._address_landed
        for address in addresses:
            head = query_head(address)
            while len(self._begun) >= AHEAD:
                yield None
            target = _Target(address, len(self._zones))
            self._begun.append(target)
            for zone, tail in enumerate(self._tails):
                if tally.is_deaf or self._failed[zone] >= SILENT_AFTER:
                    self._close(target, zone, UNKNOWN, (), "not asked: no answer to the lookups before")
                    continue
                tally.lookups += 1
                yield Flight(head + tail, landed, (target, zone))

    def _address_landed(self, flight: Flight) -> None:
        packet = flight.packet
        target, zone = flight.tag
        if packet is None:
            self._count_failure(zone)
            self._close(target, zone, UNKNOWN, (), why_nothing_came(flight).value)
            return
        self.tally.answers += 1
        self._failed[zone] = self._failed_anywhere = 0
        code = wire.rcode(packet)
        if code == wire.NXDOMAIN and wire.is_bare(packet):
            self.tally.clear += 1
            self._count_down(target)
            return
        codes = wire.plain_records(packet, flight.body) if code == wire.NOERROR else None
        if codes is None:
            contents = wire.read(packet, flight.body)
            if contents.outcome is Outcome.NXDOMAIN:
                self.tally.clear += 1
                self._count_down(target)
                return
            if contents.outcome is not Outcome.ANSWER:
                self._close(target, zone, UNKNOWN, (), contents.outcome.value)
                return
            codes = contents.records
        codes = tuple(sorted(codes, key=ipaddress.IPv4Address))
        verdict, cause = plain_verdict(codes)
        if verdict == UNKNOWN:
            self._close(target, zone, UNKNOWN, codes, cause)
            return
        self.tally.lookups += 1
        asked = wire.retyped(flight.body, "TXT")
        self._exchange.fly(Flight(asked, self._text_landed, (target, zone, codes)))

    def _text_landed(self, flight: Flight) -> None:
        """The text only explains: a listing stays one when it cannot be had."""
        target, zone, codes = flight.tag
        texts: tuple[str, ...] = ()
        if flight.packet:
            is_good = wire.rcode(flight.packet) == wire.NOERROR
            plain = wire.plain_records(flight.packet, flight.body) if is_good else None
            texts = plain or wire.read(flight.packet, flight.body).records
        self._close(target, zone, LISTED, codes, "; ".join(texts))

    def _count_failure(self, zone: int) -> None:
        self._failed[zone] += 1
        self._failed_anywhere += 1
        if self._failed[zone] == SILENT_AFTER:
            self.tally.silent.append(self._zones[zone])
        if self._failed_anywhere == DEAF_AFTER:
            self.tally.is_deaf = True

    def _close(self, target: _Target, zone: int, verdict: str, codes: tuple[str, ...], reason: str) -> None:
        if verdict == LISTED:
            self.tally.listed += 1
        else:
            self.tally.unknown_because[reason] += 1
        target.rows[zone] = Row(target.address, self._zones[zone], verdict, codes, reason)
        self._count_down(target)

    def _count_down(self, target: _Target) -> None:
        target.waiting -= 1
        if target.waiting == 0:
            self._write_finished()

    def _write_finished(self) -> None:
        while self._begun and self._begun[0].waiting == 0:
            target = self._begun.popleft()
            self.tally.addresses += 1
            for zone in range(len(self._zones)) if self._with_clear else sorted(target.rows):
                clear = Row(target.address, self._zones[zone], CLEAR, (), "")
                self._write(target.rows.get(zone, clear))
