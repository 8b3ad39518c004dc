"""Who must have a second factor before the desk opens: everybody with a role, unless an operator relaxes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

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


@dataclass(frozen=True, slots=True)
class Proof:
    """When somebody last proved that it is them, and how: totp, webauthn, recovery_codes or password."""

    at: datetime
    kind: str


def fresh_proof(request: HttpRequest, *, within: timedelta, at: datetime) -> Proof | None:
    """The last second step of this session, if it was taken within that time; None when there is none.

    Where no second step is required and the person has none, the password is the proof.
    """
    user = request.user
    wants_factor = bool(settings.REQUIRE_MFA) or (user.pk is not None and factors_of(user.pk).exists())
    found = None
    for record in get_authentication_records(request, user):
        is_factor = record.get("method") == "mfa"
        if is_factor or (not wants_factor and record.get("method") == "password"):
            moment = datetime.fromtimestamp(record["at"], UTC)
            if moment > at - within and (found is None or moment >= found.at):
                found = Proof(moment, str(record.get("type") or record["method"]))
    return found


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the second step, or sets one up, and from there back here. What was posted is kept by
    nobody: a signature is given anew."""
    kinds = set(factors_of(request.user.pk).values_list("type", flat=True))
    if Authenticator.Type.TOTP in kinds:
        page = "mfa_reauthenticate"
    elif kinds:
        page = "mfa_reauthenticate_webauthn"
    elif settings.REQUIRE_MFA:
        messages.warning(request, "To sign you need a second step besides your password. Set one up, then sign.")
        return redirect(SET_UP)
    else:
        page = "account_reauthenticate"
    return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


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
