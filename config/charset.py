"""Requests speak UTF-8. A form that says otherwise is answered with 400.

Every browser posts in the charset of the page, which is UTF-8. Python knows charsets that make characters which no
database keeps, such as halves of a pair ("unicode_escape"), and Django would believe a request that names one.
"""

import codecs
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

SPOKEN = {"utf-8", "ascii"}


class OnlyUtf8:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.encoding and codecs.lookup(request.encoding).name not in SPOKEN:
            raise BadRequest(f"{request.encoding} is not UTF-8.")
        return self.get_response(request)
