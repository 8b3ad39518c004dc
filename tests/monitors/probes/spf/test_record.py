"""The grammar of SPF records (RFC 7208 sections 4.5, 4.6 and 12)."""

import pytest

from monitors.probes.spf.macros import BadSyntax
from monitors.probes.spf.record import Kind, is_spf, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [("v=spf1", True), ("v=spf1 -all", True), ("V=SPF1 mx", True)]
    + [(text, False) for text in ("v=spf10", "v=spf1-all", " v=spf1", "v=spf2.0/pra", "spf1", "", "v=spf")],
)
def test_a_record_of_spf_is_known_by_its_first_word(text: str, expected: bool) -> None:
    assert is_spf(text) is expected


@pytest.mark.parametrize(
    "terms",
    [
        "all +all -all ~all ?all ALL -ALL",
        "a mx ptr A MX PTR",
        "a/24 a//64 a/24//64 a:b.example/24 a:b.example//64 mx:b.example/0//0 mx/32//128",
        "include:b.example exists:%{i}.b.example ptr:b.example -include:_spf.%{d2}",
        "ip4:192.0.2.1 ip4:192.0.2.0/24 ip4:0.0.0.0/0 IP4:192.0.2.129/25",
        "ip6:2001:db8::1 ip6:2001:db8::/32 ip6:::/0 ip6:::ffff:192.0.2.1",
        "redirect=b.example exp=why.b.example",
        "REDIRECT=b.example Exp=%{d}",
        "x-other=anything op=a/b=c x= x.y_z-1=%{d}/%%",
        "  a   mx  ",
        "a:b.example.",
        "a:x/y.example/8",
    ],
)
def test_what_the_grammar_allows_is_read(terms: str) -> None:
    parse(f"v=spf1 {terms}")


@pytest.mark.parametrize(
    "term",
    [
        *("all:b.example", "all/8", "-all.", "--all", "+", "-", ":", "=x", "alll", "moo", "a-b", "a.example"),
        *("a:", "a/", "a/33", "a/024", "a/-1", "a//129", "a//", "a/24/64", "a/24//", "a:/24", "a:b", "a:b.example/"),
        *("mx:", "mx/99", "mx:%{x}.example", "mx:b.example/1000"),
        *("include", "include:", "include/8", "include:b", "include:b.example/24"),
        *("exists", "exists:", "exists:b.example/24", "ptr:", "ptr/24", "ptr:b.example/24"),
        *("ip4", "ip4:", "ip4:192.0.2", "ip4:192.0.2.256", "ip4:192.0.2.0/33", "ip4:192.0.2.0/", "ip4:192.0.2.0/024"),
        *("ip4:2001:db8::1", "ip4:a.example", "ip4:192.0.2.0/24/24", "ip4:192.0.2.0/255.255.255.0", "ip4/24"),
        *("ip6", "ip6:192.0.2.1", "ip6:2001:db8::/129", "ip6:fe80::1%eth0", "ip6:2001:db8::g", "ip6:2001:db8::/x"),
        *("redirect=", "redirect=b", "exp=", "-redirect=b.example", "redirect=b.example/24", "redirect:b.example"),
        *("x=%", "x=%{z}", "exists:%{c}.b.example", "a:ä.example", "a:b.example\tmx", "9x=y"),
        *("redirect=a.example redirect=b.example", "exp=a.example EXP=b.example"),
    ],
)
def test_what_the_grammar_does_not_allow_breaks_the_record(term: str) -> None:
    with pytest.raises(BadSyntax):
        parse(f"v=spf1 {term} -all")


def test_a_directive_is_taken_apart() -> None:
    one = parse("v=spf1 ~MX:%{d2}/24//48").directives[0]
    assert (one.kind, one.result, one.v4, one.v6, one.text) == (Kind.MX, "softfail", 24, 48, "~MX:%{d2}/24//48")
    assert one.name is not None
    assert one.name.letters == {"d"}


@pytest.mark.parametrize(
    ("terms", "expected"), [("+all", True), ("all", True), ("mx -all", False), ("?all +all", False), ("mx", False)]
)
def test_a_record_that_lets_everybody_in_is_known(terms: str, expected: bool) -> None:
    assert parse(f"v=spf1 {terms}").lets_everybody_in is expected
