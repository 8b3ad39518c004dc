"""Websites made of a dictionary, for pure tests: addresses and their pages, and how long each takes."""

import asyncio
from collections.abc import Mapping

from egress.fetch import Page, Unfetched, Why
from monitors.probes.reading import Reading
from monitors.probes.site.survey import survey
from tests.monitors.fakes import FakeWorld

DOMAIN = "acme.example"
HOME = f"https://{DOMAIN}/"
PROSE = "<p>We write to gardeners twice a month about what grows, and to nobody who did not ask for it.</p>"
CONTACT = (
    "<address>Acme Garden Ltd<br>12 High Street<br>Labton<br>LB1 2QX</address>"
    '<p>Call <a href="tel:+442079460142">020 7946 0142</a> or write to post@acme.example.</p>'
)
WAY_OUT = '<p><a href="/leave?u=7">Unsubscribe</a></p>'


def html(inner: str, *, head: str = "", lang: str = "en") -> bytes:
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{inner}</body></html>'.encode()


class FakeSites:
    """`pages` by address: markup, a whole Page, or why nothing came. What is not there answers 404; hosts of which
    nothing is there have no name. `delay` in s is what each page takes."""

    def __init__(self, pages: Mapping[str, str | bytes | Page | Why], *, delay: float = 0.0) -> None:
        self.pages = dict(pages)
        self.asked: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._delay = delay

    async def __call__(self, url: str, *, accept: str = "*/*") -> Page:
        self.asked.append(url)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(self._delay)
        finally:
            self._at_once -= 1
        host = "/".join(url.split("/", 3)[:3]) + "/"
        if not any(known.startswith(host) for known in self.pages):
            raise Unfetched(Why.NO_NAME, f"{host} has no address.")
        page = self.pages.get(url)
        match page:
            case None:
                return Page(url, 404, {"content-type": "text/html"}, b"Not found")
            case Why():
                raise Unfetched(page, "It did not come.")
            case Page():
                return page
            case _:
                body = page if isinstance(page, bytes) else html(page)
                return Page(url, 200, {"content-type": "text/html; charset=utf-8"}, body)


def look(sites: FakeSites | Mapping[str, str | bytes | Page | Why], domain: str = DOMAIN, **how: object) -> Reading:
    """One survey of such a site, without pauses."""
    fetch = sites if isinstance(sites, FakeSites) else FakeSites(sites)
    ask = how.pop("ask", None) or FakeWorld()
    asked: dict[str, object] = {"names_match": lambda text: "Acme Garden" in text, "pace": 0.0} | how
    return asyncio.run(survey(fetch, ask, domain, **asked))  # type: ignore[arg-type]


def faults(reading: Reading) -> set[str]:
    return {ground.fault for ground in reading.grounds}
