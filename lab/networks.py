"""Which pretend company holds which IP network, and how a registry says it in RDAP (RFC 9083 section 5.4)."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from lab.registry import Registrant, contact

Network = IPv4Network | IPv6Network


class Networks:
    """May be changed and asked from any thread; the narrowest network around an address counts."""

    def __init__(self) -> None:
        self._holders: dict[Network, Registrant] = {}

    def assign(self, network: str, holder: Registrant) -> None:
        """Give a network, such as "192.0.2.0/24", a holder; again replaces the one it had."""
        self._holders = self._holders | {ip_network(network): holder}

    def of(self, address: str) -> tuple[Network, Registrant] | None:
        """The network that an address lies in, and who holds it. ValueError for what is no address."""
        number = ip_address(address)
        around = [network for network in self._holders if number in network]
        if not around:
            return None
        found = max(around, key=lambda network: network.prefixlen)
        return found, self._holders[found]

    def blocks(self, version: int) -> list[str]:
        """All networks of IPv4 or IPv6."""
        return sorted(str(network) for network in self._holders if network.version == version)


def as_rdap(network: Network, holder: Registrant, base: str) -> dict[str, Any]:
    """The answer to a question about an address in `network`; `base` is the server's own address."""
    return {
        "rdapConformance": ["rdap_level_0"],
        "objectClassName": "ip network",
        "handle": f"NET-{network.network_address}",
        "startAddress": str(network[0]),
        "endAddress": str(network[-1]),
        "ipVersion": f"v{network.version}",
        "name": holder.organisation.upper().replace(" ", "-"),
        "country": holder.country,
        "links": [{"rel": "self", "href": f"{base}ip/{network}", "type": "application/rdap+json"}],
        "entities": [contact("registrant", holder), contact("abuse", holder)],
    }
