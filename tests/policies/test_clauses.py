"""The table that came with the product: every clause there, in words of its own, thresholds in braces."""

import re

import pytest

from policies.clauses import GROUPS, clauses, place_of
from policies.thresholds import NAMES, Thresholds
from policies.wording import filled, named

RANGES = {"D": (1, 6), "L": (1, 3), "S": (1, 2), "O": (0, 9), "R": (1, 12), "C": (0, 3), "U": (1, 8), "M": (1, 8)}
WANTED = [f"{letter}{n}" for letter, (first, last) in RANGES.items() for n in range(first, last + 1)]


def test_every_clause_is_there_with_words_of_its_own() -> None:
    assert {*WANTED, "N1", "C2a", "C2b", "C2c"} == set(clauses())
    for clause in clauses().values():
        assert clause.title
        assert clause.text.endswith(".")
        assert "NYIP" not in clause.title + clause.text
    assert len({clause.text for clause in clauses().values()}) == len(clauses())


def test_the_clauses_stand_in_the_order_of_their_ids() -> None:
    assert list(clauses()) == sorted(clauses(), key=place_of)
    assert {ident[0] for ident in clauses()} == set(GROUPS)


@pytest.mark.parametrize("ident", ["", "R", "X1", "R01", "R1A", "R100", "r5", "R5 ", "R\u0665"])
def test_what_is_no_clause_id_has_no_place(ident: str) -> None:
    with pytest.raises(ValueError, match="no clause id"):
        place_of(ident)


def test_each_threshold_is_named_and_no_number_of_theirs_is_written_out() -> None:
    table = clauses().values()
    assert set().union(*(named(one.title) | named(one.text) for one in table)) == NAMES
    for one in table:
        assert not re.search(r"\b(250|500|72|48|24|30)\b", one.title + one.text), one.id


def test_as_people_read_them_they_name_the_numbers_of_the_published_policy() -> None:
    read = {one.id: one for one in filled(clauses().values(), Thresholds())}
    for ident, words in {
        "L1": "more than 250 recipients",
        "O1": "at most 72 hours before a launch, and at least every 48 hours while",
        "O2": "passed to us within 48 hours",
        "O9": "for at least 30 days after its last day",
        "R2": "more than 500 addresses",
        "C0": "within 24 hours",
    }.items():
        assert words in read[ident].text
    assert read["C0"].title == "Answers within 24 hours"
