"""The reading of RDAP answers, against what real registries sent and what a person read in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.rdap_text import read, record
from monitors.probes.registration import Element, Outcome, State
from tests.monitors.probes.samples import ELEMENTS, body, entries, letters

DATA = Path(__file__).resolve().parents[2] / "data" / "rdap"
EXPECTED: list[dict[str, Any]] = json.loads((DATA / "expected.json").read_text())


def answer_in(file: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((DATA / file).read_text())
    return answer


@pytest.mark.parametrize("entry", EXPECTED, ids=[entry["file"] for entry in EXPECTED])
def test_a_real_answer_is_read_as_a_person_reads_it(entry: dict[str, Any]) -> None:
    found = read(answer_in(entry["file"]))
    elements = {
        "name_or_organisation": found.holder,
        "name": found.name,
        "organisation": found.organisation,
        "email": found.email,
        "phone": found.phone,
        "address": found.address,
    }
    for name, element in elements.items():
        right = entry["registrant"][name]
        assert element.state == right["state"], name
        if "value" in right:
            assert letters(element.value).startswith(letters(right["value"])), name
    assert found.country == entry["registrant"].get("country", {}).get("value", "")
    assert found.registrar in [entry["registrar"] or "", *entry.get("registrar_also", [])]


@pytest.mark.parametrize("entry", entries("rdap"))
def test_every_sample_is_read_as_a_person_reads_it(entry: dict[str, Any]) -> None:
    found = record(json.loads(body("rdap", entry["file"])))
    assert (found.outcome, found.kind) == (entry["outcome"], entry["object"])
    if entry["registrant"] is None:
        assert found.registration.says_nothing
        return
    named = entry["domain"] if entry["object"] == "domain" else entry["handle"]
    assert found.name == (named or found.name)
    seen = found.registration
    shown = (seen.holder, seen.name, seen.organisation, seen.email, seen.phone, seen.address)
    for name, element in zip(ELEMENTS, shown, strict=True):
        right = entry["registrant"][name]
        assert element.state == right["state"], name
        if "value" in right:
            assert letters(element.value).startswith(letters(right["value"])), name
    assert seen.country == entry["registrant"].get("country", {}).get("value", "") or entry["object"] != "domain"
    assert seen.registrar in [entry["registrar"] or "", *entry.get("registrar_also", [])]


def test_withheld_and_hidden_behind_a_service_are_both_shielded() -> None:
    assert read(answer_in("home.moscow.json")).is_shielded
    assert read(answer_in("deep.surf.json")).is_shielded
    assert not read(answer_in("abc.xyz.json")).is_shielded


def test_a_registry_that_leaves_the_holder_to_the_registrar_says_nothing() -> None:
    thin = read(answer_in("google.com-2.json"))
    assert thin.says_nothing
    assert (thin.registrar, thin.created_on, thin.expires_on) == ("MarkMonitor Inc.", "1997-09-15", "2028-09-14")
    assert not read(answer_in("google.com.json")).says_nothing


def card(*lines: list[Any], **entity: Any) -> dict[str, Any]:
    """An answer whose registrant has these lines."""
    return {"entities": [{"roles": ["registrant"], "vcardArray": ["vcard", list(lines)], **entity}]}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (["adr", {}, "text", ["", "", ["1 High St", "Floor 2"], "Leeds", "", "", ""]], "1 High St, Floor 2, Leeds"),
        (["adr", {"label": "1 High Street\nLeeds"}, "text", ["", "", "", "", "", "", ""]], "1 High Street, Leeds"),
    ],
)  # fmt: skip
def test_an_address_is_found_however_it_is_laid_out(line: list[Any], value: str) -> None:
    assert read(card(line)).address == Element(State.PRESENT, value)


def test_a_country_may_stand_beside_the_address() -> None:
    assert read(card(["adr", {"cc": "NO"}, "text", ["", "", "", "", "", "", ""]])).country == "NO"


def test_a_fax_is_no_telephone() -> None:
    fax = ["tel", {"type": ["work", "fax"]}, "uri", "tel:+1.5551"]
    assert read(card(fax)).phone == Element(State.NOT_OFFERED)
    assert read(card(fax, ["tel", {"type": "voice"}, "uri", "tel:+1.5552"])).phone.value == "+1.5552"


def test_marker_words_count_as_withheld() -> None:
    found = read(
        card(["fn", {}, "text", "REDACTED FOR PRIVACY"], ["email", {}, "text", "Please query the RDDS service"])
    )
    assert (found.name.state, found.email.state) == (State.REDACTED, State.REDACTED)


def test_what_a_stranger_wrote_is_kept_short_and_on_one_line() -> None:
    found = read(card(["fn", {}, "text", "Evil\r\n\u202eCorp" + "x" * 5000]))
    assert found.name.value.startswith("Evil")
    assert len(found.name.value) <= 300
    assert found.name.value.isprintable()


REDACTED = Element(State.REDACTED)


@pytest.mark.parametrize(
    ("method", "value", "email", "phone"),
    [  # RFC 9537 section 3: how a value is withheld, and what is left in its place
        ("removal", None, REDACTED, REDACTED),
        ("emptyValue", "", REDACTED, REDACTED),
        ("partialValue", "+44 xx 56", REDACTED, REDACTED),
        ("replacementValue", "x7@relay.example", Element(State.PROXY, "x7@relay.example"), REDACTED),
        ("", None, REDACTED, REDACTED),
    ],
)
@pytest.mark.parametrize("key", ["type", "description"])
def test_each_way_of_withholding_is_known_by_name(
    method: str, value: str | None, email: Element, phone: Element, key: str
) -> None:
    answer = card(*([[name, {}, "text", value] for name in ("email", "tel")] if value is not None else []))
    answer["redacted"] = [{"name": {key: f"Registrant {one}"}, "method": method} for one in ("Email", "Phone")]
    found = read(answer)
    assert (found.email, found.phone) == (email, phone)
    assert found.address.state is State.NOT_OFFERED


def test_a_mark_for_the_whole_registrant_and_marks_for_others_are_told_apart() -> None:
    whole = read({"redacted": [{"name": {"description": "Registrant"}}]})
    assert {whole.name, whole.organisation, whole.email, whole.phone, whole.address} == {REDACTED}
    others = [{"name": {"type": one}} for one in ("Tech Email", "Registrant Phone Ext", "Registrant Fax")]
    assert read({"redacted": others}).says_nothing


def test_jscontact_is_read_as_jcard_is() -> None:
    contact = {
        "@type": "Card",
        "kind": "org",
        "name": {"full": "Mara Lindqvist"},
        "organizations": {"o": {"name": "Acme Mail Ltd"}},
        "emails": {"e": {"address": "dns@acme.example"}},
        "phones": {"f": {"number": "tel:+1", "features": {"fax": True}}, "v": {"number": "tel:+44.2072343456"}},
        "addresses": {
            "a": {"components": [{"kind": "name", "value": "High St"}, {"kind": "locality", "value": "Leeds"}]}
        },
    }
    found = read({"entities": [{"roles": ["registrant"], "jscard": contact}]})
    assert (found.name.value, found.organisation.value) == ("Mara Lindqvist", "Acme Mail Ltd")
    assert (found.email.value, found.phone.value) == ("dns@acme.example", "+44.2072343456")
    assert (found.address.value, found.kind) == ("High St, Leeds", "org")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"errorCode": 404}, Outcome.NOT_FOUND),
        ({"errorCode": 429}, Outcome.RATE_LIMITED),
        ({"errorCode": 501}, Outcome.ERROR),
        ({"errorCode": "x"}, Outcome.ERROR),
        ({}, Outcome.ERROR),
        ([], Outcome.ERROR),
        (None, Outcome.ERROR),
    ],
)
def test_what_is_no_registration_is_told_apart(answer: Any, outcome: Outcome) -> None:
    assert record(answer).outcome is outcome
    assert record(answer).registration.says_nothing


KEYS = st.sampled_from(["entities", "roles", "vcardArray", "redacted", "name", "type", "events", "remarks", "title"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["entities", "events", "status", "redacted", "links"]), ANYTHING))
def test_no_answer_makes_the_reading_fail(answer: dict[str, Any]) -> None:
    read(answer)


@given(st.lists(ANYTHING, max_size=5), st.lists(ANYTHING, max_size=5))
def test_no_card_makes_the_reading_fail(card: list[Any], remarks: list[Any]) -> None:
    read({"entities": [{"roles": ["Registrant"], "vcardArray": ["vcard", card], "remarks": remarks}]})


@given(
    ANYTHING | st.dictionaries(st.sampled_from(["name", "emails", "phones", "addresses", "organizations"]), ANYTHING)
)
def test_no_jscontact_and_no_value_make_the_reading_fail(contact: Any) -> None:
    record(contact)
    read({"entities": [{"roles": ["registrant"], "jscard": contact}]})
