"""Which role may do what at the desk, and which scopes let a token do it. The windows ask; nothing here acts."""

from collections.abc import Mapping
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from accounts.models import ApiToken, Role, User


class Right(StrEnum):
    SEE = "see"
    EDIT_VENDORS = "edit_vendors"
    ISSUE_HALT = "issue_halt"
    LIFT_HALT = "lift_halt"
    REVIEW = "review"  # take up, comment, send back, accept, decline; the same of evidence for registrations
    WAIVE = "waive"  # let a stop rule pass, or what a registration does not show
    APPROVE_HEADERS = "approve_headers"  # the advertiser's domains in a vendor's headers
    ATTEST = "attest"  # say what was seen where no machine can look
    SUSPEND_ACCEPTANCE = "suspend_acceptance"  # or withdraw it
    RESUME_ACCEPTANCE = "resume_acceptance"
    MANAGE_LISTS = "manage_lists"  # change the catalogue of blocklists, release a list from quarantine, prove anew
    MANAGE_PEOPLE = "manage_people"
    MANAGE_TOKENS = "manage_tokens"
    PUBLISH_POLICY = "publish_policy"


_REVIEWS = frozenset(  # more shut than open: what a clear look closes is a finding, and never an order
    {Right.SEE, Right.EDIT_VENDORS, Right.REVIEW, Right.ATTEST, Right.SUSPEND_ACCEPTANCE}
)
_OPENS = frozenset({Right.ISSUE_HALT, Right.LIFT_HALT, Right.WAIVE, Right.APPROVE_HEADERS, Right.RESUME_ACCEPTANCE})
_RUNS = frozenset({Right.MANAGE_LISTS})  # what the machine asks, and believes

RIGHTS: Mapping[str, frozenset[Right]] = {
    Role.AUDITOR: frozenset({Right.SEE}),
    Role.REVIEWER: _REVIEWS,
    Role.IT: _REVIEWS | _OPENS | _RUNS,
    Role.ADMINISTRATOR: frozenset(Right),
}

SCOPES: Mapping[str, frozenset[Right]] = {  # no scope gives a machine people or tokens
    ApiToken.Scope.READ: frozenset({Right.SEE}),
    ApiToken.Scope.WRITE: frozenset({Right.EDIT_VENDORS}),
    ApiToken.Scope.HALT: frozenset({Right.ISSUE_HALT, Right.LIFT_HALT}),
}


def has_right(who: User | ApiToken | AnonymousUser, right: Right) -> bool:
    """May they? A token may do what both its role and one of its scopes allow; people of vendors have no rights
    here."""
    if isinstance(who, ApiToken):
        return right in RIGHTS.get(who.role, ()) and any(right in SCOPES.get(scope, ()) for scope in who.scopes)
    return isinstance(who, User) and who.is_active and right in RIGHTS.get(who.role, ())


def usual_scopes(role: str) -> list[str]:
    """The scopes that let a token do everything its role may do."""
    return [scope for scope, rights in SCOPES.items() if rights & RIGHTS.get(role, frozenset())]
