"""Is this the address of a sending server? Says no with a sentence, and knows what each odd network is for.

Only addresses that strangers can reach are of use: a blocklist knows no others, and a probe must not be led into
networks of our own. The table follows IANA's special-purpose registries (RFC 6890) rather than `ipaddress.is_global`,
which calls multicast, NAT64 and 6to4 global.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

ORDINALS = ("first", "second", "third", "last")
SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "not the address of any host"),
        ("10.0.0.0/8", "an address of private networks"),
        ("100.64.0.0/10", "an address that providers share among many customers"),
        ("127.0.0.0/8", "a loopback address: every machine's name for itself"),
        ("169.254.0.0/16", "a link-local address, known on one cable only"),
        ("172.16.0.0/12", "an address of private networks"),
        ("192.0.0.0/24", "a reserved address"),
        ("192.0.2.0/24", "an address for examples in documents"),
        ("192.88.99.0/24", "an address of 6to4 relays"),
        ("192.168.0.0/16", "an address of private networks"),
        ("198.18.0.0/15", "an address for measuring network equipment"),
        ("198.51.100.0/24", "an address for examples in documents"),
        ("203.0.113.0/24", "an address for examples in documents"),
        ("224.0.0.0/4", "a multicast address, which no single server has"),
        ("240.0.0.0/4", "a reserved address"),
        ("::/128", "not the address of any host"),
        ("::1/128", "a loopback address: every machine's name for itself"),
        ("64:ff9b::/96", "a translated IPv4 address (NAT64)"),
        ("2001::/32", "a tunnelled IPv4 address (Teredo)"),
        ("2001::/23", "a reserved address"),
        ("2001:db8::/32", "an address for examples in documents"),
        ("2002::/16", "a tunnelled IPv4 address (6to4)"),
        ("3fff::/20", "an address for examples in documents"),
        ("fc00::/7", "an address of private networks"),
        ("fe80::/10", "a link-local address, known on one cable only"),
        ("ff00::/8", "a multicast address, which no single server has"),
    )
)
GLOBAL_UNICAST = ip_network("2000::/3")  # all that IANA hands out of IPv6; the rest is reserved


def clean_address(text: str, allowed: Iterable[Network] | None = None) -> str:
    """The address in its one canonical spelling; IPv4 inside IPv6 (::ffff:…) becomes IPv4.

    `allowed` are networks that may be used although not public, from SLUICE_EGRESS_ALLOW when not given. Raises
    ValidationError for anything that is not one public unicast address.
    """
    written = text.strip()
    try:
        address = ip_address(written)
    except ValueError:
        raise ValidationError(_why_no_address(written), code="address") from None
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            raise ValidationError(
                f"{written} names a network card after the %. Write only the public address before it.", code="address"
            )
        address = address.ipv4_mapped or address
    networks = settings.EGRESS_ALLOW if allowed is None else allowed
    if (what := what_is_special(address)) and not any(address in network for network in networks):
        raise ValidationError(
            f"{address} is {what}. Write the public address that the server sends from, "
            "or let IT add its network to SLUICE_EGRESS_ALLOW.",
            code="not_public",
        )
    return str(address)


def what_is_special(address: Address) -> str:
    """What an address is when it is not a public unicast one, as words that follow "is"; empty for a public one."""
    for network, what in SPECIAL:
        if address in network:
            return what
    return "a reserved address" if address.version == 6 and address not in GLOBAL_UNICAST else ""


def _why_no_address(written: str) -> str:
    if not written:
        return "Write the server's IP address, for example 198.51.100.25 or 2001:db8::25."
    shown = written if len(written) <= 60 else f"{written[:60]}…"
    if "/" in written:
        return f"{shown} is a network, not one address. Add each sending server by its own address."
    if written.startswith("[") and written.endswith("]"):
        return f"{shown} has brackets around it. Write the address without them."
    parts = written.split(".")
    if ":" in written and len(parts) == 4:
        return f"{shown} is not an IP address. If it ends in a port, leave the port off."
    if ":" in written:
        return f"{shown} is not an IPv6 address. Write up to eight groups of 0 to ffff with colons, like 2001:db8::25."
    if not all(part.isascii() and part.isdigit() for part in parts):
        return f"{shown} is not an IP address. Write four numbers with dots, like 198.51.100.25, or an IPv6 address."
    if len(parts) != 4:
        return f"{shown} is not an IP address. It must have four parts with dots between, like 198.51.100.25."
    for ordinal, part in zip(ORDINALS, parts, strict=True):
        if len(part) > 3 or int(part) > 255:
            return f"{shown} is not an IP address. The {ordinal} part must be 0 to 255."
    return f"{shown} is not an IP address. Write its parts without leading zeros."
