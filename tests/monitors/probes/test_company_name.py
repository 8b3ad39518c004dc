"""When two names are one company's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.probes.company_name import Match, is_same, is_shown, judge


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


@pytest.mark.parametrize(
    ("name", "company", "match", "reason"),
    [  # the ten pairs of the reference, and what a token-set ratio would have passed
        ("Acme Mail GmbH", "ACME MAIL", Match.VALID, "same"),
        ("Acme Mail GmbH", "Acme Mail Inc.", Match.SUSPECT, "other_form"),
        ("Acme Mail", "Acme Mall", Match.INVALID, "other"),
        ("Mail Ltd", "Acme Mail Ltd", Match.INVALID, "other"),
        ("Acme Mail Privacy Service", "Acme Mail", Match.PROXY, "proxy"),
        ("SendGrid", "Twilio SendGrid", Match.INVALID, "other"),
        ("Rocket Science Group", "Mailchimp", Match.INVALID, "other"),
        ("Société Générale SA", "SOCIETE GENERALE", Match.VALID, "same"),
        ("ООО Яндекс", "Yandex LLC", Match.SUSPECT, "other_script"),
        ("AB", "AB InBev", Match.INVALID, "other"),
    ],
)
def test_a_name_is_held_against_the_companys(name: str, company: str, match: Match, reason: str) -> None:
    verdict = judge(name, company)
    assert (verdict.match, verdict.reason) == (match, reason)


@pytest.mark.parametrize(
    ("name", "company", "match"),
    [
        ("AB Ltd", "AB", Match.SUSPECT),  # too short to be known without its form
        ("AB Ltd", "AB Limited", Match.VALID),
        ("Acme Mailing Services Ltd", "Acme Mailing Service Ltd", Match.SUSPECT),
        ("Acme Company Ltd", "Acme Company", Match.VALID),
        ("Acme Mail GmbH & Co. KG", "Acme Mail GmbH", Match.SUSPECT),
        ("Brainly Sp. z o.o.", "Brainly", Match.VALID),
        ("ООО Яндекс", "Яндекс", Match.VALID),
        ("株式会社アクメメール", "アクメメール", Match.VALID),
        ("株式会社ガガガガ", "カカカカ", Match.INVALID),
        ("Privacy Partners Ltd", "Privacy Partners Ltd", Match.VALID),  # a vendor may be called so
        ("", "Acme", Match.SUSPECT),
        ("Acme", "", Match.SUSPECT),
    ],
)
def test_forms_scripts_and_short_names(name: str, company: str, match: Match) -> None:
    assert judge(name, company).match is match


def test_another_name_passes_once_it_is_approved() -> None:
    assert judge("SendGrid", "Twilio Inc.", ["SendGrid Inc."]).known == "SendGrid Inc."
    assert judge("ООО Яндекс", "Yandex LLC", ["Яндекс"]).match is Match.VALID


def test_a_person_is_for_a_person_to_look_at() -> None:
    assert judge("Mara Lindqvist", "Acme Mail", is_person=True).reason == "person"
    assert judge("Acme Mail", "Acme Mail", is_person=True).match is Match.VALID


@given(st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_only_what_is_the_same_is_valid(name: str, company: str, is_person: bool) -> None:
    verdict = judge(name, company, is_person=is_person)
    assert (verdict.match is Match.VALID) == is_same(name, company)
