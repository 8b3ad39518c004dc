"""Looks at the website of a domain: is it live, can people opt out on it, does it say who is behind it? (O8)

Asks and fetches, and puts together what the pure modules beside it say; `verdict` has the table of what each state
ends in. Nothing is submitted, and no link that may do anything is followed (`links`). Registration data, when given,
are held against what the site says; a difference is advice and no fault.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from egress.answer import Outcome
from egress.fetch import Fetch
from egress.resolver import Ask
from monitors.probes.fcrdns import is_host_name
from monitors.probes.names import host_of, registrable
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.site import comparing, crawl, elements, parking
from monitors.probes.site.comparing import Note
from monitors.probes.site.contact import Clue, NameMatch, Whose, clues
from monitors.probes.site.crawl import PACE, WEB, Ports, Visit
from monitors.probes.site.links import is_harmless
from monitors.probes.site.state import READABLE, Standing, settle
from monitors.probes.site.verdict import CLAUSE, Seen, reading
from monitors.probes.website import Found, State, Website

CHECK = "website"
DEADLINE = 12.0  # s for all of it
NONE_THERE = (Outcome.NXDOMAIN, Outcome.NODATA)
ODD = frozenset({State.TLS_INVALID, State.GONE, State.PARKED, State.DEFAULT_PAGE, State.ERROR_STATUS})
MOST_SHOWN = 12  # clues of one page in the evidence


async def survey(
    fetch: Fetch,
    ask: Ask,
    domain: str,
    *,
    names_match: NameMatch,
    domains: Iterable[str] = (),
    registered: Mapping[str, str] | None = None,
    opt_out_url: str = "",
    unverified: Fetch | None = None,
    deadline: float = DEADLINE,
    pace: float = PACE,
    path: int = 0,
    ports: Ports = WEB,
) -> Reading:
    """Look at the website of a domain, or of a host name. Raises nothing for what the network does.

    `names_match` says whether a text names the vendor; `domains` are the vendor's; `registered` has what the
    registration says (any of "name", "email", "phone", "address", "country"); `opt_out_url` is the page that the vendor
    names for opting out, looked at first. `unverified` fetches without looking at certificates: what it brings is shown
    beside a certificate that is refused, and counts for nothing. `deadline` in s for all of it: what was not read by
    then is told, and nothing is called missing. `pace` in s between requests; `path` is the resolver's, as everywhere.
    """
    domain = domain.rstrip(".").lower()
    if not is_host_name(domain):
        sentence = f"{domain[:100] or 'Nothing'} is no name that a website can have."
        return Reading(Verdict.UNKNOWN, "unfetched", Severity.NONE, sentence, clause=CLAUSE)
    began = asyncio.get_running_loop().time()
    ends = began + deadline
    own = frozenset(_home(one) for one in (domain, *domains))
    registered = registered or {}

    declared, notes = await _declared(fetch, opt_out_url, began + deadline / 3)
    signs, tried = await asyncio.gather(_signs(ask, domain, path, ends), crawl.knock(fetch, domain, ends, ports))
    tried = [site if _home(site.landed or site.url) in own else crawl.led_away(site) for site in tried]
    standing = settle(tried, signs.sentence)
    evidence: list[Mapping[str, Any]] = [answer.evidence() for answer in signs.answers]
    if standing.state is State.NO_NAME and not await _is_nameless(ask, tried, path + 1, ends, evidence):
        standing = Standing(
            State.UNREACHABLE, standing.page, f"The DNS did not say twice that {domain} has no address."
        )
    notes += _notes(standing, tried, signs.sentence)
    if standing.state is State.TLS_INVALID and unverified is not None:
        notes += await _behind(unverified, standing.page.url, ends)
    if standing.state not in READABLE:
        return reading(Seen(domain, standing, notes=notes, evidence=[*map(_page, tried), *evidence]))

    whose = Whose(names_match, own, comparing.regions(domain, registered))
    shown = _Clues(whose)
    walk = await crawl.walk(
        fetch,
        standing.page,
        ends,
        pace=pace,
        is_enough=lambda visits: elements.has_contact(shown.of(visits)) and not elements.must_follow(visits, declared),
        is_ours=lambda url: _home(url) in own,
    )
    found = shown.of(walk.visits)
    notes += comparing.differences(registered, found, names_match)
    pages = [_page(site) for site in tried if site is not standing.page]
    pages += [_page(visit.site, found, str(visit.topic)) for visit in walk.visits]
    pages += [_page(declared, topic="declared")] if declared else []
    opt_out, contact = elements.opt_out(walk, declared), elements.contact(walk, found)
    return reading(Seen(domain, standing, opt_out, contact, notes, [*pages, *evidence]))


class _Clues:
    """The clues of pages, each page read once."""

    def __init__(self, whose: Whose) -> None:
        self._whose = whose
        self._read: dict[int, list[Clue]] = {}

    def of(self, visits: Sequence[Visit]) -> list[Clue]:
        for number, visit in enumerate(visits):
            if number not in self._read:
                self._read[number] = clues(visit.site, self._whose)
        return [clue for number in range(len(visits)) for clue in self._read[number]]


def _home(url: str) -> str:
    """The registrable domain of an address or host name, or the name itself where nobody can register one."""
    host = host_of(url)
    return registrable(host) or host


async def _declared(fetch: Fetch, url: str, ends: float) -> tuple[Website | None, list[Note]]:
    """The page that the vendor names for opting out, and what to say of it."""
    if not url:
        return None, []
    if not is_harmless(url):
        return None, [("declared:unread", f"{url[:200]} was not opened: to fetch it may be to opt somebody out.")]
    found = await crawl.look(fetch, url, ends)
    if found.state is State.LIVE:
        return found, []
    return found, [
        (f"declared:{found.state}", f"The opt-out page that the vendor names, {url[:200]}: {found.sentence}")
    ]


async def _signs(ask: Ask, domain: str, path: int, ends: float) -> parking.Signs:
    try:
        async with asyncio.timeout_at(ends):
            return await parking.signs(ask, domain, path=path)
    except (TimeoutError, ValueError):
        return parking.Signs("", ())


async def _is_nameless(
    ask: Ask, tried: Sequence[Website], path: int, ends: float, evidence: list[Mapping[str, Any]]
) -> bool:
    """Does the DNS say once more, of each host and of both families, that there is no address?"""
    hosts = dict.fromkeys(host_of(site.url) for site in tried)
    try:
        async with asyncio.timeout_at(ends):
            asked = (ask(host, rdtype, path=path) for host in hosts for rdtype in ("A", "AAAA"))
            answers = await asyncio.gather(*asked)
    except (TimeoutError, ValueError):
        return False
    evidence += [answer.evidence() for answer in answers]
    return all(answer.outcome in NONE_THERE for answer in answers)


async def _behind(unverified: Fetch, url: str, ends: float) -> list[Note]:
    """What stands behind a certificate that is refused; for the eye only."""
    found: Website = await crawl.look(unverified, url, ends)
    return [(f"behind_tls:{found.state}", f"Without regard to the certificate: {found.sentence}")]


def _notes(standing: Standing, tried: Sequence[Website], parked: str) -> Iterator[Note]:
    """What is worth knowing beside the state."""
    landed = standing.page.landed or standing.page.url
    if standing.state in READABLE and _home(landed) != _home(standing.page.url):
        yield "redirects:own", f"It leads to {host_of(landed)}, which is a domain of the vendor's as well."
    if standing.state is State.HTTP_ONLY:
        secure = next(site for site in tried if site.url.startswith("https:"))
        yield f"https:{secure.state}", f"Over https: {secure.sentence}"
    for site in tried:
        if site.state in ODD and host_of(site.url) != host_of(standing.page.url) and standing.state in READABLE:
            yield f"beside:{site.state}", f"{host_of(site.url)}: {site.sentence}"
    if parked and standing.state is not State.PARKED:
        yield "parking:dns", f"{parked} Its page does not look parked."


def _page(site: Website, found: Iterable[Clue] = (), topic: str = "start") -> Mapping[str, Any]:
    """One page as evidence."""
    url = site.landed or site.url
    shown = [
        {"part": str(clue.part), "holds": clue.holds, "value": clue.value, "snippet": clue.snippet}
        for clue in found
        if clue.url == url
    ]
    way = {"words": site.opt_out.words, "url": site.opt_out.url, "mailbox": site.opt_out.mailbox}
    return {
        "page": site.url,
        "landed": site.landed,
        "status": site.status,
        "state": str(site.state),
        "sentence": site.sentence,
        "topic": topic,
        "opt_out": way if site.opt_out.found is Found.FOUND else None,
        "contact": shown[:MOST_SHOWN],
    }
