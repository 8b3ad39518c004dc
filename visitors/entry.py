"""Letting somebody in right after they got their account, through the same steps as any sign-in."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import second_factor
from accounts.models import User


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Sign `user` in and send them on: staff without a second factor to set one up, everybody else to their window.

    An account that was closed and has a second factor from before is asked for it.
    """
    request.session.flush()  # whoever was signed in here before is not any more
    onward = second_factor.SET_UP if second_factor.is_missing(user) else "home"
    login = Login(user=user, email=user.email, redirect_url=reverse(onward))
    response: HttpResponse = perform_password_login(request, {"email": user.email}, login)
    return response
