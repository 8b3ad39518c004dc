"""Walking from page to page along the links, and looking at each in both schemes: nothing for axe-core to find, no
sideways scroll, no refused script or style."""

import re
from typing import Literal
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve
from playwright.sync_api import ConsoleMessage, Error, Page, Response

from tests.browser.conftest import Demo
from tests.browser.story import prove

LOOKS: tuple[tuple[Literal["light", "dark"], int, int], ...] = (("light", 1440, 900), ("dark", 360, 800))
NAMED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]-[0-9-]+|(?<=/)[A-Z]\d+[a-z]?(?=/)"
    r"|(?<=/blocklists/)(?!new/)[a-z0-9-]+(?=/)|(?<=/lookups/)[a-z0-9-]+(?=/)|\d+"
)  # one of each kind is enough
LEFT_ALONE = ("/api/", "/static/")
MOST = 120
AXE = Axe()
STICKS_OUT = """(width) => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().left + one.scrollWidth > width + 1 && !one.closest('.scroll'))
    .slice(-3).map(one => one.outerHTML.slice(0, 160))"""
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


class Walker:
    """One person's way. `names` are the addresses of the resolver that were reached, `faults` what was found."""

    def __init__(self, page: Page, demo: Demo) -> None:
        self.page, self.demo = page, demo
        self.names: set[str] = set()
        self.faults: list[str] = []
        self._kinds: set[str] = set()
        self._refused: list[str] = []
        page.on("console", self._hear)

    def walk(self, *starts: str, within: str | tuple[str, ...] = "/") -> None:
        """Look at one page of each kind that links lead to from the starts, below `within`."""
        waiting = [urljoin(self.demo.url, start) for start in starts]
        while waiting and len(self._kinds) < MOST:
            url = waiting.pop(0)
            kind = NAMED.sub("*", urlsplit(url).path)
            if kind not in self._kinds:
                self._kinds.add(kind)
                waiting += [found for found in self._visit(url) if urlsplit(found).path.startswith(within)]

    def look(self) -> None:
        """At the page that is open."""
        self.names.add(self._name(self.page.url))
        self.faults += [f"{self.page.url}: {said}" for said in self._refused]
        self._refused.clear()
        self.page.evaluate(OPEN_ALL)
        self.page.evaluate(AXE.axe_script)
        for scheme, width, height in LOOKS:
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": height})
            self._look_at(scheme, width)

    def _look_at(self, scheme: str, width: int) -> None:
        where = f"{self.page.url}, {scheme}"
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            outside = self.page.evaluate(STICKS_OUT, width)
            self.faults.append(f"{where}: {wide} px wide on a screen of {width} px: {'; '.join(outside)}")
        for violation in self.page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            self.faults.append(f"{where}: {violation['id']}: {violation['help']}: {nodes}")

    def _visit(self, url: str) -> list[str]:
        """Look at what is there; the addresses that it leads to."""
        answer = self._open(url)
        if answer is None or not answer.ok:
            return []
        if "text/html" not in answer.headers.get("content-type", ""):
            self.names.add(self._name(url))
            return []
        if urlsplit(self.page.url).path == "/account/reauthenticate/" != urlsplit(url).path:
            prove(self.page, self.demo.where["people"]["password"])
        self.look()
        hrefs = self.page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        found = [urljoin(self.page.url, href).partition("#")[0] for href in hrefs]
        return [one for one in found if one.startswith(f"{self.demo.url}/") and not self._is_left_alone(one)]

    def _open(self, url: str) -> Response | None:
        """None when it is a file, which is reached as well."""
        try:
            return self.page.goto(url)
        except Error as refused:
            if "Download is starting" not in str(refused):
                raise
            self.names.add(self._name(url))
            return None

    def _name(self, url: str) -> str:
        return resolve(urlsplit(url).path).view_name

    def _is_left_alone(self, url: str) -> bool:
        return urlsplit(url).path.startswith(LEFT_ALONE)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self._refused.append(said.text)
