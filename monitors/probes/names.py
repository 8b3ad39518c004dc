"""What domain does an address, URL or host name belong to? Pure; the public suffix list is the one installed."""

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

import idna
from publicsuffixlist import PublicSuffixList

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


def is_domain(text: str) -> bool:
    """Is it a domain's name, of two labels or more, in ASCII? An address is none, in whatever notation: what ends
    in a number is an IPv4 address wherever names and addresses may stand (RFC 1123 section 2.1; WHATWG URL)."""
    labels = text.removesuffix(".").split(".")
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not _NUMBER.fullmatch(labels[-1])


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def registrable(host: str) -> str:
    """The part of a host name that somebody registered: example.co.uk of mail.example.co.uk; empty when the name
    is itself an ending under which others register."""
    return _suffixes().privatesuffix(host.rstrip(".").lower()) or ""


def host_of(text: str) -> str:
    """The host of a URL, mail address or host name, lower case; empty when there is none."""
    if "://" in text:
        try:
            return (urlsplit(text).hostname or "").lower()
        except ValueError:
            return ""
    return text.rpartition("@")[2].strip().rstrip(".>").lower()


def as_ascii(domain: str) -> str:
    """The A-labels of an international name (RFC 5890); what cannot be one is given back for the DNS to refuse."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def is_within(host: str, domains: Iterable[str]) -> bool:
    """Is it one of these domains, or a name below one?"""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains if domain)
