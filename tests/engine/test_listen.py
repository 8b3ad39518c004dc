"""The embedded web server, over a real socket, with and without a proxy before it."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings
from waitress import wasyncore

from accounts.client import ip_of
from engine.embedded import LARGEST_REQUEST, listen


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.scheme} {ip_of(request)}")


urlpatterns = [path("who", who)]
Ask = Callable[..., http.client.HTTPResponse]


@contextmanager
def serving(*, is_behind_proxy: bool) -> Iterator[Ask]:
    server: Any = listen(get_wsgi_application(), "127.0.0.1:0", is_behind_proxy=is_behind_proxy)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()

    def ask(**headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", "/who", headers=named | {"Host": "gate.example.com"})
        return connection.getresponse()

    try:
        yield ask
    finally:
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown()


@pytest.fixture(autouse=True)
def https(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
    settings.ALLOWED_HOSTS = ["gate.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def test_behind_a_tls_proxy_a_page_is_a_page_and_no_redirect(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    with serving(is_behind_proxy=True) as ask:
        answer = ask(X_Forwarded_Proto="https", X_Forwarded_For="6.6.6.6, 192.0.2.7")
        assert (answer.status, answer.read()) == (200, b"https 192.0.2.7")
        assert ask(X_Forwarded_Proto="http").status == 301


def test_without_a_proxy_nobody_is_believed_about_scheme_and_address(settings: Settings) -> None:
    with serving(is_behind_proxy=False) as ask:
        assert ask(X_Forwarded_Proto="https").status == 301
        settings.SECURE_SSL_REDIRECT = False
    with serving(is_behind_proxy=False) as ask:
        answer = ask(X_Forwarded_Proto="https", X_Forwarded_For="6.6.6.6")
        assert (answer.status, answer.read()) == (200, b"http 127.0.0.1")


def test_a_request_longer_than_any_of_ours_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = False
    with serving(is_behind_proxy=False) as ask:
        assert ask(Content_Length=str(LARGEST_REQUEST + 1)).status == 413
