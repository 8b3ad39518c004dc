"""What allauth does our way: nobody signs up, links name our own address, and signing in and out is in the journal."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.client import ip_of
from accounts.models import User
from journal.actor import Actor
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

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note the refusal, for an address that nobody has too: the same work, so that the time tells nothing."""
        email = str(credentials.get("email", "")).strip().lower()
        user = User.objects.filter(email=email).first() or User(pk=0)
        note(user, "sign-in refused", by=Actor("nobody", "not signed in", ip_of(request)), at=timezone.now())

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
