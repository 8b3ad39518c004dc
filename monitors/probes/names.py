"""What domain does an address, URL or host name belong to? Pure; the public suffix list is the one installed."""

from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

import idna
from publicsuffixlist import PublicSuffixList


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
