"""The DNS server as a plain peer sees it."""

import asyncio
import concurrent.futures
import socket
import struct

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from lab.dns import DnsServer
from lab.names import listing_label, reverse_name
from lab.world import World
from tests.lab.conftest import PATIENCE, ZEN, Dig

SILENCE = 0.3  # s without an answer that count as silence; nothing is judged by an answer within it


def values(message: dns.message.Message) -> list[str]:
    return [rdata.to_text() for rrset in message.answer for rdata in rrset]


def listed_name(address: str, zone: str = ZEN) -> str:
    return f"{listing_label(address)}.{zone}"


def test_a_listed_address_has_its_codes_and_its_reason(world: World, dig: Dig) -> None:
    world.list(ZEN, "192.0.2.1", codes=("127.0.0.2", "127.0.0.9"), text='Ask "us"; see https://example.org/1')
    assert values(dig("1.2.0.192.zen.spamhaus.org")) == ["127.0.0.2", "127.0.0.9"]
    assert values(dig("1.2.0.192.zen.spamhaus.org", "TXT")) == [r'"Ask \"us\"; see https://example.org/1"']


def test_an_unlisted_address_is_nxdomain_with_the_zones_soa(dig: Dig) -> None:
    answer = dig("9.2.0.192.zen.spamhaus.org")
    assert answer.rcode() == dns.rcode.NXDOMAIN
    assert [(str(rrset.name), rrset.rdtype) for rrset in answer.authority] == [(ZEN + ".", dns.rdatatype.SOA)]
    assert answer.authority[0][0].minimum == answer.authority[0].ttl == 5


def test_the_test_points_are_listed_and_their_neighbours_are_not(dig: Dig) -> None:
    assert values(dig("2.0.0.127.zen.spamhaus.org")) == ["127.0.0.2"]
    assert dig("1.0.0.127.zen.spamhaus.org").rcode() == dns.rcode.NXDOMAIN
    nibbles = "2.0.0.0.0.0.f.7.f.f.f.f." + "0." * 20
    assert values(dig(nibbles + ZEN)) == ["127.0.0.2"]
    assert dig("1" + nibbles[1:] + ZEN).rcode() == dns.rcode.NXDOMAIN


def test_an_ipv6_address_is_asked_by_its_nibbles(world: World, dig: Dig) -> None:
    world.list(ZEN, "2001:db8::25", codes=("127.0.0.3",))
    assert values(dig(listed_name("2001:0db8:0::0025"))) == ["127.0.0.3"]


def test_a_domain_list_has_names_for_test_points(world: World, dig: Dig) -> None:
    world.add_blocklist("dbl.spamhaus.org", test_points=("dbltest.com",), codes=("127.0.1.2",))
    world.list("dbl.spamhaus.org", "Shop.Example.COM.", codes=("127.0.1.4",))
    assert values(dig("dbltest.com.dbl.spamhaus.org")) == ["127.0.1.2"]
    assert values(dig("shop.example.com.dbl.spamhaus.org")) == ["127.0.1.4"]
    assert dig("invalid.dbl.spamhaus.org").rcode() == dns.rcode.NXDOMAIN


def test_a_delisted_address_is_gone_at_once(world: World, dig: Dig) -> None:
    world.list(ZEN, "192.0.2.1")
    assert values(dig(listed_name("192.0.2.1")))
    assert world.delist(ZEN, "192.0.2.1")
    assert dig(listed_name("192.0.2.1")).rcode() == dns.rcode.NXDOMAIN
    assert not world.delist(ZEN, "192.0.2.1")


def test_a_listing_without_reason_has_no_txt(world: World, dig: Dig) -> None:
    world.list(ZEN, "192.0.2.1", text="")
    answer = dig(listed_name("192.0.2.1"), "TXT")
    assert (answer.rcode(), values(answer), len(answer.authority)) == (dns.rcode.NOERROR, [], 1)


def test_the_apex_of_a_list_has_a_soa_and_no_address(dig: Dig) -> None:
    assert dig(ZEN).rcode() == dns.rcode.NOERROR
    assert values(dig(ZEN)) == []
    assert "ns.lab.invalid." in values(dig(ZEN, "SOA"))[0]
    assert values(dig(ZEN, "NS")) == ["ns.lab.invalid."]


def test_the_serial_moves_with_every_listing(world: World, dig: Dig) -> None:
    before = dig(ZEN, "SOA").answer[0][0].serial
    world.list(ZEN, "192.0.2.1")
    assert dig(ZEN, "SOA").answer[0][0].serial > before


def test_forward_and_reverse_names_agree(world: World, dig: Dig) -> None:
    world.add_host("mta1.example.com", "192.0.2.1", "2001:db8::1")
    world.set_reverse("192.0.2.1", "mta1.example.com")
    world.set_reverse("2001:db8::1", "mta1.example.com", "also.example.com")
    assert values(dig("MTA1.Example.com")) == ["192.0.2.1"]
    assert values(dig("mta1.example.com", "AAAA")) == ["2001:db8::1"]
    assert values(dig("1.2.0.192.in-addr.arpa", "PTR")) == ["mta1.example.com."]
    assert len(values(dig(reverse_name("2001:db8::1"), "PTR"))) == 2


def test_an_empty_name_above_records_exists_without_data(world: World, dig: Dig) -> None:
    world.add_host("mta1.mail.example.com", "192.0.2.1")
    assert dig("mail.example.com").rcode() == dns.rcode.NOERROR
    assert dig("other.example.com").rcode() == dns.rcode.NXDOMAIN
    assert dig("mta1.mail.example.com", "MX").rcode() == dns.rcode.NOERROR
    world.remove_host("mta1.mail.example.com")
    assert dig("mail.example.com").rcode() == dns.rcode.NXDOMAIN


def test_a_cname_is_followed_to_its_address_or_its_absence(world: World, dig: Dig) -> None:
    world.add_record("www.example.com", "CNAME", "web.example.net")
    dangling = dig("www.example.com")
    assert (dangling.rcode(), values(dangling)) == (dns.rcode.NXDOMAIN, ["web.example.net."])
    world.add_host("web.example.net", "192.0.2.80")
    assert values(dig("www.example.com")) == ["web.example.net.", "192.0.2.80"]
    assert values(dig("www.example.com", "CNAME")) == ["web.example.net."]


def test_a_cname_loop_is_a_server_failure(world: World, dig: Dig) -> None:
    world.add_record("a.example.com", "CNAME", "b.example.com")
    world.add_record("b.example.com", "CNAME", "a.example.com")
    assert dig("a.example.com").rcode() == dns.rcode.SERVFAIL


def test_a_reverse_zone_may_be_delegated_by_cname(world: World, dig: Dig) -> None:
    world.set_reverse("203.0.113.5", "mta5.example.org", via="0-63")
    answer = dig("5.113.0.203.in-addr.arpa", "PTR")
    assert values(answer) == ["5.0-63.113.0.203.in-addr.arpa.", "mta5.example.org."]
    assert world.reverse_of("203.0.113.5") == ("mta5.example.org",)
    world.set_reverse("203.0.113.5")
    assert dig("5.0-63.113.0.203.in-addr.arpa", "PTR").rcode() == dns.rcode.NXDOMAIN


def test_ttls_are_the_worlds_unless_a_record_has_its_own(world: World, dig: Dig) -> None:
    world.ttl = 7
    world.add_record("a.example.com", "TXT", '"kept"', ttl=300)
    world.add_host("a.example.com", "192.0.2.1")
    assert dig("a.example.com", "TXT").answer[0].ttl == 300
    assert dig("a.example.com").answer[0].ttl == 7


def test_a_large_answer_is_truncated_by_udp_and_whole_by_tcp(world: World, dig: Dig) -> None:
    world.list(ZEN, "192.0.2.1", text="because " * 200)
    short = dig(listed_name("192.0.2.1"), "TXT")
    assert short.flags & dns.flags.TC
    assert not short.answer
    whole = dig(listed_name("192.0.2.1"), "TXT", tcp=True)
    assert "".join(s.decode() for s in whole.answer[0][0].strings) == "because " * 200


def test_a_client_without_edns_gets_512_octets(world: World, dig: Dig) -> None:
    world.list(ZEN, "192.0.2.1", text="x" * 600)
    assert dig(listed_name("192.0.2.1"), "TXT", payload=0).flags & dns.flags.TC
    assert values(dig(listed_name("192.0.2.1"), "TXT", payload=1232))
    assert dig(listed_name("192.0.2.1"), payload=0).edns == -1
    assert dig(listed_name("192.0.2.1"), payload=1232).edns == 0


def test_the_spelling_of_the_question_comes_back(dig: Dig) -> None:
    answer = dig("2.0.0.127.ZeN.sPaMhAuS.oRg")
    assert answer.question[0].name.to_text() == "2.0.0.127.ZeN.sPaMhAuS.oRg."
    assert values(answer) == ["127.0.0.2"]


def test_names_with_odd_octets_are_answered(dig: Dig) -> None:
    assert dig(r"a\.b\000.zen.spamhaus.org").rcode() == dns.rcode.NXDOMAIN
    assert dig(".", "SOA").rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize(
    ("mood", "rcode", "expected"),
    [
        ("wildcard", dns.rcode.NOERROR, ["127.0.0.2"]),
        ("refuse_code", dns.rcode.NOERROR, ["127.255.255.254"]),
        ("park", dns.rcode.NOERROR, ["198.51.100.250"]),
        ("refused", dns.rcode.REFUSED, []),
        ("servfail", dns.rcode.SERVFAIL, []),
        ("empty", dns.rcode.NXDOMAIN, []),
        ("nodata", dns.rcode.NOERROR, []),
    ],
)
def test_a_zone_in_a_mood_answers_everything_alike(
    world: World, dig: Dig, mood: str, rcode: int, expected: list[str]
) -> None:
    world.set_mood(ZEN, mood)
    for name in ("2.0.0.127", "1.0.0.127", "9.2.0.192"):
        answer = dig(f"{name}.{ZEN}")
        assert (answer.rcode(), values(answer)) == (rcode, expected)
    world.set_mood(ZEN, "normal")
    assert values(dig(f"2.0.0.127.{ZEN}")) == ["127.0.0.2"]


def test_a_mood_takes_the_code_that_it_should_answer(world: World, dig: Dig) -> None:
    world.set_mood(ZEN, "refuse_code", code="127.255.255.252")
    assert values(dig(f"9.2.0.192.{ZEN}")) == ["127.255.255.252"]
    world.set_mood(ZEN, "park", code="203.0.113.99")
    assert values(dig(f"9.2.0.192.{ZEN}")) == ["203.0.113.99"]


def test_one_zones_mood_leaves_the_others_alone(world: World, dig: Dig) -> None:
    world.add_blocklist("bl.spamcop.net")
    world.add_zone("2.0.192.in-addr.arpa")
    world.set_reverse("192.0.2.1", "mta1.example.com")
    world.set_mood("2.0.192.in-addr.arpa", "servfail")
    world.set_mood(ZEN, "empty")
    assert dig("1.2.0.192.in-addr.arpa", "PTR").rcode() == dns.rcode.SERVFAIL
    assert values(dig("2.0.0.127.bl.spamcop.net")) == ["127.0.0.2"]


def test_a_zone_may_be_silent_or_slow(world: World, dig: Dig) -> None:
    world.set_mood(ZEN, "timeout")
    with pytest.raises(dns.exception.Timeout):
        dig(f"2.0.0.127.{ZEN}", timeout=SILENCE)
    world.set_mood(ZEN, "normal", delay=0.2)
    assert dig(f"2.0.0.127.{ZEN}").time >= 0.2
    world.set_mood(ZEN, "normal", loss=1.0)
    with pytest.raises(dns.exception.Timeout):
        dig(f"2.0.0.127.{ZEN}", timeout=SILENCE)


@pytest.mark.parametrize(
    ("mood", "rcode"),
    [
        ("servfail", dns.rcode.SERVFAIL),
        ("refused", dns.rcode.REFUSED),
        ("nxdomain_everything", dns.rcode.NXDOMAIN),
    ],
)
def test_a_whole_path_may_fail(server: DnsServer, dig: Dig, mood: str, rcode: int) -> None:
    server.set_mood(mood)
    assert dig(f"2.0.0.127.{ZEN}").rcode() == rcode
    assert dig("anything.example.com", "TXT", tcp=True).rcode() == rcode
    server.set_mood("normal")
    assert values(dig(f"2.0.0.127.{ZEN}")) == ["127.0.0.2"]


def test_a_silent_path_answers_neither_way(server: DnsServer, dig: Dig) -> None:
    server.set_mood("silent")
    for tcp in (False, True):
        with pytest.raises(dns.exception.Timeout):
            dig(f"2.0.0.127.{ZEN}", tcp=tcp, timeout=SILENCE)


def test_a_truncating_path_tells_by_tcp_only(server: DnsServer, dig: Dig) -> None:
    server.set_mood("truncate")
    assert dig(f"2.0.0.127.{ZEN}").flags & dns.flags.TC
    assert values(dig(f"2.0.0.127.{ZEN}", tcp=True)) == ["127.0.0.2"]


def test_a_path_may_answer_noise_or_another_question(server: DnsServer, dig: Dig) -> None:
    server.set_mood("garbage")
    with pytest.raises((dns.exception.DNSException, dns.query.BadResponse)):
        dig(f"2.0.0.127.{ZEN}")
    server.set_mood("impostor")
    with pytest.raises(dns.query.BadResponse):
        dig(f"2.0.0.127.{ZEN}")


def test_a_lossy_path_loses_its_share(world: World, server: DnsServer) -> None:
    server.set_mood("normal", loss=0.3)
    question = dns.message.make_query(f"2.0.0.127.{ZEN}", "A").to_wire()
    replies: list[bytes] = []
    for _ in range(1000):
        server.answer(question, replies.append, tcp=False)
    assert 600 <= len(replies) <= 800
    assert world.queries.count == 1000


def test_a_server_can_live_in_the_callers_own_loop(world: World) -> None:
    async def ask() -> dns.message.Message:
        async with DnsServer(world) as server:
            question = dns.message.make_query(f"2.0.0.127.{ZEN}", "A")
            return await dns.asyncquery.udp(question, server.host, port=server.port, timeout=PATIENCE)

    assert values(asyncio.run(ask())) == ["127.0.0.2"]


def test_two_paths_share_a_world_and_fail_apart(world: World) -> None:
    with DnsServer(world) as one, DnsServer(world) as two:
        assert one.address != two.address
        one.set_mood("servfail")
        question = dns.message.make_query(f"2.0.0.127.{ZEN}", "A")
        answers = [dns.query.udp(question, path.host, port=path.port, timeout=PATIENCE).rcode() for path in (one, two)]
        assert answers == [dns.rcode.SERVFAIL, dns.rcode.NOERROR]


def test_several_questions_share_one_tcp_connection(server: DnsServer) -> None:
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as stream:
        frames = b""
        for name in ("2.0.0.127", "3.0.0.127"):
            wire = dns.message.make_query(f"{name}.{ZEN}", "A").to_wire()
            frames += struct.pack("!H", len(wire)) + wire
        stream.sendall(frames[:5])
        stream.sendall(frames[5:])
        assert [dns.query.receive_tcp(stream)[0].rcode() for _ in range(2)] == [
            dns.rcode.NOERROR,
            dns.rcode.NXDOMAIN,
        ]


def test_what_is_no_question_is_refused_or_ignored(server: DnsServer) -> None:
    def exchange(packet: bytes, timeout: float = PATIENCE) -> bytes:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(timeout)
            udp.connect((server.host, server.port))
            udp.send(packet)
            return udp.recv(4096)

    status = dns.message.make_query(ZEN, "A")
    status.set_opcode(dns.opcode.STATUS)
    assert dns.message.from_wire(exchange(status.to_wire())).rcode() == dns.rcode.NOTIMP
    chaos = dns.message.make_query("version.bind", "TXT", "CH")
    assert dns.message.from_wire(exchange(chaos.to_wire())).rcode() == dns.rcode.REFUSED
    broken = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x3fabc"
    assert exchange(broken)[:4] == b"\x12\x34\x85\x81"
    for ignored in (b"short", dns.message.make_response(dns.message.make_query(ZEN, "A")).to_wire()):
        with pytest.raises(TimeoutError):
            exchange(ignored, SILENCE)


def test_the_world_counts_and_remembers_questions(world: World, server: DnsServer, dig: Dig) -> None:
    dig(f"2.0.0.127.{ZEN}")
    dig(f"2.0.0.127.{ZEN}", "TXT", tcp=True)
    assert world.queries.count == 2
    last = world.queries.last(f"2.0.0.127.{ZEN}")
    assert [(asked.rdtype, asked.tcp, asked.server) for asked in last] == [
        ("A", False, server.address),
        ("TXT", True, server.address),
    ]


def test_the_world_may_change_while_many_ask(world: World, server: DnsServer, dig: Dig) -> None:
    def flip() -> None:
        for _ in range(200):
            world.list(ZEN, "192.0.2.1")
            world.delist(ZEN, "192.0.2.1")

    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        flips = pool.submit(flip)
        asked = [pool.submit(dig, listed_name("192.0.2.1")) for _ in range(100)]
        flips.result()
        rcodes = {answer.result().rcode() for answer in asked}
    assert rcodes <= {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}
    assert dig(listed_name("192.0.2.1")).rcode() == dns.rcode.NXDOMAIN


def test_a_server_listens_on_ipv6_too(world: World) -> None:
    try:
        with DnsServer(world, host="::1") as server:
            assert server.address.startswith("[::1]:")
            question = dns.message.make_query(f"2.0.0.127.{ZEN}", "A")
            assert dns.query.udp(question, "::1", port=server.port, timeout=PATIENCE).answer
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


def test_a_closed_server_frees_its_port(world: World) -> None:
    with DnsServer(world) as first:
        port = first.port
    with DnsServer(world, port=port) as second:
        assert second.port == port
        with pytest.raises(OSError, match="in use"), DnsServer(world, port=port):
            pass
