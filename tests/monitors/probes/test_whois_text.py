"""The reading of WHOIS answers, against what real servers sent and what a person read in it."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.registration import Outcome, State
from monitors.probes.whois_text import read
from tests.monitors.probes.samples import ELEMENTS, body, entries, letters
from tests.monitors.probes.whois_shapes import SHAPES


def text_of(entry: dict[str, Any]) -> str:
    return body("whois", entry["file"]).decode("utf-8", "replace")


@pytest.mark.parametrize("entry", entries("whois"))
def test_every_sample_is_read_as_a_person_reads_it(entry: dict[str, Any]) -> None:
    found = read(text_of(entry), entry["domain"] or f"acme.{entry['server_tld']}")
    assert found.outcome == entry["outcome"]
    if entry["registrant"] is None:
        assert found.registration.says_nothing
        return
    seen, right = found.registration, entry["registrant"]
    shown = (seen.holder, seen.name, seen.organisation, seen.email, seen.phone, seen.address)
    for name, element in zip(ELEMENTS, shown, strict=True):
        if name in ("name", "organisation") and State.NOT_OFFERED in (
            right["name"]["state"],
            right["organisation"]["state"],
        ):
            continue  # one line holds the holder: as which of the two it is read is open
        assert element.state == right[name]["state"], name
        values = [right[name].get("value"), *right[name].get("also", [])]
        if values[0]:
            said = sorted(letters(element.value))
            assert any(
                letters(element.value).startswith(letters(one)) or said == sorted(letters(one)) for one in values
            ), name
    country = right.get("country", {})
    assert seen.country == country.get("value", "") or country.get("state") == "redacted"
    assert seen.registrar in [entry["registrar"] or "", *entry.get("registrar_also", [])]


@pytest.mark.parametrize(("domain", "text", "right"), SHAPES, ids=[shape[0] for shape in SHAPES])
def test_other_shapes_are_read_as_well(domain: str, text: str, right: dict[str, str]) -> None:
    found = read(text, domain)
    assert found.outcome is Outcome.FOUND
    seen = found.registration
    shown = {
        "holder": seen.holder.value,
        "email": seen.email.value,
        "phone": seen.phone.value,
        "address": seen.address.value,
        "registrar": seen.registrar,
    }
    assert {name: shown[name] for name in right} == right


@pytest.mark.parametrize(
    ("domain", "text"),
    [
        ("acme.be", "Domain:\tacme.be\n\nRegistrant:\n\tNot shown, please visit www.dnsbelgium.be.\n"),
        ("acme.at", "domain:         acme.at\nregistrar:      Ox\nregistrant:     <data not disclosed>\n"),
        (
            "acme.fr",
            "domain: acme.fr\nholder-c: ANO00-FRNIC\n\nnic-hdl: ANO00-FRNIC\ncontact: Ano Nymous\n",
        ),
    ],
)
def test_one_placeholder_stands_for_the_whole_holder(domain: str, text: str) -> None:
    found = read(text, domain).registration
    assert {found.name.state, found.email.state, found.phone.state, found.address.state} == {State.REDACTED}


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (Outcome.NOT_FOUND, "Domain:\tacme.test\nStatus:\tAVAILABLE\n"),
        (Outcome.NOT_FOUND, "Domain: acme.test\nStatus: free\n"),
        (
            Outcome.NOT_FOUND,
            'No match for domain "ACME.TEST".\n>>> Last update <<<\n\nTERMS OF USE: exceeding limits\n',
        ),
        (Outcome.NOT_FOUND, "The queried object does not exist: DOMAIN NOT FOUND"),
        (Outcome.NOT_FOUND, 'domain "acme.test" not found.'),
        (Outcome.NOT_FOUND, "[ JPRS ]\nNo match!!\n"),
        (Outcome.NOT_FOUND, "% nothing found\n"),
        (Outcome.NOT_FOUND, "No information available about domain name acme.test in the Registry database.\n"),
        (Outcome.NOT_FOUND, "We do not have an entry in our database matching your query."),
        (Outcome.NOT_FOUND, "NOT FOUND\n"),
        (Outcome.NOT_FOUND, "%ERROR:101: no entries found\n"),
        (Outcome.RATE_LIMITED, "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS FOR DETAILS"),
        (Outcome.RATE_LIMITED, "% Error: 55000000002 Connection refused; access control limit exceeded."),
        (Outcome.RATE_LIMITED, "BLACKLISTED: You have exceeded the query limit for your network or IP address."),
        (Outcome.RATE_LIMITED, "Too many queries from your IP, try again in 15 minutes"),
        (Outcome.RATE_LIMITED, "Requests of this client are not permitted. Please use https://www.nic.ch/whois/."),
        (Outcome.RATE_LIMITED, "%ERROR:408: whois connection limit exceeded\n\nNo entries found"),
        (Outcome.ERROR, ""),
        (Outcome.ERROR, "TLD is not supported"),
        (Outcome.ERROR, "The server is down for maintenance."),
        (Outcome.ERROR, "Domain Name: OTHER.TEST\nRegistrar: Ox\n"),
    ],
)
def test_what_is_no_registration_is_told_apart(outcome: Outcome, text: str) -> None:
    found = read(text, "acme.test")
    assert found.outcome is outcome
    assert found.registration.says_nothing


@pytest.mark.parametrize(
    "domain", ["", "acme", "a b.test", "acme.test\r\nx", "-x.test", "x" * 300 + ".test", "acme.te$t"]
)
def test_what_is_no_domain_name_has_no_registration(domain: str) -> None:
    assert read("Domain Name: acme.test\nRegistrar: Ox\n", domain).outcome is Outcome.ERROR


@pytest.mark.parametrize(
    "text",
    [
        "a" * 6_000_000,
        ("Registrant Email: " + "a." * 2000 + "\n") * 400,
        "\n" * 500_000,
        ("Registrant:\n" * 9000),
        ("Registrar: \t" * 9000 + "\n") * 9,
        "whois: 127.0.0.1\n" * 9000,
        "Domain Name: acme.com\n" + ('with "=xxx"\n' * 5000),
    ],
)
def test_a_hostile_answer_is_read_in_bounded_time(text: str) -> None:
    began = time.process_time()
    read(text, "acme.com")
    assert time.process_time() - began < 3


LINES = st.sampled_from([
    "Registrant:", "Registrant: Acme Ltd", "Registrant Name:", "Registrant Email: x@acme.test", "[Holder]", "",
    "address: 1 St", "% Registrant:", "domain: acme.test", "nic-hdl: A1-X", "holder-c: A1-X", "contact: A1-X", "a\tb",
    "Registrar", ":::",
])  # fmt: skip


@given(st.lists(LINES | st.text(max_size=30), max_size=25), st.text(max_size=15) | st.just("acme.test"))
def test_no_text_makes_the_reading_fail(lines: list[str], domain: str) -> None:
    found = read("\n".join(lines), domain)
    assert found.outcome in Outcome
    assert found.registration.holder.state in State


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reading_fail(raw: bytes) -> None:
    assert read(raw.decode("latin-1"), "acme.de").outcome in Outcome
