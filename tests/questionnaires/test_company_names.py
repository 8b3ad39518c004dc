"""When two names are one company's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.company_names import is_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Mail GmbH", "ACME MAIL gmbh"),
        ("Acme Mail", "Acme Mail Ltd."),
        ("Société Générale S.A.", "SOCIETE GENERALE SA"),
        ("Harrow & Lyle Limited", "Harrow and Lyle Ltd"),
        ("Acme, Inc.", "Acme Incorporated"),
        ("Acme L.L.C.", "Acme LLC"),
        ("AB", "AB"),
    ],
)
def test_spelling_is_evened_out(one: str, other: str) -> None:
    assert is_same(one, other)
    assert is_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Mail GmbH", "Acme Mail Inc."),  # two legal persons
        ("Acme Mail", "Acme Mall"),
        ("Mail Ltd", "Acme Mail Ltd"),
        ("Acme Mail Privacy Service", "Acme Mail"),
        ("AB", "AB InBev"),
        ("Ltd", "GmbH"),
        ("", ""),
        ("...", "!!!"),
    ],
)
def test_a_likeness_is_not_enough(one: str, other: str) -> None:
    assert not is_same(one, other)
    assert not is_same(other, one)


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_order_does_not_matter_and_nothing_fails(one: str, other: str) -> None:
    assert is_same(one, other) == is_same(other, one)
