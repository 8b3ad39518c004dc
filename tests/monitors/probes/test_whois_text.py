"""The reading of WHOIS answers, against what real servers sent and what a person read in it."""

from typing import Any

import pytest

from monitors.probes.registration import State
from monitors.probes.whois_text import read
from tests.monitors.probes.samples import ELEMENTS, body, entries, letters


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
