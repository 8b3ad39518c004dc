"""Amendments of the policy: what a vendor has yet to agree to, and beginning the form by which it does.

From the day a material version is published, each vendor with a standing acceptance gets one short form and a letter.
That its gate shuts on the day the version counts is found by the gate, not done here: nothing has to happen for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from journal.actor import ENGINE
from journal.record import turn
from notices import outbox
from notices.clockface import write_moment
from notices.confirmations import owners
from policies.difference import Difference, compare
from policies.models import PolicyVersion
from policies.versions import in_force
from questionnaires import renewals
from questionnaires.models import Acceptance, Decision, Reminder, Signature, Submission
from questionnaires.once import key_of, keyed, once
from vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a vendor with a standing acceptance has yet to agree to."""

    version: PolicyVersion  # the newest material one
    agreed: PolicyVersion  # the last one that the vendor signed under
    since: datetime  # when the first of what was not agreed counts
    submission: Submission | None  # the open Exhibit A, which is in the way or is the one to sign

    def is_in_force(self, at: datetime) -> bool:
        """From then on the vendor may not mail until it agrees."""
        return self.since <= at

    @property
    def difference(self) -> Difference:
        """From the words that were signed to the new ones."""
        return compare(self.agreed.wording, self.version.wording)


def waiting_for(vendor: Vendor, at: datetime) -> Amendment | None:
    """The amendment that the vendor has to agree to, before or after its day; None for a vendor without a standing
    acceptance, who agrees to the policy with its first form."""
    acceptance = Acceptance.objects.counting(vendor).select_related("policy").first()
    if acceptance is None:
        return None
    signed = _signed().filter(submission__vendor=vendor).select_related("policy").order_by("-policy__number").first()
    agreed = max(signed.policy if signed else acceptance.policy, acceptance.policy, key=lambda one: one.number or 0)
    later = list(_published(at).filter(number__gt=agreed.number))
    if not later:
        return None
    return Amendment(
        version=later[-1],
        agreed=agreed,
        since=min(one.effective_at for one in later if one.effective_at),
        submission=vendor.submissions.open().filter(exhibit="A").select_related("vendor", "amendment").first(),
    )


def policy_of(submission: Submission, at: datetime) -> PolicyVersion:
    """The version that a signature at that moment is under: the one in force, or the later one that the form accepts
    before its day."""
    current, amendment = in_force(at), submission.amendment
    return amendment if amendment and (amendment.number or 0) > (current.number or 0) else current


def _signed() -> QuerySet[Signature]:
    """Signatures that agree to a version of the policy. Exhibit B asks nothing of what an amendment reopens; what was
    declined, withdrawn or taken back agrees to nothing, nor does what was accepted in a letter that was withdrawn, or
    ended before anybody received it. That the gate waits for acceptance and receipt is the gate's affair."""
    counts = [state for state in Submission.OPEN if state != Submission.State.DRAFT]
    sent_back = Decision.objects.filter(
        submission=OuterRef("submission"), round=OuterRef("round"), kind=Decision.Kind.RETURN
    )
    never_counted = Q(received_at=None) & ~Q(state__in=Acceptance.STANDING)
    ended = Acceptance.objects.filter(Q(state=Acceptance.State.WITHDRAWN) | never_counted)
    of_forms = Signature.objects.filter(
        submission__exhibit="A", submission__state__in=[*counts, Submission.State.ACCEPTED]
    ).filter(Q(round=F("submission__round")) | Exists(sent_back))
    return of_forms.exclude(submission__in=ended.values("submission")).exclude(submission__in=_resting_on(ended))


def _resting_on(letters: QuerySet[Acceptance]) -> set[int]:
    """Amendments that were accepted as they stood, with the answers of these letters and no letter of their own; and
    those that were begun from them in turn."""
    as_they_stood = Submission.objects.filter(exhibit="A", acceptance=None, amendment__isnull=False)
    found: set[int] = set()
    begun = set(as_they_stood.filter(previous__in=letters.values("submission")).values_list("pk", flat=True))
    while begun:
        found |= begun
        begun = set(as_they_stood.filter(previous__in=begun).values_list("pk", flat=True)) - found
    return found


def _published(at: datetime) -> QuerySet[PolicyVersion]:
    """Material versions that vendors have to agree to, in their order; all but the one that came with the product."""
    return PolicyVersion.objects.published().material().filter(number__gt=1, published_at__lte=at).order_by("number")


def agreed_to(number: int) -> Exists:
    """Of an acceptance: its vendor has signed under version `number` or a later one."""
    return Exists(_signed().filter(submission__vendor=OuterRef("vendor"), policy__number__gte=number))


# ── from publication on ─────────────────────────────────────────────────────
def _unagreed(number: int) -> QuerySet[Acceptance]:
    """Standing acceptances of active vendors that have not agreed to version `number`."""
    standing = Acceptance.objects.standing().filter(exhibit="A", vendor__state=Vendor.State.ACTIVE)
    return standing.filter(~agreed_to(number), policy__number__lt=number).select_related("vendor", "policy")


def to_begin(at: datetime) -> QuerySet[Acceptance]:
    """Those whose vendors have not been told of the newest version, or have no form for it because another one was in
    the way and is no longer. Whoever withdraws such a form begins the next one itself."""
    version = _published(at).last()
    if version is None:
        return Acceptance.objects.none()
    forms = Submission.objects.filter(vendor=OuterRef("vendor"))
    told = Reminder.objects.filter(key=key_of(f"amended:{version.number}:", "vendor_id"))
    return (
        _unagreed(version.number or 0)
        .filter(~Exists(forms.filter(amendment=version)))
        .filter(~Exists(told) | ~Exists(forms.open().filter(exhibit="A")))
        .order_by("pk")
    )


def begin(acceptance: Acceptance, at: datetime) -> Submission | None:
    """Begin the vendor's form and tell its owners. None when another form is in the way: they are told of that once, it
    is left as it is, and signing it under the new version is enough."""
    vendor = acceptance.vendor
    with turn():
        amendment = waiting_for(vendor, at)
        if amendment is None:
            return None
        is_new = once(f"amended:{amendment.version.number}:{vendor.pk}", at)
        if not is_new and amendment.submission:
            return None
        submission = _begun(vendor, amendment, at)
        if amendment.is_in_force(at):
            once(f"lapsed:{amendment.version.number}:{vendor.pk}", at)  # the one letter says it
        tell("policy_amended", vendor, amendment, submission, at)
    return submission


def _begun(vendor: Vendor, amendment: Amendment, at: datetime) -> Submission | None:
    under_way, version = amendment.submission, amendment.version
    if under_way is None:
        return renewals.begin_again(vendor, Submission.Reason.AMENDMENT, amendment=version, by=ENGINE, at=at)
    if under_way.amendment and under_way.state == Submission.State.DRAFT:
        renewals.widen(under_way, version, by=ENGINE, at=at)
        return under_way
    return None


def tell(letter: str, vendor: Vendor, amendment: Amendment, submission: Submission | None, at: datetime) -> None:
    """To the owners: what changes, from when, and what happens when they do nothing."""
    version, under_way = amendment.version, amendment.submission
    about = submission.about if submission else f"vendor:{vendor.pk}"
    for recipient in owners(vendor):
        outbox.write(
            letter,
            recipient,
            key=f"{letter}:{version.number}:{about}:{recipient.email.lower()}",
            about=about,
            facts={
                "vendor": vendor.name,
                "version": version.number,
                "note": version.note,
                "effective_at": write_moment(amendment.since, "minute"),
                "is_in_force": amendment.is_in_force(at),
                "clauses": _changed(amendment),
                "form": submission.number if submission else "",
                "under_way": under_way.number if under_way and not submission else "",
                "asked": _asked(submission) if submission else 0,
                "portal": f"{settings.PUBLIC_URL}/portal/",
                "policy": f"{settings.PUBLIC_URL}/policy/{version.number}/",
            },
            at=at,
        )


def _changed(amendment: Amendment) -> list[dict[str, Any]]:
    ids = amendment.difference.ids
    return [{"id": one.id, "title": one.title, "text": one.text} for one in amendment.version.read if one.id in ids]


def _asked(submission: Submission) -> int:
    """How many answers of the form are to be looked at again."""
    return sum(len(codes) for codes in submission.sheets.values_list("unconfirmed", flat=True))


def to_tell_of_lapse(at: datetime) -> QuerySet[Acceptance]:
    """Those whose gate has shut because the day has come, and who have not been told so."""
    number = _published(at).filter(effective_at__lte=at).values_list("number", flat=True).last()
    if number is None:
        return Acceptance.objects.none()
    return keyed(_unagreed(number), f"lapsed:{number}:", "vendor_id").order_by("pk")


def tell_of_lapse(acceptance: Acceptance, at: datetime) -> None:
    vendor = acceptance.vendor
    with turn():
        amendment = waiting_for(vendor, at)
        key = getattr(acceptance, "reminder_key", "")
        if amendment and amendment.is_in_force(at) and once(key, at):
            submission = amendment.submission if amendment.submission and amendment.submission.amendment_id else None
            tell("policy_lapsed", vendor, amendment, submission, at)
