"""Every error of the API as problem details (RFC 9457): what is wrong, where, and what to do, in one shape.

`Problem` is raised by whoever finds the fault; `install` teaches the API to answer with it, and to turn the faults of
others (pydantic, Django, a verb that refuses) into it. `ProblemMiddleware` catches what never reaches an operation: an
unknown path, a wrong method, a failure in another middleware. Nothing of our inside is ever told.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaRefused

from halts.orders import OrderRefused

ROOT = "/api/"
MEDIA_TYPE = "application/problem+json"
URN = "urn:sluice:problem:"
TITLES = {
    "invalid": "What was sent is not valid",
    "unreadable": "What was sent is not JSON",
    "token-missing": "A token is needed",
    "token-refused": "The token is not accepted",
    "not-allowed": "The token may not do this",
    "not-found": "There is no such thing",
    "key-reused": "The idempotency key belongs to another request",
    "refused": "This is not possible now",
}
API_NAMES = {"is_emergency": "emergency", "has_authority": "authority", NON_FIELD_ERRORS: ""}
SENTENCES = {  # pydantic's error types in our words; {…} are filled from the error's context
    "missing": "This is required.",
    "extra_forbidden": "This is not known here. Leave it out, or check its spelling.",
    "value_error": "{error}",
    "string_unicode": "This holds half a character. Check how it is encoded.",
    "string_type": "This must be text.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_from_float": "This must be a whole number.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
    "string_too_short": "This must not be empty.",
    "string_too_long": "This may have {max_length} characters at most.",
    "list_type": "This must be a list.",
    "too_long": "This may have {max_length} items at most.",
    "literal_error": "This must be one of {expected}.",
    "model_attributes_type": "The body must be a JSON object.",
    "model_type": "The body must be a JSON object.",
    "dict_type": "The body must be a JSON object.",
}
log = logging.getLogger(__name__)


class Problem(Exception):
    """An answer that is an error. `kind` is a key of TITLES, or empty when the status says it all; `errors` are
    (field, sentence) pairs."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.errors = errors
        self.headers = headers or {}

    @classmethod
    def of_field(cls, field: str, sentence: str) -> "Problem":
        """One field of the request is at fault."""
        return cls.of_fields([(field, sentence)])

    @classmethod
    def of_fields(cls, errors: Sequence[tuple[str, str]]) -> "Problem":
        detail = " ".join(f"{field}: {sentence}" if field else sentence for field, sentence in errors)
        return cls(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, errors=errors)

    def response(self) -> HttpResponse:
        status = HTTPStatus(self.status)
        body: dict[str, Any] = {
            "type": f"{URN}{self.kind}" if self.kind else "about:blank",
            "title": TITLES.get(self.kind, status.phrase),
            "status": int(status),
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [{"field": field, "sentence": sentence} for field, sentence in self.errors]
        content = json.dumps(body, ensure_ascii=False)
        return HttpResponse(
            content, status=status, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", **self.headers}
        )


GENERAL = {
    HTTPStatus.BAD_REQUEST: "The request could not be read.",
    HTTPStatus.NOT_FOUND: f"Nothing is at this address. {ROOT}v1/openapi.json lists what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not know that method. The Allow header lists those it knows.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large. Send less at once.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something failed on our side. Nothing was half done; try again, then tell IT.",
}


def general(status: int) -> Problem:
    """A problem that says no more than its status does (RFC 9457, 4.2.1)."""
    return Problem(status, "", GENERAL.get(HTTPStatus(status), HTTPStatus(status).phrase))


class ProblemMiddleware:
    """Answers below /api/ that are errors in another shape become problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_error = response.status_code >= HTTPStatus.BAD_REQUEST
        if not is_error or not request.path.startswith(ROOT) or response.headers["Content-Type"] == MEDIA_TYPE:
            return response
        problem = general(response.status_code).response()
        if "Allow" in response.headers:  # RFC 9110, 15.5.6: a 405 lists the methods
            problem.headers["Allow"] = response.headers["Allow"]
        return problem


def install(api: NinjaAPI) -> None:
    """Make `api` answer every exception of an operation with a problem."""
    answers: dict[type[Exception], Callable[[HttpRequest, Any], Problem]] = {
        Problem: lambda _, problem: problem,
        SchemaRefused: lambda _, refused: Problem.of_fields([_from_pydantic(error) for error in refused.errors]),
        ValidationError: lambda _, refused: Problem.of_fields(_from_django(refused)),
        OrderRefused: lambda _, refused: Problem(HTTPStatus.CONFLICT, "refused", str(refused)),
        AuthenticationError: lambda _, __: no_token(),
        HttpError: lambda _, error: Problem(error.status_code, "unreadable", "The body could not be read as JSON."),
        RequestDataTooBig: lambda _, __: general(HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        SuspiciousOperation: lambda _, __: general(HTTPStatus.BAD_REQUEST),
        Exception: _unforeseen,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, _answering(answer))


def _answering(answer: Callable[[HttpRequest, Any], Problem]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda request, error: answer(request, error).response()


def no_token() -> Problem:
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        "token-missing",
        "Send a token in the header Authorization: Bearer sluice_…. IT makes one with manage.py create-token.",
        headers={"WWW-Authenticate": 'Bearer realm="sluice"'},
    )


def _unforeseen(request: HttpRequest, error: Exception) -> Problem:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return general(HTTPStatus.INTERNAL_SERVER_ERROR)


def _from_django(refused: ValidationError) -> list[tuple[str, str]]:
    if not hasattr(refused, "error_dict"):
        return [("", sentence) for sentence in refused.messages]
    return [
        (API_NAMES.get(field, field), sentence)
        for field, sentences in refused.message_dict.items()
        for sentence in sentences
    ]


def _from_pydantic(error: Mapping[str, Any]) -> tuple[str, str]:
    """`loc` is (source, parameter, field…); the body's parameter is always called `body` and says nothing."""
    path = [str(part) for part in error["loc"][1:]]
    field = ".".join(path[1:] if path[:1] == ["body"] else path)
    sentence = SENTENCES.get(error["type"])
    return field, sentence.format(**error.get("ctx", {})) if sentence else f"{error['msg']}."
