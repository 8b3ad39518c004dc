"""Names and values as DNS writes them; every refusal is a ValueError with a sentence for a person."""

from __future__ import annotations

import ipaddress
import re

import dns.exception
import dns.name

DOMAIN = re.compile(r"[a-z0-9_.-]*[a-z_-][a-z0-9_-]*")  # a last label of digits would be a mistyped address
MAX_TTL = 86400  # s


def listing_label(target: str) -> str:
    """The name asked in front of a list's zone (RFC 5782): octets or nibbles in reverse, or the domain.

    IPv4-mapped IPv6 stays IPv6: ``::ffff:127.0.0.2`` has 32 nibbles.
    """
    try:
        address = ipaddress.ip_address(target)
    except ValueError:
        return canonical_name(target)
    if address.version == 4:
        return ".".join(reversed(str(address).split(".")))
    return ".".join(reversed(f"{int(address):032x}"))


def reverse_name(address: str) -> str:
    """The owner of an address's PTR record, under in-addr.arpa or ip6.arpa."""
    address = canonical_address(address)
    return f"{listing_label(address)}.{'ip6' if ':' in address else 'in-addr'}.arpa"


def canonical_address(address: str) -> str:
    """The address in its shortest form."""
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        raise ValueError(f"{address!r} is not an IP address; write it like 192.0.2.1 or 2001:db8::1.") from None


def canonical_name(name: str) -> str:
    """The name in lower case without its trailing dot."""
    try:
        parsed = dns.name.from_text(name.strip())
    except (dns.exception.DNSException, UnicodeError) as fault:
        raise ValueError(f"{name!r} cannot be a DNS name: {fault}") from None
    if parsed == dns.name.root:
        raise ValueError("A name is missing; write one like zen.spamhaus.org.")
    return parsed.to_text(omit_final_dot=True).lower()


def canonical_target(target: str) -> str:
    """An address or a domain, as it may stand on a list."""
    try:
        return str(ipaddress.ip_address(target.strip()))
    except ValueError:
        name = canonical_name(target)
    if not DOMAIN.fullmatch(name):
        raise ValueError(f"{target!r} is neither an IP address nor a domain; write 192.0.2.1 or example.com.")
    return name


def return_code(code: str) -> str:
    """A list's return code, which has the form of an IPv4 address."""
    try:
        return str(ipaddress.IPv4Address(code))
    except ValueError:
        raise ValueError(f"{code!r} is not a return code; write an IPv4 address like 127.0.0.2.") from None


def check_ttl(seconds: int) -> int:
    """Refuse a TTL that is negative or beyond a day."""
    if not 0 <= seconds <= MAX_TTL:
        raise ValueError(f"A TTL is a number of seconds from 0 to {MAX_TTL}; {seconds} is not.")
    return seconds


def check_pace(delay: float, loss: float) -> None:
    """Refuse a delay (s) below 0 or a share of silence outside 0 to 1."""
    if not 0 <= delay < 3600:
        raise ValueError(f"A delay is a number of seconds from 0 to 3600; {delay} is not.")
    if not 0 <= loss <= 1:
        raise ValueError(f"A loss is a share from 0 to 1; {loss} is not.")
