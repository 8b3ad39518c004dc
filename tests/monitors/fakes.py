"""A small pretend DNS for pure code: say what names answer, hand it over as `ask`, read what was asked."""

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_address

from egress.answer import Answer, Outcome
from monitors.probes.blocklist import query_name
from monitors.probes.entry import Blocklist, Code, Mode
from monitors.probes.reading import Severity

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ZONE = "dnsbl.example.org"


def house(**changes: object) -> Blocklist:
    """A list of our own with three codes; every field can be said otherwise."""
    fields: dict[str, object] = {
        "id": "house",
        "name": "House",
        "zone": ZONE,
        "mode": Mode.EXACT,
        "codes": {
            "127.0.0.2": Code("spam source", Severity.HALT),
            "127.0.0.3": Code("looks dynamic", Severity.WARN),
            "127.0.0.9": Code("known good", Severity.NONE),
        },
    }
    return Blocklist(**{**fields, **changes})  # type: ignore[arg-type]


def answer(
    *records: str, outcome: Outcome = Outcome.ANSWER, name: str = f"5.113.0.203.{ZONE}", **more: object
) -> Answer:
    rcodes = {Outcome.ANSWER: "NOERROR", Outcome.NODATA: "NOERROR", Outcome.NXDOMAIN: "NXDOMAIN"}
    rcodes |= {Outcome.SERVFAIL: "SERVFAIL", Outcome.REFUSED: "REFUSED"}
    fields: dict[str, object] = {
        "name": name,
        "rdtype": "A",
        "outcome": outcome,
        "records": records,
        "ttl": 300 if records else None,
        "rcode": rcodes.get(outcome),
        "server": "127.0.0.1:5353",
        "at": NOON,
        "elapsed": 0.01,
        "tries": 1,
        "tcp": False,
        "canonical": name,
    }
    return Answer(**{**fields, **more})  # type: ignore[arg-type]


class FakeWorld:
    """Names that were given no answer do not exist. `fail("*.zone", …)` holds for all names below a zone."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []
        self.most_in_flight = 0
        self._in_flight = 0
        self._said: dict[tuple[str, str], Answer] = {}
        self._broken: dict[str, Answer] = {}

    def say(self, name: str, *records: str, rdtype: str = "A", canonical: str | None = None) -> None:
        said = answer(*records, name=name, rdtype=rdtype, canonical=canonical or name)
        self._said[name, rdtype] = said

    def fail(self, name: str, outcome: Outcome, rcode: str | None = None) -> None:
        """`name` exactly, or with "*." in front everything below it, for every type."""
        self._broken[name] = answer(outcome=outcome, **({"rcode": rcode} if rcode else {}))

    def answer_all(self, zone: str, *records: str) -> None:
        """Every name of the zone answers the same, as a parked domain or a dead list does."""
        self._broken[f"*.{zone}"] = answer(*records)

    def list(self, target: str, *codes: str, zone: str = ZONE, text: str = "") -> None:
        name = query_name(ip_address(target), zone)
        self.say(name, *(codes or ("127.0.0.2",)))
        if text:
            self.say(name, text, rdtype="TXT")

    def keep_well(self, *zones: str) -> None:
        """Give each zone the test entry that it must list (RFC 5782 section 5)."""
        for zone in zones:
            self.list("127.0.0.2", zone=zone)

    def name(self, address: str, *names: str, forward: bool = True) -> None:
        """Give an address reverse names, and each name the address."""
        number = ip_address(address)
        zone, rdtype = ("in-addr.arpa", "A") if number.version == 4 else ("ip6.arpa", "AAAA")
        self.say(query_name(number, zone), *names, rdtype="PTR")
        for name in names if forward else ():
            self.say(name.lower(), address, rdtype=rdtype)

    async def __call__(self, name: str, rdtype: str, *, path: int = 0) -> Answer:
        self.asked.append((name, rdtype, path))
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        for _ in range(3):  # turns of the loop: long enough for all that is asked at once to be on its way
            await asyncio.sleep(0)
        self._in_flight -= 1
        for pattern, broken in self._broken.items():
            if name == pattern or (pattern.startswith("*.") and name.endswith(pattern[1:])):
                return _about(broken, name, rdtype)
        if (name, rdtype) in self._said:
            return self._said[name, rdtype]
        exists = any(known == name for known, _ in self._said)
        return answer(outcome=Outcome.NODATA if exists else Outcome.NXDOMAIN, name=name, rdtype=rdtype)


def _about(what: Answer, name: str, rdtype: str) -> Answer:
    return answer(*what.records, outcome=what.outcome, rcode=what.rcode, name=name, rdtype=rdtype)
