"""Domains and aliases of a vendor through the API."""

import pytest

from journal.models import Entry
from tests.api.caller import Caller, caller
from tests.world import make_alias, make_domain, make_vendor
from vendors.models import Domain, Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> Caller:
    return caller()


@pytest.fixture
def alder() -> Vendor:
    return make_vendor("Alder")


def test_a_domain_is_declared_read_changed_retired_and_reinstated(machine: Caller, alder: Vendor) -> None:
    given = {"name": "Bücher.example", "uses": ["link", "header"], "selectors": ["K1"]}
    added = machine.post(f"/vendors/{alder.uid}/domains", given)
    assert added.status == 201
    domain = Domain.objects.get()
    assert added.headers["Location"] == f"/api/v1/domains/{domain.uid}"
    assert added.body == {
        "id": str(domain.uid),
        "vendor": {"id": str(alder.uid), "number": alder.number, "name": "Alder"},
        "name": "xn--bcher-kva.example",
        "uses": ["header", "link"],
        "selectors": ["k1"],
        "opt_out_url": "",
        "declared": True,
        "state": "active",
        "created_at": added.body["created_at"],
    }
    assert machine.get(f"/domains/{domain.uid}").body == added.body
    page = "https://xn--bcher-kva.example/leave"
    changed = machine.patch(f"/domains/{domain.uid}", {"uses": ["dkim"], "opt_out_url": page}).body
    assert (changed["uses"], changed["selectors"], changed["opt_out_url"]) == (["dkim"], ["k1"], page)
    gone = machine.patch(f"/domains/{domain.uid}", {"state": "retired", "reason": "The brand was sold."})
    assert gone.body["state"] == "retired"
    assert machine.patch(f"/domains/{domain.uid}", {"state": "active"}).body["state"] == "active"
    told = Entry.objects.filter(object_type="vendors.domain").values_list("verb", "why")
    assert list(told) == [("added", ""), ("changed", ""), ("retired", "The brand was sold."), ("active", "")]


def test_one_that_was_met_is_listed_as_not_declared_until_it_is(machine: Caller, alder: Vendor) -> None:
    met = make_domain(alder, "met.example", uses=["dns"], is_declared=False)
    make_domain(make_vendor("Birch"))
    path = f"/vendors/{alder.number}/domains"
    assert [item["declared"] for item in machine.get(path).body["items"]] == [False]
    declared = machine.post(path, {"name": "met.example", "uses": ["link"]})
    assert (declared.status, declared.body["id"], declared.body["uses"]) == (201, str(met.uid), ["link", "dns"])
    assert machine.get(f"{path}?declared=false").body["count"] == 0
    assert machine.get(f"{path}?declared=true&state=active").body["count"] == 1
    assert machine.get(f"{path}?state=retired").body["items"] == []


def test_faults_of_a_domain_are_told_by_field(machine: Caller, alder: Vendor) -> None:
    make_domain(alder, "alder.example")
    path = f"/vendors/{alder.uid}/domains"
    assert machine.post(path, {"name": "https://alder.example/", "opt_out_url": "leave"}).faults == {
        "name": "“https://alder.example/” is a web address. Write only the domain in it, like example.com.",
        "opt_out_url": "“leave” is no web address. Write one like https://www.example.com/unsubscribe.",
    }
    assert machine.post(path, {"name": "alder.example"}).faults == {
        "name": "alder.example is a domain of Alder already."
    }
    assert "is no DKIM selector" in machine.post(path, {"name": "b.example", "selectors": ["k 1"]}).faults["selectors"]
    odd = machine.post(path, {"name": "b.example", "uses": ["header", "billing"], "selectors": "k1"}).faults
    assert odd == {
        "uses.1": "This must be one of 'header', 'return_path', 'dkim', 'link' or 'dns'.",
        "selectors": "This must be a list.",
    }
    many = machine.post(path, {"name": "b.example", "selectors": [f"k{number}" for number in range(101)]}).faults
    assert many == {"selectors": "This may have 100 items at most."}
    assert Domain.objects.count() == 1


def test_the_name_of_a_domain_never_changes(machine: Caller, alder: Vendor) -> None:
    domain = make_domain(alder, "alder.example")
    faults = machine.patch(f"/domains/{domain.uid}", {"name": "birch.example"}).faults
    assert faults == {"name": "The name of a domain never changes. Retire this one and add another."}
    assert machine.patch(f"/domains/{domain.uid}", {"name": "alder.example"}).status == 200


def test_a_change_that_is_refused_in_part_is_refused_whole(machine: Caller, alder: Vendor) -> None:
    domain = make_domain(alder, uses=["header"])
    answer = machine.patch(f"/domains/{domain.uid}", {"uses": [], "opt_out_url": "x", "state": "retired"})
    assert answer.status == 422
    domain.refresh_from_db()
    assert (domain.uses, domain.state) == (["header"], "active")


def test_other_names_are_shown_with_their_evidence_and_no_machine_approves_one(machine: Caller, alder: Vendor) -> None:
    make_alias(make_vendor("Birch"), "Birch Group")
    alias = make_alias(alder, "Alder Group plc", evidence="Companies House, 04417723.")
    (shown,) = machine.get(f"/vendors/{alder.uid}/aliases").body["items"]
    assert shown["id"] == str(alias.uid)
    assert (shown["name"], shown["evidence"], shown["approved_by"]) == (
        "Alder Group plc",
        "Companies House, 04417723.",
        "Dana",
    )
    assert machine.post(f"/vendors/{alder.uid}/aliases", {"name": "X", "evidence": "Y"}).status == 405
