"""Who is to be asked: IANA's lists of RDAP servers, read (RFC 9224, and the registry of registrar IDs).

Nothing is hard-coded and no server is guessed; where the lists come from, and how long they are believed, is the
caller's. Each `read` raises BootstrapRefused with the way out, whatever it was given.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_network
from typing import Any, TypeVar
from urllib.parse import urlsplit

from egress.guard import Address, Network

T = TypeVar("T")
FAULTS = (ValueError, TypeError, KeyError, AttributeError, RecursionError, csv.Error)


class BootstrapRefused(Exception):
    """A list of servers cannot be used; the sentence says why."""


class Bootstrap:
    """Which RDAP servers stand for which endings."""

    def __init__(self, services: Mapping[str, str], published: str = "") -> None:
        self.published = published
        self._services = services

    @classmethod
    def read(cls, text: str | bytes) -> "Bootstrap":
        """From the JSON of RFC 9224. Of several addresses for an ending https is taken before http."""

        def found() -> Bootstrap:
            services, published = _services(text)
            return cls({entry.strip(".").lower(): url for entry, url in services}, published)

        return _refusing("the list of RDAP servers", "RDAP_BOOTSTRAP", "https://data.iana.org/rdap/dns.json", found)

    def ending_of(self, name: str) -> str:
        """The longest announced ending that `name` lies below; empty when there is none."""
        rest = name.partition(".")[2]
        while rest and rest not in self._services:
            rest = rest.partition(".")[2]
        return rest

    def server_for(self, name: str) -> str:
        """The base URL of the server that knows `name`, with a slash at the end; empty when there is none."""
        return self._services.get(self.ending_of(name), "")


class Networks:
    """Which RDAP servers stand for which IP networks."""

    def __init__(self, services: Mapping[Network, str]) -> None:
        self._services = services

    @classmethod
    def read(cls, *texts: str | bytes) -> "Networks":
        """From the JSON of RFC 9224, one text or several: IANA has a file for IPv4 and one for IPv6."""

        def found() -> Networks:
            return cls({ip_network(entry): url for text in texts for entry, url in _services(text)[0]})

        place = "https://data.iana.org/rdap/ipv4.json, and ipv6.json beside it"
        return _refusing("the list of RDAP servers of networks", "RDAP_BOOTSTRAP", place, found)

    def server_for(self, address: Address) -> str:
        """The base URL of the server for the narrowest announced network around `address`; empty when there is none."""
        around = [network for network in self._services if address in network]
        return self._services[max(around, key=lambda network: network.prefixlen)] if around else ""


class Registrars:
    """Which hosts IANA's registry of registrar IDs names as whose RDAP servers."""

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = hosts

    @classmethod
    def read(cls, text: str | bytes) -> "Registrars":
        """From the CSV with the columns ID, Registrar Name, Status, RDAP Base URL. Rows without an https URL say
        nothing."""

        def found() -> Registrars:
            lines = csv.DictReader(io.StringIO(text if isinstance(text, str) else text.decode("utf-8-sig")))
            hosts = {row["ID"].strip(): _https_host(row["RDAP Base URL"]) for row in lines}
            hosts = {ident: host for ident, host in hosts.items() if host}
            if not hosts:
                raise ValueError("it names no server")
            return cls(hosts)

        place = "https://www.iana.org/assignments/registrar-ids/registrar-ids-1.csv"
        return _refusing("the list of registrars", "REGISTRAR_IDS", place, found)

    def knows(self, ident: str, host: str) -> bool:
        """Whether `host` is the RDAP server of the registrar with the IANA ID `ident`."""
        return bool(ident and host) and self._hosts.get(ident) == host.lower()


def _refusing(what: str, setting: str, place: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except FAULTS as fault:
        raise BootstrapRefused(
            f"{what[0].upper()}{what[1:]} cannot be read ({type(fault).__name__}). "
            f"Give SLUICE_{setting} a file as IANA publishes it at {place}."
        ) from fault


def _services(text: str | bytes) -> tuple[list[tuple[str, str]], str]:
    """([(an entry, the base URL of its server)], when it was published)."""
    found: Any = json.loads(text)
    services = []
    for entries, urls in found["services"]:
        if url := _preferred(urls):
            services += [(str(entry), url) for entry in entries]
    return services, str(found.get("publication", ""))


def _preferred(urls: Iterable[object]) -> str:
    fit = [one for one in urls if isinstance(one, str) and one.lower().startswith(("https://", "http://"))]
    best = min(fit, key=lambda one: not one.lower().startswith("https"), default="")
    return best and best.rstrip("/") + "/"


def _https_host(url: str | None) -> str:
    try:
        parts = urlsplit(url or "")
        is_fit = parts.scheme == "https" and parts.port in (None, 443)
    except ValueError:
        return ""
    return (parts.hostname or "") if is_fit else ""
