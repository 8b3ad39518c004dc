"""The demo's vendors: invented throughout, and served by the lab as the table says."""

import ipaddress

import phonenumbers
import pytest
from dns.rdatatype import PTR, TXT, A

from lab.names import listing_label, reverse_name
from lab.registry import Shield
from lab.seed import APPLICANTS, LISTS, STRANGERS, VENDORS, SeedList, SeedServer, SeedVendor, demo_world
from lab.web import SiteMood
from lab.world import World
from monitors.catalogue import load
from monitors.probes.names import registrable

EVERYBODY = (*VENDORS, *APPLICANTS, *STRANGERS)
SERVERS = [server for vendor in VENDORS for server in vendor.servers]
ALL_SERVERS = [server for vendor in EVERYBODY for server in vendor.servers]
DOCUMENTATION = [
    ipaddress.ip_network(network) for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.fixture(scope="module")
def demo() -> World:
    return demo_world()


@pytest.mark.parametrize("vendor", EVERYBODY, ids=lambda vendor: vendor.name)
def test_each_contact_has_a_number_that_a_form_accepts(vendor: object) -> None:
    number = phonenumbers.parse(vendor.contact_phone)  # type: ignore[attr-defined]
    assert phonenumbers.is_valid_number(number)


@pytest.mark.parametrize("server", ALL_SERVERS, ids=lambda server: server.address)
def test_each_address_and_name_is_reserved_for_examples(server: SeedServer) -> None:
    assert any(ipaddress.ip_address(server.address) in network for network in DOCUMENTATION)
    assert server.hostname.removesuffix(".net").endswith(".example")


def test_addresses_and_names_occur_once() -> None:
    assert len({server.address for server in ALL_SERVERS}) == len(ALL_SERVERS)
    assert len({server.hostname for server in ALL_SERVERS}) == len(ALL_SERVERS)


def test_the_odd_ones_are_there(demo: World) -> None:
    confirmed = [s for s in SERVERS if s.hostname in demo.reverse_of(s.address)]
    without = [s for s in SERVERS if not demo.reverse_of(s.address)]
    assert len(without) == 1
    assert len(SERVERS) - len(confirmed) - len(without) == 1
    assert [s for s in SERVERS if ":" in s.address]
    assert sum(len(s.listed_on) for s in SERVERS) == 1
    assert all(1 <= len(vendor.servers) <= 4 for vendor in VENDORS)
    assert all(s.address in demo.hosts()[s.hostname] for s in SERVERS)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_each_vendor_has_a_domain_of_its_own_to_be_watched(vendor: SeedVendor) -> None:
    assert registrable(vendor.domain) == vendor.domain
    assert {registrable(server.hostname) for server in vendor.servers} == {vendor.domain}


def test_one_domain_is_good_and_others_show_one_fault_each(demo: World) -> None:
    assert [vendor.shield for vendor in VENDORS if vendor.shield is not Shield.NONE] == [Shield.REDACTED, Shield.PROXY]
    assert [vendor.web_mood for vendor in VENDORS if vendor.web_mood != "normal"] == [SiteMood.PARKED]
    (listed,) = [vendor for vendor in VENDORS if vendor.domain_listed_on]
    assert demo.answer(f"{listed.domain}.{listed.domain_listed_on[0]}", A).records
    good = VENDORS[0]
    assert (good.shield, good.web_mood, good.domain_listed_on) == (Shield.NONE, "normal", ())
    assert demo.answer(f"_dmarc.{good.domain}", TXT).records
    (key,) = demo.answer(f"{good.selectors[0]}._domainkey.{good.domain}", TXT).records
    assert key.rdata.startswith(b"\x10v=DKIM1; k=rsa; ")


@pytest.mark.parametrize("entry", LISTS, ids=lambda entry: entry.zone)
def test_each_list_passes_its_own_test(demo: World, entry: SeedList) -> None:
    assert demo.answer(f"{listing_label(entry.test_point)}.{entry.zone}", A).records
    assert not demo.answer(f"{listing_label('127.0.0.1')}.{entry.zone}", A).records
    assert not demo.answer(f"{listing_label('invalid')}.{entry.zone}", A).records


def test_a_missing_ptr_is_answered_from_its_reverse_zone(demo: World) -> None:
    (bare,) = [server for server in SERVERS if server.reverse == ()]
    reply = demo.answer(reverse_name(bare.address), PTR)
    assert (reply.records, [record.name for record in reply.authority]) == ((), ["100.51.198.in-addr.arpa"])


def test_the_lab_keeps_every_list_that_is_asked_without_a_key() -> None:
    """Or the demo would begin with lists that nobody can see."""
    points = {entry.zone: entry.test_point for entry in LISTS}
    for entry in load(None, {}):
        if entry.is_configured:
            assert [point.lower() for point in entry.positive] == [points[entry.zone]]
