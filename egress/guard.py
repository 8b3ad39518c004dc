"""Which addresses may we connect to on somebody else's word? Pure: it resolves nothing and connects nowhere.

A URL that a stranger chose, or that a registry sent us on to, must not lead into networks of our own. Only public
unicast addresses pass, and the networks that the operator allows (SLUICE_EGRESS_ALLOW). The table follows IANA's
special-purpose registries (RFC 6890) rather than `is_global`, which lets NAT64, 6to4 and its relays through.
"""

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

WEB_PORTS = frozenset({80, 443})
WHOIS_PORTS = frozenset({43})
_SPECIAL = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
2001::/23 2001:db8::/32 2002::/16 3fff::/20
"""
SPECIAL: tuple[Network, ...] = tuple(ip_network(text) for text in _SPECIAL.split())
GLOBAL_UNICAST = ip_network("2000::/3")  # all that IANA hands out of IPv6: ::1, NAT64, fc00::/7, fe80::/10 lie outside


def is_allowed(address: Address, allow: Iterable[Network] = ()) -> bool:
    """Whether the operator's own list names it."""
    address = _unwrapped(address)
    return any(address in network for network in allow)


def is_public(address: Address) -> bool:
    """Whether strangers can have it: a public unicast address. An IPv4 address inside IPv6 is taken for itself."""
    address = _unwrapped(address)
    if address.version == 6 and address not in GLOBAL_UNICAST:
        return False
    return not any(address in network for network in SPECIAL)


def may_connect(address: Address, port: int, allow: Iterable[Network] = (), ports: Collection[int] = WEB_PORTS) -> bool:
    """Public addresses on `ports`, by default the web's two; what the operator allows on any. An address with a zone
    (RFC 4007 section 11) names an interface of this machine: no stranger has a word in that."""
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    return is_allowed(address, allow) or (port in ports and is_public(address))


def _unwrapped(address: Address) -> Address:
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
