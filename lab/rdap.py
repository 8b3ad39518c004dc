"""The pretend registries' RDAP server: one loopback port for all endings and networks, and the bootstrap files that say
so."""

from __future__ import annotations

import enum
import json
from typing import Any

from lab import networks
from lab.http import HttpServer, response
from lab.registry import as_rdap
from lab.world import World

BOOTSTRAPS = {"/dns.json": 0, "/ipv4.json": 4, "/ipv6.json": 6}


class RdapMood(enum.StrEnum):
    """How the server answers."""

    NORMAL = "normal"
    SILENT = "silent"
    LIMITED = "limited"  # 429 with Retry-After
    DENIED = "denied"  # 403
    BROKEN = "broken"  # 200 with a web page


class RdapServer(HttpServer):
    """Answers for the domains that the world has registered."""

    def __init__(self, world: World, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.world = world
        self.mood = RdapMood.NORMAL
        self.bootstrap_fails = False

    @property
    def base(self) -> str:
        """Where the questions go, as "http://127.0.0.1:8043/rdap/"."""
        return f"http://127.0.0.1:{self.port}/rdap/"

    @property
    def bootstrap_url(self) -> str:
        """What SLUICE_RDAP_BOOTSTRAP takes; 127.0.0.1/32 must stand in SLUICE_EGRESS_ALLOW."""
        return f"http://127.0.0.1:{self.port}/dns.json"

    def set_mood(self, mood: str) -> None:
        """Say how it answers from the next question on."""
        self.mood = RdapMood(mood)

    def answer(self, host: str, path: str) -> bytes | None:
        if self.mood is RdapMood.SILENT and path.startswith("/rdap/"):
            return None
        if path in BOOTSTRAPS and self.bootstrap_fails:
            return response(503, "text/plain", "Later.")
        if path in BOOTSTRAPS:
            return response(200, "application/json", json.dumps(self._bootstrap(path)))
        match self.mood:
            case RdapMood.LIMITED:
                return response(429, "text/plain", "Slow down.", "Retry-After: 120")
            case RdapMood.DENIED:
                return response(403, "text/plain", "No.")
            case RdapMood.BROKEN:
                return response(200, "text/html", "<h1>Moved</h1>")
        known = self._about(path)
        fault = {"errorCode": 404, "title": "Not found"}
        return response(200 if known else 404, "application/rdap+json", json.dumps(known or fault))

    def _about(self, path: str) -> dict[str, Any] | None:
        if path.startswith("/rdap/ip/"):
            try:
                found = self.world.networks.of(path.removeprefix("/rdap/ip/"))
            except ValueError:
                return None
            return networks.as_rdap(*found, self.base) if found else None
        domain = path.removeprefix("/rdap/domain/")
        registrant = self.world.registrant_of(domain)
        return as_rdap(domain, registrant, self.base) if registrant else None

    def _bootstrap(self, path: str) -> dict[str, Any]:
        """RFC 9224: every ending below which the world has a registration, or every network that it has given."""
        version = BOOTSTRAPS[path]
        return {
            "version": "1.0",
            "publication": "2026-11-01T00:00:00Z",
            "description": "The lab's registries",
            "services": [[self.world.networks.blocks(version) if version else list(self.world.endings()), [self.base]]],
        }
