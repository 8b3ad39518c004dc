"""check_host() of RFC 7208, each mechanism, modifier and limit."""

import asyncio
from ipaddress import ip_address

import pytest

from egress.answer import Outcome
from monitors.probes.spf.check import Evaluation, check_host
from monitors.probes.spf.questions import Result
from tests.monitors.probes.spf.dns import Dns

V4, V6 = "192.0.2.3", "2001:db8::3"
DOMAIN = "a.example"
BLIND = [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED, Outcome.MALFORMED, Outcome.UNREACHABLE]


def check(dns: Dns, client: str = V4, domain: str = DOMAIN, sender: str = "", helo: str = "") -> Evaluation:
    found = asyncio.run(check_host(dns, ip_address(client), domain, sender=sender, helo=helo, path=1))
    assert {path for _, _, path in dns.asked} <= {1}
    return found


def of(record: str, *lines: str, client: str = V4, sender: str = "", helo: str = "") -> Evaluation:
    return check(Dns(f"{DOMAIN} TXT v=spf1 {record}", *lines), client, sender=sender, helo=helo)


HOST = ("b.example A 192.0.2.3", "b.example AAAA 2001:db8::3")
NEAR = ("b.example A 192.0.2.200", "b.example AAAA 2001:db8::ffff")


@pytest.mark.parametrize(
    ("record", "lines", "client", "result"),
    [
        # all, qualifiers, order
        ("all", (), V4, "pass"),
        ("+all", (), V4, "pass"),
        ("-ALL", (), V4, "fail"),
        ("~all", (), V4, "softfail"),
        ("?all", (), V4, "neutral"),
        ("", (), V4, "neutral"),
        ("-all +all", (), V4, "fail"),
        ("?ip4:192.0.2.3 -all", (), V4, "neutral"),
        # ip4 and ip6
        ("ip4:192.0.2.3 -all", (), V4, "pass"),
        ("ip4:192.0.2.3 -all", (), V6, "fail"),
        ("ip4:192.0.2.3 -all", (), "::ffff:192.0.2.3", "pass"),
        ("ip4:192.0.2.130/25 -all", (), V4, "fail"),
        ("ip4:192.0.2.99/25 -all", (), V4, "pass"),
        ("ip6:2001:db8::/32 -all", (), V6, "pass"),
        ("ip6:2001:db8::/32 -all", (), V4, "fail"),
        ("ip6:2001:DB8:0::0003 -all", (), V6, "pass"),
        ("ip6:::ffff:192.0.2.3 -all", (), V4, "fail"),
        # a
        ("a -all", ("a.example A 192.0.2.3",), V4, "pass"),
        ("a:b.example -all", HOST, V4, "pass"),
        ("a:B.Example. -all", HOST, V4, "pass"),
        ("a:b.example -all", HOST, V6, "pass"),
        ("a:b.example -all", NEAR, V4, "fail"),
        ("a:b.example/24 -all", NEAR, V4, "pass"),
        ("a:b.example/24 -all", NEAR, V6, "fail"),
        ("a:b.example//64 -all", NEAR, V6, "pass"),
        ("a:b.example/25//64 -all", NEAR, V4, "fail"),
        ("a:b.example -all", ("b.example A 198.51.100.1", "b.example A 192.0.2.3"), V4, "pass"),
        ("a:gone.example -all", (), V4, "fail"),
        # mx
        ("mx -all", ("a.example MX 10 b.example", *HOST), V4, "pass"),
        ("mx:c.example -all", ("c.example MX 20 x.example", "c.example MX 10 b.example", *HOST), V6, "pass"),
        ("mx/24 -all", ("a.example MX 10 b.example", *NEAR), V4, "pass"),
        ("mx//112 -all", ("a.example MX 10 b.example", *NEAR), V6, "pass"),
        ("mx -all", ("a.example MX 0 .",), V4, "fail"),
        ("mx -all", HOST, V4, "fail"),
        ("mx -all", ("a.example A 192.0.2.3",), V4, "fail"),  # no MX falls back to no address (section 5.4)
        # exists asks for IPv4, whoever the client is
        ("exists:b.example -all", ("b.example A 127.0.0.2",), V4, "pass"),
        ("exists:b.example -all", ("b.example A 127.0.0.2",), V6, "pass"),
        ("exists:b.example -all", ("b.example AAAA 2001:db8::9",), V6, "fail"),
        ("exists:gone.example -all", (), V4, "fail"),
        # include: only a pass of theirs is a match
        ("include:b.example -all", ("b.example TXT v=spf1 ip4:192.0.2.3 -all",), V4, "pass"),
        ("-include:b.example ~all", ("b.example TXT v=spf1 ip4:192.0.2.3 -all",), V4, "fail"),
        ("include:b.example ~all", ("b.example TXT v=spf1 -all",), V4, "softfail"),
        ("include:b.example ~all", ("b.example TXT v=spf1 ~all",), V4, "softfail"),
        ("include:b.example -all", ("b.example TXT v=spf1 ?all",), V4, "fail"),
        ("include:b.example -all", ("b.example TXT v=spf1",), V4, "fail"),
        ("include:b.example -all", (), V4, "permerror"),
        ("include:b.example -all", ("b.example TXT v=spf1 moo",), V4, "permerror"),
        ("include:b.example -all", ("b.example TXT v=spf1 -all", "b.example TXT v=spf1 +all"), V4, "permerror"),
        ("include:a.example -all", (), V4, "permerror"),
        # redirect
        ("redirect=b.example", ("b.example TXT v=spf1 ip4:192.0.2.3 -all",), V4, "pass"),
        ("redirect=b.example", ("b.example TXT v=spf1 -all",), V4, "fail"),
        ("redirect=b.example ip4:192.0.2.3", ("b.example TXT v=spf1 -all",), V4, "pass"),
        ("redirect=b.example ?all", ("b.example TXT v=spf1 -all",), V4, "neutral"),
        ("redirect=b.example", (), V4, "permerror"),
        ("redirect=b.example", ("b.example TXT hello",), V4, "permerror"),
        ("redirect=a.example", (), V4, "permerror"),
        # unknown modifiers are passed over, unknown mechanisms are not
        ("moo=%{d} ip4:192.0.2.3 -all", (), V4, "pass"),
        ("ip4:192.0.2.3 moo -all", (), V4, "permerror"),
        ("-all moo:x", (), V4, "permerror"),
    ],
)
def test_a_record_says(record: str, lines: tuple[str, ...], client: str, result: str) -> None:
    assert of(record, *lines, client=client).result == result


REVERSE = ("3.2.0.192.in-addr.arpa PTR mx.b.example", "mx.b.example A 192.0.2.3")


@pytest.mark.parametrize(
    ("record", "lines", "result"),
    [
        ("ptr:b.example -all", REVERSE, "pass"),
        ("ptr:MX.B.example -all", REVERSE, "pass"),
        ("ptr -all", REVERSE, "fail"),
        ("ptr:example -all", REVERSE, "permerror"),
        ("ptr:x.b.example -all", REVERSE, "fail"),
        ("ptr:.example -all", REVERSE, "fail"),
        ("ptr:b.example -all", (REVERSE[0], "mx.b.example A 192.0.2.4"), "fail"),  # not validated
        ("ptr:b.example -all", ("3.2.0.192.in-addr.arpa PTR mx.bb.example", "mx.bb.example A 192.0.2.3"), "fail"),
        ("ptr:b.example -all", (), "fail"),
    ],
)
def test_a_reverse_name_counts_when_it_leads_back(record: str, lines: tuple[str, ...], result: str) -> None:
    found = of(record, *lines)
    assert found.result == result
    assert found.is_sure


def test_of_many_reverse_names_ten_are_looked_at() -> None:
    names = [f"h{number:02}.b.example" for number in range(12)]
    lines = [line for name in names for line in (f"3.2.0.192.in-addr.arpa PTR {name}", f"{name} A 192.0.2.9")]
    dns = Dns(f"{DOMAIN} TXT v=spf1 ptr:b.example -all", *lines)
    assert check(dns).result == "fail"
    assert sum(rdtype == "A" for _, rdtype, _ in dns.asked) == 10


@pytest.mark.parametrize("silent", ["3.2.0.192.in-addr.arpa", "mx.b.example"])
def test_a_silent_reverse_zone_is_no_match_and_makes_the_result_unsure(silent: str) -> None:
    dns = Dns(f"{DOMAIN} TXT v=spf1 ptr:b.example -all", *REVERSE)
    dns.fail(silent, Outcome.SERVFAIL)
    found = check(dns)
    assert (found.result, found.is_sure) == (Result.FAIL, False)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("exists:%{ir}.%{v}.%{d}", "3.2.0.192.in-addr.a.example"),
        ("exists:%{l}.at.%{o}.x.example", "bob.at.c.example.x.example"),
        ("exists:%{L}.x.example", "bob.x.example"),
        ("exists:%{h}.x.example", "mx.c.example.x.example"),
        ("exists:%{p}.x.example", "mx.b.example.x.example"),
        ("include:%{d1}.c.example", "example.c.example"),
        ("redirect=%{d2}.c.example", "a.example.c.example"),
    ],
)
def test_macros_make_names(record: str, name: str) -> None:
    dns = Dns(f"{DOMAIN} TXT v=spf1 {record}", *REVERSE, f"{name} A 127.0.0.2", f"{name} TXT v=spf1 ip4:192.0.2.3 -all")
    assert check(dns, sender="bob@c.example", helo="mx.c.example").result == "pass"


def test_the_name_of_the_client_is_the_domain_itself_if_it_can_be() -> None:
    lines = ["3.2.0.192.in-addr.arpa PTR z.example", "3.2.0.192.in-addr.arpa PTR a.example", "z.example A 192.0.2.3"]
    dns = Dns(f"{DOMAIN} TXT v=spf1 exists:%{{p}}.x -all", "a.example A 192.0.2.3", *lines)
    check(dns)
    assert ("a.example.x", "A", 1) in dns.asked


def test_without_a_reverse_name_the_client_is_called_unknown() -> None:
    dns = Dns(f"{DOMAIN} TXT v=spf1 exists:%{{p}}.x.example -all")
    check(dns)
    assert ("unknown.x.example", "A", 1) in dns.asked


def test_the_mailbox_is_postmaster_s_and_the_greeting_the_domain_s_when_nobody_says() -> None:
    dns = Dns(f"{DOMAIN} TXT v=spf1 exists:%{{l}}.%{{o}}.%{{h}}.x -all")
    found = check(dns)
    assert ("postmaster.a.example.a.example.x", "A", 1) in dns.asked
    assert found.used == {"l", "o", "h"}


@pytest.mark.parametrize("name", ["a..b.example", f"{'x' * 64}.example", "a%_b.example"])
def test_a_name_that_cannot_be_asked_has_no_records(name: str) -> None:
    assert of(f"a:{name} exists:{name} mx:{name} ptr:{name} -all").result == "fail"
    assert of(f"include:{name} -all").result == "permerror"


# ── limits ──────────────────────────────────────────────────────────────────
def nested(depth: int) -> list[str]:
    """A chain of includes, `depth` long, that ends in a pass."""
    lines = [f"i{number}.example TXT v=spf1 include:i{number + 1}.example -all" for number in range(depth)]
    return [*lines, f"i{depth}.example TXT v=spf1 ip4:192.0.2.3 -all"]


@pytest.mark.parametrize(("depth", "result"), [(9, "pass"), (10, "permerror")])
def test_ten_terms_may_ask_the_dns_and_no_more(depth: int, result: str) -> None:
    found = of("include:i0.example -all", *nested(depth))
    assert found.result == result
    assert found.terms == depth + 1


TEN = " ".join(f"a:h{number}.example" for number in range(10))


@pytest.mark.parametrize(
    "term", ["a:b.example", "mx:b.example", "ptr:b.example", "exists:b.example", "include:b.example"]
)
def test_each_mechanism_that_asks_counts(term: str) -> None:
    lines = [f"h{number}.example A 198.51.100.1" for number in range(10)]
    found = of(f"{TEN} {term} -all", *lines)
    assert found.result == "permerror"
    assert "more than 10 look-ups" in found.why


def test_a_redirect_counts_and_what_asks_nothing_does_not() -> None:
    lines = [f"h{number}.example A 198.51.100.1" for number in range(10)]
    assert of(f"{TEN} redirect=b.example", *lines, "b.example TXT v=spf1 -all").result == "permerror"
    free = "ip4:198.51.100.9 ip6:2001:db8::9 exp=why.example"
    assert of(f"{TEN} {free} -all", *lines).result == "fail"


def test_what_stands_behind_a_match_is_not_counted() -> None:
    assert of(f"ip4:192.0.2.3 {TEN} {TEN} -all").result == "pass"


@pytest.mark.parametrize(("count", "result"), [(2, "fail"), (3, "permerror")])
@pytest.mark.parametrize("mechanism", ["a", "mx", "exists"])
def test_two_names_may_lead_nowhere(mechanism: str, count: int, result: str) -> None:
    terms = " ".join(f"{mechanism}:gone{number}.example" for number in range(count))
    found = of(f"{terms} -all")
    assert (found.result, found.voids) == (result, count)


def test_a_name_of_the_other_family_only_leads_nowhere_for_this_client() -> None:
    assert of("a:b.example -all", "b.example AAAA 2001:db8::3").voids == 1


@pytest.mark.parametrize(("count", "result"), [(10, "pass"), (11, "permerror")])
def test_ten_mail_servers_are_looked_at(count: int, result: str) -> None:
    lines = [f"a.example MX 10 h{number}.example" for number in range(count)]
    assert of("mx -all", *lines, "h9.example A 192.0.2.3").result == result


# ── what the DNS does not say ───────────────────────────────────────────────
@pytest.mark.parametrize("outcome", BLIND)
@pytest.mark.parametrize(
    "record",
    ["a:b.example", "mx:b.example", "mx:c.example", "exists:b.example", "include:b.example", "redirect=b.example"],
)
def test_silence_is_a_temporary_error(record: str, outcome: Outcome) -> None:
    dns = Dns(f"{DOMAIN} TXT v=spf1 {record}", "c.example MX 10 b.example")
    dns.fail("b.example", outcome)
    found = check(dns)
    assert found.result == "temperror"
    assert found.why.startswith("b.example could not be looked up")


def test_a_mail_server_that_matches_outweighs_one_that_is_silent() -> None:
    dns = Dns(f"{DOMAIN} TXT v=spf1 mx -all", "a.example MX 10 b.example", "a.example MX 20 c.example", *HOST)
    dns.fail("c.example", Outcome.TIMEOUT)
    assert check(dns).result == "pass"


@pytest.mark.parametrize("outcome", BLIND)
def test_a_silent_domain_is_a_temporary_error(outcome: Outcome) -> None:
    dns = Dns()
    dns.fail(DOMAIN, outcome)
    assert check(dns).result == "temperror"


@pytest.mark.parametrize(
    ("lines", "domain", "result"),
    [
        ((), DOMAIN, "none"),
        (("a.example A 192.0.2.3",), DOMAIN, "none"),
        (("a.example TXT v=spf10 -all", "a.example TXT spf"), DOMAIN, "none"),
        (("a.example TXT v=spf1 -all", "a.example TXT V=spf1 +all"), DOMAIN, "permerror"),
        ((), "localhost", "none"),
        ((), "a..example", "none"),
        ((), f"{'x' * 64}.example", "none"),
        ((), "", "none"),
        (("xn--bcher-kva.example TXT v=spf1 -all",), "bücher.example", "fail"),
        (("a.example TXT v=spf1 -all",), "A.Example.", "fail"),
    ],
)
def test_a_domain_without_one_sound_record(lines: tuple[str, ...], domain: str, result: str) -> None:
    assert check(Dns(*lines), domain=domain).result == result


# ── what is told beside the result ──────────────────────────────────────────
def test_the_chain_says_which_record_decided() -> None:
    found = of(
        "a:b.example include:c.example -all",
        "b.example A 192.0.2.9",
        "c.example TXT v=spf1 redirect=d.example",
        "d.example TXT v=spf1 ip4:192.0.2.0/24 -all",
    )
    assert [(step.domain, step.term, step.result) for step in found.steps] == [
        ("d.example", "ip4:192.0.2.0/24", "pass"),
        ("c.example", "redirect=d.example", "pass"),
        ("a.example", "include:c.example", "pass"),
    ]
    assert found.matched == "include:c.example"
    assert [answer.name for answer in found.answers] == ["a.example", "b.example", "c.example", "d.example"]


@pytest.mark.parametrize(
    ("record", "lines", "expected"),
    [
        ("+all", (), True),
        ("ip4:0.0.0.0/0 -all", (), True),
        ("a:b.example/0 -all", HOST, True),
        ("include:b.example -all", ("b.example TXT v=spf1 all",), True),
        ("redirect=b.example", ("b.example TXT v=spf1 +all",), True),
        ("-all", (), False),
        ("-ip4:0.0.0.0/0", (), False),
        ("~include:b.example", ("b.example TXT v=spf1 all",), False),
        ("ip4:192.0.2.3 -all", (), False),
    ],
)
def test_a_pass_that_everybody_gets_is_known_as_one(record: str, lines: tuple[str, ...], expected: bool) -> None:
    assert of(record, *lines).is_for_all is expected


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("%{i} may not send for %{d}. See http://x.example/?s=%{S}&at=%{t}", None),
        ("plain words", "plain words"),
        ("%", ""),
        ("ä", ""),
        ("x" * 900, "x" * 500),
    ],
)
def test_the_domain_s_own_words_for_a_fail_are_kept(text: str, explanation: str | None) -> None:
    found = of("exp=why.%{d} -all", f"why.a.example TXT {text}", sender="bob@c.example")
    expected = "192.0.2.3 may not send for a.example. See http://x.example/?s=bob%40c.example&at=1795262400"
    assert found.explanation == (expected if explanation is None else explanation)


def test_words_are_kept_for_a_fail_only_and_never_those_of_an_include() -> None:
    why = ("why.example TXT words", "b.example TXT v=spf1 exp=why.example -all")
    assert of("exp=why.example ~all", *why).explanation == ""
    assert of("include:b.example -all", *why).explanation == ""
    assert of("exp=other.example redirect=b.example", *why).explanation == "words"
    assert of("exp=gone.example -all").explanation == ""
    assert of("exp=two.example -all", "two.example TXT a", "two.example TXT b").explanation == ""
