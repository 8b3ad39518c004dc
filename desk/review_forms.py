"""What reviewers fill in: a note, a waiver, the conditions of an acceptance, an approval of a domain.

Only shapes are checked here; whether it may be done is asked of questionnaires (decisions, waivers, header_approvals).
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from questionnaires.review import LONGEST_TEXT, UNSEEN
from vendors.fields import clean_hostname

CONDITIONS = 3  # empty lines offered at once
NOTE_TOO_LONG = f"Keep the note under {LONGEST_TEXT:,} characters."
NO_DATE = "That is no day. Write it as 2026-12-31."


class Day(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class NoteForm(forms.Form):
    """What the vendor reads when the form comes back, or is declined."""

    note = forms.CharField(
        label="Note to the vendor",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": NOTE_TOO_LONG, "null_characters_not_allowed": UNSEEN},
    )


class WaiverForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The vendor reads it in the letter of acceptance, as a condition.",
        error_messages={
            "required": "Write the reason. It is printed in the letter as a condition.",
            "max_length": "Keep the reason under 2,000 characters.",
        },
    )
    until = forms.DateField(
        label="Until",
        widget=Day(),
        help_text="The last day on which it is let pass, within a year.",
        error_messages={"required": "Choose the last day.", "invalid": NO_DATE},
    )


class ConditionForm(forms.Form):
    """One condition of an acceptance. A line without a text is none."""

    text = forms.CharField(
        label="What they have to do",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Keep a condition under 1,000 characters."},
    )
    due = forms.DateField(label="By", required=False, widget=Day(), error_messages={"invalid": NO_DATE})

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        due = found.get("due")
        if found.get("text") and due is None and "due" not in self.errors:
            self.add_error("due", "Choose the day by which it has to be done.")
        if due and not found.get("text") and "text" not in self.errors:
            self.add_error("text", "Write what has to be done by then, or take the day away.")
        if due and due < self._today:
            self.add_error("due", f"{due} is past. Choose a day to come.")
        return found


class Conditions(forms.BaseFormSet):  # type: ignore[type-arg]  # not subscriptable at run time
    """The lines for conditions; those left empty are none."""

    @property
    def written(self) -> list[dict[str, str]]:
        """As an acceptance keeps them."""
        return [
            {"text": form.cleaned_data["text"], "due": form.cleaned_data["due"].isoformat()}
            for form in self.forms
            if form.cleaned_data.get("text")
        ]


ConditionsForm = forms.formset_factory(ConditionForm, formset=Conditions, extra=CONDITIONS, max_num=20)


class ApprovalForm(forms.Form):
    """IT's approval of one of the advertiser's domains in a vendor's headers."""

    domain = forms.CharField(
        label="Domain", max_length=253, error_messages={"required": "Write the domain that they may use."}
    )
    reason = forms.CharField(
        label="What it is for",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example which address in which header, and who asked for it. The vendor reads it in the letter.",
        error_messages={"required": "Write what it is for.", "max_length": "Keep it under 2,000 characters."},
    )
    since = forms.DateField(
        label="From", widget=Day(), error_messages={"required": "Choose the first day.", "invalid": NO_DATE}
    )
    until = forms.DateField(
        label="Until",
        widget=Day(),
        help_text="The last day, a year after the first one at most.",
        error_messages={"required": "Choose the last day.", "invalid": NO_DATE},
    )

    def __init__(self, *args: Any, domains: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["domain"].help_text = (
            f"One of ours, or a name below one: {', '.join(domains)}."
            if domains
            else "SLUICE_ADVERTISER_DOMAINS names no domain of ours yet, so there is nothing to approve."
        )

    def clean_domain(self) -> str:
        try:
            return clean_hostname(self.cleaned_data["domain"])
        except ValidationError as refused:
            raise forms.ValidationError(refused.messages) from refused
