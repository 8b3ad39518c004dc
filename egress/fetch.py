"""The door through which everything fetches a page: one GET, guarded against being led where it must not go.

A URL may come from a stranger, and a server may send us anywhere. So: http and https only; where that leads is decided
on numeric addresses and held (`egress.dial`); each redirect goes through the same gate, and none leads from https to
http. TLS is verified against the name. Bytes and total time are bounded, dripped headers too.
No cookies, no credentials, no proxy of the environment, no cache. Judges nothing: what came is the caller's to read.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address
from typing import Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

from egress import guard
from egress.dial import Unfetched, Why, addresses_of, connect
from egress.resolver import Ask
from egress.response import HEAD_LIMIT, Garbled, Response, read_response

__all__ = ["Fetch", "Fetcher", "Page", "Unfetched", "Why", "trusting"]

LIMIT = 512 * 1024  # bytes of a body
DEADLINE = 8.0  # s for all of it, redirects and names included
REDIRECTS = 5
REDIRECTED = frozenset({301, 302, 303, 307, 308})
AGENT = "Sluice/1 (+sender checks)"
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Page:
    """What came, whatever its status. `url` is where it came from in the end."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class Fetch(Protocol):
    """What a reader of pages needs; `Fetcher.fetch` is one."""

    async def __call__(self, url: str, *, accept: str = "*/*") -> Page: ...


class Fetcher:
    """Fetches through the resolver `ask`. `allow` are networks that may be reached although not public, on any port;
    `tls` replaces the system's trust in authorities."""

    def __init__(
        self,
        ask: Ask,
        *,
        allow: Iterable[guard.Network] = (),
        tls: ssl.SSLContext | None = None,
        limit: int = LIMIT,
        deadline: float = DEADLINE,
    ) -> None:
        self._ask = ask
        self._allow = tuple(allow)
        self._tls = tls
        self._limit = limit
        self._deadline = deadline

    async def fetch(self, url: str, *, accept: str = "*/*") -> Page:
        """The page at `url`, redirects followed. Raises Unfetched; a status such as 404 is a page."""
        try:
            async with asyncio.timeout(self._deadline):
                return await self._follow(url, accept)
        except TimeoutError:
            host = urlsplit(url).hostname or "It"
            raise Unfetched(Why.TIMEOUT, f"{host} did not answer in {self._deadline:g} s.") from None

    async def _follow(self, url: str, accept: str) -> Page:
        for _ in range(REDIRECTS + 1):
            parts = _checked(url)
            response = await self._get(parts, accept)
            to = response.headers.get("location", "")
            if response.status not in REDIRECTED or not to:
                return Page(url, response.status, response.headers, response.body)
            with _refusing(to):
                url = urljoin(url, to)
            if parts.scheme == "https" and urlsplit(url).scheme == "http":
                raise Unfetched(
                    Why.FORBIDDEN, f"{parts.hostname} sends us on from https to http, where nothing is sure."
                )
        raise Unfetched(Why.REDIRECTS, f"{urlsplit(url).hostname} was reached after more than {REDIRECTS} redirects.")

    async def _get(self, parts: SplitResult, accept: str) -> Response:
        host, port = str(parts.hostname), PORTS[parts.scheme] if parts.port is None else parts.port
        addresses = await addresses_of(self._ask, host, port, allow=self._allow)
        tls = (self._tls or trusting()) if parts.scheme == "https" else None
        reader, writer = await connect(host, addresses, port, limit=HEAD_LIMIT, tls=tls)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            shown = f"[{host}]" if ":" in host else host
            named = shown if port == PORTS[parts.scheme] else f"{shown}:{port}"
            writer.write(
                f"GET {target} HTTP/1.1\r\nHost: {named}\r\nUser-Agent: {AGENT}\r\nAccept: {accept}\r\n"
                "Accept-Encoding: identity\r\nConnection: close\r\n\r\n".encode("ascii")
            )
            return await read_response(reader, self._limit)
        except Garbled as fault:
            raise Unfetched(Why.GARBLED, f"{host}: {fault}") from None
        except OSError as fault:
            raise Unfetched(Why.UNREACHABLE, f"{host} broke off: {fault.strerror or fault}.") from None
        finally:
            writer.transport.abort()  # nothing left to say, and nobody to wait for


def _checked(url: str) -> SplitResult:
    """The parts of a URL that we would fetch; Unfetched for any other."""
    if not url.isascii() or not url.isprintable() or set(url) & {" ", "\\"}:  # browsers read \\ as /, and we would not
        raise Unfetched(Why.FORBIDDEN, "The address holds characters that no URL has.")
    with _refusing(url):
        parts = urlsplit(url)
        _ = parts.port
    if parts.scheme not in PORTS or not parts.hostname:
        raise Unfetched(Why.FORBIDDEN, f"{url[:100]} is no http or https address.")
    if parts.username is not None or parts.password is not None:
        raise Unfetched(Why.FORBIDDEN, f"The address of {parts.hostname} holds a name or password.")
    if "[" in parts.netloc:
        with _refusing(url):
            IPv6Address(parts.hostname)  # and no IPvFuture, which would pass for a name
    return parts


@contextlib.contextmanager
def _refusing(url: str) -> Iterator[None]:
    try:
        yield
    except ValueError:
        raise Unfetched(Why.FORBIDDEN, f"{url[:100]} is no http or https address.") from None


@cache
def trusting(more: str = "") -> ssl.SSLContext:
    """Trust in the system's authorities, and in those of the PEM file `more`. Read once: that takes tens of
    milliseconds."""
    context = ssl.create_default_context()
    if more:
        context.load_verify_locations(cafile=more)
    return context
