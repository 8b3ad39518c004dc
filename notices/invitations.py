"""Inviting somebody: the invitation and its letter, in one transaction. The letter's link is made when it is sent."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import invitations
from accounts.invitations import InvitationRefused
from accounts.models import Invitation, Role, User
from journal.actor import Actor
from notices import links, outbox
from notices.outbox import Recipient
from vendors.models import Member, Vendor

INVITE = "invite"  # the purpose of the link, and the first part of its URL
MOST_OPEN = 20  # invitations of one vendor that may wait at once: our letters are not for its mailings


def invite_to_desk(email: str, *, name: str, role: str, user: User, by: Actor, at: datetime) -> Invitation:
    """Raises InvitationRefused when the address can sign in already."""
    with transaction.atomic():
        invitation = invitations.invite(email, name=name, role=role, user=user, by=by, at=at)
        _write(invitation, f"the desk of {settings.ADVERTISER_NAME}", Role(role).label, user, by, at)
    return invitation


def invite_to_vendor(
    vendor: Vendor, email: str, *, name: str, member_role: str, user: User, by: Actor, at: datetime
) -> Invitation:
    """Raises InvitationRefused when too many invitations of the vendor wait for an answer."""
    if Invitation.objects.open(at).filter(vendor_uid=vendor.uid).exclude(email=email.lower()).count() >= MOST_OPEN:
        raise InvitationRefused(
            f"{MOST_OPEN} invitations of {vendor} wait for an answer. Withdraw one, or wait until one is used."
        )
    with transaction.atomic():
        invitation = invitations.invite(
            email, name=name, vendor_uid=vendor.uid, member_role=member_role, user=user, by=by, at=at
        )
        place = f"the pages of {vendor} at {settings.ADVERTISER_NAME}"
        _write(invitation, place, Member.Role(member_role).label, user, by, at)
    return invitation


def take_back(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    """Withdraw it, with its letter when that has not left. Raises InvitationRefused when it is no longer open."""
    with transaction.atomic():
        invitations.withdraw(invitation, by=by, at=at)
        links.expire(invitation.about, INVITE, at)
        outbox.cancel(invitation.about, "invitation", at=at, why="The invitation was taken back.", by=by)


def _write(invitation: Invitation, place: str, role: str, inviter: User, by: Actor, at: datetime) -> None:
    outbox.write(
        "invitation",
        Recipient(invitation.name, invitation.email),
        key=invitation.about,
        about=invitation.about,
        facts={
            "place": place,
            "role": role,
            "inviter": str(inviter),
            "expires_at": f"{invitation.expires_at:%d %B %Y, %H:%M} UTC",
        },
        at=at,
        link_purpose=INVITE,
    )
