"""What the pages of a site that were read amount to: a way to opt out, and contact details. Pure.

Each element is found, not found, or for a person. NOT_FOUND is said only when a reader would not find it either: every
page that any link may lead to was read whole, nothing on them is drawn by a script or stands in a frame, and no form,
button or word on them may be it. All that stands against that is told in `doubts`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitors.probes.markup import Markup, evened
from monitors.probes.names import host_of, registrable
from monitors.probes.site.contact import Clue, Part
from monitors.probes.site.crawl import Cut, Visit, Walk
from monitors.probes.site.links import NO_PAGES, absolute, is_same_site, looked_at, may_follow, same
from monitors.probes.site.words import SOCIAL, Topic, leads_nowhere, topic_of
from monitors.probes.website import WAYS_OUT, Found, OptOut, State, Website, ways_out

MOST_DOUBTS = 4


@dataclass(frozen=True, slots=True)
class Element:
    """`url` and `snippet` say where it stands; `lacks` what was not found of it or does not hold, in words; `doubts`
    why a machine cannot say that it is not there, as the ends of "A person has to look: …"."""

    found: Found
    url: str = ""
    snippet: str = ""
    lacks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


# ── the way to opt out ──────────────────────────────────────────────────────
def opt_out(walk: Walk, declared: Website | None = None) -> Element:
    """The first way out that the site offers, the page that the vendor names for it before all others. A link to a page
    that we know to be gone is none."""
    sites = [*([declared] if declared else []), *(visit.site for visit in walk.visits)]
    broken = []
    for site in sites:
        for way in ways_out(site.markup) if site.markup else ():
            if _is_broken(way, site, sites):
                broken.append(way.words or way.url)
                continue
            return Element(Found.FOUND, site.landed or site.url, _shown(way))
    doubts = [*_unread(walk, frozenset(Topic)), *_leads_on(walk)]
    doubts += [
        doubt for site in sites if site.markup for doubt in _may_leave(site.markup, site.landed or site.url, broken)
    ]
    if declared is not None and not declared.state.is_absent and declared.state is not State.LIVE:
        doubts.append(f"the page that the vendor names for it could not be read ({declared.url})")
    lacks = tuple(f"“{words}” leads to a page that does not exist" for words in dict.fromkeys(broken))
    return _not_seen(doubts, lacks)


def must_follow(walk: Sequence[Visit], declared: Website | None = None) -> bool:
    """Is there still no way out, or one whose page was not looked at although it may be?"""
    sites = [*([declared] if declared else []), *(visit.site for visit in walk)]
    home = walk[0].site.landed or walk[0].site.url
    read = {same(url) for site in sites for url in (site.url, site.landed) if url}
    for site in sites:
        for way in ways_out(site.markup) if site.markup else ():
            to = absolute(site.landed or site.url, way.url) if way.url and not way.mailbox else ""
            if not _is_broken(way, site, sites) and (not to or same(to) in read or not may_follow(to, home)):
                return False
    return True


def _is_broken(way: OptOut, site: Website, sites: Iterable[Website]) -> bool:
    if not way.url or way.mailbox:
        return False
    to = absolute(site.landed or site.url, way.url)
    return bool(to) and any(one.state.is_absent and same(one.url) == same(to) for one in sites)


def _shown(way: OptOut) -> str:
    words = f"“{way.words}”" if way.words else "A way to opt out"
    return f"{words}, by mail to {way.mailbox}" if way.mailbox else words


def _may_leave(markup: Markup, url: str, broken: Collection[str]) -> Iterator[str]:
    """What on a page might be a way out although nothing says so."""
    if any(not form.is_search for form in markup.forms):
        yield f"a form on {url} may be it"
    elif any(not leads_nowhere(button) for button in markup.buttons) and not markup.forms:
        yield f"a button on {url} may be it"
    if not broken and WAYS_OUT.search(evened(markup.text)):
        yield f"the text of {url} speaks of it"


def _leads_on(walk: Walk) -> Iterator[str]:
    """Links that may lead to it and were not followed."""
    for site, words, url, is_near in _unfollowed(walk):
        if not NO_PAGES.search(url):
            where = "is not to be followed by a machine" if is_near else "leads to another site"
            yield f"the link “{words[:60] or url[:60]}” on {site} {where}"


# ── contact ─────────────────────────────────────────────────────────────────
WANTED = {
    Part.NAME: "the vendor's name",
    Part.EMAIL: "a mail address at a domain of the vendor",
    Part.PHONE: "a telephone number that exists",
    Part.ADDRESS: "a postal address beside the vendor's name",
}
MISSING = {
    Part.NAME: "the vendor's name",
    Part.EMAIL: "a mail address",
    Part.PHONE: "a telephone number",
    Part.ADDRESS: "a postal address",
}
CONTACT_TOPICS = frozenset(Topic) - {Topic.OPT_OUT}


def best(clues: Iterable[Clue]) -> Mapping[Part, Clue]:
    """Of each part the first clue that holds, or else the first."""
    found: dict[Part, Clue] = {}
    for clue in clues:
        if clue.part not in found or (clue.holds and not found[clue.part].holds):
            found[clue.part] = clue
    return found


def has_contact(clues: Iterable[Clue]) -> bool:
    found = best(clues)
    return all(part in found and found[part].holds for part in Part)


def contact(walk: Walk, clues: Sequence[Clue]) -> Element:
    """FOUND needs all four parts, anywhere on the site. NOT_FOUND needs one of mail, telephone and address that is
    nowhere; a vendor's name that is not there is for a person, who knows what else they are called."""
    found = best(clues)
    holding = [found[part] for part in Part if part in found and found[part].holds]
    url = next((clue.url for clue in reversed(holding)), "")
    snippet = " · ".join(dict.fromkeys(clue.snippet for clue in holding if clue.snippet))[:300]
    if len(holding) == len(Part):
        return Element(Found.FOUND, url, snippet)
    lacks = [WANTED[part] if part in found else MISSING[part] for part in Part if not _holds(found, part)]
    doubts = [*_unread(walk, CONTACT_TOPICS), *_hidden_contact(walk)]
    is_missing = any(part not in found for part in (Part.EMAIL, Part.PHONE, Part.ADDRESS))
    if not is_missing:
        doubts += [_doubted(found, part) for part in Part if not _holds(found, part)]
    return replace(_not_seen(doubts, lacks), url=url, snippet=snippet)


def _holds(found: Mapping[Part, Clue], part: Part) -> bool:
    return part in found and found[part].holds


def _doubted(found: Mapping[Part, Clue], part: Part) -> str:
    if part not in found:
        return f"{MISSING[part]} is not on its pages as we know it"
    clue = found[part]
    return f"“{(clue.value or clue.snippet)[:80]}” on {clue.url} may be {WANTED[part]}, or not"


def _hidden_contact(walk: Walk) -> Iterator[str]:
    for site, words, url, is_near in _unfollowed(walk):
        if topic_of(words, url) in (Topic.CONTACT, Topic.IMPRINT, Topic.LEGAL, Topic.ABOUT):
            where = "is not to be followed by a machine" if is_near else "leads to another site"
            yield f"the link “{words[:60] or url[:60]}” on {site} {where}"


# ── what was not seen ───────────────────────────────────────────────────────
CUTS = {
    Cut.TIME: "our time was over before all pages were read",
    Cut.NUMBER: "it has more pages than we read",
    Cut.DEPTH: "it has pages further down than we go",
    Cut.ENOUGH: "not all of its pages were read",
}


def _unread(walk: Walk, topics: Collection[Topic]) -> Iterator[str]:
    """Why it may stand where we did not look, or could not."""
    if any(choice.topic in topics for choice in walk.left):
        yield CUTS.get(walk.cut, CUTS[Cut.ENOUGH])
    for visit in walk.visits:
        site = visit.site
        url = site.landed or site.url
        if site.state is State.LIVE and site.is_drawn:
            yield f"a script or a frame may show it on {url}"
        elif site.state is State.LIVE and not site.is_whole:
            yield f"{url} could not be read whole"
        elif site.markup and len(looked_at(site.markup.links)) < len(site.markup.links):
            yield f"{url} has more links than we look at"
        elif site.state is not State.LIVE and not site.state.is_absent:
            yield f"{site.url} could not be read ({site.state.replace('_', ' ')})"


def _unfollowed(walk: Walk) -> Iterator[tuple[str, str, str, bool]]:
    """(page, words, link, whether it stays on the site) of each link that we do not follow and that is not known to
    lead nowhere."""
    home = walk.visits[0].site.landed or walk.visits[0].site.url
    for visit in walk.visits:
        base = visit.site.landed or visit.site.url
        for link in looked_at(visit.site.markup.links) if visit.site.markup else ():
            if link.mailbox or link.url.lower().startswith(("tel:", "callto:")) or leads_nowhere(link.words):
                continue
            url = absolute(base, link.url)
            if url and (may_follow(url, home) or registrable(host_of(url)) in SOCIAL):
                continue
            yield base, link.words, url or link.url, not url or is_same_site(url, home)


def _not_seen(doubts: Iterable[str], lacks: Iterable[str] = ()) -> Element:
    told = tuple(dict.fromkeys(doubts))
    return Element(Found.REVIEW if told else Found.NOT_FOUND, lacks=tuple(lacks), doubts=told[:MOST_DOUBTS])
