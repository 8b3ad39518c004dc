"""What people type is made clean, or refused with a sentence that names it and the way out."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from vendors.addresses import what_is_special
from vendors.fields import (
    clean_address,
    clean_domain,
    clean_email,
    clean_hostname,
    clean_name,
    clean_phone,
    clean_selector,
    clean_web,
)

CLEANERS = [
    clean_name,
    clean_address,
    clean_hostname,
    clean_domain,
    clean_email,
    clean_phone,
    clean_selector,
    clean_web,
]


def refusal(clean: Callable[[str], str], text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        clean(text)
    (sentence,) = refused.value.messages
    return sentence


@pytest.mark.parametrize("clean", CLEANERS)
@given(text=st.text() | st.text(alphabet="0123456789.:/%[]+-@ abcdefx_\x00\u202e。ß", max_size=80))
@example(text="9" * 5000)
@example(text="::ffff:0:0%eth0")
@example(text="+" + "1" * 300)
@example(text="xn--" + "a" * 60 + ".com")
@example(text="https://[::1")
@example(text="https://example.com:port/")
def test_whatever_is_typed_is_cleaned_or_refused_in_words_and_never_breaks(
    clean: Callable[[str], str], text: str
) -> None:
    found, sentences = "", []
    try:
        found = clean(text)
    except ValidationError as refused:
        sentences = refused.messages
    assert bool(found) != bool(sentences)
    assert all(sentence.endswith((".", ")")) and len(sentence) < 400 for sentence in sentences)
    assert not found or (clean(found) == found and found.isprintable()), "a clean value stays as it is"


@given(st.ip_addresses())
def test_an_accepted_address_is_public_and_the_same_address(address: object) -> None:
    try:
        found = ip_address(clean_address(str(address), allowed=()))
    except ValidationError:
        return
    assert found == address or found == getattr(address, "ipv4_mapped", None)
    assert not found.is_private
    assert not found.is_multicast
    assert not found.is_loopback


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" 8.8.4.4 ", "8.8.4.4"),
        ("2A00:1450:0000::0005", "2a00:1450::5"),
        ("::ffff:8.8.4.4", "8.8.4.4"),
    ],
)
def test_an_address_is_stored_in_one_spelling(typed: str, stored: str) -> None:
    assert clean_address(typed, allowed=()) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("203.0.113.700", "203.0.113.700 is not an IP address. The last part must be 0 to 255."),
        ("1.300.1.1", "1.300.1.1 is not an IP address. The second part must be 0 to 255."),
        ("8.8.8", "8.8.8 is not an IP address. It must have four parts with dots between, like 198.51.100.25."),
        ("08.8.8.8", "08.8.8.8 is not an IP address. Write its parts without leading zeros."),
        ("8.8.8.0/24", "8.8.8.0/24 is a network, not one address. Add each sending server by its own address."),
        ("8.8.8.8:25", "8.8.8.8:25 is not an IP address. If it ends in a port, leave the port off."),
        ("[2a00::1]", "[2a00::1] has brackets around it. Write the address without them."),
    ],
)
def test_what_is_no_address_is_told_what_is_wrong_with_it(typed: str, sentence: str) -> None:
    assert refusal(clean_address, typed) == sentence


@pytest.mark.parametrize(
    "typed",
    [
        "10.1.2.3", "172.31.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "224.0.0.1", "0.0.0.1",
        "255.255.255.255", "198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "::", "::1",
        "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "3fff::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1",
        "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1",
    ],
)  # fmt: skip
def test_an_address_that_strangers_cannot_reach_is_refused(typed: str) -> None:
    assert "Write the public address that the server sends from" in refusal(clean_address, typed)


def test_a_network_that_the_operator_allows_may_be_used() -> None:
    allowed = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))
    assert clean_address("192.0.2.7", allowed) == "192.0.2.7"
    assert clean_address("::ffff:192.0.2.7", allowed) == "192.0.2.7"
    assert clean_address("2001:db8::7", allowed) == "2001:db8::7"
    with pytest.raises(ValidationError):
        clean_address("198.51.100.7", allowed)


@given(st.ip_addresses(v=4))
def test_the_table_of_special_networks_knows_at_least_what_python_knows(address: object) -> None:
    found = ip_address(str(address))
    if not found.is_global:
        assert what_is_special(found) or str(found) in {"192.0.0.9", "192.0.0.10"}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Mail.Example.COM.", "mail.example.com"),
        ("Müller.de", "xn--mller-kva.de"),
        ("mail。example.com", "mail.example.com"),
        ("a-1.b-2.example", "a-1.b-2.example"),
    ],
)
def test_a_host_name_is_stored_as_dns_has_it(typed: str, stored: str) -> None:
    assert clean_hostname(typed) == stored


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("mail", "is only part of a host name"),
        ("a_b.example.com", "holds an underscore"),
        ("8.8.8.8", "an IP address belongs in the address field"),
        ("[8.8.8.8]", "an IP address belongs in the address field"),
        ("mail.example.com:25", "without a port"),
        ("-a.example.com", "is no host name"),
        ("a..example.com", "is no host name"),
        ("mail example.com", "is no host name"),
        ("mail.example.123", "the last one is not a number"),
        ("x" * 64 + ".com", "is no host name"),
        (".".join(["abcdefgh"] * 30), "has 269 characters"),
        ("mail.example.com..", "is no host name"),
    ],
)
def test_what_is_no_host_name_is_told_why(typed: str, part: str) -> None:
    assert part in refusal(clean_hostname, typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [(" Kim.Roe@Example.COM ", "Kim.Roe@example.com"), ("a@müller.de", "a@xn--mller-kva.de")],
)
def test_an_email_address_is_stored_as_a_plain_mail_server_takes_it(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("nope", "must have an @-sign"),
        ("a@example.com, b@example.com", "looks like several addresses"),
        ("a@example.com;b@example.com", "looks like several addresses"),
        ("Ann <a@example.com>", "has a name around the address"),
        ("ä@example.com", "Write an address in plain ASCII"),
        ("a@localhost", "is not an email address"),
        ("a@[192.0.2.1]", "is not an email address"),
        ("a@example.com\nBcc: b@example.com", "looks like several addresses"),
        ("a@example.com\r\nBcc:b", "is not an email address"),
    ],
)
def test_what_is_not_one_email_address_is_told_why(typed: str, part: str) -> None:
    assert part in refusal(clean_email, typed)


@pytest.mark.parametrize("typed", ["+44 (0)20 7946 0958", "+44-20-7946-0958", "+442079460958", "+44 20\u00a07946 0958"])
def test_a_telephone_number_is_stored_as_e164(typed: str) -> None:
    assert clean_phone(typed) == "+442079460958"


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("020 7946 0958", "does not begin with + and a country code"),
        ("0044 20 7946 0958", "does not begin with + and a country code"),
        ("+1 555 0100", "is not a number that exists in the country with the code +1"),
        ("+44 20 7946 0958 ext. 5", "without an extension"),
        ("+999 12345", "is not a telephone number"),
        ("+", "is not a telephone number"),
    ],
)
def test_what_is_no_telephone_number_is_told_how_to_write_one(typed: str, part: str) -> None:
    assert part in refusal(clean_phone, typed)


def test_a_name_is_one_line_and_holds_nothing_unseen() -> None:
    assert clean_name("  Alder \n  Mailings ") == "Alder Mailings"
    assert "U+202E" in refusal(clean_name, "Alder\u202eMailings")
    assert "300 characters" in refusal(clean_name, "x" * 300)
    assert refusal(clean_name, " ") == "Write a name."


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" https://www.example.com/leave?of=us#now ", "https://www.example.com/leave?of=us#now"),
        ("HTTP://WWW.Example.com", "http://www.example.com"),
        ("https://bücher.example/Abmelden", "https://xn--bcher-kva.example/Abmelden"),
        ("https://example.com:8443/leave", "https://example.com:8443/leave"),
    ],
)
def test_a_web_address_is_stored_with_its_host_as_the_dns_has_it(typed: str, stored: str) -> None:
    assert clean_web(typed) == stored


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("", "is no web address. Write one like https://www.example.com/unsubscribe."),
        ("www.example.com/leave", "is no web address."),
        ("ftp://example.com/", "is no web address."),
        ("javascript:alert(1)", "is no web address."),
        ("https://user:secret@example.com/", "is no web address."),
        ("https://localhost/", "is no web address."),
        ("https://[::1]/", "is no web address."),
        ("https://192.0.2.1/", "is no web address."),
        ("https://example.com:99999/", "is no web address."),
        ("https://example.com/a b", "holds a blank or a character that cannot be seen."),
        ("https://example.com/\u202egpj", "holds a blank or a character that cannot be seen."),
        ("https://example.com/" + "a" * 1000, "has 1020 characters. A web address has at most 1000."),
    ],
)
def test_what_is_no_web_address_is_told_why(typed: str, part: str) -> None:
    assert part in refusal(clean_web, typed)


@pytest.mark.parametrize(
    ("typed", "stored"), [(" K1. ", "k1"), ("2026-11.news", "2026-11.news"), ("_mail", "_mail"), ("s1024", "s1024")]
)
def test_a_selector_is_stored_in_lower_case_without_a_closing_dot(typed: str, stored: str) -> None:
    assert clean_selector(typed) == stored


@pytest.mark.parametrize("typed", ["", "k 1", "s=k1", "k1;", "k1..k2", "-k1", "é", "a" * 64, ".".join(["ab"] * 68)])
def test_what_is_no_selector_is_told_where_to_find_one(typed: str) -> None:
    assert "It is what stands after s= in a DKIM-Signature" in refusal(clean_selector, typed)


def test_the_whole_name_of_a_key_is_told_which_part_is_the_selector() -> None:
    assert refusal(clean_selector, "k1._domainkey.example.com") == (
        "“k1._domainkey.example.com” is the name of a DKIM key. Write only what stands before ._domainkey."
    )
