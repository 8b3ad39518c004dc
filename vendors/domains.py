"""The register's verbs for domains and aliases: in which names a vendor sends for us, and under which others it stands.

Each is one transaction with its journal entry, as in vendors.register. Nothing is looked at here.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from journal.actor import ENGINE, Actor
from journal.record import move, note, turn
from vendors.fields import clean_hostname, clean_name, clean_selector, clean_web, cleaned, optional
from vendors.models import Alias, Domain, Vendor

DOMAIN = {"name": clean_hostname, "opt_out_url": optional(clean_web)}


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
    """A domain that the vendor declares. One that was only met before becomes a declared one."""
    values: dict[str, Any] = cleaned(DOMAIN, {"name": name, "opt_out_url": opt_out_url})
    values |= {"uses": _uses(uses), "selectors": _selectors(selectors)}
    if vendor.state != Vendor.State.ACTIVE:
        raise ValidationError(f"{vendor} is retired. Reinstate it before you add anything to it.")
    with turn():
        known = vendor.domains.select_for_update().filter(name=values["name"]).first()
        if known and known.state == Domain.State.RETIRED:
            raise ValidationError({"name": f"{known} is a retired domain of {vendor}. Reinstate it instead."})
        if known and known.is_declared:
            raise ValidationError({"name": f"{known} is a domain of {vendor} already."})
        if known:
            uses_now = _uses([*known.uses, *values.pop("uses")])
            _store(known, values | {"uses": uses_now, "is_declared": True}, "declared", by, at)
            return known
        domain = Domain.objects.create(vendor=vendor, created_at=at, **values)
        note(domain, "added", by=by, at=at, vendor=vendor, **values)
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
    if uses is not None:
        values["uses"] = _uses(uses)
    if selectors is not None:
        values["selectors"] = _selectors(selectors)
    if opt_out_url is not None:
        values |= cleaned(DOMAIN, {"opt_out_url": opt_out_url})
    with turn():
        _store(domain, values, "changed", by, at)


def meet(vendor: Vendor, name: str, *, at: datetime) -> Domain:
    """A domain that was met in the DNS of the vendor's servers; known ones stay as they are, retired ones too."""
    domain = vendor.domains.filter(name=name).first()
    if domain is None:
        try:
            with turn():
                domain = Domain.objects.create(
                    vendor=vendor, name=name, uses=[Domain.Use.DNS], is_declared=False, created_at=at
                )
                note(domain, "met", by=ENGINE, at=at, vendor=vendor, name=name)
        except IntegrityError:  # another worker met it between our look and our insert
            domain = vendor.domains.get(name=name)
    return domain


def retire_domain(domain: Domain, *, by: Actor, at: datetime, why: str = "") -> None:
    """It is not used for us any more: it is not watched. What was seen of it stays."""
    move(domain, Domain.State.RETIRED, by=by, at=at, why=why)


def reinstate_domain(domain: Domain, *, by: Actor, at: datetime, why: str = "") -> None:
    move(domain, Domain.State.ACTIVE, by=by, at=at, why=why)


# ── aliases ─────────────────────────────────────────────────────────────────
def approve_alias(vendor: Vendor, *, name: str, evidence: str, by: Actor, by_name: str, at: datetime) -> Alias:
    """A person saw evidence that the vendor also stands under this name."""
    name = clean_name(name)
    if not evidence.strip():
        raise ValidationError(
            {"evidence": "Write what shows that the name is the vendor's: where you saw it, and when."}
        )
    if vendor.aliases.filter(name__iexact=name).exists() or vendor.name.lower() == name.lower():
        raise ValidationError({"name": f"{vendor} is known as “{name}” already."})
    with turn():
        alias = Alias.objects.create(
            vendor=vendor, name=name, evidence=evidence.strip(), approved_by_name=by_name, approved_at=at
        )
        note(alias, "approved", by=by, at=at, vendor=vendor, name=name)
    return alias


def withdraw_alias(alias: Alias, *, by: Actor, at: datetime, why: str = "") -> None:
    with turn():
        note(alias, "withdrawn", by=by, at=at, why=why, vendor=alias.vendor, name=alias.name)
        alias.delete()


def names_of(vendor: Vendor) -> tuple[str, ...]:
    """The vendor's name, and the others that it is known under."""
    return (vendor.name, *vendor.aliases.values_list("name", flat=True))


def _store(domain: Domain, values: dict[str, Any], verb: str, by: Actor, at: datetime) -> None:
    changed = {field: value for field, value in values.items() if getattr(domain, field) != value}
    if not changed:
        return
    for field, value in changed.items():
        setattr(domain, field, value)
    domain.save(update_fields=list(changed))
    note(domain, verb, by=by, at=at, vendor=domain.vendor, **changed)


def _uses(uses: Iterable[str]) -> list[str]:
    wanted = set(uses)
    if unknown := wanted - set(Domain.Use.values):
        raise ValidationError({"uses": f"“{min(unknown)}” is no use of a domain: {', '.join(Domain.Use.values)}."})
    return [use for use in Domain.Use.values if use in wanted]


def _selectors(selectors: Iterable[str]) -> list[str]:
    return sorted({clean_selector(one) for one in selectors if one.strip()})
