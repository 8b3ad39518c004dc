"""The people of the desk and of vendors: the first administrator, roles, closing and opening an account.

An account is never deleted: what its owner did stays theirs. Every change takes effect with the next request.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import Role, User
from journal.actor import Actor
from journal.record import note


class PersonRefused(Exception):
    """The account cannot be changed as asked; the sentence says why and what to do."""


def has_administrator() -> bool:
    """Somebody can manage people and tokens."""
    return User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists()


def found(email: str, *, name: str, password: str, by: Actor, at: datetime) -> User:
    """The first administrator. Raises PersonRefused when there is one, or when the address has an account.

    The caller has checked the password against the validators.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name, role=Role.ADMINISTRATOR)
            note(user, "founded", by=by, at=at, role=user.role)  # holds the journal's head, so of two one counts first
            if User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk).exists():
                raise PersonRefused("There is an administrator already. Ask them for an invitation.")
    except IntegrityError as taken:
        raise PersonRefused(f"{email} has an account already. Use another address.") from taken
    return user


def change_role(user: User, role: str, *, by: Actor, at: datetime) -> None:
    """Give somebody at the desk another role; this ends their sessions. Raises PersonRefused for people of vendors, for
    an unknown role, and for the last administrator."""
    if role not in Role.values:
        raise PersonRefused(f"{role!r} is not a role at the desk. Choose one of {', '.join(Role.values)}.")
    if not user.is_staff:
        raise PersonRefused(f"{user} belongs to a vendor. Close this account and invite another address to the desk.")
    with transaction.atomic():
        if role != Role.ADMINISTRATOR:
            _refuse_last_administrator(user)
        before = user.role
        if User.objects.filter(pk=user.pk).exclude(role=role).update(role=role):
            user.role = role
            note(user, "role changed", by=by, at=at, before=before, role=role)


def deactivate(user: User, *, by: Actor, at: datetime, why: str = "") -> None:
    """Close the account: its owner is signed out and cannot sign in. Raises PersonRefused for the last
    administrator."""
    with transaction.atomic():
        _refuse_last_administrator(user)
        if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
            user.is_active = False
            note(user, "deactivated", by=by, at=at, why=why)


def reactivate(user: User, *, by: Actor, at: datetime) -> None:
    """Open the account again, with the password and the second factor it had."""
    with transaction.atomic():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            user.is_active = True
            note(user, "reactivated", by=by, at=at)


def _refuse_last_administrator(user: User) -> None:
    """The rows are locked, so that two administrators cannot each remove the other at the same moment."""
    administrators = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True)
    if [one.pk for one in administrators] == [user.pk]:
        raise PersonRefused(f"{user} is the last administrator. Make somebody else one first.")
