"""Which questions apply, what is missing, which rules speak; on a small exhibit of its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import asking
from questionnaires.definition import Answers, Place, Row
from questionnaires.definition_file import newest, read

SMALL = read(b"""
exhibit = "Z"
version = 1
title = "A test"
minutes = 5
[[section]]
code = "Z1"
title = "First"
part = "One"
[[section.page]]
step = "first"
title = "First"
why = "Because."
[[section.page.question]]
code = "Z1.01"
label = "Name"
kind = "text"
clauses = ["R1"]
source = "record.name"
carried = true
[[section.page.question]]
code = "Z1.02"
label = "Software"
kind = "text"
clauses = ["R1"]
source = "sample.software"
[[section.page.question]]
code = "Z1.03"
label = "More?"
kind = "yesno"
clauses = ["R1"]
[[section.page.question]]
code = "Z1.04"
label = "We keep to it."
kind = "promise"
clauses = ["R1"]
[[section.page.question]]
code = "Z1.05"
label = "Seen"
kind = "calc"
clauses = ["R1"]
source = "look.seen"
[[section]]
code = "Z2"
title = "Second"
part = "One"
[[section.page]]
step = "servers"
title = "Servers"
why = "Because."
when = { "Z1.03" = true }
rows = { noun = "server", plural = "servers", named_by = "Z2.01" }
[[section.page.question]]
code = "Z2.01"
label = "Owner"
kind = "text"
clauses = ["R1"]
[[section.page.question]]
code = "Z2.02"
label = "Why shared"
kind = "text"
clauses = ["R1"]
when = { "Z2.01" = "shared" }
[[section.page.question]]
code = "Z2.03"
label = "Remark"
kind = "text"
clauses = ["R1"]
required = false
once = true
[[rule]]
id = "shared"
question = "Z2.01"
level = "warn"
when = { "Z2.01" = "shared" }
says = "It is shared."
cure = "Own it."
clauses = ["R1"]
[[rule]]
id = "listed"
question = "Z2.01"
level = "stop"
when = { "look.listed" = true }
says = "It is listed."
cure = "Wait."
clauses = ["R5"]
[[rule]]
id = "remark"
question = "Z2.03"
level = "warn"
when = { "Z2.03" = "odd" }
says = "Odd."
cure = "Even."
clauses = ["R1"]
""")
FIRST, SERVERS = SMALL.pages.values()


def told(values: dict[str, Any] | None = None, rows: list[dict[str, Any]] | None = None, **facts: Any) -> Answers:
    named = {name.replace("__", "@").replace("_", ".", 1): fact for name, fact in facts.items()}
    return Answers(values or {}, {"servers": [Row(f"u{n}", row) for n, row in enumerate(rows or [])]}, named)


def keys(places: Any) -> list[str]:
    return [place.key if isinstance(place, Place) else place for place in places]


def test_a_page_applies_when_its_condition_holds() -> None:
    assert asking.steps(SMALL, told()) == [FIRST]
    assert asking.steps(SMALL, told({"Z1.03": True})) == [FIRST, SERVERS]


def test_a_fact_answers_in_the_vendors_place() -> None:
    answers = told(record_name="Fieldnote", sample_software="Postfix")
    assert keys(asking.asked(SMALL, answers)) == ["Z1.03", "Z1.04"]
    assert keys(asking.asked(SMALL, told())) == ["Z1.01", "Z1.02", "Z1.03", "Z1.04"]
    name, software = (Place(SMALL.questions[code], FIRST) for code in ("Z1.01", "Z1.02"))
    assert asking.value_at(name, answers) == "Fieldnote"
    own = told({"Z1.01": "Fieldnote Ltd", "Z1.02": "Exim"}, record_name="Fieldnote", sample_software="Postfix")
    assert asking.value_at(name, own) == "Fieldnote Ltd", "what is carried can be changed"
    assert asking.value_at(software, own) == "Postfix", "what the machine saw cannot"
    assert asking.value_at(software, told({"Z1.02": "Exim"})) == "Exim", "until it saw something"


def test_what_only_the_machine_finds_is_never_asked() -> None:
    seen = Place(SMALL.questions["Z1.05"], FIRST)
    assert not asking.is_asked(seen, told())
    assert asking.value_at(seen, told(look_seen="yes")) == "yes"


def test_missing_is_what_must_be_answered_and_is_not() -> None:
    assert keys(asking.missing(FIRST, told({"Z1.03": False}, record_name="F"))) == ["Z1.02", "Z1.04"]
    assert keys(asking.missing(FIRST, told({"Z1.01": "", "Z1.02": "E", "Z1.03": False, "Z1.04": False}))) == [
        "Z1.01", "Z1.04",
    ]  # fmt: skip
    assert asking.missing(FIRST, told({"Z1.01": "F", "Z1.02": "E", "Z1.03": False, "Z1.04": True})) == []


def test_rows_that_must_be_there_are_missing_until_they_are() -> None:
    assert asking.missing(SERVERS, told()) == ["Add at least one server."]
    rows = [{"Z2.01": "shared"}, {}, {"Z2.01": "owned"}]
    assert keys(asking.missing(SERVERS, told(rows=rows))) == ["Z2.02@u0", "Z2.01@u1"]


def test_each_row_is_seen_with_its_own_answers_and_facts() -> None:
    answers = told({"Z1.03": True, "Z2.03": "odd"}, [{"Z2.01": "shared"}, {"Z2.01": "owned"}], look_listed__u1=True)
    assert keys(asking.applying(SERVERS, answers)) == ["Z2.01@u0", "Z2.02@u0", "Z2.01@u1", "Z2.03"]
    assert [(rule.id, row and row.uid) for rule, row in asking.spoken(SMALL, answers)] == [
        ("shared", "u0"), ("listed", "u1"), ("remark", None),
    ]  # fmt: skip


def test_a_rule_of_a_page_that_does_not_apply_is_silent() -> None:
    assert list(asking.spoken(SMALL, told({"Z1.03": False}, [{"Z2.01": "shared"}]))) == []


@pytest.mark.parametrize(("value", "empty"), [(None, True), ("", True), ([], True), (0, False), (False, False)])
def test_nought_and_no_are_answers(value: Any, empty: bool) -> None:
    assert asking.is_empty(value, SMALL.questions["Z1.03"]) is empty


EXHIBIT = newest("A")
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=4), max_size=3)
VALUES = st.dictionaries(st.sampled_from(sorted(EXHIBIT.questions)), ANYTHING, max_size=20)


@given(values=VALUES, row=VALUES)
def test_whatever_is_kept_the_exhibit_can_be_asked(values: dict[str, Any], row: dict[str, Any]) -> None:
    rows = {step: [Row("u", row)] for step, page in EXHIBIT.pages.items() if page.rows}
    answers = Answers(values, rows)
    asked = keys(asking.asked(EXHIBIT, answers))
    lacking = [key for page in asking.steps(EXHIBIT, answers) for key in keys(asking.missing(page, answers))]
    assert set(lacking) <= set(asked)
    assert len(asked) == len(set(asked))
    list(asking.spoken(EXHIBIT, answers))
