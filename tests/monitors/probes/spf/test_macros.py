"""Macros of SPF: the examples of RFC 7208 section 7.4, and what the grammar refuses."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.spf.macros import BadSyntax, read, read_name, values

SENDER, DOMAIN = "strong-bad@email.example.com", "email.example.com"
V4, V6 = ip_address("192.0.2.3"), ip_address("2001:db8::cb01")


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        # ours
        ("%{D2R}", "example.email"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%{h}", "mx.example.org"),
        ("%{p}", "unknown"),
        ("%%%_%-", "% %20"),
        ("%{l+-}", "strong.bad"),
        ("%{d99}", "email.example.com"),
    ],
)
def test_a_macro_is_expanded(text: str, expanded: str) -> None:
    assert read(text).expanded(values(V4, DOMAIN, SENDER, "mx.example.org")) == expanded


def test_an_ipv6_address_is_written_in_nibbles() -> None:
    expected = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    assert read("%{ir}.%{v}._spf.%{d2}").expanded(values(V6, DOMAIN, SENDER, "h")) == expected


@pytest.mark.parametrize(
    "text", ["%", "%{", "%{}", "%{x}", "%{d", "%{d0}", "%{d-r}", "%{d;}", "%a", "a b", "ä", "%{c}"]
)
def test_what_is_no_macro_string_is_refused(text: str) -> None:
    with pytest.raises(BadSyntax):
        read(text)


def test_prose_may_have_blanks_and_three_letters_more() -> None:
    assert read("see %{c} %{r} %{t}", is_prose=True).letters == {"c", "r", "t"}


@pytest.mark.parametrize(
    "text", ["a.example", "a.example.", "x.%{d}", "%{d}", "_spf.a.b-c", "a.1b", "%%.example", "x/y.example", "a%%"]
)
def test_a_name_ends_in_a_top_label_or_a_macro(text: str) -> None:
    assert read_name(text)


@pytest.mark.parametrize("text", ["", "localhost", "a.", "a.123", "a.b-", "a.-b", ".", "a..", "%{d}.x/24", "%{d}a"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(BadSyntax):
        read_name(text)


def test_a_long_name_is_read_in_no_time() -> None:
    assert read_name("a." + "x" * 60_000)
    with pytest.raises(BadSyntax):
        read_name("a." + "x" * 60_000 + "!")


def test_a_name_that_is_too_long_loses_labels_on_the_left() -> None:
    name = read_name("%{l}." * 40 + "example.org").as_name(values(V4, DOMAIN, "ten-letter@x", "h"))
    assert len(name) <= 253
    assert name.endswith(".ten-letter.example.org")


@given(st.text(alphabet="%{}dslipvhocrtR0123456789.-+,/_=ab ", max_size=40), st.booleans())
def test_any_text_is_read_or_refused(text: str, is_prose: bool) -> None:
    try:
        found = read(text, is_prose=is_prose)
    except BadSyntax:
        return
    said = values(V4, DOMAIN, SENDER, "h") | {"c": "c", "r": "r", "t": "t"}
    assert len(found.as_name(said)) <= 253 or "." not in found.as_name(said)
