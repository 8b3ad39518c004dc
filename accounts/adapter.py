"""What allauth does our way: nobody signs up, links name our own address, and signing in and out is in the journal."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import refusals, second_factor
from accounts.client import ip_of, network_of
from accounts.models import User
from journal.record import note

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        if isinstance(user, User):
            note(user, "signed in", by=user.actor(ip_of(request)), at=timezone.now())
            if second_factor.is_missing(user):  # the page that sets one up need not ask again for the same password
                reauthenticate_by_password(request)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            note(user, "signed out", by=user.actor(ip_of(request)), at=timezone.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What `login_failed` counts under. Not the Host header, as allauth would: its port is anybody's choice."""
        return f"{network_of(request)} {_email(credentials)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; a success takes it back. Raises ValidationError past a limit (accounts/conf.py)."""
        try:
            super().pre_authenticate(request, **credentials)
            anywhere = ratelimit.consume(
                request, app="allauth.account", action="login_failed_anywhere", key=_email(credentials)
            )
            if anywhere is None:
                raise self.validation_error("too_many_login_attempts")
        except ValidationError:
            log.warning("too many refused sign-ins: one more from %s", ip_of(request) or "an unknown address")
            raise
        self._login_failed_rl_usage.usage += anywhere.usage

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the refusal, for an address that nobody has too: the same work, so that the time tells nothing."""
        refusals.record(request, User.objects.filter(email=_email(credentials)).first(), "sign-in refused")

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """By the address on the account: there are no others."""
        found = self.authenticate(context.request, email=user.get_username(), password=password)
        return found is not None and found.pk == user.pk

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under PUBLIC_URL, never under the Host header of whoever asked."""
        user, _, secret = key.partition("-")
        return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": secret})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down is the operator's to mend; whoever asked gets the same page either way."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException):
            log.exception("the mail %s could not be sent", template_prefix)


def _email(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()
