"""IT's approval, in writing, that a vendor uses one of the advertiser's domains in message headers (R11).

Approve, revoke, and ask which are in force on a day. An approval lets nobody mail by itself: the header has to be in an
accepted scope as well, and the gate asks both.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from journal.actor import Actor
from journal.record import note, turn
from notices import outbox
from notices.clockface import write_moment
from notices.confirmations import owners
from notices.outbox import Recipient
from questionnaires.models import Acceptance, HeaderApproval
from vendors.fields import clean_hostname
from vendors.models import Vendor

LONGEST = timedelta(days=366)  # of one approval; then somebody looks again
LONGEST_REASON = 2000  # characters


class ApprovalRefused(Exception):
    """Nothing was changed; the sentence says why."""


def approve(
    vendor: Vendor,
    domain: str,
    reason: str,
    since: date,
    until: date,
    *,
    own_domains: Iterable[str],
    by: Actor,
    at: datetime,
) -> HeaderApproval:
    """Approve `domain`, one of the advertiser's `own_domains` or a name below one, from one day to another, both
    included. Raises ApprovalRefused, or ValidationError for what is no host name."""
    name = clean_hostname(domain)
    own = sorted(one.lower().rstrip(".") for one in own_domains)
    if not any(name == one or name.endswith(f".{one}") for one in own):
        known = f"Those are {', '.join(own)}, and all names below." if own else "SLUICE_ADVERTISER_DOMAINS names none."
        raise ApprovalRefused(f"{name} is no domain of ours, so it needs no approval. {known}")
    if not reason.strip():
        raise ApprovalRefused("Write what it is for. The vendor reads it in the letter.")
    if until < since:
        raise ApprovalRefused(f"It would end on {until}, before it begins on {since}. Choose a later end.")
    if until < at.date():
        raise ApprovalRefused(f"{until} is past. Choose a day to come.")
    if until - since > LONGEST:
        raise ApprovalRefused(f"An approval lasts a year at most: from {since} to {since + LONGEST}.")
    with turn():
        approval = HeaderApproval.objects.create(
            vendor=vendor, domain=name, reason=reason.strip()[:LONGEST_REASON], since=since, until=until, at=at,
            by=by.name,
        )  # fmt: skip
        note(approval, "approved", by=by, at=at, why=approval.reason, vendor=vendor, domain=name, since=since,
             until=until)  # fmt: skip
    return approval


def revoke(approval: HeaderApproval, why: str, *, by: Actor, at: datetime) -> None:
    """It ends now, and the vendor is told. To revoke it again is no fault, and tells nobody."""
    reason = why.strip()[:LONGEST_REASON]
    if not reason:
        raise ApprovalRefused("Write why it is revoked. The vendor reads it.")
    with turn():
        standing = HeaderApproval.objects.filter(pk=approval.pk, revoked_at=None)
        if standing.update(revoked_at=at, revoked_why=reason):
            note(approval, "revoked", by=by, at=at, why=reason)
            approval.refresh_from_db()
            _tell(approval, at)
    approval.refresh_from_db()


def _tell(approval: HeaderApproval, at: datetime) -> None:
    """To the owners, and to the address that written acceptance goes to."""
    letter = Acceptance.objects.counting(approval.vendor).first()
    people = owners(approval.vendor) + ([Recipient(letter.to_name, letter.to_email)] if letter else [])
    for recipient in {one.email.lower(): one for one in people}.values():
        outbox.write(
            "approval_revoked",
            recipient,
            key=f"{approval.about}:revoked:{recipient.email.lower()}",
            about=approval.about,
            facts={
                "number": approval.number,
                "vendor": approval.vendor.name,
                "domain": approval.domain,
                "reason": approval.revoked_why,
                "revoked_at": write_moment(at, "minute"),
                "portal": f"{settings.PUBLIC_URL}/portal/",
            },
            at=at,
        )


def in_force(day: date) -> QuerySet[HeaderApproval]:
    """Those that count on that day."""
    return HeaderApproval.objects.filter(revoked_at=None, since__lte=day, until__gte=day)


def ended(day: date) -> QuerySet[HeaderApproval]:
    """Revoked, or past."""
    return HeaderApproval.objects.filter(Q(revoked_at__isnull=False) | Q(until__lt=day))
