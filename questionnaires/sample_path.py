"""The path of a message, as its Received headers tell it (RFC 5321, section 4.4; RFC 3848 for what "with" means). Pure.

Servers write these headers in many ways. What does not follow the grammar is passed over; a hop whose encryption is
not said in words we know has none that is known.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from monitors.probes.names import registrable
from questionnaires.sample_parts import Header

MOST_HOPS = 50
LONGEST_RECEIVED = 4_000  # characters
MOST_COMMENTS = 20

CLAUSE = re.compile(r"\b(from|by|with)\s+([^\s();]+)", re.IGNORECASE)
BY = re.compile(r"(?:^|\s)by\s", re.IGNORECASE)
COMMENT = re.compile(r"\(([^()]*)\)")
ADDRESS = re.compile(r"(?<![\w.:-])[0-9a-f.:]{3,45}(?![\w.:-])", re.IGNORECASE)
SAYS_TLS = re.compile(r"\bTLS[ _]?v?1|\bversion=TLS|\busing TLS|\bwith TLS|\bSSLv3\b", re.IGNORECASE)
ENCRYPTED = frozenset({"esmtps", "esmtpsa", "lmtps", "lmtpsa", "utf8smtps", "utf8smtpsa", "utf8lmtps", "utf8lmtpsa"})
IN_CLEAR = frozenset({"esmtp", "esmtpa", "utf8smtp", "utf8smtpa"})  # RFC 3848: with STARTTLS it would end in S
NOT_PUBLIC = [
    ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7")
]  # loopback is left out: a filter on the same machine shows nothing of the network


@dataclass(frozen=True, slots=True)
class Hop:
    """One handing over. `tls` is None when the header does not tell. `comments` are those behind "by"."""

    sender: str
    by: str
    tls: bool | None
    is_private: bool
    comments: tuple[str, ...]


def read_hops(header: Header) -> list[Hop]:
    """In the order in which the message travelled: its first server first."""
    return [_hop(value[:LONGEST_RECEIVED]) for value in reversed(header.all("Received")[:MOST_HOPS])]


def handover(hops: list[Hop], is_own: Callable[[str], bool]) -> Hop | None:
    """The hop at which the message left the vendor: the latest from a server of its own to somebody else's, or else
    the latest between servers of different domains."""
    outside = [hop for hop in hops if "." in hop.sender and hop.by and not is_own(hop.by)]
    own = [hop for hop in outside if is_own(hop.sender)]
    crossing = [hop for hop in outside if _owner(hop.sender) != _owner(hop.by)]
    return next(reversed(own or crossing), None)


def _owner(name: str) -> str:
    return registrable(name) or name.lower()


def _hop(value: str) -> Hop:
    value = " ".join(value.rpartition(";")[0].split() or value.split())
    comments = COMMENT.findall(value)[:MOST_COMMENTS]
    said: dict[str, str] = {}
    for name, word in CLAUSE.findall(_bare(value)):
        said.setdefault(name.lower(), word)
    behind = value[start.end() :] if (start := BY.search(value)) else ""
    protocol = said.get("with", "").lower()
    is_encrypted = protocol in ENCRYPTED or SAYS_TLS.search(value) is not None
    return Hop(
        sender=said.get("from", "")[:253],
        by=said.get("by", "")[:253],
        tls=True if is_encrypted else False if protocol in IN_CLEAR else None,
        is_private=any(_is_private(found) for found in ADDRESS.findall(value.replace("IPv6:", ""))),
        comments=tuple(comment.strip() for comment in comments if f"({comment})" in behind),
    )


def _bare(value: str) -> str:
    """Without comments, which may hold words such as "with"; inner ones go first."""
    for _ in range(5):
        shorter = COMMENT.sub(" ", value)
        if shorter == value:
            break
        value = shorter
    return value


def _is_private(written: str) -> bool:
    try:
        address = ip_address(written)
    except ValueError:
        return False
    return any(address in network for network in NOT_PUBLIC if network.version == address.version)
