"""Where a request comes from, as far as it can be known."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest


def ip_of(request: HttpRequest) -> str:
    """The client's address as text, behind as many proxies as ALLAUTH_TRUSTED_PROXY_COUNT says; empty when unknown.

    Never raises: the page of a halt order must open although a proxy is set up wrongly.
    """
    try:
        ip = ip_address(get_adapter(request).get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return ""
    return str(ip.ipv4_mapped or ip) if isinstance(ip, IPv6Address) else str(ip)


def network_of(request: HttpRequest) -> str:
    """Whom a throttle counts together: an IPv4 address, or the /64 that one IPv6 household has."""
    ip = ip_of(request)
    return str(ip_network(f"{ip}/64", strict=False)) if ":" in ip else ip
