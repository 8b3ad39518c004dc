"""Names that machines make, and names that people give: in the shapes of many providers, with invented names."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.generic_name import signs

V4, V6 = "203.0.113.5", "2001:db8:45f1:9a02::8c1e"
HIGH = "198.51.100.234"
WHOLE_V6 = "e.1.c.8.0.0.0.0.0.0.0.0.0.0.0.0.2.0.a.9.1.f.5.4.8.b.d.0.1.0.0.2"

MACHINE_MADE = [
    # the four numbers, in any order, with any separator
    (V4, "203-0-113-5.isp.example"),
    (V4, "203.0.113.5.isp.example"),
    (V4, "5.113.0.203.dsl.isp.example"),
    (V4, "5-113-0-203.rev.isp.example"),
    (V4, "113-5-203-0.isp.example"),
    (V4, "host203x0x113x5.isp.example"),
    (V4, "h203_0_113_5.isp.example"),
    (V4, "ip203-0-113-5.isp.example"),
    (V4, "cpe-203-0-113-5.region.res.isp.example"),
    (V4, "c-203-0-113-5.hsd1.state.isp.example"),
    (V4, "pool-203-0-113-5.city.isp.example"),
    (V4, "ec2-203-0-113-5.zone-1.compute.cloud.example"),
    (V4, "static-203-0-113-5.isp.example"),
    (V4, "static.5.113.0.203.clients.host.example"),
    (V4, "vps-203-0-113-5.host.example"),
    (V4, "203-0-113-5.isp.co.uk"),
    (V4, "a203.b0.c113.d5.isp.example"),
    # padded, in hex, as one number
    (V4, "203-000-113-005.isp.example"),
    (V4, "203000113005.isp.example"),
    (V4, "005113000203.isp.example"),
    (V4, "cb007105.isp.example"),
    (V4, "pcb007105.dip0.isp.example"),
    (V4, "057100cb.isp.example"),
    (V4, "cb-00-71-05.isp.example"),
    (V4, "05.71.00.cb.isp.example"),
    (V4, "3405803781.isp.example"),
    (HIGH, "19851100234.isp.example"),
    (HIGH, "n234z100l51c198.isp.example"),
    # words
    (V4, "pool7.dyn.isp.example"),
    (V4, "host.dsl.isp.example"),
    (V4, "user12.adsl.isp.example"),
    (V4, "cable-4711.customer.isp.example"),
    (V4, "x1.dhcp.broadband.isp.example"),
    (V4, "ppp-12.dialup.isp.example"),
    (V4, "no-ptr.unassigned.isp.example"),
    (V4, "ftth-cpe-9.isp.example"),
    (V4, "lte-7.mobile.isp.example"),
    (V4, "static.client.isp.example"),
    (V4, "res12.home.isp.co.uk"),
    # IPv6
    (V6, f"{WHOLE_V6}.isp.example"),
    (V6, "20010db845f19a02.isp.example"),
    (V6, "2001-0db8-45f1-9a02.isp.example"),
    (V6, "2001-db8-45f1-9a02--8c1e.isp.example"),
    (V6, "2.0.a.9.1.f.5.4.isp.example"),
    (V6, "20010db845f19a020000000000008c1e.isp.example"),
    ("2001:db8::5", "2001-db8--5.isp.example"),
    ("2001:db8::5", "p2001-db8--5-x.2001-db8--5.isp.example"),
    ("2001:db8:1:2:3:4:5:6", "2001-db8-1-2-3-4-5-6.isp.example"),
]
GIVEN = [
    (V4, "mx1.example.com"),
    (V4, "mail.example.com"),
    (V4, "example.com"),
    (V4, "a.example.com"),
    (V4, "server1.example.com"),
    (V4, "news.shop.example.co.uk"),
    # counter-signals
    (V4, "mail-203-0-113-5.example.com"),
    (V4, "mta203-0-113-5.out.example.com"),
    (V4, "static-203-0-113-5.mta.example.com"),
    (V4, "out3.pool.example.com"),
    (V4, "smtp-relay.dyn.example.com"),
    (V4, "sender7.static.vps.example.com"),
    # one word alone, or words of providers only
    (V4, "dynamic.example.com"),
    (V4, "client7.example.com"),
    (V4, "home.example.com"),
    (V4, "vps12.example.com"),
    (V4, "static.vps.host.example.com"),
    (V4, "cloud-node-3.compute.example.com"),
    # whole words, and the owner's part left alone
    (V4, "smtp.generaldynamics.com"),
    (V4, "a1.dynamics.pools.example.com"),
    (V4, "cabledsl.example.com"),
    (V4, "edge.dsl-pool.example"),
    (V4, "x.dynamic-home.co.uk"),
    (V4, "homer.clientele.example.com"),
    # numbers that are not the address
    (V4, "h5.example.com"),
    (V4, "203-0-113-6.example.com"),
    (V4, "203-0-113.example.com"),
    (V4, "203-0-1135.example.com"),
    (V4, "cb007106.example.com"),
    (V4, "2026-11-21-5.example.com"),
    ("10.0.0.1", "1001.example.com"),
    # IPv6
    (V6, "mail.example.com"),
    (V6, "00000000.example.com"),
    (V6, "2001-db8.example.com"),
    ("2001:db8::5", "2001-db8--6.example.com"),
    ("2001:db8::5", "h5.example.com"),
    ("2001:db8::1:0:0:1", "0-0-0-0.example.com"),
]


@pytest.mark.parametrize(("address", "name"), MACHINE_MADE)
def test_a_machine_made_name_is_known_as_one(address: str, name: str) -> None:
    assert signs(name, ip_address(address)).is_generic


@pytest.mark.parametrize(("address", "name"), GIVEN)
def test_a_name_that_somebody_gave_is_left_alone(address: str, name: str) -> None:
    assert not signs(name, ip_address(address)).is_generic


@pytest.mark.parametrize(
    ("name", "own", "expected"),
    [
        ("203-0-113-5.acme.example", (), True),
        ("203-0-113-5.acme.example", ("acme.example",), False),
        ("203-0-113-5.ACME.Example.", ("Acme.example.",), False),
        ("203-0-113-5.news.acme.example", ("acme.example",), False),
        ("203-0-113-5.notacme.example", ("acme.example",), True),
        ("203-0-113-5.dyn.acme.example", ("acme.example",), True),
        ("203-0-113-5.isp.example", ("acme.example", ""), True),
    ],
)
def test_a_vendor_may_number_the_hosts_of_its_own_domain(name: str, own: tuple[str, ...], expected: bool) -> None:
    assert signs(name, ip_address(V4), own=own).is_generic is expected


def test_the_signs_are_told_strongest_first() -> None:
    assert signs("static-203-0-113-5.dyn.isp.example", ip_address(V4)).seen == (
        "the address is written in it",
        '"dyn" is in it',
        '"static" is in it',
    )


@given(st.ip_addresses(v=4))
def test_every_address_is_found_in_the_usual_spellings(address: object) -> None:
    first, second, third, fourth = str(address).split(".")
    packed = int(ip_address(str(address)))
    for host in (
        f"{first}-{second}-{third}-{fourth}",
        f"{fourth}.{third}.{second}.{first}",
        f"x{int(first):03d}{int(second):03d}{int(third):03d}{int(fourth):03d}",
        f"{packed:08x}",
    ):
        assert signs(f"{host}.isp.example", ip_address(str(address))).is_generic


@given(st.text(max_size=60), st.ip_addresses())
def test_no_name_is_too_strange(name: str, address: object) -> None:
    signs(name, ip_address(str(address)))
