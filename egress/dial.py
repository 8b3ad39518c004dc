"""Connecting to a host on somebody else's word: where the decision is made, and held.

The name is resolved once, by our own resolver and not by the system's; every address that it has must pass
`egress.guard`; the connection goes to one of those numbers and never to the name, so that a second answer of the DNS
changes nothing (rebinding). Sets no time limit: whoever calls does. Says nothing and reads nothing.
"""

import asyncio
import contextlib
import re
import ssl
from collections.abc import Collection, Iterable
from enum import StrEnum
from ipaddress import ip_address

from egress import guard
from egress.answer import Outcome
from egress.resolver import Ask

ATTEMPTS = 4  # addresses of one name that are tried: no name makes us knock at hundreds of doors
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


class Why(StrEnum):
    """Why nothing was fetched. FORBIDDEN and LIMITED are our own refusal; the others are what the network did."""

    FORBIDDEN = "forbidden"
    LIMITED = "limited"  # its turn to be asked does not come in time
    NO_NAME = "no_name"  # the DNS says that there is none, or no address behind it
    UNRESOLVED = "unresolved"  # the DNS could not be asked
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    GARBLED = "garbled"
    REDIRECTS = "redirects"


class Unfetched(Exception):
    """Nothing was fetched; `why` in a word, the text in a sentence."""

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


async def addresses_of(
    ask: Ask, host: str, port: int, *, allow: Iterable[guard.Network] = (), ports: Collection[int] = guard.WEB_PORTS
) -> list[guard.Address]:
    """Where `host`, a name or an IP address, may be reached on `port`: never empty. Raises Unfetched when it has no
    address, and when only one of those that it has is forbidden: who mixes them means no good."""
    host = host.lower().removesuffix(".")
    found = await _found(ask, host)
    for address in found:
        if not guard.may_connect(address, port, allow, ports):
            raise Unfetched(
                Why.FORBIDDEN, f"{host} leads to {address} port {port}, which we do not connect to for a stranger."
            )
    return found


async def connect(
    host: str, addresses: Iterable[guard.Address], port: int, *, limit: int, tls: ssl.SSLContext | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the first of the checked `addresses` that takes one; `tls` verifies it against the name `host`.
    `limit` is the reader's, in bytes."""
    fault = ""
    for address in list(dict.fromkeys(addresses))[:ATTEMPTS]:
        try:
            return await asyncio.open_connection(
                str(address), port, ssl=tls, server_hostname=host.removesuffix(".") if tls else None, limit=limit
            )
        except ssl.SSLCertVerificationError as error:
            raise Unfetched(
                Why.TLS, f"{host} shows a certificate that is not to be trusted: {error.verify_message}."
            ) from None
        except ssl.SSLError as error:
            raise Unfetched(Why.TLS, f"{host} does not speak TLS as it should: {error.reason}.") from None
        except OSError as error:
            fault = error.strerror or str(error)
    raise Unfetched(Why.UNREACHABLE, f"{host} cannot be reached: {fault}.")


async def _found(ask: Ask, host: str) -> list[guard.Address]:
    with contextlib.suppress(ValueError):
        return [ip_address(host)]
    if not HOST.fullmatch(host):
        raise Unfetched(Why.FORBIDDEN, f"{host[:100]!r} is no name of a host.")
    try:
        answers = await asyncio.gather(ask(host, "A"), ask(host, "AAAA"))
    except ValueError as fault:
        raise Unfetched(Why.FORBIDDEN, str(fault)) from None
    found = [ip_address(record) for answer in answers for record in answer.records]
    if found:
        return found
    if all(answer.outcome in (Outcome.NXDOMAIN, Outcome.NODATA) for answer in answers):
        raise Unfetched(Why.NO_NAME, f"{host} has no address.")
    raise Unfetched(Why.UNRESOLVED, f"{host} could not be looked up.")
