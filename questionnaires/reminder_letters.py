"""The letters of reminders.py: to whom each goes, and the facts that its template needs."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Role, User
from notices import outbox
from notices.clockface import write_moment
from notices.confirmations import CONTACT, owners
from notices.files import Enclosure
from notices.models import Delivery
from notices.outbox import Recipient, write_to_each
from notices.staff import staff
from questionnaires import codes
from questionnaires.acceptances import RECEIPT
from questionnaires.models import Acceptance, HeaderApproval, Submission
from vendors.confirmation import promises
from vendors.models import Contact


# ── the vendor's turn ───────────────────────────────────────────────────────
def draft_asleep(submission: Submission, at: datetime) -> None:
    facts = _of_form(submission) | {"days": (at - submission.touched_at).days}
    write_to_each("draft_asleep", owners(submission.vendor), submission.about, facts, at)


def draft_put_away(submission: Submission, at: datetime) -> None:
    facts = _of_form(submission) | {"days": (at - submission.touched_at).days}
    write_to_each("draft_put_away", owners(submission.vendor), submission.about, facts, at)


def answers_waiting(submission: Submission, at: datetime) -> None:
    """Answers were sent back, and nobody has touched the form since."""
    labels = submission.definition.questions
    returned = submission.returns.filter(state="open").order_by("at", "pk")
    facts = _of_form(submission) | {
        "days": (at - submission.touched_at).days,
        "answers": [{"code": one.code, "label": labels[one.code].label} for one in returned],
    }
    write_to_each("answers_waiting", owners(submission.vendor), submission.about, facts, at)


def acceptance_waiting(acceptance: Acceptance, at: datetime) -> None:
    """The letter again, with its own link, to the address that it went to."""
    outbox.write(
        "acceptance_waiting",
        Recipient(acceptance.to_name, acceptance.to_email),
        key=outbox.key_of("acceptance_waiting", acceptance.about, acceptance.to_email, at),
        about=acceptance.about,
        facts=_of_acceptance(acceptance) | {"days": (at - acceptance.issued_at).days},
        at=at,
        link_purpose=RECEIPT,
        enclosures=[Enclosure(f"{acceptance.number}.pdf", acceptance.letter_place)],
    )


def acceptance_ending(acceptance: Acceptance, at: datetime) -> None:
    """To the owners and the address that the acceptance went to."""
    under_way = acceptance.vendor.submissions.open().filter(exhibit="A").first()
    waiting = Acceptance.objects.counting(acceptance.vendor).filter(received_at=None).first()
    facts = _of_acceptance(acceptance) | {
        "days": -((at - acceptance.valid_until) // timedelta(days=1)),
        "under_way": under_way.number if under_way and acceptance.exhibit == "A" else "",
        "waiting": waiting.number if waiting and waiting != acceptance and acceptance.exhibit == "A" else "",
    }
    people = [Recipient(acceptance.to_name, acceptance.to_email), *owners(acceptance.vendor)]
    write_to_each("acceptance_ending", people, acceptance.about, facts, at)


def contact_waiting(contact: Contact, at: datetime) -> None:
    """To the contact, with their own link, and to the owners, who can name somebody else."""
    vendor = contact.vendor
    days = (at - getattr(contact, "asked_at", at)).days
    facts = {"vendor": vendor.name, "contact": contact.name, "email": contact.email, "days": days}
    outbox.write(
        "contact_reminder",
        Recipient(contact.name, contact.email, contact),
        key=outbox.key_of("contact_reminder", contact.about, contact.email, at),
        about=contact.about,
        facts=facts | {"promises": list(promises(contact))},
        at=at,
        link_purpose=CONTACT,
    )
    told = facts | {"page_url": f"{settings.PUBLIC_URL}/portal/contacts/"}
    write_to_each("contact_waiting", owners(vendor), contact.about, told, at)


# ── the desk's turn ─────────────────────────────────────────────────────────
def review_waiting(submission: Submission, at: datetime) -> None:
    """To reviewers; to IT and administrators while there is no reviewer."""
    users = User.objects.filter(is_active=True, role=Role.REVIEWER).order_by("pk")
    people = [Recipient(user.name, user.email) for user in users] or staff()
    sent = submission.submitted_at or at
    facts = _of_form(submission) | {
        "submitted_at": write_moment(sent, "minute"),
        "page_url": f"{settings.PUBLIC_URL}/desk/submissions/{submission.number}/",
    }
    write_to_each("review_waiting", people, submission.about, facts, at, Delivery.Priority.STAFF)


def conditions_ending(acceptance: Acceptance, day: str, at: datetime) -> None:
    facts = _of_acceptance(acceptance) | {
        "day": day,
        "conditions": [one["text"] for one in acceptance.conditions if one.get("due") == day],
        "page_url": f"{settings.PUBLIC_URL}/desk/acceptances/{acceptance.number}/",
    }
    write_to_each("conditions_ending", staff(), acceptance.about, facts, at, Delivery.Priority.STAFF, of=day)


def approval_ending(approval: HeaderApproval, at: datetime) -> None:
    facts = {
        "number": approval.number,
        "vendor": approval.vendor.name,
        "domain": approval.domain,
        "until": approval.until.isoformat(),
        "reason": approval.reason,
        "page_url": f"{settings.PUBLIC_URL}/desk/vendors/{approval.vendor.uid}/",
    }
    write_to_each("approval_ending", staff(), approval.about, facts, at, Delivery.Priority.STAFF)


# ── facts that several have ─────────────────────────────────────────────────
def _of_form(submission: Submission) -> dict[str, Any]:
    return {
        "number": submission.number,
        "exhibit": submission.exhibit,
        "vendor": submission.vendor.name,
        "reason": submission.reason,
        "form_url": f"{settings.PUBLIC_URL}/portal/forms/{submission.number}/",
    }


def _of_acceptance(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "number": acceptance.number,
        "exhibit": acceptance.exhibit,
        "stands": Acceptance.objects.beside(acceptance.vendor, acceptance.exhibit),
        "vendor": acceptance.vendor.name,
        "code": codes.show(acceptance.code),
        "valid_until": write_moment(acceptance.valid_until, "day"),
        "portal": f"{settings.PUBLIC_URL}/portal/",
        "forms_url": f"{settings.PUBLIC_URL}/portal/forms/",
    }
