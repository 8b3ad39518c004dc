"""What staff fill in about what a registration does not show. Only shapes are checked here; monitors.evidence and
monitors.grants decide."""

from collections.abc import Sequence
from typing import Any

from django import forms

from desk.review_forms import NO_DATE, Day
from monitors.evidence import LONGEST_TEXT
from questionnaires.intake import KINDS

TOO_LONG = f"Keep it under {LONGEST_TEXT:,} characters."
PINNED = "It holds for the record that was seen last: when registrant, registrar or name servers change, it ends."
Choices = Sequence[tuple[str, str]]


class ElementsField(forms.MultipleChoiceField):
    """Some of the elements of a registration."""

    def __init__(self, label: str, required: str) -> None:
        super().__init__(
            label=label,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": required, "invalid_choice": "Tick only what is shown here."},
        )


class GrantForm(forms.Form):
    """What is let stand, why, and until when. `record` is the one that the person saw."""

    elements = ElementsField("What is let stand", "Tick what is to be let stand.")
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Write the reason. The vendor reads it, and it is kept in the journal.",
            "max_length": TOO_LONG,
        },
    )
    until = forms.DateField(
        label="Ends on",
        widget=Day(),
        help_text="From this day it does not hold. Within a year.",
        error_messages={"required": "Choose the day on which it ends.", "invalid": NO_DATE},
    )
    record = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, choices: Choices, hint: str, **options: Any) -> None:
        super().__init__(*args, **options)
        elements: Any = self.fields["elements"]
        elements.choices = choices
        self.has_choices = bool(choices)
        self.fields["reason"].help_text = hint


class WordsForm(forms.Form):
    """A sentence for the vendor."""

    words = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The vendor reads it in the letter, above what is missing.",
        error_messages={
            "required": "Write what is still missing. The vendor reads it in the letter.",
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, *args: Any, label: str, required: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"].label = label
        self.fields["words"].required = required


class SupplyForm(forms.Form):
    """What came in another way, by mail say. The files are read from the request, one by one."""

    elements = ElementsField("What it shows", "Tick what it shows.")
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="How it came to us, and what to look at. The vendor can read it.",
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        elements: Any = self.fields["elements"]
        elements.choices = choices


ACCEPT = ",".join(f".{ending}" for ending in KINDS)
