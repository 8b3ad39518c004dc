"""What staff and vendors fill in about delisting. Only shapes are checked; the rest is for monitors.delistings."""

from typing import Any

from django import forms

from monitors.delistings import LONGEST
from monitors.models import Delisting

TOO_LONG = f"Keep it under {LONGEST:,} characters."
NO_MOMENT = "That is no moment. Write it as 2026-11-21 14:05."


class Moment(forms.DateTimeInput):
    """A moment in UTC, with the browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "w-20"}, format="%Y-%m-%dT%H:%M")


class AskedForm(forms.Form):
    """That somebody asked for the end of an entry."""

    asked_by = forms.CharField(
        label="Who asked", max_length=200, error_messages={"required": "Write the name of the person who asked."}
    )
    how = forms.CharField(
        label="How, and where",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The form, address or call; a ticket number, if they gave one.",
        error_messages={"required": "Write how it was asked for: by which form, mail or call.", "max_length": TOO_LONG},
    )
    asked_at = forms.DateTimeField(
        label="When (UTC)",
        widget=Moment(),
        error_messages={"required": "Write when it was asked.", "invalid": NO_MOMENT},
    )
    remark = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )


class AskedAtDeskForm(AskedForm):
    """The same, where it may have been we or the vendor."""

    party = forms.ChoiceField(
        label="Whose request it was",
        choices=Delisting.Party,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who asked: we, or the vendor."},
    )
    field_order = ("party",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["remark"].help_text = "For the desk; the vendor does not see it."


class AnsweredForm(forms.Form):
    """What came back."""

    outcome = forms.ChoiceField(
        label="What they said",
        choices=Delisting.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came back."},
    )
    answer = forms.CharField(
        label="In their words",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )
    answered_at = forms.DateTimeField(
        label="When it came (UTC)",
        widget=Moment(),
        error_messages={"required": "Write when it came.", "invalid": NO_MOMENT},
    )
