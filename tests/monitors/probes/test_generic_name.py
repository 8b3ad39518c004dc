"""Names that machines make, and names that people give."""

from ipaddress import ip_address

import pytest

from monitors.probes.generic_name import signs

V4, V6 = "203.0.113.5", "2001:db8:45f1:9a02::8c1e"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (V4, "203-0-113-5.isp.example"),
        (V4, "5.113.0.203.dsl.isp.example"),
        (V4, "host203x0x113x5.isp.example"),
        (V4, "203000113005.isp.example"),
        (V4, "cb007105.isp.example"),
        (V4, "static-203-0-113-5.isp.example"),
        (V4, "pool7.dyn.isp.example"),
        (V4, "host.dsl.isp.example"),
        (V6, "20010db845f19a02.isp.example"),
        (V6, "2001-0db8-45f1-9a02.isp.example"),
        (V6, "2.0.a.9.1.f.5.4.isp.example"),
    ],
)
def test_a_machine_made_name_is_known_as_one(address: str, name: str) -> None:
    assert signs(name, ip_address(address)).is_generic


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (V4, "mx1.example.com"),
        (V4, "mail-203-0-113-5.example.com"),
        (V4, "smtp.generaldynamics.com"),
        (V4, "dynamic.example.com"),
        (V4, "out3.pool.example.com"),
        (V4, "vps12.example.com"),
        (V4, "h5.example.com"),
        (V4, "203-0-113-6.example.com"),
        (V4, "example.com"),
        (V6, "mail.example.com"),
        (V6, "00000000.example.com"),
    ],
)
def test_a_name_that_somebody_gave_is_left_alone(address: str, name: str) -> None:
    assert not signs(name, ip_address(address)).is_generic


def test_the_signs_are_told_strongest_first() -> None:
    assert signs("203-0-113-5.dyn.isp.example", ip_address(V4)).seen == (
        "the address is written in it",
        '"dyn" is in it',
    )
