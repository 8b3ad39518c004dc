"""What the pages behind a link share: nobody keeps a copy, nobody learns the address, and nobody guesses for long.

The link is the credential. The pages need no sign-in and no cookie to be read, and reading changes nothing: mail
scanners open every link, often within seconds, and cannot be told from people (hence RFC 8058 puts its action on POST).
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.client import network_of
from accounts.throttle import tries

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
GUESSES_A_MINUTE = 20


class LinkToken:
    """The token at the end of an address, whatever a mail program hung on it: a slash, a stop, the > of <https://…>."""

    regex = "(?s:.*)"

    def to_python(self, value: str) -> str:
        found = re.search("[A-Za-z0-9_-]+", value)
        return found[0] if found else ""

    def to_url(self, value: str) -> str:
        return value


def behind_link(view: View[P]) -> View[P]:
    """A page at a secret address: GET, HEAD and POST only, never stored, never named to another site or a search
    engine."""
    answered: View[P] = require_http_methods(["GET", "HEAD", "POST"])(view)

    @wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = answered(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        # "no-referrer" makes browsers send "Origin: null" with our own forms (Fetch, 3.2), which CSRF checks refuse.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return page


def unknown_link(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """The answer to a link that opens nothing: 404, and 429 to who tries more than 20 of them in a minute.

    Only wrong links count. A right one opens from any address at any time, so nobody can lock out an emergency contact.
    """
    if tries("wrong-link", network_of(request)) > GUESSES_A_MINUTE:
        response = render(request, "visitors/too_many_links.html", status=429)
        response["Retry-After"] = "60"
        return response
    return render(request, template, context, status=404)
