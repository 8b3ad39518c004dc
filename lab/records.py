"""Plain DNS records by name and type: what stands in the zones that are no blocklists."""

from __future__ import annotations

import collections
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from dns.rdatatype import CNAME

from lab.names import check_ttl
from lab.zone import Record


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it was given: `value` in presentation form, `ttl` in seconds or None for the world's."""

    rdtype: int
    value: str
    ttl: int | None
    rdata: bytes

    @classmethod
    def of(cls, rdtype: str, value: str, ttl: int | None) -> Entry:
        """Read presentation form; names in `value` are absolute. ValueError for what is no such record."""
        try:
            kind = dns.rdatatype.from_text(rdtype)
            parsed = dns.rdata.from_text(dns.rdataclass.IN, kind, value, origin=dns.name.root, relativize=False)
        except (dns.exception.DNSException, ValueError) as fault:
            raise ValueError(f"{value!r} is no {rdtype} record: {fault}") from None
        return cls(int(kind), parsed.to_text(), None if ttl is None else check_ttl(ttl), parsed.to_wire() or b"")


class Records:
    """A name tree that knows its empty non-terminals (RFC 8020). Names are canonical; not locked."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self._children: collections.Counter[str] = collections.Counter()

    def add(self, name: str, entry: Entry) -> None:
        """Add one record; the same one twice stands once. A CNAME stands alone (RFC 1034, 3.6.2)."""
        here = self._entries.get(name, [])
        if any((other.rdtype == CNAME) != (entry.rdtype == CNAME) for other in here):
            raise ValueError(f"{name} cannot have a CNAME beside other records.")
        if name not in self._entries:
            self._children.update(_above(name))
        if entry not in here:
            self._entries[name] = [*here, entry]

    def remove(self, name: str) -> bool:
        """Take away all records of a name; False when there was none."""
        if self._entries.pop(name, None) is None:
            return False
        self._children.subtract(_above(name))
        return True

    def find(self, name: str, rdtype: int, ttl: int) -> tuple[Record, ...]:
        """The records of a name and type, on the wire's terms; `ttl` for those without one of their own."""
        return tuple(
            Record(name, rdtype, ttl if entry.ttl is None else entry.ttl, entry.rdata)
            for entry in self._entries.get(name, ())
            if entry.rdtype == rdtype
        )

    def targets(self, name: str, rdtype: int) -> tuple[str, ...]:
        """The names that records of a name and type point to, in canonical form."""
        here = self._entries.get(name, ())
        return tuple(entry.value.rstrip(".").lower() for entry in here if entry.rdtype == rdtype)

    def alias(self, name: str) -> str | None:
        """Where a name's CNAME points, if it has one."""
        return next(iter(self.targets(name, CNAME)), None)

    def has(self, name: str) -> bool:
        """Whether the name exists, with records or above one that has."""
        return name in self._entries or self._children[name] > 0

    def values(self, rdtype: int) -> dict[str, tuple[str, ...]]:
        """Every name with records of one type, and their values in presentation form."""
        found = {
            name: tuple(entry.value for entry in entries if entry.rdtype == rdtype)
            for name, entries in self._entries.items()
        }
        return {name: values for name, values in found.items() if values}


def _above(name: str) -> list[str]:
    """Every ancestor of a name, itself and the root left out."""
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(1, len(labels))]
