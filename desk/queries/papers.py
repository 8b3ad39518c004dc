"""What a vendor told us, what we accepted, and who signs in for them: the paper part of the vendor's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Invitation
from questionnaires.header_approvals import in_force
from questionnaires.models import Acceptance, HeaderApproval, Submission
from vendors.models import Member, Vendor

ROWS = 5  # of each; the lists behind them hold the rest


@dataclass(frozen=True, slots=True)
class Papers:
    """The newest of each; approvals are those in force."""

    submissions: Sequence[Submission]
    acceptances: Sequence[Acceptance]
    approvals: Sequence[HeaderApproval]
    members: Sequence[Member]
    invitations: Sequence[Invitation]


def papers(vendor: Vendor, at: datetime) -> Papers:
    """In five queries."""
    members = Member.objects.filter(vendor=vendor, user__is_active=True).select_related("user")
    return Papers(
        submissions=list(Submission.objects.filter(vendor=vendor)[:ROWS]),
        acceptances=list(Acceptance.objects.filter(vendor=vendor).defer("scope")[:ROWS]),
        approvals=list(in_force(at.date()).filter(vendor=vendor)),
        members=list(members.order_by("-role", "user__name")),
        invitations=list(Invitation.objects.open(at).filter(vendor_uid=vendor.uid)[:ROWS]),
    )
