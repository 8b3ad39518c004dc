"""Which links of a stranger's page we follow, and in which order. Pure.

THE RULE. We look at pages as any visitor does who reads and touches nothing:

- http and https only; never mailto, tel, javascript, data, nor any other scheme;
- of the same site only: the registrable domain that the start page came from, on the port that it came from or the
  web's own two;
- no name or password in the address;
- no query, but for a few parameters that choose a page or a language, with a short plain value: what follows a "?"
  may be somebody's token, and to fetch it may be to opt somebody out (one-click links answer to a GET, too, whatever
  RFC 8058 says);
- no part of the path that looks like a token or a mail address, and nothing that follows the word for opting out in
  a path: /unsubscribe is a page, /unsubscribe/8f3a is an act;
- nothing whose ending says that it is no page (.pdf, .jpg, …);
- no form is ever submitted: only links are followed.

A link that we do not follow is still read: that it is there, and what stands on it, may be all there is to know.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

from monitors.probes.markup import Link, evened
from monitors.probes.names import registrable
from monitors.probes.site.words import Topic, leads_nowhere, topic_of
from monitors.probes.website import WAYS_OUT

LONGEST = 1_000  # characters of an address that we follow
MOST_FIRST, MOST_LAST = 400, 200  # links of a page that are looked at: from its top, and from its foot
PLAIN_PARAMETERS = frozenset({"lang", "language", "locale", "hl", "page", "page_id", "p", "view"})
PLAIN_VALUE = re.compile(r"[A-Za-z]{1,12}([_-][A-Za-z]{2,4})?|[0-9]{1,5}")
NO_PAGES = re.compile(
    r"\.(pdf|jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|txt|csv|zip|gz|tar|7z|exe|dmg|apk|docx?|xlsx?|pptx?|"
    r"odt|mp[34]|m4a|mov|avi|webm|ogg|wav|woff2?|ttf|ics|vcf|eml)$",
    re.IGNORECASE,
)
HEX = re.compile(r"[0-9a-f]{12,}", re.IGNORECASE)
LONG_NUMBER = re.compile(r"[0-9]{9,}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Choice:
    """A page to look at: where, what it seems to be about, the words that led there."""

    url: str
    topic: Topic
    words: str = ""


def absolute(base: str, href: str) -> str:
    """The link as a whole address that can be fetched, without its fragment; empty when it is none.

    What is not ASCII in a path is escaped as browsers do; a host name that is not ASCII is left to them.
    """
    try:
        parts = urlsplit(urljoin(base, href))
        if parts.scheme not in PORTS or not parts.hostname or not parts.netloc.isascii():
            return ""
        _ = parts.port
        path, query = (quote(text, safe="%/:@!$&'()*+,;=~?") for text in (parts.path or "/", parts.query))
        return urlunsplit((parts.scheme, parts.netloc.lower(), path, query, ""))
    except ValueError:
        return ""


def may_follow(url: str, site: str) -> bool:
    """Does the rule above let us fetch `url`, found on the site of the address `site`?"""
    return bool(is_same_site(url, site) and is_harmless(url))


def is_same_site(url: str, site: str) -> bool:
    """Is it the same registrable domain, at the same door?"""
    one, other = _split(url), _split(site)
    if one is None or other is None:
        return False
    named, home = str(one.hostname), str(other.hostname)
    is_near = (registrable(named) or named) == (registrable(home) or home)
    return is_near and _port(one) in {_port(other), *PORTS.values()}


def is_harmless(url: str) -> bool:
    """Is it certain that to fetch this does nothing but show a page? Says nothing of whose it is."""
    parts = _split(url)
    if parts is None or len(url) > LONGEST or parts.username is not None or parts.password is not None:
        return False
    if NO_PAGES.search(parts.path):
        return False
    try:
        asked = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), max_num_fields=5)
    except ValueError:
        return False
    if not all(name.lower() in PLAIN_PARAMETERS and PLAIN_VALUE.fullmatch(value) for name, value in asked):
        return False
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    if any(_is_token(segment) for segment in segments):
        return False
    return not any(WAYS_OUT.search(evened(segment)) for segment in segments[:-1])


def looked_at(links: Sequence[Link]) -> Sequence[Link]:
    """Those of a page's links that are looked at: a stranger's page may have thousands, to keep us busy."""
    return links if len(links) <= MOST_FIRST + MOST_LAST else [*links[:MOST_FIRST], *links[-MOST_LAST:]]


def choose(links: Sequence[Link], base: str, site: str, known: Iterable[str] = ()) -> list[Choice]:
    """The pages that a page leads to and that we may look at: each once, the most promising first. `known` are those
    that were looked at, or are about to be. Of pages that nobody can tell what they are about, those come first that
    lie highest: they are few on a small site, and on a large one we do not read them all."""
    found: dict[str, Choice] = {}
    seen = {same(url) for url in known}
    for link in looked_at(links):
        url = absolute(base, link.url)
        if not url or same(url) in seen or leads_nowhere(link.words) or not may_follow(url, site):
            continue
        choice = Choice(url, topic_of(link.words, link.path), link.words)
        before = found.get(same(url))
        if before is None or _rank(choice) < _rank(before):
            found[same(url)] = choice
    return sorted(found.values(), key=_rank)


def same(url: str) -> str:
    """One spelling for the addresses of one page."""
    parts = _split(url)
    if parts is None:
        return url
    host = str(parts.hostname).removeprefix("www.")
    path = re.sub(r"/(index\.(html?|php))?$", "", parts.path)
    return f"{host}:{_port(parts) if _port(parts) not in PORTS.values() else 0}{path}?{parts.query}"


_TOPICS = list(Topic)


def _rank(choice: Choice) -> tuple[int, int, int]:
    return _TOPICS.index(choice.topic), choice.url.count("/"), len(choice.url)


def _is_token(segment: str) -> bool:
    """A mail address, a long number, or a run of characters that nobody would think up: hex, UUID, base64."""
    if "@" in segment or UUID.search(segment) or LONG_NUMBER.search(segment):
        return True
    if any(any(mark.isdigit() for mark in run) for run in HEX.findall(segment)):
        return True
    return any(_is_random(run) for run in re.findall(r"[A-Za-z0-9+/=_-]{12,}", segment))


def _is_random(run: str) -> bool:
    """Letters and digits that take turns, or letters of both cases that do, as in no word and no title."""
    pairs = list(pairwise(run))
    turns = sum(one.isdigit() != other.isdigit() and one.isalnum() and other.isalnum() for one, other in pairs)
    cases = sum(one.islower() and other.isupper() for one, other in pairs)
    is_mixed = any(mark.isdigit() for mark in run) and any(mark.isupper() for mark in run)
    return turns >= 4 or cases >= 5 or (is_mixed and cases + turns >= 3)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in PORTS and parts.hostname else None


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]
