"""The form of one sheet: the questions of a page, or of one row of it, over what was typed.

It binds again whatever was typed before, clean or not. Saving never refuses: `values` is what is clean; what is not
stays as typed. Whether something is missing is asked only when the vendor wants to go on (`is_strict`).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from questionnaires.definition import Kind, Question
from questionnaires.fields import field_for

Typed = Mapping[str, list[str]]
UNTYPED = (Kind.CALC, Kind.FILE)  # neither has a field: the machine answers, or a file does


class SheetForm(forms.Form):
    """`typed` by html name without the prefix; None for a sheet that was never saved."""

    def __init__(
        self,
        questions: Sequence[Question],
        typed: Typed | None,
        *,
        prefix: str = "",
        initial: Mapping[str, Any] | None = None,
        is_strict: bool = False,
        locked: Collection[str] = (),
    ) -> None:
        bound = None if typed is None else MultiValueDict({_name(prefix, name): list(of) for name, of in typed.items()})
        super().__init__(bound, prefix=prefix or None, initial=dict(initial or {}))
        for question in questions:
            if question.kind in UNTYPED:
                continue
            field = field_for(question)
            field.required = is_strict and question.required
            field.disabled = question.code in locked
            self.fields[question.code] = field

    @property
    def values(self) -> dict[str, Any]:
        """What is clean, by code; without what was left empty."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {code: value for code, value in self.cleaned_data.items() if value not in (None, "", [], {})}


def typed_in(posted: MultiValueDict[str, str], prefix: str) -> dict[str, list[str]]:
    """What was posted for one sheet, by html name without the prefix."""
    start = f"{prefix}-"
    return {name.removeprefix(start): list(of) for name, of in posted.lists() if name.startswith(start)}


def code_of(name: str) -> str:
    """The code of the question that an html name belongs to: "A8.01-0-domain" is of A8.01."""
    return name.partition("-")[0]


def _name(prefix: str, name: str) -> str:
    return f"{prefix}-{name}" if prefix else name
