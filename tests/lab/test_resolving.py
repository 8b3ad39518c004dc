"""What a resolver does to a list's answers in each mood: the matrix that was measured of unbound before rbldnsd."""

import dns.rcode
import pytest

from lab.dns import DnsServer
from lab.names import listing_label
from lab.resolving import SIGNPOST
from lab.world import World
from tests.lab.conftest import ZEN, Dig
from tests.lab.test_dns import values

Told = tuple[dns.rcode.Rcode, list[str]]
LISTED: Told = (dns.rcode.NOERROR, ["127.0.0.2"])
DENIED: Told = (dns.rcode.NXDOMAIN, [])
STRIPPED: Told = (dns.rcode.NOERROR, [])
SENT_ELSEWHERE: Told = (dns.rcode.NOERROR, [SIGNPOST])


@pytest.mark.parametrize(
    ("mood", "test_entry", "listed", "unlisted"),
    [
        ("normal", LISTED, LISTED, DENIED),
        ("strict_qname", DENIED, DENIED, DENIED),
        ("strip_loopback", STRIPPED, STRIPPED, DENIED),
        ("rewrite_nxdomain", LISTED, LISTED, SENT_ELSEWHERE),
    ],
)
@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::25"])
def test_each_setting_hides_what_it_hides_in_truth(
    world: World,
    server: DnsServer,
    dig: Dig,
    address: str,
    mood: str,
    test_entry: Told,
    listed: Told,
    unlisted: Told,
) -> None:
    world.list(ZEN, address)
    server.set_mood(mood)
    for asked, expected in (("127.0.0.2", test_entry), (address, listed), ("127.0.0.1", unlisted)):
        answer = dig(f"{listing_label(asked)}.{ZEN}")
        assert (answer.rcode(), values(answer)) == expected


def test_strict_minimisation_sees_names_right_below_a_zone_and_names_with_something_above(
    world: World, server: DnsServer, dig: Dig
) -> None:
    world.list(ZEN, "example")
    world.list(ZEN, "mail.example")
    world.list(ZEN, "dbltest.com")
    world.add_zone("example.com")
    world.add_host("mta.out.example.com", "192.0.2.10")
    server.set_mood("strict_qname")
    assert values(dig(f"example.{ZEN}")) == ["127.0.0.2"]
    assert values(dig(f"mail.example.{ZEN}")) == ["127.0.0.2"]
    assert dig(f"dbltest.com.{ZEN}").rcode() == dns.rcode.NXDOMAIN
    assert values(dig("mta.out.example.com")) == ["192.0.2.10"]


def test_stripping_leaves_other_addresses_and_words_alone(world: World, server: DnsServer, dig: Dig) -> None:
    world.add_host("mta.example.com", "192.0.2.10", "127.0.0.1")
    world.list(ZEN, "192.0.2.1", text="why")
    server.set_mood("strip_loopback")
    assert values(dig("mta.example.com")) == ["192.0.2.10"]
    assert values(dig(f"1.2.0.192.{ZEN}", "TXT")) == ['"why"']


def test_a_mood_takes_the_words_that_it_should_say(world: World, dig: Dig) -> None:
    world.set_mood(ZEN, "wildcard", text="unauthorized")
    assert values(dig(f"9.2.0.192.{ZEN}", "TXT")) == ['"unauthorized"']
    world.set_mood(ZEN, "wildcard")
    assert values(dig(f"9.2.0.192.{ZEN}", "TXT")) == ['"This list is closed and lists the world"']
