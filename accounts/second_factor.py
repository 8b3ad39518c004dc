"""Who must have a second factor before the desk opens: everybody with a role, unless an operator relaxes it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import refusals
from accounts.models import User
from journal.actor import Actor
from journal.record import note

STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are not a second factor
SET_UP = "mfa_index"
ASK = "Set up a second step first. The desk opens only to people who sign in with two."


def is_missing(user: User) -> bool:
    """Staff without an authenticator app or a passkey, where one is required."""
    return bool(settings.REQUIRE_MFA) and user.is_staff and not factors_of(user.pk).exists()


def factors_of(user_pk: Any) -> QuerySet[Authenticator]:
    """The apps and passkeys of a person, by primary key or by a reference to one in an outer query."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user_pk, type__in=STRONG)
    return found


def forget(user: User, *, by: Actor, at: datetime, why: str = "") -> None:
    """Take away all factors and recovery codes of somebody who has lost theirs; they set up new ones."""
    with transaction.atomic():
        if Authenticator.objects.filter(user_id=user.pk).delete()[0]:
            note(user, "second factor forgotten", by=by, at=at, why=why)


def record_refusal(request: HttpRequest, user: User, **_: Any) -> None:
    """A wrong code was typed by somebody who has the password already. Called by allauth's signal."""
    refusals.record(request, user, "second step refused")


def is_open_without(view_name: str) -> bool:
    """Pages that open all the same: those for everybody, signing out, and setting the second factor up."""
    return view_name.startswith(("visitors:", "mfa_")) or view_name in {"account_logout", "account_reauthenticate"}


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
