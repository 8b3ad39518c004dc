"""What several looks amount to: facts about a vendor's servers and header addresses as a whole. Pure."""

import contextlib
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

Facts = Mapping[str, Any]


def add_up(servers: Mapping[str, Facts | None], headers: Mapping[str, Facts | None]) -> dict[str, Any]:
    """`servers` and `headers` are facts of one look each by subject, None where nothing was seen yet.

    look.headers_hosted: is the mail of the header addresses taken in by the machines that send? look.reputation: how
    all the servers stand with the blocklists, in words. Absent while unknown of one.
    """
    facts = {"look.headers_hosted": _hosted(list(servers), headers), "look.reputation": _reputation(servers)}
    return {name: value for name, value in facts.items() if value is not None}


def _hosted(servers: Sequence[str], headers: Mapping[str, Facts | None]) -> bool | None:
    places = [(facts or {}).get("look.mx_addresses") for facts in headers.values()]
    if not servers or not places or any(place is None for place in places):
        return None
    networks = []
    for server in servers:
        with contextlib.suppress(ValueError):
            networks.append(ip_network(server, strict=False))
    return all(any(ip_address(one) in network for one in place or () for network in networks) for place in places)


def _reputation(servers: Mapping[str, Facts | None]) -> str | None:
    if not servers or any(facts is None or "look.lists_asked" not in facts for facts in servers.values()):
        return None
    listed = [
        f"{server} on {', '.join(facts['look.listed'])}"
        for server, facts in servers.items()
        if facts and facts.get("look.listed")
    ]
    silent = sorted({name for facts in servers.values() if facts for name in facts.get("look.lists_silent", ())})
    asked = min(int(facts["look.lists_asked"]) for facts in servers.values() if facts)
    if listed:
        shown = "; ".join(listed[:10]) + (f"; and {len(listed) - 10} more" if len(listed) > 10 else "")
        said = f"Listed: {shown}."
    elif not asked:
        said = "Of some servers no list could be asked."
    elif silent:
        said = "Not listed where a list answered."
    else:
        said = f"Not listed on any of the {asked} lists that we asked."
    return f"{said} No answer from {', '.join(silent)}." if silent else said
