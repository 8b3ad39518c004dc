"""When two names are one company's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.company_names import is_same, is_shown


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


@pytest.mark.parametrize(
    ("company", "text"),
    [
        ("Acme Mail GmbH", "Impressum: ACME Mail GmbH, Köln"),
        ("Acme Mail Ltd", "(c) Acme Mail Limited 2026"),
        ("Acme Mail Ltd", "Acme Mail writes to you"),
        ("Acme Mail", "Acme Mail"),
        ("Harrow & Lyle Ltd", "by Harrow and Lyle."),
        ("Société Générale S.A.", "societe generale sa"),
        ("Mail Ltd", "Mail Limited is a company"),
        ("Quill", "We are Quill."),
        ("Acme Mail Ltd", "Acme Mail GmbH is another; Acme Mail Ltd is us"),
    ],
)
def test_a_name_is_shown(company: str, text: str) -> None:
    assert is_shown(company, text)


@pytest.mark.parametrize(
    ("company", "text"),
    [
        ("Acme Mail Ltd", "Acme Mail GmbH, Köln"),
        ("Acme Mail Ltd", "Acme Mailings"),
        ("Mail Ltd", "Mail us, or Acme Mail"),
        ("Acme Mail Ltd", ""),
        ("", "Acme"),
        ("!!!", "..."),
    ],
)
def test_a_name_is_not_shown_by_half_of_it_or_by_another_form(company: str, text: str) -> None:
    assert not is_shown(company, text)


@given(st.text(max_size=40))
def test_every_name_is_shown_by_itself(company: str) -> None:
    assert is_shown(company, company) == is_same(company, company)
