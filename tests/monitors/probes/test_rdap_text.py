"""The reading of RDAP answers, against what real registries sent and what a person read in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.rdap_text import read, record
from monitors.probes.registration import Element, State
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
