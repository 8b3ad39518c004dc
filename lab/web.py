"""The vendors' websites: a loopback port for all names, over TLS with the lab's own authority, and one without TLS."""

from __future__ import annotations

import asyncio
import enum
import html
import ssl

from lab.authority import Authority
from lab.http import HttpServer, response
from lab.registry import Registrant
from lab.world import World


class SiteMood(enum.StrEnum):
    """How the websites of a domain answer."""

    NORMAL = "normal"
    PARKED = "parked"
    MISSING = "missing"  # 404 for every page
    BLOCKED = "blocked"  # a challenge for people only
    SILENT = "silent"
    DRAWN = "drawn"  # by a script
    MUTE = "mute"  # pages without a way to opt out
    NAMELESS = "nameless"  # pages that say nothing of who is behind them
    BOXED = "boxed"  # the page that the server came with
    FAILING = "failing"  # 500
    MISNAMED = "misnamed"  # a certificate for another name
    PLAIN = "plain"  # without TLS only
    AWAY = "away"  # leads to a stranger's site
    DEEP = "deep"  # nested deeper than anybody reads
    DRIP = "drip"  # a byte at a time
    FILE = "file"  # something, and no page


PAGES = {
    "/": "We write to readers who asked for it, about what they asked for.",
    "/about": "Who we are, and how to reach us.",
    "/contact": "Write or call, and somebody answers.",
    "/join": "Sign up to the newsletter. We write twice a month.",
    "/privacy": "What is recorded about you, why, and for how long.",
}
FORM = (
    '<form method="post" action="/leave"><label>Address <input name="address" type="email"></label>'
    "<button>Unsubscribe</button></form>"
)
NAV = '<nav><a href="/">Home</a> <a href="/about">About</a> <a href="/contact">Contact</a></nav>'
POSTCODE = "LB1 2QX"
STRANGER = "www.stranger.example"  # where AWAY leads; it has a page of its own
DRIP = 0.05  # s between two bytes


class WebServer(HttpServer):
    """Pages for every registered domain and the names below it. Their names lead to 127.0.0.1, so their addresses name
    this port; who fetches them trusts the authority (SLUICE_EGRESS_CA). Beside it, on `plain_port`, a server without
    TLS sends everybody on to this one, but for PLAIN sites, which are there only."""

    def __init__(self, world: World, *, port: int = 0, plain_port: int = 0) -> None:
        super().__init__(port=port)
        self.world = world
        self.moods: dict[str, SiteMood] = {}
        self._authority: Authority | None = None
        self._plain = _PlainServer(self, plain_port)

    @property
    def authority(self) -> str:
        """The path of the authority's certificate, as SLUICE_EGRESS_CA takes it; empty unless open."""
        return str(self._authority.path) if self._authority else ""

    @property
    def plain_port(self) -> int:
        return self._plain.port

    def tls(self) -> ssl.SSLContext | None:
        return self._authority.server_context(self._certified) if self._authority else None

    async def open(self) -> None:
        self._authority = Authority()
        try:
            await super().open()
            await self._plain.open()
        except OSError:
            await self.close()
            raise

    async def close(self) -> None:
        await self._plain.close()
        await super().close()
        if self._authority is not None:
            self._authority.close()
            self._authority = None

    def url_of(self, name: str, path: str = "/") -> str:
        return f"https://{name}:{self.port}{path}"

    def set_mood(self, domain: str, mood: str) -> None:
        """Say how the sites of a registered domain answer from now on."""
        if self.world.registrant_of(domain) is None:
            raise ValueError(f"Nobody has registered {domain}, so it has no website.")
        try:
            self.moods[domain.rstrip(".").lower()] = SiteMood(mood)
        except ValueError:
            raise ValueError(f"There is no mood {mood!r} for a website; choose one of {', '.join(SiteMood)}.") from None

    def mood_of(self, host: str) -> SiteMood:
        return self.moods.get(self._domain_of(host), SiteMood.NORMAL)

    def _domain_of(self, host: str) -> str:
        """The registered domain that a host lies in; empty without one."""
        while host and self.world.registrant_of(host) is None:
            host = host.partition(".")[2]
        return host

    def _certified(self, host: str) -> str:
        """The name that the certificate for a host shows."""
        mood = self.mood_of(host)
        return "" if mood is SiteMood.PLAIN else "other.lab.invalid" if mood is SiteMood.MISNAMED else host

    async def send(self, writer: asyncio.StreamWriter, response: bytes, host: str) -> None:
        if self.mood_of(host) is not SiteMood.DRIP:
            await super().send(writer, response, host)
            return
        for byte in response:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(DRIP)

    def answer(self, host: str, path: str) -> bytes | None:
        if host == STRANGER:
            return _page(200, "Stranger", "<p>This is a site of somebody else's, who writes to nobody at all.</p>")
        domain = self._domain_of(host)
        registrant = self.world.registrant_of(domain)
        mood = self.mood_of(host)
        path = path.partition("?")[0].rstrip("/") or "/"
        if mood is SiteMood.SILENT:
            return None
        if registrant is None or mood is SiteMood.MISSING or (path not in PAGES and path != "/leave"):
            return _page(404, "Not found", "<h1>Not found</h1>")
        match mood:
            case SiteMood.PARKED:
                return _page(200, domain, f"<h1>{domain}</h1><p>This domain is for sale. Buy this domain today.</p>")
            case SiteMood.BLOCKED:
                return _page(403, "Just a moment...", "<p>Verify that you are human.</p>")
            case SiteMood.DRAWN:
                return _page(200, domain, '<div id="app"></div><script src="/app.js"></script>')
            case SiteMood.BOXED:
                return _page(
                    200, "Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>Further configuration is required.</p>"
                )
            case SiteMood.FAILING:
                return _page(500, "Error", "<h1>Something broke</h1>")
            case SiteMood.AWAY:
                return response(302, "text/plain", "", f"Location: {self.url_of(STRANGER)}")
            case SiteMood.FILE:
                return response(200, "application/octet-stream", "nothing that anybody reads")
        return _page(200, html.escape(registrant.organisation), _inner(registrant, mood, path))


class _PlainServer(HttpServer):
    """The same sites without TLS."""

    def __init__(self, web: WebServer, port: int) -> None:
        super().__init__(port=port)
        self._web = web

    def answer(self, host: str, path: str) -> bytes | None:
        if self._web.mood_of(host) is SiteMood.PLAIN:
            return self._web.answer(host, path)
        return response(301, "text/plain", "", f"Location: {self._web.url_of(host, path)}")


def _inner(registrant: Registrant, mood: SiteMood, path: str) -> str:
    """What stands on a page of a site that is there."""
    name = html.escape(registrant.organisation)
    inner = f"<h1>{name}</h1><p>{PAGES.get(path, 'We are sorry to see you go.')}</p>"
    if mood is not SiteMood.MUTE:
        inner += FORM if path == "/leave" else '<p><a href="/leave">Unsubscribe</a></p>'
    if mood is SiteMood.DEEP:
        inner = "<div>" * 400 + inner + "</div>" * 400
    if path != "/leave":
        inner = NAV + inner
    return inner if mood is SiteMood.NAMELESS else inner + _footer(registrant)


def _footer(registrant: Registrant) -> str:
    name, street, city = map(html.escape, (registrant.organisation, registrant.street, registrant.city))
    mail, phone = html.escape(registrant.email), html.escape(registrant.phone)
    lines = [f"<address>{name}, {street}, {city} {POSTCODE}</address>"]
    lines += [f'<p><a href="mailto:{mail}">{mail}</a></p>'] if mail else []
    lines += [f'<p>Telephone <a href="tel:{phone}">{phone}</a></p>'] if phone else []
    return f"<footer>{''.join(lines)}</footer>"


def _page(status: int, title: str, inner: str) -> bytes:
    page = f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>{inner}</body></html>'
    return response(status, "text/html; charset=utf-8", page)
