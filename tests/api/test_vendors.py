"""Vendors, their servers and their contacts through the API."""

from ipaddress import ip_network
from typing import Any

import pytest

from journal.models import Entry
from tests.api.caller import Caller, caller
from tests.world import make_contact, make_server, make_vendor
from vendors.models import Contact, SendingServer, Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documentation_networks_may_be_used(settings: Any) -> None:
    settings.EGRESS_ALLOW = (ip_network("192.0.2.0/24"),)


@pytest.fixture
def machine() -> Caller:
    return caller()


def test_a_vendor_is_added_read_renamed_retired_and_reinstated(machine: Caller) -> None:
    added = machine.post("/vendors", {"name": " Alder Mailings "})
    assert added.status == 201
    vendor = Vendor.objects.get()
    assert added.headers["Location"] == f"/api/v1/vendors/{vendor.uid}"
    assert added.body == {
        "id": str(vendor.uid),
        "number": vendor.number,
        "name": "Alder Mailings",
        "state": "active",
        "created_at": added.body["created_at"],
    }
    assert added.body["created_at"].endswith("Z")
    assert machine.get(f"/vendors/{vendor.uid}").body == machine.get(f"/vendors/{vendor.number}").body == added.body
    assert machine.patch(f"/vendors/{vendor.number}", {"name": "Alder Mail"}).body["name"] == "Alder Mail"
    gone = machine.patch(f"/vendors/{vendor.uid}", {"state": "retired", "reason": "The contract ended."})
    assert gone.body["state"] == "retired"
    assert machine.patch(f"/vendors/{vendor.uid}", {"state": "active"}).body["state"] == "active"
    assert [(entry.verb, entry.why) for entry in Entry.objects.filter(object_type="vendors.vendor")] == [
        ("added", ""),
        ("renamed", ""),
        ("retired", "The contract ended."),
        ("active", ""),
    ]


def test_the_journal_names_the_token_and_where_it_called_from(machine: Caller) -> None:
    machine.post("/vendors", {"name": "Alder"})
    entry = Entry.objects.get(verb="added")
    assert entry.actor == f"token:{machine.token.split('_')[1]} (it)"
    assert entry.ip == "127.0.0.1"


def test_a_change_that_is_refused_in_part_is_refused_whole(machine: Caller) -> None:
    make_vendor("Birch")
    vendor = make_vendor("Alder")
    assert machine.patch(f"/vendors/{vendor.uid}", {"name": "birch", "state": "retired"}).status == 422
    vendor.refresh_from_db()
    assert (vendor.name, vendor.state) == ("Alder", "active")


def test_a_server_is_added_changed_and_retired(machine: Caller) -> None:
    vendor = make_vendor("Alder")
    added = machine.post(
        f"/vendors/{vendor.uid}/servers",
        {"address": "::ffff:192.0.2.7", "hostname": "MAIL.alder.example.", "helo": "mail.alder.example"},
    )
    assert added.status == 201
    server = SendingServer.objects.get()
    assert added.headers["Location"] == f"/api/v1/servers/{server.uid}"
    assert (added.body["address"], added.body["hostname"]) == ("192.0.2.7", "mail.alder.example")
    assert added.body["vendor"] == {"id": str(vendor.uid), "number": vendor.number, "name": "Alder"}
    assert (
        machine.patch(f"/servers/{server.uid}", {"hostname": "mx.alder.example"}).body["helo"] == "mail.alder.example"
    )
    assert machine.patch(f"/servers/{server.uid}", {"state": "retired"}).body["state"] == "retired"
    assert machine.get(f"/vendors/{vendor.uid}/servers?state=active").body["items"] == []
    listed = machine.get(f"/vendors/{vendor.number}/servers").body
    assert [item["hostname"] for item in listed["items"]] == ["mx.alder.example"]


def test_faults_of_a_server_are_told_by_field(machine: Caller) -> None:
    vendor = make_vendor("Alder")
    faulty = {"address": "203.0.113.700", "hostname": "mail", "helo": "a_b.example"}
    faults = machine.post(f"/vendors/{vendor.uid}/servers", faulty).faults
    assert faults["address"] == "203.0.113.700 is not an IP address. The last part must be 0 to 255."
    assert set(faults) == {"address", "hostname", "helo"}
    assert not SendingServer.objects.exists()


def test_the_address_of_a_server_never_changes(machine: Caller) -> None:
    server = make_server(make_vendor())
    faults = machine.patch(f"/servers/{server.uid}", {"address": "192.0.2.99"}).faults
    assert faults == {"address": "The address of a server never changes. Retire this one and add another."}


def test_a_contact_is_added_changed_and_removed(machine: Caller) -> None:
    vendor = make_vendor("Alder")
    kim = {"name": "Kim Roe", "email": "kim@alder.example", "phone": "+44 (0)20 7946 0958", "emergency": True}
    added = machine.post(f"/vendors/{vendor.uid}/contacts", kim)
    assert added.status == 201
    contact = Contact.objects.get()
    assert added.headers["Location"] == f"/api/v1/contacts/{contact.uid}"
    shown = {key: added.body[key] for key in ("name", "email", "phone", "emergency", "authority", "rank")}
    assert shown == kim | {"phone": "+442079460958", "authority": False, "rank": 1}
    assert added.body["warnings"] == []
    silent = machine.patch(f"/contacts/{contact.uid}", {"authority": True, "phone": ""}).body
    assert silent["phone"] == ""
    assert silent["warnings"] == ["Kim Roe has no telephone: in an emergency nobody can be called."]
    contact.refresh_from_db()
    assert (contact.has_authority, contact.phone, contact.name) == (True, "", "Kim Roe")
    refused = machine.patch(f"/contacts/{contact.uid}", {"emergency": False})
    assert "told of halt orders" in refused.faults["emergency"]
    gone = machine.call("DELETE", f"/contacts/{contact.uid}")
    assert (gone.status, gone.body) == (204, None)
    assert machine.get(f"/contacts/{contact.uid}").status == 404


def test_contacts_are_listed_of_one_vendor_only(machine: Caller) -> None:
    alder, birch = make_vendor("Alder"), make_vendor("Birch")
    kim = make_contact(alder, "Kim")
    make_contact(birch, "Lee")
    assert [item["id"] for item in machine.get(f"/vendors/{alder.uid}/contacts").body["items"]] == [str(kim.uid)]
    assert machine.get(f"/vendors/{alder.uid}/contacts?emergency=false").body["count"] == 0


def test_vendors_are_found_by_part_of_their_name_and_by_state(machine: Caller) -> None:
    for name in ("Alder Mailings", "Birch Direct", "Cedar MAIL"):
        make_vendor(name)
    assert [item["name"] for item in machine.get("/vendors?name=mail").body["items"]] == [
        "Alder Mailings",
        "Cedar MAIL",
    ]
    assert machine.get("/vendors?state=retired").body == {"items": [], "next": None, "count": 0}
