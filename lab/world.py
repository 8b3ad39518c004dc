"""The pretend internet's one state: zones, hosts, reverse names, blocklists and their moods.

A :class:`World` may be changed and asked from any thread. It stands where a recursive resolver's view of the
whole internet would: what is in no other zone is in the root, so that every question has an answer. Each
change raises `version`; a question that arrives after a change has returned sees the change.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from dns.rcode import NOERROR, NXDOMAIN, SERVFAIL
from dns.rdatatype import AAAA, CNAME, NS, PTR, SOA, A

from lab import names
from lab.networks import Networks
from lab.queries import QueryLog
from lab.records import Entry, Records
from lab.registry import Registrant
from lab.zone import NAMESERVER, Listing, Record, Reply, Temper, Zone

MAX_CHAIN = 8  # CNAMEs followed before a loop is assumed


class World:
    """Verbs have taken effect when they return; bad input is a ValueError with a sentence."""

    def __init__(self, *, ttl: int = 5) -> None:
        self._lock = threading.RLock()
        self._zones = {"": Zone("")}
        self._records = Records()
        self._registered: dict[str, Registrant] = {}
        self._ttl = names.check_ttl(ttl)
        self.version = 1
        self.queries = QueryLog()
        self.networks = Networks()

    @property
    def ttl(self) -> int:
        """Seconds that answers may be kept, positive and negative, unless a record says otherwise."""
        return self._ttl

    @ttl.setter
    def ttl(self, seconds: int) -> None:
        with self._change(""):
            self._ttl = names.check_ttl(seconds)

    # Zones and lists

    def add_zone(self, zone: str) -> None:
        """Give a part of the name space, forward or reverse, a SOA and a mood of its own."""
        name = names.canonical_name(zone)
        with self._lock:
            self._zones.setdefault(name, Zone(name))
            self.version += 1

    def add_blocklist(
        self,
        zone: str,
        *,
        test_points: Iterable[str] = ("127.0.0.2", "::ffff:127.0.0.2"),
        codes: Sequence[str] = ("127.0.0.2",),
    ) -> None:
        """Open a list whose test points (RFC 5782, 5) answer `codes`; those of a domain list are names."""
        fresh = Zone(names.canonical_name(zone), is_blocklist=True)
        for target in test_points:
            fresh.listings[names.listing_label(target)] = _listing(target, codes, "Test entry", is_test_point=True)
        with self._lock:
            self._zones[fresh.name] = fresh
            self.version += 1

    def set_mood(
        self, zone: str, mood: str, *, code: str = "", text: str = "", delay: float = 0.0, loss: float = 0.0
    ) -> None:
        """Say how a zone answers (:class:`lab.zone.Mood`) from now until the next call.

        `code` is the address given in the moods wildcard, refuse_code and park, `text` their TXT. `delay`, in
        seconds, and `loss`, the share of questions left unanswered, go with every mood.
        """
        temper = Temper.of(mood, code, delay, loss, text)
        with self._change(names.canonical_name(zone)) as found:
            found.temper = temper

    def list(self, zone: str, target: str, *, codes: Sequence[str] = ("127.0.0.2",), text: str | None = None) -> None:
        """Put an address or a domain on a list; again replaces codes and text. `text=""` means no TXT."""
        reason = f"{target} is listed on {zone}" if text is None else text
        listing = _listing(target, codes, reason, is_test_point=False)
        with self._change(names.canonical_name(zone), must_list=True) as found:
            found.listings[names.listing_label(listing.target)] = listing

    def delist(self, zone: str, target: str) -> bool:
        """Take an address or a domain off a list; False when it was not on it."""
        label = names.listing_label(names.canonical_target(target))
        with self._change(names.canonical_name(zone), must_list=True) as found:
            return found.listings.pop(label, None) is not None

    def apex_of(self, name: str) -> str:
        """The name of the zone that answers for a name; "" for the root."""
        with self._lock:
            return self._zone_of(name).name

    def zones(self) -> tuple[Zone, ...]:
        """A copy of every zone but the root, in the order they were added."""
        with self._lock:
            return tuple(
                dataclasses.replace(zone, listings=dict(zone.listings)) for name, zone in self._zones.items() if name
            )

    # Names

    def add_host(self, name: str, *addresses: str) -> None:
        """Give a host name addresses, beside those it has."""
        for address in [names.canonical_address(given) for given in addresses]:
            self.add_record(name, "AAAA" if ":" in address else "A", address)

    def remove_host(self, name: str) -> bool:
        """Take away every record of a name; False when there was none."""
        owner = names.canonical_name(name)
        with self._change(self._zone_of(owner).name):
            return self._records.remove(owner)

    def set_reverse(self, address: str, *hosts: str, via: str | None = None) -> None:
        """Replace an address's PTR names; without names it has none.

        With `via`, such as "0-63", the PTR stands in a zone delegated by CNAME (RFC 2317): for 203.0.113.5
        ``5.113.0.203.in-addr.arpa CNAME 5.0-63.113.0.203.in-addr.arpa``.
        """
        owner = names.reverse_name(address)
        first, _, network = owner.partition(".")
        delegated = f"{first}.{names.canonical_name(via)}.{network}" if via else owner
        targets = [names.canonical_name(host) for host in hosts]
        with self._change(self._zone_of(owner).name):
            if (alias := self._records.alias(owner)) and alias.endswith(f".{network}"):
                self._records.remove(alias)
            self._records.remove(owner)
            if via:
                self._records.add(owner, Entry.of("CNAME", delegated, None))
            for target in targets:
                self._records.add(delegated, Entry.of("PTR", target, None))

    def add_record(self, name: str, rdtype: str, value: str, ttl: int | None = None) -> None:
        """Add a record in presentation form, its names absolute; `ttl` in seconds, else the world's."""
        owner = names.canonical_name(name)
        entry = Entry.of(rdtype, value, ttl)
        with self._change(self._zone_of(owner).name) as zone:
            if zone.is_blocklist:
                raise ValueError(f"{owner} lies in the list {zone.name}; put a target on the list instead.")
            self._records.add(owner, entry)

    def hosts(self) -> Mapping[str, tuple[str, ...]]:
        """Every host name and its addresses."""
        with self._lock:
            found = self._records.values(A)
            for name, addresses in self._records.values(AAAA).items():
                found[name] = found.get(name, ()) + addresses
            return found

    def reverse_of(self, address: str) -> tuple[str, ...]:
        """The PTR names of an address, CNAMEs followed, whatever mood the zones are in."""
        with self._lock:
            owner = names.reverse_name(address)
            return self._records.targets(self._records.alias(owner) or owner, PTR)

    # Registrations

    def register(self, domain: str, registrant: Registrant) -> None:
        """Let a domain have a holder; again replaces the one it had."""
        name = names.canonical_name(domain)
        if "." not in name:
            raise ValueError(f"{domain!r} is an ending; register a name below it, such as brambleford.{domain}.")
        with self._lock:
            self._registered[name] = registrant
            self.version += 1

    def unregister(self, domain: str) -> bool:
        """Let a domain lapse; False when nobody held it."""
        with self._lock:
            self.version += 1
            return self._registered.pop(names.canonical_name(domain), None) is not None

    def registrant_of(self, domain: str) -> Registrant | None:
        """Who holds a domain."""
        with self._lock:
            return self._registered.get(domain.rstrip(".").lower())

    def endings(self) -> tuple[str, ...]:
        """What the registered domains lie below, with the usual three."""
        with self._lock:
            return tuple(sorted({name.partition(".")[2] for name in self._registered} | {"com", "net", "org"}))

    # Answers

    def answer(self, name: str, rdtype: int) -> Reply:
        """The whole answer to one question (lower-case name without trailing dot), CNAMEs followed."""
        with self._lock:
            chain: tuple[Record, ...] = ()
            delay = 0.0
            for _ in range(MAX_CHAIN):
                zone = self._zone_of(name)
                reply = self._reply(zone, name, rdtype)
                chain += reply.records
                delay += zone.temper.delay
                if not reply.alias:
                    return dataclasses.replace(reply, records=chain, delay=delay, loss=zone.temper.loss)
                name = reply.alias
            return Reply(SERVFAIL)

    def _reply(self, zone: Zone, name: str, rdtype: int) -> Reply:
        forced = zone.reply_in_mood(name, rdtype, self._ttl)
        if forced is not None:
            return forced
        if name == zone.name and rdtype == SOA:
            return Reply(records=(zone.soa(self._ttl),))
        if name == zone.name and rdtype == NS:
            return Reply(records=(Record(name, NS, self._ttl, NAMESERVER),))
        if zone.is_blocklist and name != zone.name:
            return zone.reply_as_list(name, rdtype, self._ttl)
        if records := self._records.find(name, rdtype, self._ttl):
            return Reply(records=records)
        if alias := self._records.alias(name):
            return Reply(records=self._records.find(name, CNAME, self._ttl), alias=alias)
        exists = name == zone.name or self._records.has(name)
        return zone.nothing(NOERROR if exists else NXDOMAIN, self._ttl)

    def _zone_of(self, name: str) -> Zone:
        while name not in self._zones:
            name = name.partition(".")[2]
        return self._zones[name]

    @contextmanager
    def _change(self, zone: str, *, must_list: bool = False) -> Iterator[Zone]:
        """The zone to change, under the lock. Its serial and the version rise if the block succeeds."""
        with self._lock:
            found = self._zones.get(zone)
            if found is None or (must_list and not found.is_blocklist):
                fit = [name for name, it in self._zones.items() if name and it.is_blocklist >= must_list]
                kind = "list" if must_list else "zone"
                raise ValueError(f"This world has no {kind} {zone!r}; it has: {', '.join(fit) or 'none'}.")
            yield found
            found.serial += 1
            self.version += 1


def _listing(target: str, codes: Sequence[str], text: str, *, is_test_point: bool) -> Listing:
    if not codes:
        raise ValueError("A listing needs at least one return code, such as 127.0.0.2.")
    if not text.isascii():
        text.encode()  # half a surrogate pair has no octets, and is a ValueError here
    checked = tuple(names.return_code(code) for code in codes)
    return Listing(names.canonical_target(target), checked, text, is_test_point)
