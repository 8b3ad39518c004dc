"""The register's verbs for domains: in which names a vendor sends for us, declared or met in the DNS.

Each is one transaction with its journal entry, and refuses with a sentence a field, as in vendors.register. Nothing is
looked at here.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from journal.actor import ENGINE, Actor
from journal.record import note, turn
from vendors.changing import change, refuse_retired, shift
from vendors.fields import DOMAIN, clean_domain, clean_selectors, cleaned
from vendors.models import Domain, Vendor


def add_domain(
    vendor: Vendor,
    *,
    name: str,
    uses: Iterable[str] = (),
    selectors: Iterable[str] = (),
    opt_out_url: str = "",
    by: Actor,
    at: datetime,
) -> Domain:
    """A domain that the vendor declares. One that was only met before becomes a declared one, and keeps its uses."""
    texts = cleaned(DOMAIN, {"name": name, "opt_out_url": opt_out_url})
    values: dict[str, Any] = {"uses": _uses(uses), "selectors": _selectors(selectors)}
    refuse_retired(vendor)
    _refuse_ours(texts["name"])
    with turn():
        known = vendor.domains.filter(name=texts["name"]).first()
        if known and known.state == Domain.State.RETIRED:
            raise ValidationError({"name": f"{known} is a retired domain of {vendor}. Reinstate it instead."})
        if known and known.is_declared:
            raise ValidationError({"name": f"{known} is a domain of {vendor} already."})
        if known:
            values["uses"] = _uses([*known.uses, *values["uses"]])
            values |= {"opt_out_url": texts["opt_out_url"], "is_declared": True}
            change(known, values, "declared", by=by, at=at)
            return known
        domain = Domain.objects.create(vendor=vendor, created_at=at, **texts, **values)
        note(domain, "added", by=by, at=at, vendor=vendor, **texts, **values)
    return domain


def change_domain(
    domain: Domain,
    *,
    uses: Iterable[str] | None = None,
    selectors: Iterable[str] | None = None,
    opt_out_url: str | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Change what is given; what is None stays. The name never changes: what was seen was seen of that name."""
    values: dict[str, Any] = {}
    if opt_out_url is not None:
        values |= cleaned(DOMAIN, {"opt_out_url": opt_out_url})
    if uses is not None:
        values["uses"] = _uses(uses)
    if selectors is not None:
        values["selectors"] = _selectors(selectors)
    change(domain, values, "changed", by=by, at=at)


def meet(vendor: Vendor, name: str, *, at: datetime) -> Domain | None:
    """A domain that was met in the DNS of the vendor's servers; known ones stay as they are, retired ones too.

    None for what no host name can be, which anybody may write into the DNS.
    """
    try:
        name = clean_domain(name)
    except ValidationError:
        return None
    domain = vendor.domains.filter(name=name).first()
    if domain is None:
        with turn():  # in which another worker may have met it since our look
            domain, is_new = Domain.objects.get_or_create(
                vendor=vendor,
                name=name,
                defaults={"uses": [Domain.Use.DNS.value], "is_declared": False, "created_at": at},
            )
            if is_new:
                note(domain, "met", by=ENGINE, at=at, vendor=vendor, name=name)
    return domain


def retire_domain(domain: Domain, *, by: Actor, at: datetime, why: str = "") -> None:
    """It is not used for us any more: it is not watched. What was seen of it stays."""
    shift(domain, Domain.State.RETIRED, by=by, at=at, why=why)


def reinstate_domain(domain: Domain, *, by: Actor, at: datetime, why: str = "") -> None:
    shift(domain, Domain.State.ACTIVE, by=by, at=at, why=why)


def _refuse_ours(name: str) -> None:
    """A vendor does not answer for who holds the advertiser's own domains, nor for their websites."""
    for ours in (one.lower().strip(".") for one in settings.ADVERTISER_DOMAINS):
        if ours and (name == ours or name.endswith(f".{ours}")):
            raise ValidationError(
                {
                    "name": f"{name} is a domain of {settings.ADVERTISER_NAME}. Only the vendor's own stand here; ours "
                    "in a header needs IT's approval."
                }
            )


def _uses(uses: Iterable[str]) -> list[str]:
    wanted = set(uses)
    if unknown := wanted - set(Domain.Use.values):
        raise ValidationError({"uses": f"“{min(unknown)}” is no use of a domain: {', '.join(Domain.Use.values)}."})
    return [use for use in Domain.Use.values if use in wanted]


def _selectors(selectors: Iterable[str]) -> list[str]:
    try:
        return clean_selectors(selectors)
    except ValidationError as refused:
        raise ValidationError({"selectors": refused.messages}) from None
