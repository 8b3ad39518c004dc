"""Asking registries over RDAP (RFC 9082, 9083): which server knows a name, and what it answers.

The bootstrap file (RFC 9224) says which; nothing is hard-coded, and no server is guessed. Reads of an answer only that
it is one, and where it sends us on: what it says of the registrant is `monitors.probes.registration`'s to read.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from egress.fetch import Fetch, Page, Unfetched, Why

ACCEPT = "application/rdap+json"
NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_REST = 900.0  # s that a Retry-After is heeded; a server that asks for more is asked again then
REST = 60.0  # s, when it says nothing


class Outcome(StrEnum):
    """How the question ended. Only FOUND and NOT_FOUND say something about the name itself."""

    FOUND = "found"
    NOT_FOUND = "not_found"  # 404: the registry knows no such name (RFC 7480 section 5.3)
    NO_SERVER = "no_server"  # nobody announces RDAP for this ending
    LIMITED = "limited"  # 429: we asked too often
    DENIED = "denied"
    MALFORMED = "malformed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one question. `answer` is the JSON object when FOUND; `url` where it was asked, "" when nowhere.
    `rest` is for how many s that server should be left alone, when it said so."""

    outcome: Outcome
    sentence: str
    url: str = ""
    answer: Mapping[str, Any] | None = None
    rest: float = 0.0

    @property
    def host(self) -> str:
        """Who answered, or was to answer, with its port when it is an odd one."""
        return urlsplit(self.url).netloc.lower()


class BootstrapRefused(Exception):
    """The bootstrap file cannot be used; the sentence says why."""


class Bootstrap:
    """Which RDAP servers stand for which endings."""

    def __init__(self, services: Mapping[str, str], published: str = "") -> None:
        self.published = published
        self._services = services

    @classmethod
    def read(cls, text: str | bytes) -> "Bootstrap":
        """From the JSON of RFC 9224. Of several addresses for an ending https is taken before http."""
        try:
            found = json.loads(text)
            services: dict[str, str] = {}
            for endings, urls in found["services"]:
                url = min(
                    (one for one in urls if _is_web(one)), key=lambda one: not one.startswith("https"), default=""
                )
                if url:
                    services |= {ending.strip(".").lower(): url.rstrip("/") + "/" for ending in endings}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
            raise BootstrapRefused(
                f"The list of RDAP servers cannot be read ({type(fault).__name__}). "
                "Give SLUICE_RDAP_BOOTSTRAP a file as IANA publishes it at https://data.iana.org/rdap/dns.json."
            ) from fault
        return cls(services, str(found.get("publication", "")))

    def ending_of(self, name: str) -> str:
        """The longest announced ending that `name` lies below; empty when there is none."""
        rest = name.partition(".")[2]
        while rest and rest not in self._services:
            rest = rest.partition(".")[2]
        return rest

    def server_for(self, name: str) -> str:
        """The base URL of the server that knows `name`, with a slash at the end; empty when there is none."""
        return self._services.get(self.ending_of(name), "")


def _is_web(url: object) -> bool:
    return isinstance(url, str) and url.lower().startswith(("https://", "http://"))


async def ask_domain(fetch: Fetch, bootstrap: Bootstrap, name: str) -> Answer:
    """What the registry says of the registered domain `name`. Never raises for what a server does; ValueError for what
    is no domain name."""
    if not NAME.fullmatch(name) or len(name) > 253:
        raise ValueError(f"{name!r} is no domain name in lower-case A-labels.")
    base = bootstrap.server_for(name)
    if not base:
        ending = name.rpartition(".")[2]
        return Answer(Outcome.NO_SERVER, f"No registry announces a public query service (RDAP) for .{ending}.")
    return await _ask(fetch, f"{base}domain/{name}")


async def follow(fetch: Fetch, answer: Answer) -> Answer | None:
    """What the registrar says, when the registry names its server (a thin registry); None when it names none other.
    A registry that was asked over https must not send us on to http."""
    url = _related(answer)
    return await _ask(fetch, url) if url else None


def _related(answer: Answer) -> str:
    links = (answer.answer or {}).get("links")
    secure = answer.url.startswith("https:")
    for link in links if isinstance(links, list) else ():
        if not isinstance(link, Mapping) or link.get("rel") not in ("related", "registration"):
            continue
        url = link.get("href")
        if link.get("type") != ACCEPT or not _is_web(url) or "/domain/" not in str(url):
            continue
        try:
            parts = urlsplit(str(url))
        except ValueError:
            continue
        if parts.netloc.lower() != answer.host and (parts.scheme == "https" or not secure):
            return str(url)
    return ""


async def _ask(fetch: Fetch, url: str) -> Answer:
    try:
        page = await fetch(url, accept=ACCEPT)
    except Unfetched as refusal:
        outcome = Outcome.MALFORMED if refusal.why is Why.GARBLED else Outcome.UNREACHABLE
        return Answer(outcome, f"The registry could not be asked: {refusal}", url)
    return _read(page, url)


def _read(page: Page, url: str) -> Answer:
    host = urlsplit(url).netloc.lower()
    if page.status == 404:
        return Answer(Outcome.NOT_FOUND, f"{host} knows no such domain.", url)
    if page.status == 429:
        rest = _retry_after(page.headers.get("retry-after", ""))
        return Answer(Outcome.LIMITED, f"{host} answers no more questions from us for now.", url, rest=rest)
    if page.status != 200:
        outcome = Outcome.DENIED if 400 <= page.status < 500 else Outcome.UNREACHABLE
        return Answer(outcome, f"{host} gave no answer (HTTP status {page.status}).", url)
    try:
        found = json.loads(page.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("objectClassName") != "domain":
        return Answer(Outcome.MALFORMED, f"{host} answered with something that is no registration.", url)
    return Answer(Outcome.FOUND, f"{host} answered.", url, found)


def _retry_after(text: str) -> float:
    """Seconds (RFC 9110 section 10.2.3); a date is taken for a minute."""
    return min(float(text), LONGEST_REST) if text.isascii() and text.isdigit() and len(text) < 7 else REST


def registered_name(name: str, suffixes: Iterable[str]) -> str:
    """The name that somebody registered: one label below the longest of `suffixes` that `name` lies below; empty when
    it lies below none."""
    below = [suffix for suffix in suffixes if suffix and name.endswith(f".{suffix}")]
    longest = max(below, key=len, default="")
    if not longest:
        return ""
    return f"{name.removesuffix(f'.{longest}').rpartition('.')[2]}.{longest}"
