"""What staff fill in about a vendor. The fields clean themselves with vendors.fields; the verbs of the register
say what only the database knows (a name that is taken): `form.add_error(None, refused)` puts that beside the field."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from vendors.aliases import EVIDENCE_LIMIT
from vendors.fields import (
    ALIAS,
    CONTACT,
    DOMAIN,
    NAME_LIMIT,
    SERVER,
    VENDOR,
    Cleaner,
    clean_email,
    clean_name,
    clean_selectors,
)


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


class SelectorsField(forms.CharField):
    """DKIM selectors with commas or blanks between."""

    def clean(self, value: Any) -> list[str]:
        return clean_selectors(re.split(r"[\s,;]+", super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


def name_input() -> forms.TextInput:
    """For the name of somebody else than who types."""
    return forms.TextInput(attrs={"autocomplete": "off", "maxlength": NAME_LIMIT})


def exact_input() -> forms.TextInput:
    """For what no dictionary spells: addresses, host names, selectors."""
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})


class VendorForm(forms.Form):
    """A new vendor, or another name for one."""

    name = CleanedField(
        VENDOR["name"],
        required_sentence="Write the vendor's name.",
        help_text="As it stands in the contract.",
        widget=name_input(),
    )


class ServerForm(forms.Form):
    """A sending server. With `fixed_address` the address is not asked for: another address is another server."""

    address = CleanedField(
        SERVER["address"],
        label="IP address",
        required_sentence="Write the server's IP address, for example 198.51.100.25.",
        help_text="IPv4 or IPv6, one address.",
        widget=exact_input(),
    )
    hostname = CleanedField(
        SERVER["hostname"],
        label="Host name",
        help_text="The name that its reverse DNS should give, like mail.example.com.",
        widget=exact_input(),
    )
    helo = CleanedField(
        SERVER["helo"],
        label="HELO name",
        help_text="How it greets other servers, if that differs from the host name.",
        widget=exact_input(),
    )

    def __init__(self, *args: Any, fixed_address: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if fixed_address:
            del self.fields["address"]


class DomainForm(forms.Form):
    """A domain in whose name a vendor sends. With `fixed_name` the name is not asked for: another name is another
    domain."""

    name = CleanedField(
        DOMAIN["name"],
        label="Domain",
        required_sentence="Write the domain, for example example.com.",
        help_text="As it stands in headers and links, without www and without https://.",
        widget=exact_input(),
    )
    uses = forms.MultipleChoiceField(
        label="What is it used for?",
        required=False,
        choices=[
            ("header", "Addresses in headers: From, Reply-To, Errors-To"),
            ("return_path", "Return-Path, where bounces go"),
            ("dkim", "DKIM signatures"),
            ("link", "Links and pictures"),
            ("dns", "Names of servers"),
        ],
        widget=forms.CheckboxSelectMultiple,
        help_text="SPF, DKIM, DMARC and MX are looked at for the first three only.",
    )
    selectors = SelectorsField(
        label="DKIM selectors",
        required=False,
        help_text="What stands after s= in a DKIM-Signature. Several with commas between.",
        widget=exact_input(),
    )
    opt_out_url = CleanedField(
        DOMAIN["opt_out_url"],
        label="Opt-out page",
        help_text="Where the vendor says that people opt out, like https://www.example.com/unsubscribe.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )

    def __init__(self, *args: Any, fixed_name: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if fixed_name:
            del self.fields["name"]


class AliasForm(forms.Form):
    """Another name of a vendor, and what shows that it is theirs."""

    name = CleanedField(
        ALIAS["name"],
        required_sentence="Write the name.",
        help_text="The legal name, a brand, the parent company: as it stands in registers.",
        widget=name_input(),
    )
    evidence = forms.CharField(
        label="What shows that it is theirs?",
        max_length=EVIDENCE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where you saw it, and when. Kept in the journal.",
        error_messages={
            "required": "Write what shows that the name is the vendor's: where you saw it, and when.",
            "max_length": f"Keep the evidence under {EVIDENCE_LIMIT:,} characters.",
        },
    )


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
        widget=name_input(),
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
        widget=name_input(),
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
