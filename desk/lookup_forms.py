"""What staff fill in who looked something up by hand. Only shapes are checked here; monitors.attestations decides."""

from collections.abc import Mapping
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django import forms
from django.core.validators import MaxValueValidator

from monitors.attestations import MOST_WORDS
from monitors.probes.entry import Blocklist, Code
from monitors.probes.reading import Severity
from monitors.shown import Shown
from questionnaires.fields.single import Radios
from questionnaires.intake import KINDS, FileRefused, inspect

HINTS = {
    Severity.HALT: "Opens a finding, and the halt order follows at once.",
    Severity.WARN: "Opens a finding. No order follows by itself.",
    Severity.REVIEW: "Opens a finding for somebody to judge. No order follows by itself.",
    Severity.INFO: "Noted as a finding. It never halts.",
    Severity.NONE: "Clears it, and closes a finding that an earlier look had opened.",
}


class LookupForm(forms.Form):
    """What was seen at one list, the same for everything that is ticked."""

    outcome = forms.ChoiceField(label="What did you see?", error_messages={"required": "Choose what you saw."})
    figure = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=4,
        error_messages={
            **dict.fromkeys(("invalid", "min_value"), "That is no such figure. Write it like 0.12."),
            **dict.fromkeys(("max_digits", "max_decimal_places", "max_whole_digits"), "Write fewer digits, like 0.12."),
        },
    )
    words = forms.CharField(
        label="What the page said",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In its words or yours. This or a picture is needed as proof.",
        error_messages={"max_length": f"Keep the note under {MOST_WORDS:,} characters."},
    )
    file = forms.FileField(
        label="Picture or PDF of the page",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}),
        error_messages={"empty": "The file is empty. Choose it again."},
    )
    days = forms.IntegerField(label="Counts for", min_value=1, widget=forms.NumberInput(attrs={"class": "w-5"}))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid4().hex)

    def __init__(self, *args: Any, entry: Blocklist, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = _named(entry.outcomes)
        outcome: Any = self.fields["outcome"]
        outcome.widget = widget = Radios()
        widget.hints = {name: HINTS[code.severity] for name, code in entry.outcomes.items()}
        outcome.choices = choices
        days: Any = self.fields["days"]
        longest = entry.attest_for.days
        days.initial, days.max_value = longest, longest
        days.validators = [*days.validators, MaxValueValidator(longest)]
        days.unit = "days"
        days.help_text = f"At most {longest}. After that it is “not checked”."
        days.error_messages |= dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Write for how many days it counts: 1 to {longest}."
        )
        if entry.measure:
            self.fields["figure"].label = entry.measure
            self.fields["figure"].help_text = "As the page shows it, for example 0.12."
        else:
            del self.fields["figure"]

    def clean_file(self) -> Shown | None:
        """The file, inspected; it is read to its end and wound back."""
        sent = self.cleaned_data["file"]
        if not sent:
            return None
        content = cast("BinaryIO", sent.file)
        try:
            taken = inspect(sent.name or "", content)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        content.seek(0)
        return Shown(taken.name, taken.media_type, taken.size, taken.sha256, content)


def _named(outcomes: Mapping[str, Code]) -> list[tuple[str, str]]:
    return [(name, code.meaning[:1].upper() + code.meaning[1:]) for name, code in outcomes.items()]
