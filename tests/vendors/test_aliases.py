"""The verbs for aliases: approved by a person who saw evidence, withdrawn with a reason, never forgotten."""

import pytest
from django.core.exceptions import ValidationError

from journal.actor import Actor
from tests import world
from tests.world import NOON, make_alias, make_vendor
from vendors.aliases import approve_alias, is_known_as, names_of, withdraw_alias
from vendors.models import Alias, Vendor

pytestmark = pytest.mark.django_db
DANA = Actor("user", "4 (it)", "192.0.2.9")
SEEN = "Companies House, 04417723, seen on 3 Nov 2026"


def approve(vendor: Vendor, name: str = "Alder Group plc", evidence: str = SEEN) -> Alias:
    return approve_alias(vendor, name=name, evidence=evidence, by=DANA, by_name="Dana", at=NOON)


def test_an_alias_is_approved_with_its_evidence_and_an_entry_of_the_vendors() -> None:
    vendor = make_vendor("Alder Mailings")
    alias = approve(vendor, "  Alder   Group plc ", f" {SEEN}\n")
    alias.refresh_from_db()
    assert (alias.name, alias.evidence) == ("Alder Group plc", SEEN)
    assert (alias.approved_by_name, alias.approved_at) == ("Dana", NOON)
    assert names_of(vendor) == ("Alder Mailings", "Alder Group plc")
    entry = world.entries().get()
    assert (entry.object_type, entry.object_id, entry.verb) == ("vendors.vendor", str(vendor.pk), "alias approved")
    assert entry.after == {"alias": str(alias.pk), "name": "Alder Group plc", "evidence": SEEN}


@pytest.mark.parametrize("evidence", ["", "  \n "])
def test_an_alias_needs_evidence(evidence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        approve(make_vendor(), evidence=evidence)
    assert refused.value.message_dict == {
        "evidence": ["Write what shows that the name is the vendor's: where you saw it, and when."]
    }
    assert not Alias.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "", "Write a name."),
        ("name", "ALDER mailings", "Alder Mailings is known as “ALDER mailings” already."),
        ("name", "alder GROUP plc", "Alder Mailings is known as “alder GROUP plc” already."),
        ("evidence", "x" * 2001, "Keep the evidence under 2,000 characters."),
    ],
)
def test_what_is_refused_is_said_beside_its_field(field: str, typed: str, said: str) -> None:
    vendor = make_vendor("Alder Mailings")
    make_alias(vendor, "Alder Group plc")
    with pytest.raises(ValidationError) as refused:
        approve(vendor, **{"name": "Another name", field: typed})
    assert refused.value.message_dict == {field: [said]}


def test_two_vendors_may_bear_one_name() -> None:
    approve(make_vendor("Alder"), "Group plc")
    approve(make_vendor("Birch"), "Group plc")
    assert Alias.objects.count() == 2


def test_a_retired_vendor_gets_no_alias() -> None:
    vendor = make_vendor("Alder")
    vendor.state = Vendor.State.RETIRED
    with pytest.raises(ValidationError, match=r"Alder is retired\. Reinstate the vendor first\."):
        approve(vendor)


def test_a_withdrawn_alias_is_gone_and_the_journal_keeps_what_it_rested_on() -> None:
    vendor = make_vendor("Alder Mailings")
    withdraw_alias(approve(vendor), by=DANA, at=NOON, why="The group was sold.")
    assert names_of(vendor) == ("Alder Mailings",)
    entry = world.entries().last()
    assert entry is not None
    assert (entry.object_type, entry.verb, entry.why) == ("vendors.vendor", "alias withdrawn", "The group was sold.")
    assert (entry.after["name"], entry.after["evidence"]) == ("Alder Group plc", SEEN)


def test_a_name_is_known_whatever_its_case() -> None:
    vendor = make_vendor("Straße Mailings")
    make_alias(vendor, "Alder Group")
    assert is_known_as(vendor, "STRASSE mailings")
    assert is_known_as(vendor, "ALDER group")
    assert not is_known_as(vendor, "Alder")
