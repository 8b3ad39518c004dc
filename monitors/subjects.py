"""What a look needs to know of its subject besides the name or address that is looked up: read from the register."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from monitors import checks
from monitors.calm import Held
from monitors.probes.names import registrable
from vendors.models import Domain, SendingServer

NEEDY = {checks.FCRDNS, checks.SPF, checks.DKIM, checks.DMARC}


def facts_of(held: Iterable[Held]) -> dict[int, Mapping[str, Any]]:
    """For each claimed watch that needs any, by its key: `own` (the vendor's domains, for reverse DNS), `servers` (its
    addresses, for SPF), `selectors` (of DKIM keys), `organisational` (the registered name, for DMARC). In two queries
    at most, whatever their number."""
    needy = [one for one in held if one.check_id in NEEDY]
    vendors = {one.vendor_id for one in needy}
    names: dict[int, list[str]] = defaultdict(list)
    selectors: dict[int, list[str]] = {}
    if vendors:
        rows = Domain.objects.filter(vendor__in=vendors, state=Domain.State.ACTIVE)
        for pk, vendor, name, is_declared, known in rows.values_list(
            "pk", "vendor", "name", "is_declared", "selectors"
        ):
            selectors[pk] = known
            if is_declared:
                names[vendor].append(name)
    servers: dict[int, list[str]] = defaultdict(list)
    if asking := {one.vendor_id for one in needy if one.check_id == checks.SPF}:
        in_use = SendingServer.objects.filter(vendor__in=asking, state=SendingServer.State.ACTIVE).order_by("pk")
        for vendor, address in in_use.values_list("vendor", "address"):
            servers[vendor].append(address)
    return {one.pk: _facts(one, names, selectors, servers) for one in needy}


def _facts(
    one: Held,
    names: Mapping[int, list[str]],
    selectors: Mapping[int, list[str]],
    servers: Mapping[int, list[str]],
) -> Mapping[str, Any]:
    match one.check_id:
        case checks.SPF:
            return {"servers": servers.get(one.vendor_id, [])}
        case checks.DKIM:
            return {"selectors": selectors.get(one.domain_id or 0, [])}
        case checks.DMARC:
            return {"organisational": registrable(one.target)}
        case _:
            return {"own": names.get(one.vendor_id, [])}
