"""Every page that a person can reach: nothing for axe-core to find, no sideways scroll, no refused script or style."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page

from tests.browser.conftest import Demo, open_context, sign_in

pytestmark = pytest.mark.browser
FORM = re.compile(r"/portal/forms/[A-Z]-[0-9-]+/$")
WIDTHS = {"light": 1440, "dark": 360}
NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]-[0-9-]+|\d+")  # one page of each kind is enough
LEFT_ALONE = ("/account/logout/", "/api/", "/static/", "/mfa/recovery-codes/download")


MOST = 90
BY_BUTTON = (
    "files/A6.10/",
    "comments/A1.04/",
    "company/",
    "domains/",
    "servers/",
    "headers/",
    "give-up/",
    "notices-address/",
)


def reach(page: Page, start: str, within: str) -> list[str]:
    """One address of each kind of page that links lead to from `start`, on the same host and below
    `within`; of a form that is filled in also what only its buttons lead to."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting and len(found) < MOST:
        url = waiting.pop(0)
        kind = NAMED.sub("*", urlsplit(url).path)
        if kind in found:
            continue
        try:
            answer = page.goto(url)
        except Error as refused:
            if "Download is starting" not in str(refused):
                raise
            continue
        if answer is None or not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        found[kind] = url
        hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        for href in hrefs:
            target = urljoin(url, href).partition("#")[0]
            path = urlsplit(target)
            is_ours = path.netloc == urlsplit(start).netloc and path.path.startswith(within)
            if is_ours and not path.path.startswith(LEFT_ALONE):
                waiting.append(target)
        if FORM.search(url):
            waiting += [url + path for path in BY_BUTTON]
    return list(found.values())


def faults_of(page: Page, url: str, width: int) -> list[str]:
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.goto(url)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    faults = [f"{url}: {said}" for said in refused]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        faults.append(f"{url}: {wide} px wide on a screen of {width} px")
    found = Axe().run(page)
    for violation in found.response["violations"]:
        where = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
        faults.append(f"{url}: {violation['id']}: {violation['help']}: {where}")
    return faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("who", "start"),
    [
        ("", "/"),
        ("ada@harrow.example.com", "/desk/"),
        ("owner@brambleford.example.com", "/portal/"),
        ("owner@fennickrowe.example.net", "/portal/forms/"),
        ("owner@inverlea.example.com", "/portal/forms/"),
        ("owner@pellworth.example.net", "/portal/"),
    ],
    ids=["a visitor", "an administrator", "a vendor's owner", "one who fills in", "one who mends", "one accepted"],
)
def test_every_page_is_sound(browser: Browser, demo: Demo, who: str, start: str, scheme: str) -> None:
    if (who.partition("@")[2], scheme) in {("inverlea.example.com", "light"), ("pellworth.example.net", "dark")}:
        pytest.skip("These pages look alike; once in the other scheme is enough.")
    width = WIDTHS[scheme]
    context = open_context(browser, width=width, scheme="dark" if scheme == "dark" else "light")
    context.set_default_timeout(20_000)
    page = context.new_page()
    if who:
        sign_in(page, demo, who)
    addresses = reach(page, demo.url + start, "/portal/forms/" if start == "/portal/forms/" else "/")
    assert addresses
    faults = []
    for url in addresses:
        fresh = context.new_page()
        faults += faults_of(fresh, url, width)
        fresh.close()
    context.close()
    assert not faults, "\n".join(faults)
