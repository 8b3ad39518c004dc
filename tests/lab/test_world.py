"""The world's refusals: each says what is wrong and what to do, and changes nothing."""

from collections.abc import Callable

import pytest

from lab.names import listing_label, reverse_name
from lab.world import World
from tests.lab.conftest import ZEN


@pytest.mark.parametrize(
    ("deed", "sentence"),
    [
        (lambda world: world.list("zen.example", "192.0.2.1"), f"has no list 'zen.example'; it has: {ZEN}"),
        (lambda world: world.list(ZEN, "192.0.2.1", codes=()), "at least one return code"),
        (lambda world: world.list(ZEN, "192.0.2.1", codes=("listed",)), "'listed' is not a return code"),
        (lambda world: world.list(ZEN, "a..b"), "cannot be a DNS name"),
        (lambda world: world.list(ZEN, " "), "A name is missing"),
        (lambda world: world.set_mood(ZEN, "grumpy"), "no mood 'grumpy'.*normal, wildcard"),
        (lambda world: world.set_mood(ZEN, "servfail", code="127.0.0.2"), "takes no code"),
        (lambda world: world.set_mood(ZEN, "park", code="127.0.0.2"), "outside 127.0.0.0/8"),
        (lambda world: world.set_mood(ZEN, "normal", delay=-1), "delay"),
        (lambda world: world.set_mood(ZEN, "normal", delay=float("nan")), "delay"),
        (lambda world: world.set_mood(ZEN, "normal", loss=2), "share from 0 to 1"),
        (
            lambda world: world.add_host("mta.example.com", "192.0.2.256"),
            "'192.0.2.256' is not an IP address",
        ),
        (lambda world: world.set_reverse("host", "mta.example.com"), "'host' is not an IP address"),
        (lambda world: world.add_record("a.example.com", "MX", "ten mail"), "is no MX record"),
        (lambda world: world.add_record("a.example.com", "NONSENSE", "x"), "is no NONSENSE record"),
        (lambda world: world.add_record(f"a.{ZEN}", "A", "192.0.2.1"), "lies in the list"),
        (lambda world: setattr(world, "ttl", -1), "TTL"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(deed: Callable[[World], None], sentence: str) -> None:
    world = World()
    world.add_blocklist(ZEN)
    before = world.version
    with pytest.raises(ValueError, match=sentence):
        deed(world)
    assert world.version == before


def test_a_cname_stands_alone(world: World) -> None:
    world.add_host("a.example.com", "192.0.2.1")
    with pytest.raises(ValueError, match="cannot have a CNAME beside other records"):
        world.add_record("a.example.com", "CNAME", "b.example.com")


def test_every_change_raises_the_version(world: World) -> None:
    versions = [world.version]
    for change in (
        lambda: world.list(ZEN, "192.0.2.1"),
        lambda: world.set_mood(ZEN, "empty"),
        lambda: world.add_host("a.example.com", "192.0.2.1"),
        lambda: world.set_reverse("192.0.2.1", "a.example.com"),
        lambda: world.remove_host("a.example.com"),
    ):
        change()
        versions.append(world.version)
    assert versions == sorted(set(versions))


def test_the_zones_that_are_read_are_copies(world: World) -> None:
    (zone,) = world.zones()
    zone.listings.clear()
    assert len(world.zones()[0].listings) == 2


def test_hosts_and_reverse_names_can_be_read_back(world: World) -> None:
    world.add_host("a.example.com", "192.0.2.1", "2001:db8::1")
    world.set_reverse("2001:db8::1", "a.example.com")
    assert world.hosts() == {"a.example.com": ("192.0.2.1", "2001:db8::1")}
    assert world.reverse_of("2001:DB8::1") == ("a.example.com",)
    assert world.reverse_of("192.0.2.1") == ()


def test_a_mapped_address_keeps_its_thirty_two_nibbles() -> None:
    assert listing_label("::ffff:127.0.0.2") == "2.0.0.0.0.0.f.7.f.f.f.f" + ".0" * 20
    assert reverse_name("192.0.2.1") == "1.2.0.192.in-addr.arpa"
    assert reverse_name("2001:db8::1").endswith(".8.b.d.0.1.0.0.2.ip6.arpa")
