import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from questionnaires import snapshot
from questionnaires.snapshot import SealRefused, SnapshotRefused

texts = st.text(st.characters(exclude_categories=["Cs"]))
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(texts.map(lambda text: unicodedata.normalize("NFC", text)), below, max_size=4)
    ),
    max_leaves=12,
)
lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip)


def shuffled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(list(value))}
    return [shuffled(one) for one in value] if isinstance(value, list) else value


def same(value: Any) -> Any:
    """What must hash alike: kinds told apart, texts in NFC, tables without order."""
    if isinstance(value, dict):
        return ("table", sorted((unicodedata.normalize("NFC", key), same(one)) for key, one in value.items()))
    if isinstance(value, list):
        return ("list", [same(one) for one in value])
    if isinstance(value, str):
        return ("text", unicodedata.normalize("NFC", value))
    return (type(value).__name__, value)


@given(values)
def test_the_order_of_keys_does_not_matter(value: Any) -> None:
    assert snapshot.canonical(shuffled(value)) == snapshot.canonical(value)


@given(values, values)
def test_any_change_changes_the_hash(one: Any, other: Any) -> None:
    assert (snapshot.sha256(one) == snapshot.sha256(other)) == (repr(same(one)) == repr(same(other)))


@given(texts)
def test_composed_and_decomposed_text_hash_alike(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert snapshot.sha256({"name": [composed]}) == snapshot.sha256({"name": [decomposed]})


@given(values)
def test_canonical_json_is_json_and_is_its_own_canonical_form(value: Any) -> None:
    written = snapshot.canonical(value)
    assert snapshot.canonical(json.loads(written)) == written


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-720, 720))
def test_the_zone_of_a_moment_does_not_matter(at: datetime, minutes: int) -> None:
    assume(1 < at.year < 9999)
    elsewhere = at.astimezone(timezone(timedelta(minutes=minutes)))
    assert snapshot.sha256(elsewhere) == snapshot.sha256(at)


def test_the_bytes_are_those_that_the_recipe_says() -> None:
    answers = {
        "b": ["Zoe\u0308", 3, True, None],
        "a": {
            "at": datetime(2026, 3, 1, 15, 2, 11, 999999, tzinfo=timezone(timedelta(hours=1))),
            "day": date(2026, 3, 1),
        },
    }
    written = '{"a":{"at":"2026-03-01T14:02:11Z","day":"2026-03-01"},"b":["Zoë",3,true,null]}'.encode()
    assert snapshot.canonical(answers) == written
    assert snapshot.sha256(answers) == hashlib.sha256(written).hexdigest()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"share": [1, 0.5]}, "0.5 (float, in the snapshot, 'share', entry 2) has no canonical form"),
        ({"at": datetime(2026, 3, 1)}, "2026-03-01T00:00:00 has no time zone"),  # noqa: DTZ001  the point of the test
        ({1: "one"}, "The key 1 of the snapshot is no text"),
        ({"\u00eb": 1, "e\u0308": 2}, "Two keys of the snapshot are the same text"),
        ({"name": "\ud800"}, "holds half a character (position 1)"),
        ({"file": b"x"}, "(bytes, in the snapshot, 'file')"),
    ],
)
def test_what_has_no_one_way_to_be_written_is_refused(value: Any, sentence: str) -> None:
    with pytest.raises(SnapshotRefused) as refusal:
        snapshot.canonical(value)
    assert sentence in str(refusal.value)


def test_the_seal_is_the_hash_of_a_version_line_and_the_fields() -> None:
    fields = ["S-2026-0044", "Zoë Alder", "2026-03-01T14:02:11Z"]
    assert snapshot.seal_lines(fields) == "v1\nS-2026-0044\nZoë Alder\n2026-03-01T14:02:11Z"
    assert (
        snapshot.seal(fields) == hashlib.sha256("v1\nS-2026-0044\nZoë Alder\n2026-03-01T14:02:11Z".encode()).hexdigest()
    )


@given(st.lists(lines, max_size=5), st.lists(lines, max_size=5))
def test_other_fields_make_another_seal(one: list[str], other: list[str]) -> None:
    def composed(fields: list[str]) -> list[str]:
        return [unicodedata.normalize("NFC", field) for field in fields]

    assert (snapshot.seal(one) == snapshot.seal(other)) == (composed(one) == composed(other))


@pytest.mark.parametrize("field", ["", "  ", "a\nb", "a\n", "\ra", "a\x0bb", "a\x1cb", "a\x85b", "a\u2028b", "\ud800"])
def test_a_field_that_could_pass_for_others_is_refused(field: str) -> None:
    with pytest.raises(SealRefused):
        snapshot.seal(["S-2026-0044", field])
