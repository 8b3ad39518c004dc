"""Who is signed in, for the windows behind a sign-in; and asking them once more for what only they know."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.client import ip_of
from accounts.models import User
from journal.actor import Actor

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Who is signed in; only behind a guard that sends strangers to sign in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def actor(request: HttpRequest) -> Actor:
    """The same person, as the journal names them."""
    return person(request).actor(ip_of(request))


def proved_anew(view: View) -> View:
    """A page that opens only to who gave the password, or a second step, within the last five minutes: a browser that
    was left open, or a stolen session, must not be enough. What was sent meanwhile is kept, and done afterwards."""
    guarded: View = reauthentication_required(view)
    return guarded


def proved_anew_to_send(view: View) -> View:
    """The same for a page that may be read without."""
    guarded: View = reauthentication_required(view, allow_get=True)
    return guarded
