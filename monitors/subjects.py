"""What a look needs to know of its subject besides the name or address that is looked up: read from the register, and
from what was seen before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitors import checks, registrations
from monitors.calm import Held
from monitors.models import Grant
from monitors.probes import holder
from monitors.probes.names import registrable
from monitors.registrations import Seen
from vendors.models import Alias, Domain, SendingServer, Vendor

OF_VENDOR = (checks.REGISTRATION, checks.WEBSITE)  # these are held against the vendor's names
NEEDY = {checks.FCRDNS, checks.SPF, checks.DKIM, checks.DMARC, *OF_VENDOR}


@dataclass(slots=True)
class _Known:
    """What the register has of the vendors in question, by key."""

    names: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    domains: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    servers: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    selectors: dict[int, list[str]] = field(default_factory=dict)
    opt_out_urls: dict[int, str] = field(default_factory=dict)
    registrations: dict[int, Seen] = field(default_factory=dict)  # of a domain, the newest that could be read
    grants: dict[int, list[holder.Grant]] = field(default_factory=lambda: defaultdict(list))  # of a domain


def facts_of(held: Iterable[Held]) -> dict[int, Mapping[str, Any]]:
    """For each claimed watch that needs any, by its key: `own` (the vendor's declared domains), `servers` (its
    addresses, for SPF), `selectors` (of DKIM keys), `organisational` (the registered name, for DMARC); for registration
    and website also `names` (its own first), for a website `opt_out_url` and `registered`, for a registration `grants`
    and `last_good`. A fixed number of queries."""
    needy = [one for one in held if one.check_id in NEEDY]
    if not needy:
        return {}
    known = _Known()
    _read_domains(known, {one.vendor_id for one in needy})
    if asking := {one.vendor_id for one in needy if one.check_id == checks.SPF}:
        in_use = SendingServer.objects.filter(vendor__in=asking, state=SendingServer.State.ACTIVE).order_by("pk")
        for vendor, address in in_use.values_list("vendor", "address"):
            known.servers[vendor].append(address)
    if slow := [one for one in needy if one.check_id in OF_VENDOR]:
        _read_names(known, {one.vendor_id for one in slow})
        known.registrations = registrations.newest(one.domain_id for one in slow if one.domain_id)
        _read_grants(known, [one.domain_id for one in slow if one.domain_id and one.check_id == checks.REGISTRATION])
    return {one.pk: _facts(one, known) for one in needy}


def _read_domains(known: _Known, vendors: set[int]) -> None:
    rows = Domain.objects.filter(vendor__in=vendors, state=Domain.State.ACTIVE)
    fields = ("pk", "vendor", "name", "is_declared", "selectors", "opt_out_url")
    for pk, vendor, name, is_declared, selectors, opt_out_url in rows.values_list(*fields):
        known.selectors[pk], known.opt_out_urls[pk] = selectors, opt_out_url
        if is_declared:
            known.domains[vendor].append(name)


def _read_names(known: _Known, vendors: set[int]) -> None:
    for pk, name in Vendor.objects.filter(pk__in=vendors).values_list("pk", "name"):
        known.names[pk].append(name)
    for pk, name in Alias.objects.filter(vendor__in=vendors).values_list("vendor", "name"):
        known.names[pk].append(name)


def _read_grants(known: _Known, domains: Sequence[int]) -> None:
    for grant in Grant.objects.standing().filter(domain__in=domains).order_by("pk"):
        known.grants[grant.domain_id].append(grant.value())


def _facts(one: Held, known: _Known) -> Mapping[str, Any]:
    own = known.domains.get(one.vendor_id, [])
    match one.check_id:
        case checks.SPF:
            return {"servers": known.servers.get(one.vendor_id, [])}
        case checks.DKIM:
            return {"selectors": known.selectors.get(one.domain_id or 0, [])}
        case checks.DMARC:
            return {"organisational": registrable(one.target)}
        case checks.REGISTRATION:
            seen = known.registrations.get(one.domain_id or 0)
            return {
                "own": own,
                "names": known.names.get(one.vendor_id, []),
                "grants": known.grants.get(one.domain_id or 0, []),
                "last_good": seen.last_good() if seen else None,
            }
        case checks.WEBSITE:
            seen = known.registrations.get(one.domain_id or 0)
            return {
                "own": own,
                "names": known.names.get(one.vendor_id, []),
                "opt_out_url": known.opt_out_urls.get(one.domain_id or 0, ""),
                "registered": seen.values if seen else {},
            }
        case _:
            return {"own": own}
