"""The form of one sheet: the questions of a page, or of one row of it, over what was typed.

It binds again whatever was typed before, clean or not. Saving never refuses: `values` is what is clean; what is not
stays as typed. Whether something is missing is asked only when the vendor wants to go on (`demanded`).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.datastructures import MultiValueDict

from questionnaires.definition import Kind, Question
from questionnaires.fields import field_for

Typed = Mapping[str, list[str]]
UNTYPED = (Kind.CALC, Kind.FILE)  # neither has a field: the machine answers, or a file does


class SheetForm(forms.Form):
    """`typed` by html name without the prefix; None for a sheet that was never saved. `demanded` are the codes that
    must have an answer, `locked` those that may not be changed."""

    def __init__(
        self,
        questions: Sequence[Question],
        typed: Typed | None,
        *,
        prefix: str = "",
        initial: Mapping[str, Any] | None = None,
        demanded: Collection[str] = (),
        locked: Collection[str] = (),
    ) -> None:
        bound = None if typed is None else MultiValueDict({_name(prefix, name): list(of) for name, of in typed.items()})
        super().__init__(bound, prefix=prefix or None, initial=dict(initial or {}))
        self.demanded, self.locked = frozenset(demanded), frozenset(locked)
        for question in questions:
            if question.kind not in UNTYPED:
                self.fields[question.code] = field_for(question)
                self.fields[question.code].disabled = question.code in self.locked

    _errors: Any

    def full_clean(self) -> None:
        """Like Django's, but that an answer is missing is a fault only where it is demanded, and that what may not be
        changed is not clean any more is nobody's fault."""
        super().full_clean()
        if not self.is_bound:
            return
        kept = {
            code: errors
            for code, errors in (self._errors or {}).items()
            if code not in self.locked and not self._is_only_missing(code, errors)
        }
        self._errors = ErrorDict(kept, renderer=self.renderer)

    def _is_only_missing(self, code: str, errors: Any) -> bool:
        found: list[ValidationError] = errors.as_data()
        return code not in self.demanded and all(error.code == "required" for error in found)

    @property
    def values(self) -> dict[str, Any]:
        """What is clean, by code; without what was left empty."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {code: value for code, value in self.cleaned_data.items() if value not in (None, "", [], {})}


def typed_in(posted: MultiValueDict[str, str], prefix: str) -> dict[str, list[str]]:
    """What was posted for one sheet, by html name without the prefix, without what no database keeps."""
    start = f"{prefix}-"
    return {
        keepable(name.removeprefix(start)): [keepable(text) for text in of]
        for name, of in posted.lists()
        if name.startswith(start)
    }


def keepable(text: str) -> str:
    """Without NUL and without halves of surrogate pairs, which are no characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def code_of(name: str) -> str:
    """The code of the question that an html name belongs to: "A8.01-0-domain" is of A8.01."""
    return name.partition("-")[0]


def _name(prefix: str, name: str) -> str:
    return f"{prefix}-{name}" if prefix else name
