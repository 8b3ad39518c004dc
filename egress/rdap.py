"""Asking registries over RDAP (RFC 9082, 9083): what the server that knows a name or a network answers.

Which server that is, IANA's lists say (`egress.bootstrap`). Reads of an answer only that it is one, about what was
asked, and where it sends us on: what it says of the holder is `monitors.probes.registration`'s to read. An answer is
bounded in bytes by the fetcher and here in depth; what comes out can be kept as JSON anywhere.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from egress.bootstrap import Bootstrap, BootstrapRefused, Networks, Registrars
from egress.fetch import Fetch, Page, Unfetched, Why
from egress.guard import Address
from egress.plain_json import read_object

__all__ = [
    "Answer", "Bootstrap", "BootstrapRefused", "Networks", "Outcome", "Registrars", "ask_domain", "ask_ip", "follow",
    "registered_name", "sends_on",
]  # fmt: skip

ACCEPT = "application/rdap+json"
NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LONGEST_REST = 900.0  # s that a Retry-After is heeded; a server that asks for more is asked again then
REST = 60.0  # s, when it says nothing
MOST_LINKS = 100


class Outcome(StrEnum):
    """How the question ended. Only FOUND and NOT_FOUND say something about the name itself."""

    FOUND = "found"
    NOT_FOUND = "not_found"  # 404: the registry knows no such name (RFC 7480 section 5.3)
    NO_SERVER = "no_server"  # nobody announces a server for this ending
    LIMITED = "limited"  # 429: we asked too often; or we do not ask yet, so as not to
    DENIED = "denied"
    MALFORMED = "malformed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one question. `answer` is the JSON object when FOUND; `url` where it was asked, "" when nowhere.
    `rest` is for how many s that server should be left alone, when it said so. `is_unlisted`: a registrar's server that
    IANA's list does not name as that registrar's, or that could not be compared; its word counts for less."""

    outcome: Outcome
    sentence: str
    url: str = ""
    answer: Mapping[str, Any] | None = None
    rest: float = 0.0
    is_unlisted: bool = False

    @property
    def host(self) -> str:
        """Who answered, or was to answer, with its port when it is an odd one."""
        return urlsplit(self.url).netloc.lower()


IsAbout = Callable[[Mapping[str, Any]], bool]


async def ask_domain(fetch: Fetch, bootstrap: Bootstrap, name: str) -> Answer:
    """What the registry says of the registered domain `name`. Never raises for what a server does; ValueError for what
    is no domain name."""
    if not NAME.fullmatch(name) or len(name) > 253:
        raise ValueError(f"{name!r} is no domain name in lower-case A-labels.")
    base = bootstrap.server_for(name)
    if not base:
        ending = name.rpartition(".")[2]
        return Answer(Outcome.NO_SERVER, f"No registry announces a public query service (RDAP) for .{ending}.")
    return await _ask(fetch, f"{base}domain/{name}", "domain", _names(name))


async def ask_ip(fetch: Fetch, networks: Networks, address: Address) -> Answer:
    """What the registry says of the network that `address` lies in. Never raises for what a server does."""
    base = networks.server_for(address)
    if not base:
        return Answer(Outcome.NO_SERVER, f"No registry announces a public query service (RDAP) for {address}.")
    return await _ask(fetch, f"{base}ip/{address}", "ip network", _holds(address))


async def follow(fetch: Fetch, answer: Answer, registrars: Registrars | None = None) -> Answer | None:
    """What the registrar says, when the registry names its server (a thin registry); None when it names none other.

    The registry's word is a stranger's: a registry that was asked as the web asks (https, port 443) sends us on to such
    a place only, and to no other address than `fetch` would go to. Once: where the registrar sends us is not followed.
    """
    found = answer.answer or {}
    url, refusal = _related(found, answer.url)
    if not url:
        return Answer(Outcome.MALFORMED, refusal) if refusal else None
    second = await _ask(fetch, url, "domain", _names(str(found.get("ldhName", "")).lower().rstrip(".")))
    host = urlsplit(second.url).hostname or ""
    if registrars is not None and registrars.knows(_registrar_id(found), host):
        return second
    doubt = "IANA's list does not name it as this registrar's server"
    if registrars is None:
        doubt = "whether it is this registrar's server could not be compared with IANA's list"
    sentence = f"{second.sentence.rstrip('.')}; {doubt}." if second.outcome is Outcome.FOUND else second.sentence
    return replace(second, sentence=sentence, is_unlisted=True)


def sends_on(answer: Answer) -> bool:
    """Whether the registry names the server of a registrar, be it one that we would not ask."""
    return answer.outcome is Outcome.FOUND and any(_related(answer.answer or {}, answer.url))


def _related(found: Mapping[str, Any], asked: str) -> tuple[str, str]:
    """(where the registrar is to be asked, or why we do not go where the registry sends us); both may be empty."""
    links = found.get("links")
    refusal = ""
    for link in links[:MOST_LINKS] if isinstance(links, list) else ():
        if not isinstance(link, Mapping) or link.get("rel") not in ("related", "registration"):
            continue
        url = link.get("href")
        if link.get("type") != ACCEPT or not isinstance(url, str) or "/domain/" not in url:
            continue
        try:
            parts, before = urlsplit(url), urlsplit(asked)
            if parts.netloc.lower() == before.netloc.lower():
                continue
            is_fit = _is_fit(parts, _is_of_the_web(before))
        except ValueError:
            is_fit = False
        if is_fit:
            return url, ""
        refusal = f"The registry sends us on to {url[:100]!r}, which is no https address of a registrar's server."
    return "", refusal


def _is_of_the_web(parts: SplitResult) -> bool:
    return parts.scheme == "https" and parts.port in (None, 443)


def _is_fit(parts: SplitResult, wants_web: bool) -> bool:
    if not parts.hostname or parts.username is not None or parts.password is not None:
        return False
    return _is_of_the_web(parts) if wants_web else parts.scheme in ("https", "http")


def _registrar_id(found: Mapping[str, Any]) -> str:
    """The IANA ID of the registrar (RFC 9083 section 4.8), digits; empty when the registry names none."""
    entities = found.get("entities")
    for entity in entities[:MOST_LINKS] if isinstance(entities, list) else ():
        roles = entity.get("roles") if isinstance(entity, Mapping) else None
        if not isinstance(roles, list) or "registrar" not in roles:
            continue
        idents = entity.get("publicIds")
        for ident in idents[:MOST_LINKS] if isinstance(idents, list) else ():
            if isinstance(ident, Mapping) and str(ident.get("type", "")).lower() == "iana registrar id":
                return str(ident.get("identifier", "")).strip()
    return ""


# ── one question ────────────────────────────────────────────────────────────
async def _ask(fetch: Fetch, url: str, kind: str, is_about: IsAbout) -> Answer:
    try:
        page = await fetch(url, accept=ACCEPT)
    except Unfetched as refusal:
        if refusal.why is Why.LIMITED:
            return Answer(Outcome.LIMITED, str(refusal), url)
        outcome = Outcome.MALFORMED if refusal.why is Why.GARBLED else Outcome.UNREACHABLE
        return Answer(outcome, f"The registry could not be asked: {refusal}", url)
    return _read(page, url, kind, is_about)


def _read(page: Page, asked: str, kind: str, is_about: IsAbout) -> Answer:
    url, host = page.url, urlsplit(page.url).netloc.lower()
    if page.status == 404 and host == urlsplit(asked).netloc.lower():
        return Answer(Outcome.NOT_FOUND, f"{host} knows no such {kind.rpartition(' ')[2]}.", url)
    if page.status == 429:
        return Answer(Outcome.LIMITED, f"{host} answers no more questions from us for now.", url, rest=_rest(page))
    if page.status != 200:
        outcome = Outcome.DENIED if 400 <= page.status < 500 else Outcome.UNREACHABLE
        rest = _rest(page) if page.status == 503 and "retry-after" in page.headers else 0.0
        return Answer(outcome, f"{host} gave no answer (HTTP status {page.status}).", url, rest=rest)
    found = _object(page)
    if found is None or found.get("objectClassName") != kind:
        return Answer(Outcome.MALFORMED, f"{host} answered with something that is no registration.", url)
    if not is_about(found):
        return Answer(Outcome.MALFORMED, f"{host} answered about something else than we asked for.", url)
    return Answer(Outcome.FOUND, f"{host} answered.", url, found)


def _names(name: str) -> IsAbout:
    """Whether an answer is about this domain: not another's holder for this one's. Some servers write no `ldhName`, or
    Unicode into it, which cannot be compared."""

    def is_about(found: Mapping[str, Any]) -> bool:
        said = found.get("ldhName")
        return not name or not isinstance(said, str) or not said.isascii() or said.lower().rstrip(".") == name

    return is_about


def _holds(address: Address) -> IsAbout:
    def is_about(found: Mapping[str, Any]) -> bool:
        try:
            first, last = (ip_address(str(found[end]).partition("/")[0]) for end in ("startAddress", "endAddress"))
        except (KeyError, ValueError):
            return False
        return first.version == last.version == address.version and int(first) <= int(address) <= int(last)

    return is_about


def _object(page: Page) -> dict[str, Any] | None:
    """The JSON object of a page; None for anything else."""
    kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and not kind.endswith("json") and kind != "text/plain":
        return None
    return read_object(page.body)


def _rest(page: Page) -> float:
    """What Retry-After says (RFC 9110 section 10.2.3): seconds, or a moment, counted from the server's own Date."""
    text = page.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:7]), LONGEST_REST)
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(page.headers.get("date", ""))
        return min(max((until - now).total_seconds(), 0.0), LONGEST_REST)
    except (ValueError, TypeError, OverflowError):
        return REST


def registered_name(name: str, suffixes: Iterable[str]) -> str:
    """The name that somebody registered: one label below the longest of `suffixes` that `name` lies below; empty when
    it lies below none."""
    below = [suffix for suffix in suffixes if suffix and name.endswith(f".{suffix}")]
    longest = max(below, key=len, default="")
    if not longest:
        return ""
    return f"{name.removesuffix(f'.{longest}').rpartition('.')[2]}.{longest}"
