"""Load balancers ask for the health of a machine by its address: no Host header of ours stands in their requests."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class HealthForAnyHost:
    """Middleware: a question about health counts as asked of PUBLIC_URL. Every other page refuses strange hosts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc
        return self.get_response(request)
