"""What all addresses of a domain that were tried amount to: one state, and the page to begin with. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitors.probes.names import host_of
from monitors.probes.site.parking import is_market
from monitors.probes.website import SHORT_TEXT, Found, State, Website

# Whatever may still be a website comes before what certainly is none: an address that we could not see may be the one
# that people use. A start page in one of the first two states can be read.
ORDER = (
    State.LIVE, State.HTTP_ONLY, State.JS_ONLY, State.BLOCKED, State.REDIRECTS_OFFDOMAIN, State.ERROR_STATUS,
    State.UNREACHABLE, State.UNFETCHED, State.PARKED, State.DEFAULT_PAGE, State.WRONG_CONTENT, State.GONE,
    State.TLS_INVALID, State.NO_NAME,
)  # fmt: skip
READABLE = frozenset({State.LIVE, State.HTTP_ONLY})


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a domain's website, the page that it is taken from, and what was seen, in a sentence."""

    state: State
    page: Website
    sentence: str


def settle(tried: Sequence[Website], parking: str) -> Standing:
    """`tried` are the addresses of the domain, as `crawl.knock` found them; `parking` is the sign of the DNS, if any.

    Of each host that page counts which came first, without one what https said: http is a fallback. What came over it
    says nothing against a site that we could not see over https, unless it offers the name itself. A name with a sign
    of parking is parked when its page does not contradict it, as one with something to say does, or one that we could
    not see. A name whose visitors are sent to a market of names is parked as well.
    """
    hosts: dict[str, list[Website]] = {}
    for site in tried:
        hosts.setdefault(host_of(site.url), []).append(site)
    pages = [_of_host(sites) for sites in hosts.values()]
    state, page = min(((_state(site, parking), site) for site in pages), key=lambda one: ORDER.index(one[0]))
    sentence = page.sentence
    if state is State.PARKED and page.state is State.REDIRECTS_OFFDOMAIN:
        sentence = f"It leads to {host_of(page.landed)}, where names are sold."
    elif state is State.PARKED and page.state is not State.PARKED:
        sentence = parking
    elif state is State.HTTP_ONLY:
        sentence = "It answers with a page, but only without encryption."
    return Standing(state, page, sentence)


def _of_host(sites: Sequence[Website]) -> Website:
    shown = next((site for site in sites if site.status), sites[0])
    is_blind = sites[0].state in (State.UNREACHABLE, State.UNFETCHED)
    return sites[0] if is_blind and shown.state in ON_HTTPS_PERHAPS else shown


def _state(site: Website, parking: str) -> State:
    if site.state is State.REDIRECTS_OFFDOMAIN and is_market(site.landed):
        return State.PARKED
    if parking and site.status and (site.state in EMPTY or _says_little(site)):
        return State.PARKED
    if site.state is State.LIVE and urlsplit(site.landed or site.url).scheme == "http":
        return State.HTTP_ONLY
    return site.state


ON_HTTPS_PERHAPS = frozenset({State.GONE, State.WRONG_CONTENT, State.DEFAULT_PAGE})
EMPTY = frozenset({State.JS_ONLY, State.DEFAULT_PAGE, State.WRONG_CONTENT, State.GONE})


def _says_little(site: Website) -> bool:
    return site.state is State.LIVE and len(site.text) < SHORT_TEXT and site.opt_out.found is not Found.FOUND
