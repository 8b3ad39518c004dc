"""Who acts for which vendor: join, leave, and accepting an invitation. A person acts for one vendor at most."""

from datetime import datetime

from django.db import transaction

from accounts import invitations
from accounts.invitations import InvitationRefused
from accounts.models import Invitation, User
from journal.actor import Actor
from journal.record import note
from vendors.models import Member, Vendor


class JoinRefused(Exception):
    """The person cannot act for the vendor; the sentence says why and what to do."""


def join(vendor: Vendor, user: User, role: str, *, by: Actor, at: datetime) -> Member:
    """The membership, new or as it is. Raises JoinRefused for staff and for people of another vendor."""
    if user.is_staff:
        raise JoinRefused(f"{user} belongs to the desk and cannot act for a vendor. Use another email address.")
    with transaction.atomic():
        member, is_new = Member.objects.select_related("vendor").get_or_create(
            user=user, defaults={"vendor": vendor, "role": role}
        )
        if member.vendor_id != vendor.pk:
            raise JoinRefused(f"{user} already acts for another vendor. Use another email address.")
        if is_new:
            note(vendor, "member joined", by=by, at=at, user=user, role=role)
    return member


def leave(user: User, *, by: Actor, at: datetime) -> None:
    """End whatever membership `user` has."""
    with transaction.atomic():
        for member in Member.objects.filter(user=user).select_related("vendor"):
            member.delete()
            note(member.vendor, "member left", by=by, at=at, user=user)


def accept(invitation: Invitation, *, name: str, password: str, by: Actor, at: datetime) -> User:
    """Accept an invitation to the desk or to a vendor: account and membership, or neither.

    Raises InvitationRefused with the sentence for whoever holds the invitation.
    """
    with transaction.atomic():
        user = invitations.accept(invitation, name=name, password=password, by=by, at=at)
        vendor = inviting_vendor(invitation)
        if vendor is None:
            leave(user, by=by, at=at)  # a closed account of a vendor's may come back at the desk
            return user
        try:
            join(vendor, user, invitation.member_role, by=by, at=at)
        except JoinRefused as refused:
            raise InvitationRefused(str(refused)) from refused
    return user


def inviting_vendor(invitation: Invitation) -> Vendor | None:
    """The vendor that an invitation leads to; None for one to the desk. Raises InvitationRefused when the vendor no
    longer sends for us."""
    if invitation.vendor_uid is None:
        return None
    vendor = Vendor.objects.filter(uid=invitation.vendor_uid, state=Vendor.State.ACTIVE).first()
    if vendor is None:
        raise InvitationRefused("The vendor that invited you no longer sends for us. There is nothing to sign in to.")
    return vendor
