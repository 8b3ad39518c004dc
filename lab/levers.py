"""What may be asked of the running lab from outside: plain fields in, plain values out.

:class:`Levers` knows the verbs and refuses what it does not understand; it knows nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from lab.dns import DnsServer
from lab.fields import Fields
from lab.names import canonical_address, canonical_target
from lab.seed import LISTS, SeedVendor, reason
from lab.smtp import SmtpMood, SmtpSink
from lab.web import WebServer
from lab.world import World
from lab.zone import Temper, Zone


class NoSuchLever(LookupError):
    """A verb that the lab does not have."""


@dataclass(frozen=True, slots=True)
class Sender:
    """An address or a listed domain, whose it is ("" for nobody's), and the lists it is on."""

    target: str
    vendor: str
    hostnames: tuple[str, ...]
    reverse: tuple[str, ...]
    listed_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One DNS server and its mood."""

    address: str
    mood: str
    delay: float
    loss: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The lab at one moment."""

    ttl: int
    queries: int
    senders: tuple[Sender, ...]
    lists: Mapping[str, Temper]
    zones: Mapping[str, Temper]
    paths: tuple[Path, ...]
    smtp_address: str
    smtp: SmtpMood
    mails: int


class Levers:
    """The verbs over one world, its paths and its mail server. `vendors` only say whose an address is."""

    def __init__(
        self,
        world: World,
        paths: Sequence[DnsServer],
        sink: SmtpSink,
        vendors: Sequence[SeedVendor] = (),
        web: WebServer | None = None,
    ) -> None:
        self.world = world
        self.paths = paths
        self.sink = sink
        self.web = web or WebServer(world)
        self._owners = {server.address: vendor.name for vendor in vendors for server in vendor.servers}
        self._holders = {vendor.domain: vendor.name for vendor in vendors}
        self._verbs: dict[str, Callable[[Fields], dict[str, Any]]] = {
            "list": self._list,
            "delist": self._delist,
            "mood": self._mood,
            "reverse": self._reverse,
            "host": self._host,
            "smtp": self._smtp,
            "site": self._site,
        }

    @property
    def verbs(self) -> tuple[str, ...]:
        """The names that `pull` knows."""
        return tuple(self._verbs)

    def pull(self, verb: str, given: Mapping[str, object]) -> dict[str, Any]:
        """Do it and say what was done. ValueError with a sentence for bad fields; NoSuchLever."""
        if verb not in self._verbs:
            raise NoSuchLever(f"There is no {verb!r}; the lab knows {', '.join(self._verbs)}.")
        fields = Fields(given)
        return self._verbs[verb](fields)

    def picture(self) -> Picture:
        """Everything that can be changed, as it is now."""
        zones = self.world.zones()
        lists = [zone for zone in zones if zone.is_blocklist]
        return Picture(
            ttl=self.world.ttl,
            queries=self.world.queries.count,
            senders=self._senders(lists),
            lists={zone.name: zone.temper for zone in lists},
            zones={zone.name: zone.temper for zone in zones if not zone.is_blocklist},
            paths=tuple(Path(path.address, path.mood, path.delay, path.loss) for path in self.paths),
            smtp_address=self.sink.address,
            smtp=self.sink.mood,
            mails=len(self.sink.messages),
        )

    def _senders(self, lists: Sequence[Zone]) -> tuple[Sender, ...]:
        listed: dict[str, list[str]] = {}
        for zone in lists:
            for listing in zone.listings.values():
                if not listing.is_test_point:
                    listed.setdefault(listing.target, []).append(zone.name)
        names: dict[str, list[str]] = {}
        for name, addresses in self.world.hosts().items():
            for address in addresses:
                if not ip_address(address).is_loopback:  # where the websites are
                    names.setdefault(address, []).append(name)
        return tuple(
            Sender(
                target=target,
                vendor=self._owners.get(target) or self._holders.get(target, ""),
                hostnames=tuple(names.get(target, ())),
                reverse=self.world.reverse_of(target) if _is_address(target) else (),
                listed_on=tuple(listed.get(target, ())),
            )
            for target in dict.fromkeys([*self._owners, *names, *sorted(listed)])
        )

    def _list(self, fields: Fields) -> dict[str, Any]:
        fields.only("zone", "address", "codes", "text")
        zone, target = fields.text("zone"), canonical_target(fields.text("address"))
        usual = {entry.zone: entry.code for entry in LISTS}.get(zone, "127.0.0.2")
        codes = fields.several("codes") or (usual,)
        self.world.list(zone, target, codes=codes, text=fields.text("text", reason(zone, target)))
        return {"zone": zone, "address": target, "listed": True}

    def _delist(self, fields: Fields) -> dict[str, Any]:
        fields.only("zone", "address")
        zone, target = fields.text("zone"), canonical_target(fields.text("address"))
        return {
            "zone": zone,
            "address": target,
            "listed": False,
            "was_listed": self.world.delist(zone, target),
        }

    def _mood(self, fields: Fields) -> dict[str, Any]:
        fields.only("zone", "server", "mood", "code", "delay", "loss")
        mood, delay, loss = fields.text("mood"), fields.number("delay", 0.0), fields.number("loss", 0.0)
        if fields.has("zone") == fields.has("server"):
            raise ValueError("Say whose mood: give either `zone` or `server` (an address, or its number from 0).")
        if fields.has("zone"):
            self.world.set_mood(fields.text("zone"), mood, code=fields.text("code", ""), delay=delay, loss=loss)
            return {"zone": fields.text("zone"), "mood": mood}
        path = self._path(fields.text("server"))
        path.set_mood(mood, delay=delay, loss=loss)
        return {"server": path.address, "mood": mood}

    def _path(self, named: str) -> DnsServer:
        for number, path in enumerate(self.paths):
            if named in (str(number), path.address):
                return path
        known = ", ".join(path.address for path in self.paths)
        raise ValueError(f"There is no server {named!r}; the lab has {known}.")

    def _reverse(self, fields: Fields) -> dict[str, Any]:
        fields.only("address", "names", "via")
        address = canonical_address(fields.text("address"))
        self.world.set_reverse(address, *fields.several("names"), via=fields.text("via", "") or None)
        return {"address": address, "names": self.world.reverse_of(address)}

    def _host(self, fields: Fields) -> dict[str, Any]:
        fields.only("name", "addresses", "remove")
        name = fields.text("name")
        addresses = tuple(canonical_address(address) for address in fields.several("addresses"))
        if fields.flag("remove"):
            return {"name": name, "removed": self.world.remove_host(name)}
        if not addresses:
            raise ValueError("Give `addresses`, one or more, or `remove` to take the host away.")
        self.world.add_host(name, *addresses)
        return {"name": name, "addresses": addresses}

    def _site(self, fields: Fields) -> dict[str, Any]:
        fields.only("domain", "mood")
        domain, mood = fields.text("domain"), fields.text("mood")
        self.web.set_mood(domain, mood)
        return {"domain": domain, "mood": mood}

    def _smtp(self, fields: Fields) -> dict[str, Any]:
        fields.only("speed", "defer", "drop", "keeps_dropped", "reject", "refuses")
        speed = fields.number("speed", 0.0)
        self.sink.set_mood(
            SmtpMood(
                speed=speed or None,
                defer=fields.number("defer", 0.0),
                drop=fields.number("drop", 0.0),
                keeps_dropped=fields.flag("keeps_dropped"),
                reject=frozenset(fields.several("reject")),
                refuses=fields.flag("refuses"),
            )
        )
        return {"smtp": self.sink.address, "refuses": self.sink.mood.refuses}


def _is_address(target: str) -> bool:
    try:
        canonical_address(target)
    except ValueError:
        return False
    return True
