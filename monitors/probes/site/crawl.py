"""Walks a website: which address of a domain answers, and a few pages from there on. Fetches; judges nothing.

Polite: GET only, at most AT_ONCE requests on their way and a pause before the next ones, MOST_PAGES pages beside the
start page, two steps deep. It ends when it has seen enough, or at a moment that the caller gives; what was not read by
then is told. Which links may be followed at all is `links`' rule.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from egress.fetch import Fetch
from monitors.probes import website
from monitors.probes.names import host_of
from monitors.probes.site.links import Choice, choose
from monitors.probes.site.words import Topic
from monitors.probes.website import State, Website

AT_ONCE = 2
MOST_PAGES = 8  # beside the start page
DEEPEST = 2  # links away from the start page
PACE = 0.5  # s between the end of one pair of requests and the next
RESERVE = 0.2  # s; with less left no further page is asked for


@dataclass(frozen=True, slots=True)
class Ports:
    """Where websites listen: the web's own two, or those of a pretend internet."""

    https: int = 443
    http: int = 80

    def urls(self, scheme: str, *hosts: str) -> list[str]:
        port, usual = (self.https, 443) if scheme == "https" else (self.http, 80)
        return [f"{scheme}://{host}/" if port == usual else f"{scheme}://{host}:{port}/" for host in hosts]


WEB = Ports()


class Cut(StrEnum):
    """Why pages were left unread."""

    NOTHING = ""
    ENOUGH = "enough"  # all that is asked for was seen
    TIME = "time"
    NUMBER = "number"  # there are more than MOST_PAGES
    DEPTH = "depth"  # they lie further away than DEEPEST


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that was asked for, and what came of it."""

    site: Website
    topic: Topic
    depth: int


@dataclass(slots=True)
class Walk:
    """What was seen. `left` are pages that a link leads to, that may be looked at, and that were not."""

    visits: list[Visit] = field(default_factory=list)
    left: list[Choice] = field(default_factory=list)
    cut: Cut = Cut.NOTHING


async def knock(fetch: Fetch, domain: str, ends: float, ports: Ports = WEB) -> list[Website]:
    """What came of each address of a domain's website that was tried: over https with and without www, together; over
    http only if no page came that way. `ends` is a time of the event loop."""
    hosts = [domain] if domain.startswith("www.") else [domain, f"www.{domain}"]
    found = await _look_at(fetch, ports.urls("https", *hosts), ends)
    if not any(site.status for site in found):
        found += await _look_at(fetch, ports.urls("http", *hosts), ends)
    return found


async def walk(
    fetch: Fetch,
    start: Website,
    ends: float,
    *,
    pace: float = PACE,
    is_enough: Callable[[Sequence[Visit]], bool] = lambda _: False,
    is_ours: Callable[[str], bool] = lambda _: True,
) -> Walk:
    """The pages that a live start page leads to, those that promise most first, until `is_enough` of them were read.
    `is_ours` says of an address whether what came from it is the vendor's to answer for."""
    loop = asyncio.get_running_loop()
    seen = Walk([Visit(start, Topic.OTHER, 0)])
    known = [start.url, start.landed]
    queue = _further(start, start, 0, known)
    read = 0
    while queue and not is_enough(seen.visits):
        if read >= MOST_PAGES:
            seen.cut = Cut.NUMBER
            break
        await asyncio.sleep(min(pace, max(0.0, ends - loop.time())))
        if ends - loop.time() < RESERVE:
            seen.cut = Cut.TIME
            break
        batch, queue = _taken(queue, min(AT_ONCE, MOST_PAGES - read))
        known += [choice.url for choice, _ in batch]
        read += len(batch)
        sites = await _look_at(fetch, [choice.url for choice, _ in batch], ends)
        for (choice, depth), site in zip(batch, sites, strict=True):
            seen.visits.append(Visit(site if is_ours(site.landed or site.url) else led_away(site), choice.topic, depth))
            known.append(site.landed or site.url)
        for visit in seen.visits[-len(batch) :]:
            queue += _further(visit.site, start, visit.depth, [*known, *(choice.url for choice, _ in queue)])
    if queue and seen.cut is Cut.NOTHING:
        seen.cut = Cut.ENOUGH
    for visit in seen.visits:
        seen.left += _led_to(visit.site, start, [*known, *(choice.url for choice in seen.left)])
    if seen.left and seen.cut is Cut.NOTHING:
        seen.cut = Cut.DEPTH
    return seen


Queue = list[tuple[Choice, int]]


def _further(site: Website, start: Website, depth: int, known: Iterable[str]) -> Queue:
    """What a page leads to, with how many links away it is."""
    return [(choice, depth + 1) for choice in _led_to(site, start, known)] if depth < DEEPEST else []


def _led_to(site: Website, start: Website, known: Iterable[str]) -> list[Choice]:
    if site.markup is None:
        return []
    return choose(site.markup.links, site.landed or site.url, start.landed or start.url, known)


def _taken(queue: Queue, count: int) -> tuple[Queue, Queue]:
    """The most promising, and the rest: by topic, then as they were found."""
    topics = list(Topic)
    ranked = sorted(queue, key=lambda one: topics.index(one[0].topic))
    return ranked[:count], ranked[count:]


def led_away(site: Website) -> Website:
    """The same look, with nothing of what a stranger's page says."""
    host = host_of(site.landed)
    sentence = f"It leads to {host}, which is no domain of the vendor's."
    return Website(site.url, State.REDIRECTS_OFFDOMAIN, sentence, landed=site.landed, status=site.status)


async def _look_at(fetch: Fetch, urls: Sequence[str], ends: float) -> list[Website]:
    return list(await asyncio.gather(*(look(fetch, url, ends) for url in urls)))


async def look(fetch: Fetch, url: str, ends: float) -> Website:
    """What came of one address by then."""
    try:
        async with asyncio.timeout_at(ends):
            return await website.look(fetch, url)
    except TimeoutError:
        return Website(url, State.UNREACHABLE, "It did not answer in the time that we had for it.")
