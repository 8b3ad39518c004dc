"""Every question of Exhibit A that is typed takes a good answer and refuses a bad one with a sentence."""

import json

import pytest
from django.utils.datastructures import MultiValueDict
from pytest_django import Settings

from questionnaires.definition import Kind
from questionnaires.definition_file import newest
from questionnaires.fields import as_posted, show
from tests.questionnaires.binding import bound, clean, form_of
from tests.questionnaires.exhibit_a import ANSWERS, FILES

EXHIBIT = newest("A")
CODES = sorted(ANSWERS)


@pytest.fixture(autouse=True)
def advertiser(settings: Settings) -> None:
    settings.ADVERTISER_DOMAINS = ("harrow.example.com",)


def test_every_code_has_a_line_in_the_table() -> None:
    typed = {code for code, question in EXHIBIT.questions.items() if question.kind not in {Kind.CALC, Kind.FILE}}
    files = {code for code, question in EXHIBIT.questions.items() if question.kind is Kind.FILE}
    assert typed - set(ANSWERS) == set(), "these codes have no good and bad answer"
    assert set(ANSWERS) - typed == set(), "these codes are asked no more"
    assert files == FILES


@pytest.mark.parametrize("code", CODES)
def test_a_good_answer_is_taken_and_can_be_kept_shown_and_posted_again(code: str) -> None:
    question = EXHIBIT.questions[code]
    value = clean(question, ANSWERS[code][0])
    assert value not in (None, "", [], {})
    assert json.loads(json.dumps(value)) == value, "it is kept as JSON"
    assert show(question, value), "people can read it"
    again = form_of(question, MultiValueDict(as_posted(question, value, code)))
    assert again.is_valid(), again.errors.as_text()
    assert again.cleaned_data[code] == value, "what was carried over reads as it was"


@pytest.mark.parametrize("code", CODES)
def test_a_bad_answer_is_refused_in_words(code: str) -> None:
    form = bound(EXHIBIT.questions[code], ANSWERS[code][1])
    assert not form.is_valid()
    for sentence in map(str, form.errors[code]):
        assert sentence.rstrip("”")[-1] in ".?", sentence
        assert sentence[0].isupper() or sentence[0] in "“0123456789", sentence
        assert "invalid" not in sentence.lower()
        assert "please" not in sentence.lower()
        assert "This field" not in sentence
