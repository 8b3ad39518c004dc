"""What staff fill in at the desk itself; the forms of the register are vendors.forms."""

from typing import Any
from uuid import uuid4

from django import forms

from vendors.forms import ContactForm, rank_field
from vendors.models import SendingServer, TestCall, Vendor

REASON_LIMIT = 2000  # characters
EVERYTHING = "everything"
FILE_LIMIT = 1_000_000  # bytes: sent back as a form field, it must stay under DATA_UPLOAD_MAX_MEMORY_SIZE


class ReasonForm(forms.Form):
    """A reason for a step that others will ask about."""

    reason = forms.CharField(
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Write a reason. It is kept in the journal.",
            "max_length": f"Keep the reason under {REASON_LIMIT:,} characters.",
        },
    )

    def __init__(self, *args: Any, hint: str = "", required: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = hint or "Kept in the journal."
        if required:
            self.fields["reason"].error_messages["required"] = required


class OrderForm(forms.Form):
    """A halt order: which servers, and why. `key` makes a double click one order."""

    server = forms.ChoiceField(
        label="What must stop",
        error_messages={"invalid_choice": "That server is not in use by this vendor. Choose one of the list."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The vendor reads this at the top of the order. Say what was seen, and when.",
        error_messages={
            "required": "Write the reason: the vendor reads it at the top of the order.",
            "max_length": f"Keep the reason under {REASON_LIMIT:,} characters.",
        },
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid4().hex)

    def __init__(self, *args: Any, vendor: Vendor, **options: Any) -> None:
        super().__init__(*args, **options)
        self._servers = {str(one.uid): one for one in vendor.servers.filter(state=SendingServer.State.ACTIVE)}
        choice: Any = self.fields["server"]
        choice.choices = [
            (EVERYTHING, "Everything: no mail in our name from any server of theirs"),
            *((uid, f"One server: {server}") for uid, server in self._servers.items()),
        ]

    def clean_server(self) -> SendingServer | None:
        """The server, or None for the whole vendor."""
        return self._servers.get(self.cleaned_data["server"])


class ContactPageForm(ContactForm):
    """A contact, with the place in the order in which they are told."""

    rank = rank_field()


class TestCallForm(forms.Form):
    """What came of calling a contact."""

    outcome = forms.ChoiceField(
        label="What happened?",
        choices=TestCall.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of the call."},
    )
    remark = forms.CharField(
        label="Note",
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who answered, after how long, what was said. Kept with the call.",
        error_messages={"max_length": f"Keep the note under {REASON_LIMIT:,} characters."},
    )


class FileForm(forms.Form):
    """A CSV file of vendors."""

    file = forms.FileField(
        label="CSV file",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose a CSV file.",
            "empty": "The file is empty. Choose one with a header and rows.",
        },
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise forms.ValidationError(
                f"The file has {file.size:,} bytes; at most {FILE_LIMIT:,} can be read here. Split it."
            )
        content: bytes = file.read()
        return content
