"""When a question applies and a rule speaks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.conditions import ConditionRefused, check, holds, names

KNOWN: dict[str, Any] = {
    "A5.05": "shared", "A1.10": ["initiator", "owner"], "A3.06": 45, "A4.10": False, "sample.tls": True, "A8.02": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ({}, True),
        ([], True),
        ({"A5.05": "shared"}, True),
        ({"A5.05": "owned"}, False),
        ({"A5.05": ["owned", "shared"]}, True),
        ({"A1.10": "owner"}, True),
        ({"A1.10": ["procures", "owner"]}, True),
        ({"A1.10": "procures"}, False),
        ({"A4.10": False}, True),
        ({"A4.10": True}, False),
        ({"A5.05": "shared", "A4.10": True}, False),
        ([{"A4.10": True}, {"A5.05": "shared"}], True),
        ([{"A4.10": True}, {"A5.05": "owned"}], False),
        ({"A3.06": {"above": 30}}, True),
        ({"A3.06": {"above": 45}}, False),
        ({"A3.06": {"at_least": 45, "at_most": 45}}, True),
        ({"A3.06": {"below": 45}}, False),
        ({"A1.10": {"lacks": "procures"}}, True),
        ({"A1.10": {"lacks": ["initiator", "owner"]}}, False),
        ({"A1.10": {"lacks": ["owner", "procures"]}}, True),
        ({"A5.05": {"above": 3}}, False),
        ({"A4.10": {"below": 3}}, False),
    ],
)
def test_a_condition_holds_when_its_lines_do(condition: Any, expected: bool) -> None:
    check(condition or {})
    assert holds(condition, KNOWN.get) is expected


@pytest.mark.parametrize("line", ["yes", True, ["a"], {"above": 1}, {"below": 1}, {"lacks": "ip"}, {"unknown": False}])
def test_what_is_not_known_holds_no_line_but_unknown(line: Any) -> None:
    assert not holds({"A9.05": line}, KNOWN.get)
    assert holds({"A9.05": {"unknown": True}}, KNOWN.get)
    assert not holds({"A4.10": {"unknown": True}}, KNOWN.get), "no is an answer"


def test_the_names_of_a_condition_are_those_it_asks_about() -> None:
    assert names([{"A1.10": "owner", "sample.tls": True}, {"A3.06": {"above": 3}}]) == {"A1.10", "sample.tls", "A3.06"}
    assert names(None) == set()


@pytest.mark.parametrize("condition", ["A1.10", 3, [3], {"A3.06": {"over": 3}}, {"A3.06": {}}])
def test_a_condition_that_cannot_be_read_is_refused_in_words(condition: Any) -> None:
    with pytest.raises(ConditionRefused, match=r"\.$"):
        check(condition)


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3),
    st.lists(st.dictionaries(st.text(max_size=2), st.text(max_size=2), max_size=2), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip
OPERATORS = st.fixed_dictionaries(
    {},
    optional={
        "above": st.integers(), "below": st.integers(), "at_least": st.integers(), "at_most": st.integers(),
        "lacks": st.text(max_size=3) | st.lists(st.text(max_size=3), max_size=3), "unknown": st.booleans(),
    },
).filter(bool)  # fmt: skip
TABLES = st.dictionaries(st.sampled_from("abc"), OPERATORS | st.text(max_size=3) | st.booleans() | st.integers())


@given(condition=TABLES | st.lists(TABLES, max_size=3), known=st.dictionaries(st.sampled_from("abc"), VALUES))
def test_what_check_takes_never_breaks_whatever_was_answered(condition: Any, known: dict[str, Any]) -> None:
    check(condition)
    assert holds(condition, known.get) in {True, False}
    assert names(condition) <= set("abc")
