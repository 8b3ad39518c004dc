"""What staff fill in about a vendor. The fields clean themselves with vendors.fields; the verbs of vendors.register
say what only the database knows (a name that is taken): `form.add_error(None, refused)` puts that beside the field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from vendors.fields import CONTACT, NAME_LIMIT, SERVER, VENDOR, Cleaner, clean_email, clean_name


class CleanedField(forms.CharField):
    """A line of text that `clean_with` turns into its stored spelling."""

    def __init__(self, clean_with: Cleaner, *, required_sentence: str = "", **options: Any) -> None:
        if required_sentence:
            options["error_messages"] = {"required": required_sentence}
        super().__init__(required=bool(required_sentence), **options)
        self.clean_with = clean_with

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        return self.clean_with(text) if text else ""


class VendorForm(forms.Form):
    """A new vendor, or another name for one."""

    name = CleanedField(
        VENDOR["name"],
        required_sentence="Write the vendor's name.",
        help_text="As it stands in the contract.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": NAME_LIMIT}),
    )


class ServerForm(forms.Form):
    """A sending server. With `fixed_address` the address is not asked for: another address is another server."""

    address = CleanedField(
        SERVER["address"],
        label="IP address",
        required_sentence="Write the server's IP address, for example 198.51.100.25.",
        help_text="IPv4 or IPv6, one address.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    hostname = CleanedField(
        SERVER["hostname"],
        label="Host name",
        help_text="The name that its reverse DNS should give, like mail.example.com.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    helo = CleanedField(
        SERVER["helo"],
        label="HELO name",
        help_text="How it greets other servers, if that differs from the host name.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, fixed_address: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if fixed_address:
            del self.fields["address"]


class PersonForm(forms.Form):
    """Somebody who is invited to sign in; windows add what they are invited to."""

    name = forms.CharField(label="Name", max_length=150, error_messages={"required": "Enter the name."})
    email = forms.CharField(
        label="Email address",
        help_text="The invitation goes there. It is also the name to sign in with.",
        widget=forms.EmailInput(),
        error_messages={"required": "Enter the email address."},
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        return clean_email(self.cleaned_data["email"])


def rank_field() -> forms.IntegerField:
    """The place of a contact in the order of telling; left empty, after those who are there."""
    return forms.IntegerField(
        label="Rank",
        required=False,
        min_value=1,
        max_value=99,
        help_text="The lowest is told first; the others are back-ups. Left empty, they come after those who are there.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Write a whole number, 1 for who is told first.",
            "min_value": "Write 1 or more: 1 is told first.",
            "max_value": "Write 99 or less.",
        },
    )


class ContactForm(forms.Form):
    """A person of a vendor, and whether they are told of halt orders."""

    name = CleanedField(
        CONTACT["name"],
        required_sentence="Write the contact's name.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": NAME_LIMIT}),
    )
    email = CleanedField(
        CONTACT["email"],
        label="Email",
        required_sentence="Write the contact's email address. Orders go there.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = CleanedField(
        CONTACT["phone"],
        label="Telephone",
        help_text="With + and the country code, like +44 20 7946 0958. Without it nobody can be called at night.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    is_emergency = forms.BooleanField(
        required=False,
        initial=True,
        label="Emergency abuse contact",
        help_text="Gets halt orders, at any hour.",
    )
    has_authority = forms.BooleanField(
        required=False,
        label="Has the authority to stop mailings",
        help_text="Tick it only if the vendor told us so.",
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("has_authority") and not values.get("is_emergency"):
            raise ValidationError(
                {"is_emergency": "Who has the authority to stop mailings is told of halt orders: tick this too."}
            )
        return values


class OwnContactForm(forms.Form):
    """An emergency contact, as the vendor's own people fill it in: there is no other kind, and they can be called."""

    name = CleanedField(
        CONTACT["name"],
        required_sentence="Write the name of the person.",
        help_text="One person, not a team: somebody has to say yes in their own name.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": NAME_LIMIT}),
    )
    email = CleanedField(
        CONTACT["email"],
        label="Email",
        required_sentence="Write the person's email address. Halt orders go there.",
        help_text="Read at any hour at which you send mail for us.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = CleanedField(
        CONTACT["phone"],
        label="Telephone",
        required_sentence="Write a telephone number at which the person can be reached at any hour.",
        help_text="With + and the country code, like +44 20 7946 0958. We call it once to see that it works.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    rank = rank_field()
