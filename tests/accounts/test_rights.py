import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from accounts.rights import Right, has_right

ALL = set(Right)
REVIEWS = {Right.SEE, Right.EDIT_VENDORS, Right.REVIEW, Right.ATTEST, Right.SUSPEND_ACCEPTANCE}


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("", set()),
        (Role.AUDITOR, {Right.SEE}),
        (Role.REVIEWER, REVIEWS),
        (
            Role.IT,
            REVIEWS
            | {Right.ISSUE_HALT, Right.LIFT_HALT, Right.WAIVE, Right.APPROVE_HEADERS, Right.RESUME_ACCEPTANCE}
            | {Right.MANAGE_LISTS},
        ),
        (Role.ADMINISTRATOR, ALL),
    ],
)
def test_each_role_may_do_this_and_no_more(role: str, rights: set[Right]) -> None:
    assert {right for right in Right if has_right(User(role=role), right)} == rights


def test_a_closed_account_and_nobody_may_do_nothing() -> None:
    assert not any(has_right(User(role=Role.ADMINISTRATOR, is_active=False), right) for right in Right)
    assert not any(has_right(AnonymousUser(), right) for right in Right)
