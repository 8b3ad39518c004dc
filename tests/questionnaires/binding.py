"""Questions put into a form, and posted as a browser would."""

from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from questionnaires.definition import Question
from questionnaires.fields import field_for
from tests.questionnaires.exhibit_a import Raw

TODAY = date(2026, 11, 21)


def posted(name: str, raw: Raw) -> dict[str, list[str]]:
    """The strings that a browser sends for the control `name`."""
    if isinstance(raw, str):
        return {name: [raw]}
    if isinstance(raw, dict):
        return {key: value for column, one in raw.items() for key, value in posted(f"{name}-{column}", one).items()}
    lines = [(number, line) for number, line in enumerate(raw) if isinstance(line, dict)]
    if lines:
        return {key: value for number, line in lines for key, value in posted(f"{name}-{number}", line).items()}
    return {name: [str(one) for one in raw]} if raw else {}


def bound(question: Question, raw: Raw) -> forms.Form:
    return form_of(question, MultiValueDict(posted(question.code, raw)))


def form_of(question: Question, data: Any = None, initial: Any = None) -> forms.Form:
    form = forms.Form(data, initial={question.code: initial})
    form.fields[question.code] = field_for(question, today=TODAY)
    return form


def clean(question: Question, raw: Raw) -> Any:
    """The clean value of a good answer."""
    form = bound(question, raw)
    assert form.is_valid(), form.errors.as_text()
    return form.cleaned_data[question.code]
