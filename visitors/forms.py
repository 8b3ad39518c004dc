"""The forms of pages on which somebody gets an account."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from vendors.fields import clean_email, clean_name


class AccountForm(forms.Form):
    """A name and a password for `email`, which the invitation has proved."""

    name = forms.CharField(
        label="Your name",
        help_text="As others should read it beside what you do here.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    password = forms.CharField(
        label="Password",
        help_text="At least 12 characters. A few unrelated words are easy to remember and hard to guess.",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password.", "max_length": "A password may have 200 characters."},
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proved_email = email

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if len(name) > 150:
            raise ValidationError(f"This name has {len(name)} characters. Enter at most 150.")
        return name

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if "password" in found:
            owner = User(email=found.get("email", self.proved_email), name=found.get("name", ""))
            try:
                validate_password(found["password"], owner)
            except ValidationError as weak:
                self.add_error("password", weak)
        return found


class FoundingForm(AccountForm):
    """The same for the first administrator, who also says which address is theirs."""

    email = forms.CharField(
        label="Email address",
        help_text="You sign in with it.",
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Enter your email address."},
    )
    field_order = ("email", "name", "password")

    def clean_email(self) -> str:
        return clean_email(self.cleaned_data["email"]).lower()
