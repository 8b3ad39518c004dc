"""Who must have a second factor before the desk opens: everybody with a role, unless an operator relaxes it."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User

STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are not a second factor
SET_UP = "mfa_index"
ASK = "Set up a second step first. The desk opens only to people who sign in with two."


def is_missing(user: User) -> bool:
    """Staff without an authenticator app or a passkey, where one is required."""
    return settings.REQUIRE_MFA and user.is_staff and not is_mfa_enabled(user, STRONG)


def is_open_without(view_name: str) -> bool:
    """Pages that open all the same: those for everybody, signing out, and setting the second factor up."""
    return view_name.startswith(("public:", "mfa_")) or view_name in {"account_logout", "account_reauthenticate"}


class SecondFactor:
    """Middleware: staff without a second factor get to the page that sets one up, and no further."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or is_open_without(match.view_name):  # asks the cheap question first: health needs no session
            return None
        if not isinstance(request.user, User) or not is_missing(request.user):
            return None
        messages.warning(request, ASK)
        return redirect(SET_UP)
