"""The walk over a site: what is looked at, how politely, and that it ends in time and says what it left."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from egress.fetch import Page, Why
from monitors.probes import website
from monitors.probes.site.crawl import MOST_PAGES, Cut, Ports, Visit, Walk, knock, walk
from monitors.probes.website import State
from tests.monitors.probes.site.sites import DOMAIN, HOME, PROSE, FakeSites


def links(*hrefs: str) -> str:
    return PROSE + "".join(f'<a href="{href}">{href.strip("/") or "Welcome"}</a>' for href in hrefs)


def stroll(sites: FakeSites, *, time_left: float = 5.0, pace: float = 0.0, enough: int = 99) -> Walk:
    async def work() -> Walk:
        ends = asyncio.get_running_loop().time() + time_left
        start = await website.look(sites, HOME)

        def is_enough(visits: Sequence[Visit]) -> bool:
            return len(visits) >= enough

        return await walk(sites, start, ends, pace=pace, is_enough=is_enough)

    return asyncio.run(work())


def paths(seen: Walk) -> list[str]:
    return [visit.site.url.removeprefix(HOME) for visit in seen.visits]


def test_pages_are_looked_at_by_what_they_promise_and_no_deeper_than_two_links() -> None:
    sites = FakeSites(
        {
            HOME: links("/roses", "/about", "/contact"),
            f"{HOME}about": links("/team-one", "/imprint"),
            f"{HOME}imprint": links("/too-deep"),
            f"{HOME}contact": PROSE,
            f"{HOME}roses": PROSE,
            f"{HOME}team-one": PROSE,
        }
    )
    seen = stroll(sites)
    assert paths(seen) == ["", "contact", "about", "imprint", "roses", "team-one"]
    assert [visit.depth for visit in seen.visits] == [0, 1, 1, 2, 1, 2]
    assert (seen.cut, [choice.url for choice in seen.left]) == (Cut.DEPTH, [f"{HOME}too-deep"])


def test_a_small_site_is_read_whole() -> None:
    seen = stroll(FakeSites({HOME: links("/about", "/", "/#top", "index.html"), f"{HOME}about": links("/", "/about")}))
    assert paths(seen) == ["", "about"]
    assert (seen.cut, seen.left) == (Cut.NOTHING, [])


def test_of_a_large_site_eight_pages_are_read_two_at_a_time() -> None:
    sites = FakeSites({HOME: links(*(f"/page-{n}" for n in range(40)))}, delay=0.01)
    seen = stroll(sites)
    assert len(seen.visits) == 1 + MOST_PAGES
    assert sites.most_at_once == 2
    assert (seen.cut, len(seen.left)) == (Cut.NUMBER, 40 - MOST_PAGES)


def test_it_ends_when_it_has_seen_enough() -> None:
    sites = FakeSites({HOME: links("/about", "/contact", "/legal", "/privacy")})
    seen = stroll(sites, enough=3)
    assert len(sites.asked) == 3
    assert seen.cut is Cut.ENOUGH


def test_there_is_a_pause_before_every_pair() -> None:
    began = time.monotonic()
    stroll(FakeSites({HOME: links("/about", "/contact", "/legal", "/privacy")}), pace=0.1)
    assert time.monotonic() - began >= 0.2


def test_it_ends_in_time_and_says_what_was_left() -> None:
    began = time.monotonic()
    seen = stroll(FakeSites({HOME: links("/about", "/contact", "/legal", "/privacy")}, delay=0.2), time_left=0.6)
    assert time.monotonic() - began < 1.0
    assert seen.cut is Cut.TIME
    assert seen.left


def test_a_page_that_leads_to_a_stranger_is_not_the_vendors() -> None:
    away = Page("https://other.example/", 200, {"content-type": "text/html"}, PROSE.encode())
    sites = FakeSites({HOME: links("/about"), f"{HOME}about": away})

    async def work() -> Walk:
        start = await website.look(sites, HOME)
        ends = asyncio.get_running_loop().time() + 5
        return await walk(sites, start, ends, pace=0.0, is_ours=lambda url: DOMAIN in url)

    visit = asyncio.run(work()).visits[1]
    assert (visit.site.state, visit.site.text, visit.site.markup) == (State.REDIRECTS_OFFDOMAIN, "", None)


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        ({HOME: PROSE}, ["https://acme.example/", "https://www.acme.example/"]),
        ({HOME: Why.UNREACHABLE, "http://acme.example/": PROSE},
         ["https://acme.example/", "https://www.acme.example/", "http://acme.example/", "http://www.acme.example/"]),
    ],
)  # fmt: skip
def test_http_is_asked_only_when_no_page_came_over_https(pages: dict[str, str | Why], asked: list[str]) -> None:
    sites = FakeSites(pages)

    async def work() -> list[website.Website]:
        return await knock(sites, DOMAIN, asyncio.get_running_loop().time() + 5)

    found = asyncio.run(work())
    assert (sites.asked, [site.url for site in found]) == (asked, asked)


def test_ports_of_a_pretend_internet_stand_in_the_address() -> None:
    assert Ports(8443, 8080).urls("https", "a.example") == ["https://a.example:8443/"]
    assert Ports(8443, 8080).urls("http", "a.example") == ["http://a.example:8080/"]
