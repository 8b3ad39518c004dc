"""Asking somebody to sign in: invite, withdraw, accept. Writing the letter is notices' part (notices/invitations.py).

Accepting makes an account, or opens again one that was closed. It never touches an account that is open: a password is
not set, and no role is given, to somebody who can sign in already.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Invitation, Role, User
from journal.actor import Actor
from journal.record import MoveRefused, move, note

LIFETIME = timedelta(days=7)


class InvitationRefused(Exception):
    """Nobody can be invited or taken in as asked; the sentence says why and what to do."""


def invite(
    email: str,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    role: str = "",
    vendor_uid: UUID | None = None,
    member_role: str = "",
    user: User | None = None,
) -> Invitation:
    """A new invitation to the desk (`role`) or to a vendor (`vendor_uid`, `member_role`), good for seven days.

    It takes the place of earlier ones to the same address and the same place. Raises InvitationRefused for a role that
    does not exist, or for the desk when the address has an account already; whether it has one is not told to vendors.
    """
    email = email.strip().lower()
    if vendor_uid is None and role not in Role.values:
        raise InvitationRefused(f"{role!r} is not a role at the desk. Choose one of {', '.join(Role.values)}.")
    if vendor_uid is None and User.objects.filter(email=email, is_active=True).exists():
        raise InvitationRefused(f"{email} can sign in already. Change the role of this person instead.")
    with transaction.atomic():
        for earlier in Invitation.objects.filter(email=email, vendor_uid=vendor_uid, state=Invitation.State.OPEN):
            move(earlier, Invitation.State.WITHDRAWN, by=by, at=at, why="A newer invitation takes its place.")
        invitation = Invitation.objects.create(
            email=email,
            name=name,
            role=role,
            vendor_uid=vendor_uid,
            member_role=member_role,
            created_at=at,
            expires_at=at + LIFETIME,
            invited_by=user,
        )
        note(invitation, "invited", by=by, at=at, role=role, vendor=vendor_uid, member_role=member_role)
    return invitation


def withdraw(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Take it back; its letter may lie in somebody's mailbox, but opens nothing. Raises InvitationRefused when it is
    used already."""
    try:
        move(invitation, Invitation.State.WITHDRAWN, by=by, at=at)
    except MoveRefused as refused:
        raise InvitationRefused("This invitation is no longer open: it was used, or taken back before.") from refused


def accept(invitation: Invitation, *, name: str, password: str, by: Actor, at: datetime) -> User:
    """The account of whoever accepts, open and with this password. One use: of two that try at once, one gets in.

    The caller has checked the password against the validators. Raises InvitationRefused when the invitation has ended
    or the address can sign in already.
    """
    if invitation.expires_at <= at:
        raise InvitationRefused("This invitation has ended. Ask for a new one.")
    with transaction.atomic():
        try:
            move(invitation, Invitation.State.USED, by=by, at=at, changes={"used_at": at})
        except MoveRefused as refused:
            raise InvitationRefused(
                "This invitation was used or taken back. Sign in, or ask for a new one."
            ) from refused
        user = User.objects.filter(email=invitation.email).first() or User(email=invitation.email, is_active=False)
        if user.is_active:
            raise InvitationRefused(f"{invitation.email} can sign in already. Sign in with the password you have.")
        user.name, user.role, user.is_active = name, invitation.role, True
        user.set_password(password)
        user.save()
        note(user, "joined", by=by, at=at, invitation=invitation, role=user.role)
    return user
