"""Who calls, and may they? Bearer tokens only (RFC 6750): no cookie is read, so no other site can borrow a session."""

import logging
from http import HTTPStatus

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from accounts import tokens
from accounts.client import ip_of
from accounts.models import ApiToken
from accounts.rights import RIGHTS, SCOPES, Right, has_right
from api.problems import Problem
from journal.actor import Actor

DEEDS = {
    Right.SEE: "read",
    Right.EDIT_VENDORS: "add or edit vendors",
    Right.ISSUE_HALT: "issue halt orders",
    Right.LIFT_HALT: "lift halt orders",
}
log = logging.getLogger(__name__)


class ApiRequest(HttpRequest):
    """A request that a token was accepted for."""

    auth: ApiToken


class Bearer(HttpBearer):
    """Lets a live token with all of `rights` in; raises Problem (401, 403) for others."""

    def __init__(self, *rights: Right) -> None:
        super().__init__()
        self.rights = rights

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        found = tokens.find(token, timezone.now())
        if found is None:
            log.warning("a token was refused from %s", ip_of(request) or "an unknown address")
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "token-refused",
                "The token is mistyped, expired or revoked. IT makes a new one with manage.py create-token.",
                headers={"WWW-Authenticate": 'Bearer realm="sluice", error="invalid_token"'},
            )
        for right in self.rights:
            if not has_right(found, right):
                log.warning("token %s may not %s", found.public_id, DEEDS[right])
                raise _refusal(found, right)
        return found


def actor(request: ApiRequest) -> Actor:
    """Who calls, as the journal names them."""
    return request.auth.actor(ip_of(request))


def _refusal(token: ApiToken, right: Right) -> Problem:
    scope = next(str(scope) for scope, rights in SCOPES.items() if right in rights)
    why = (
        f"It lacks the scope {scope}."
        if right in RIGHTS.get(token.role, ())
        else f"Its role is {token.role}, which may not."
    )
    return Problem(
        HTTPStatus.FORBIDDEN,
        "not-allowed",
        f"This token may not {DEEDS[right]}. {why} Use a token that may.",
        headers={"WWW-Authenticate": f'Bearer realm="sluice", error="insufficient_scope", scope="{scope}"'},
    )
