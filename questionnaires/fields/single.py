"""Form fields for answers of one value: a line, an area, a choice, yes or no, a promise.

`clean` gives the JSON value that the kind documents, None when nothing was answered. What the pages need of a field
besides Django's own (its code, its width, its unit) stands on it as attributes.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from questionnaires.definition import Choice
from questionnaires.fields.checks import Check
from questionnaires.fields.reading import quote
from vendors.fields import write_phone

NONE = "none"  # the choice that excludes all others of its question
TYPED = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class AnswerField(forms.Field):
    """What all fields of questionnaires share."""

    code = ""
    size = ""
    unit = ""
    is_promise = False
    checks: Sequence[Check] = ()
    today = date.min

    def clean(self, value: Any) -> Any:
        found = self.read(super().clean(value))
        if found is not None:
            for check in self.checks:
                check(found, self.today)
        return found

    def read(self, value: Any) -> Any:
        """What Django made of the posted value, as the value that is kept; None for no answer."""
        return None if value in self.empty_values else value


class LineField(AnswerField, forms.CharField):
    """Text that `reader` turns into the value. `writer` turns a value into the text to begin with."""

    def __init__(
        self, reader: Callable[[str], Any], writer: Callable[[Any], str] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.validators = []  # the reader refuses what cannot be seen, with a better sentence than Django's
        self.reader = reader
        self.writer = writer

    def read(self, value: Any) -> Any:
        return self.reader(value) if value else None

    def prepare_value(self, value: Any) -> Any:
        if self.writer is None or value is None:
            return value
        return self.writer(value) if not isinstance(value, str) or self.writer is write_stored_phone else value


def write_stored_phone(number: str) -> str:
    """Only a number in its stored spelling is dressed up; what somebody typed stays as it is."""
    return write_phone(number) if re.fullmatch(r"\+[0-9]{7,15}", number) else number


class _WithHints:
    """Choices that carry a hint each, shown below their label."""

    hints: Mapping[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **options)  # type: ignore[misc]
        return option | {"hint": self.hints.get(str(value), "")}


class Radios(_WithHints, forms.RadioSelect):
    pass


class Ticks(_WithHints, forms.CheckboxSelectMultiple):
    pass


class OneField(AnswerField, forms.ChoiceField):
    """One of the choices; radio buttons, or a list where room is short."""

    def __init__(self, choices: Sequence[Choice], *, is_list: bool = False, **options: Any) -> None:
        named = [(choice.value, choice.label) for choice in choices]
        widget: Any = forms.Select() if is_list else Radios()
        widget.hints = {choice.value: choice.hint for choice in choices}
        super().__init__(choices=[("", "Choose"), *named] if is_list else named, widget=widget, **options)
        self.error_messages["invalid_choice"] = "“%(value)s” is none of the answers. Choose one of those shown."


class ManyField(AnswerField, forms.MultipleChoiceField):
    """Some of the choices, each once, in the order of the definition."""

    def __init__(self, choices: Sequence[Choice], **options: Any) -> None:
        widget = Ticks()
        widget.hints = {choice.value: choice.hint for choice in choices}
        named = [(choice.value, choice.label) for choice in choices]
        super().__init__(choices=named, widget=widget, **options)
        self.error_messages["invalid_choice"] = "“%(value)s” is none of the answers. Choose among those shown."
        self.error_messages["invalid_list"] = "That is no list of answers. Tick those that apply."
        self.order = [choice.value for choice in choices]
        self.none_label = next((choice.label for choice in choices if choice.value == NONE), "")

    def read(self, value: Any) -> Any:
        if NONE in value and len(set(value)) > 1:
            raise ValidationError(
                f"{quote(self.none_label)} cannot stand with other answers. Untick it, or the others."
            )
        return sorted(set(value), key=self.order.index) or None


class YesNoField(AnswerField, forms.ChoiceField):
    def __init__(self, *, is_list: bool = False, **options: Any) -> None:
        named = [("yes", "Yes"), ("no", "No")]
        widget: Any = forms.Select() if is_list else Radios()
        super().__init__(choices=[("", "Choose"), *named] if is_list else named, widget=widget, **options)
        self.error_messages["invalid_choice"] = "“%(value)s” is neither yes nor no. Choose one of them."

    def read(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(value)

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class PromiseField(AnswerField, forms.BooleanField):
    """A box that must be ticked."""

    is_promise = True

    def read(self, value: Any) -> bool:
        return bool(value)


class ZoneField(AnswerField, forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=[("", "Choose"), *time_zones()], widget=forms.Select(), **options)
        self.error_messages["invalid_choice"] = "“%(value)s” is no time zone that we know. Choose one of the list."


@cache
def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones that are places, by continent, and UTC."""
    regions: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in sorted(available_timezones()):
        region, slash, place = name.partition("/")
        if slash and region in {
            "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
        }:  # fmt: skip
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    return list(regions.items())
