"""The vendors' websites: one loopback port for all names, over TLS with the lab's own authority."""

from __future__ import annotations

import enum
import html
import ssl

from lab.authority import Authority
from lab.http import HttpServer, response
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


PAGES = {
    "/": "We write to readers who asked for it, about what they asked for.",
    "/about": "Who we are, and how to reach us.",
    "/join": "Sign up to the newsletter. We write twice a month.",
    "/privacy": "What is recorded about you, why, and for how long.",
}
FORM = (
    '<form method="post" action="/leave"><label>Address <input name="address" type="email"></label>'
    "<button>Unsubscribe</button></form>"
)


class WebServer(HttpServer):
    """Pages for every registered domain and the names below it. Their names lead to 127.0.0.1, so their addresses name
    this port; who fetches them trusts the authority (SLUICE_EGRESS_CA)."""

    def __init__(self, world: World, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.world = world
        self.moods: dict[str, SiteMood] = {}
        self._authority: Authority | None = None

    @property
    def authority(self) -> str:
        """The path of the authority's certificate, as SLUICE_EGRESS_CA takes it; empty unless open."""
        return str(self._authority.path) if self._authority else ""

    def tls(self) -> ssl.SSLContext | None:
        return self._authority.server_context() if self._authority else None

    async def open(self) -> None:
        self._authority = Authority()
        try:
            await super().open()
        except OSError:
            await self.close()
            raise

    async def close(self) -> None:
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

    def answer(self, host: str, path: str) -> bytes | None:
        domain = host
        while domain and self.world.registrant_of(domain) is None:
            domain = domain.partition(".")[2]
        registrant = self.world.registrant_of(domain)
        mood = self.moods.get(domain, SiteMood.NORMAL)
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
        name = html.escape(registrant.organisation)
        inner = f"<p>{PAGES.get(path, 'We are sorry to see you go.')}</p>"
        if mood is SiteMood.NORMAL:
            inner += FORM if path == "/leave" else '<p><a href="/leave">Unsubscribe</a></p>'
        return _page(
            200, name, f"<h1>{name}</h1>{inner}<footer>{name}, {registrant.street}, {registrant.city}</footer>"
        )


def _page(status: int, title: str, inner: str) -> bytes:
    page = f'<!doctype html><html lang="en"><head><title>{title}</title></head><body>{inner}</body></html>'
    return response(status, "text/html; charset=utf-8", page)
