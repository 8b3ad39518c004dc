"""What staff change of a blocklist: a few switches, or the whole entry as TOML."""

from collections.abc import Mapping
from typing import Any

from django import forms

from monitors import toml_text
from monitors.entry_table import FASTEST, LARGEST_CAP, LONGEST_COOL_DOWN, LONGEST_INTERVAL, SLOWEST
from monitors.fields import CatalogueRefused
from monitors.probes.entry import Blocklist
from monitors.probes.reading import Severity

TEXT_LIMIT = 20_000  # characters
SEVERITY_WORDS = {
    Severity.HALT: "halt: may stop the mailings",
    Severity.WARN: "warn: a finding for staff",
    Severity.REVIEW: "review: a person looks first",
    Severity.INFO: "info: context beside other evidence",
}
NUMBERS = ("interval_seconds", "per_second", "daily_cap", "cool_down_hours")


def _number(label: str, unit: str, hint: str, least: Any, most: Any, *, is_whole: bool) -> forms.Field:
    kind: type[forms.IntegerField] = forms.IntegerField if is_whole else forms.FloatField
    what = "a whole number" if is_whole else "a number"
    said = f"Write {what} from {least:,} to {most:,}, or nothing to leave it as it comes."
    return kind(
        label=f"{label} ({unit})",
        required=False,
        min_value=least,
        max_value=most,
        help_text=hint,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "1" if is_whole else "any"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), said),
    )


class SwitchForm(forms.Form):
    """What is changed most: whether a list is asked, how often, how fast, how grave it is."""

    is_asked = forms.ChoiceField(
        label="Is it asked?",
        choices=[("yes", "Ask it"), ("no", "Leave it out")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether this list is asked."},
    )
    interval_seconds = _number("Between two questions about one target", "s", "", 1, LONGEST_INTERVAL, is_whole=True)
    per_second = _number("Pace", "questions a second", "", SLOWEST, FASTEST, is_whole=False)
    daily_cap = _number("Cap", "questions a day", "", 1, LARGEST_CAP, is_whole=True)
    cool_down_hours = _number("Clean for", "hours", "", 0, LONGEST_COOL_DOWN, is_whole=False)
    severity = forms.ChoiceField(
        label="Severity of codes that name none of their own",
        required=False,
        choices=[("", "As it comes"), *SEVERITY_WORDS.items()],
    )

    def __init__(self, *args: Any, entry: Blocklist, laid: Mapping[str, Any], **options: Any) -> None:
        options["initial"] = {name: laid.get(name) for name in (*NUMBERS, "severity")} | {
            "is_asked": "yes" if entry.is_enabled else "no"
        }
        super().__init__(*args, **options)
        self._entry, self._laid = entry, laid
        for name, now in _as_it_is(entry).items():
            self.fields[name].help_text = f"Now {now}. Empty: as it comes."

    def fields_laid(self) -> dict[str, Any]:
        """What is to be laid over the entry: what was there, with these switches changed."""
        given = self.cleaned_data
        laid = {name: value for name, value in self._laid.items() if name not in (*NUMBERS, "severity")}
        laid |= {name: given[name] for name in NUMBERS if given[name] is not None}
        laid |= {"severity": given["severity"]} if given["severity"] else {}
        is_asked = given["is_asked"] == "yes"
        if laid or is_asked != self._entry.is_enabled:  # who names a list wants it asked, unless it says otherwise
            laid["enabled"] = is_asked
        return laid


def _as_it_is(entry: Blocklist) -> dict[str, str]:
    return {
        "interval_seconds": f"{entry.interval.total_seconds():,.0f}" if entry.interval else "the regular grid",
        "per_second": f"{entry.per_second:g}" if entry.per_second else "no limit",
        "daily_cap": f"{entry.daily_cap:,}" if entry.daily_cap else "no limit",
        "cool_down_hours": f"{entry.cool_down.total_seconds() / 3600:g}",
    }


class EntryForm(forms.Form):
    """The fields of an entry, as somebody types them; `monitors.catalogue` says what they may hold."""

    text = forms.CharField(
        label="Fields, as TOML",
        max_length=TEXT_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "host", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={
            "required": "Write at least one field, like per_second = 1.",
            "max_length": f"Keep the entry under {TEXT_LIMIT:,} characters.",
        },
    )

    def clean_text(self) -> dict[str, Any]:
        try:
            fields = toml_text.read(self.cleaned_data["text"])
        except CatalogueRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        if not fields:
            raise forms.ValidationError("There is no field in it. Write at least one, like per_second = 1.")
        return fields


class NewEntryForm(EntryForm):
    """A list that is not in the catalogue yet."""

    list_id = forms.SlugField(
        label="Id",
        max_length=50,
        help_text="How logs and links name it: small letters, digits, hyphens. It cannot be changed later.",
        error_messages={
            "required": "Write the id, like house.",
            "invalid": "Write small letters, digits and hyphens.",
            "max_length": "Keep the id to 50 characters.",
        },
    )
    field_order = ("list_id", "text")
