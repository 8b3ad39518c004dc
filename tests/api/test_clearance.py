"""May this be mailed now? asked by a machine."""

from datetime import date, timedelta
from ipaddress import ip_network
from urllib.parse import quote

import pytest
from pytest_django import Settings

from journal.models import Entry
from monitors.models import Enrolment
from tests import acceptances, halted, world
from tests.api.caller import Answer, Caller, caller
from tests.world import NOON
from vendors.models import SendingServer, Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _where_we_are(settings: Settings) -> None:
    settings.EGRESS_ALLOW = (ip_network("198.18.0.0/15"),)
    settings.ADVERTISER_NAME = "Harrow & Lyle"
    settings.ADVERTISER_DOMAINS = ("harrowlyle.example",)


@pytest.fixture
def vendor() -> Vendor:
    """One whose gate is open, with one server."""
    vendor = world.make_vendor("Alder Mailings")
    Enrolment.objects.create(server=world.make_server(vendor, hostname="mta1.alder.example"), catalogue="x")
    acceptances.make_cleared(vendor, domains=["alder.example"], headers=["news@alder.example"], lists=["web-1"])
    return vendor


@pytest.fixture
def server(vendor: Vendor) -> SendingServer:
    return vendor.servers.get()


@pytest.fixture
def machine() -> Caller:
    return caller()


def ask(machine: Caller, vendor: Vendor, **about: object) -> Answer:
    query = "&".join(f"{name}={quote(str(value))}" for name, value in about.items())
    return machine.get(f"/clearance/{vendor.number}?{query}")


def reasons(answer: Answer) -> list[tuple[str, str]]:
    return [(one["id"], one["state"]) for one in answer.body["reasons"]]


def test_an_open_gate_is_told_with_all_that_is_met(machine: Caller, vendor: Vendor, server: SendingServer) -> None:
    answer = ask(machine, vendor)
    assert answer.status == 200
    assert (answer.body["open"], answer.body["reasons"]) == (True, [])
    assert set(answer.body) == {"open", "asked_at", "reasons", "met"}
    assert answer.body["asked_at"].endswith("Z")
    assert [one["id"] for one in answer.body["met"]] == [
        "no_order",
        "good_standing",
        "accepted",
        "policy_agreed",
        "contact_proven",
    ]
    everything = ask(machine, vendor, server=server.address, header="news@alder.example", source="WEB-1")
    assert (everything.body["open"], everything.body["reasons"]) == (True, [])
    assert machine.get(f"/clearance/{vendor.uid}").body["open"]


def test_a_shut_gate_is_told_with_every_reason_its_clause_its_moment_and_its_cure(
    machine: Caller, vendor: Vendor
) -> None:
    order = halted.make_order(vendor, reason="We got 40 complaints.")
    answer = ask(machine, vendor)
    assert (answer.status, answer.body["open"]) == (200, False)
    assert answer.body["reasons"] == [
        {
            "id": "halt_order",
            "state": "shut",
            "sentence": f"Halt order {order.number} stops all mail. We got 40 complaints.",
            "clause": "R12",
            "since": "2026-11-21T12:00:00Z",
            "cure": "Ends only when Harrow & Lyle lifts it in writing.",
        }
    ]


def test_a_new_vendor_is_shut_for_all_that_it_lacks(machine: Caller) -> None:
    answer = ask(machine, world.make_vendor())
    assert reasons(answer) == [("not_accepted", "shut"), ("no_contact", "shut")]
    assert [one["since"] for one in answer.body["reasons"]] == [None, None]


def test_a_server_is_asked_about_by_its_address(machine: Caller, vendor: Vendor, server: SendingServer) -> None:
    other = world.make_server(vendor)
    assert reasons(ask(machine, vendor, server=other.address))[0] == ("server_not_accepted", "shut")
    assert reasons(ask(machine, vendor, server="8.8.4.4")) == [("server_not_accepted", "shut")]
    assert ask(machine, vendor, server=f"::ffff:{server.address}").body["open"]
    halted.make_order(vendor, server=server)
    assert ("halt_order", "shut") in reasons(ask(machine, vendor, server=server.address))


def test_a_header_in_our_domain_needs_an_approval(machine: Caller, vendor: Vendor) -> None:
    letter = vendor.acceptances.get()
    letter.scope["headers"].append({"header": "From", "address": "news@harrowlyle.example"})
    letter.save()
    about = {"header": "news@harrowlyle.example"}
    assert reasons(ask(machine, vendor, **about)) == [("header_not_approved", "shut")]
    until = date.today() + timedelta(days=2)  # noqa: DTZ011  two days are enough for any zone
    acceptances.make_approval(vendor, "harrowlyle.example", since=date(2026, 11, 1), until=until)
    assert ask(machine, vendor, **about).body["open"]
    assert reasons(ask(machine, vendor, header="birch.example")) == [("header_not_accepted", "shut")]


def test_of_a_source_that_nobody_named_it_is_said_that_nothing_was_declared(machine: Caller, vendor: Vendor) -> None:
    answer = ask(machine, vendor, source="bought-list")
    assert answer.body["open"]
    assert reasons(answer) == [("source_unknown", "wait")]
    assert answer.body["reasons"][0]["sentence"] == (
        "Nothing was declared for source bought-list, and no letter lists it. Up to 500 new addresses of it may be "
        "mailed without an Exhibit B, and no more."
    )


def test_five_hundred_and_one_new_addresses_are_refused_and_five_hundred_are_not(
    machine: Caller, vendor: Vendor
) -> None:
    acceptances.make_source(vendor, "web-2", 499, 1)
    assert ask(machine, vendor, source="web-2").body["open"]
    acceptances.make_source(vendor, "web-2", 1)
    assert reasons(ask(machine, vendor, source="web-2")) == [("source_uncovered", "shut")]


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"server": "203.0.113.700"}, "The last part must be 0 to 255."),
        ({"server": ""}, "Write the server's IP address"),
        ({"server": "198.18.0.0/24"}, "is a network, not one address"),
        ({"header": "localhost"}, "is only part of a host name"),
        ({"source": " "}, "Write the code of one source"),
        ({"source": "a\x00b"}, "zero character"),
        ({"sever": "198.18.0.1"}, "This is not known here. Leave it out, or check its spelling."),
    ],
)
def test_what_cannot_be_asked_is_a_422_with_a_sentence(
    machine: Caller, vendor: Vendor, about: dict[str, str], sentence: str
) -> None:
    answer = ask(machine, vendor, **about)
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    [(field, said)] = answer.faults.items()
    assert field == next(iter(about))
    assert sentence in said


def test_two_servers_at_once_are_refused_rather_than_one_forgotten(machine: Caller, vendor: Vendor) -> None:
    answer = machine.get(f"/clearance/{vendor.number}?server=8.8.8.8&server=8.8.4.4")
    assert (answer.status, answer.faults) == (422, {"server": "Ask about one at a time: this is given more than once."})


@pytest.mark.parametrize("ref", ["V-9999", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_vendor_is_a_404(machine: Caller, ref: str) -> None:
    answer = machine.get(f"/clearance/{ref}")
    assert (answer.status, answer.body["type"]) == (404, "urn:sluice:problem:not-found")


def test_asking_changes_nothing_and_is_kept_by_nobody(machine: Caller, vendor: Vendor) -> None:
    before = Entry.objects.count()
    answer = ask(machine, vendor)
    assert Entry.objects.count() == before
    assert answer.headers["Cache-Control"] == "no-store"
    assert vendor.created_at == NOON
