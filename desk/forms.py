"""What staff fill in at the desk itself; the forms of the register are vendors.forms."""

from typing import Any
from uuid import uuid4

from django import forms

from vendors.models import SendingServer, Vendor

REASON_LIMIT = 2000  # characters


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

    server = forms.ModelChoiceField(
        SendingServer.objects.none(),
        required=False,
        to_field_name="uid",
        label="What must stop",
        empty_label="Everything: no mail in our name from any server of theirs",
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
        choice = self.fields["server"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  for the type checker
        choice.queryset = vendor.servers.filter(state=SendingServer.State.ACTIVE)
        choice.label_from_instance = lambda server: f"One server: {server}"  # type: ignore[method-assign]
