"""Spelling makes no other source."""

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.source_codes import MOST, MOST_OF_KEY, key_of, tidy


@given(st.text(max_size=60))
def test_no_spelling_of_a_code_has_another_key(code: str) -> None:
    for other in (tidy(code), f"  {code}\t", code.replace(" ", "   "), code.casefold(), key_of(code)):
        assert key_of(other) == key_of(code)


@given(st.text(max_size=60))
def test_a_tidy_code_shows_all_that_it_holds(code: str) -> None:
    assert tidy(code).isprintable()
    assert "  " not in tidy(code)
    assert tidy(tidy(code)) == tidy(code)


@given(st.text(min_size=MOST, max_size=MOST))
def test_a_key_fits_its_column(code: str) -> None:
    assert len(key_of(code)) <= MOST_OF_KEY


def test_codes_that_people_tell_apart_are_two() -> None:
    assert len({key_of(code) for code in ("GARDEN", "GARDEN-2", "GARDEN 2", "GÄRDEN", "")}) == 5
