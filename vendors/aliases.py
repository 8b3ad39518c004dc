"""The register's verbs for aliases: under which other names a vendor stands in registers.

Each is told in the vendor's own journal, with the evidence, so that it is there when the alias is gone.
"""

from datetime import datetime

from django.core.exceptions import ValidationError

from journal.actor import Actor
from journal.record import note, turn
from vendors.changing import refuse_retired
from vendors.fields import ALIAS, cleaned
from vendors.models import Alias, Vendor

EVIDENCE_LIMIT = 2000  # characters


def approve_alias(vendor: Vendor, *, name: str, evidence: str, by: Actor, by_name: str, at: datetime) -> Alias:
    """A person, `by_name`, saw evidence that the vendor also stands under this name."""
    values = cleaned(ALIAS, {"name": name})
    values["evidence"] = evidence.strip()
    if not values["evidence"]:
        raise ValidationError(
            {"evidence": "Write what shows that the name is the vendor's: where you saw it, and when."}
        )
    if len(values["evidence"]) > EVIDENCE_LIMIT:
        raise ValidationError({"evidence": f"Keep the evidence under {EVIDENCE_LIMIT:,} characters."})
    refuse_retired(vendor)
    with turn():
        if is_known_as(vendor, values["name"]):
            raise ValidationError({"name": f"{vendor} is known as “{values['name']}” already."})
        alias = Alias.objects.create(vendor=vendor, **values, approved_by_name=by_name, approved_at=at)
        note(vendor, "alias approved", by=by, at=at, alias=alias, **values)
    return alias


def withdraw_alias(alias: Alias, *, by: Actor, at: datetime, why: str = "") -> None:
    """The name is not theirs, or no longer: nothing is taken for theirs because it bears it."""
    with turn():
        facts = {"name": alias.name, "evidence": alias.evidence, "approved_by_name": alias.approved_by_name}
        note(alias.vendor, "alias withdrawn", by=by, at=at, why=why, alias=alias, **facts)
        alias.delete()


def names_of(vendor: Vendor) -> tuple[str, ...]:
    """The vendor's name, and the others that it is known under."""
    return (vendor.name, *vendor.aliases.values_list("name", flat=True))


def is_known_as(vendor: Vendor, name: str) -> bool:
    """Whatever the case of its letters."""
    return name.casefold() in {one.casefold() for one in names_of(vendor)}
