"""Reminders: what waits for whom, and since when. Each is written once, found by one query, and told by letter.

KINDS is the table. A kind finds its rows by a window of time, so that after a long silence only the last of several
reminders is written. What expires and what is put away is here too; the gate itself asks the rows, not this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from journal.actor import ENGINE
from journal.record import turn
from notices import confirmations
from notices.models import Delivery
from questionnaires import acceptances, decisions, reminder_letters
from questionnaires.models import Acceptance, HeaderApproval, Reminder, Submission
from questionnaires.once import keyed, once
from vendors.models import Contact, Vendor

DAY = timedelta(days=1)
KEPT = 180 * DAY  # a draft that nobody touches is put away after this
ENDING = 7 * DAY  # staff are told this long before a condition or an approval ends
REVIEW_DAYS = 3  # working days, Monday to Friday, that we promise a first answer in
ACTIVE = {"vendor__state": Vendor.State.ACTIVE}

Rows = Callable[[datetime], "QuerySet[Any]"]
Deed = Callable[[Any, datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """`columns` of a row, behind the name, are the key by which it is told once."""

    name: str
    columns: tuple[str, ...]
    rows: Rows
    write: Deed

    def due(self, at: datetime) -> "QuerySet[Any]":
        return keyed(self.rows(at), f"{self.name}:", *self.columns).order_by("pk")

    def remind(self, row: Any, at: datetime) -> None:
        """Write the letters of one row that was found due, unless somebody else did just now."""
        with turn():
            if once(row.reminder_key, at):
                self.write(row, at)


def untouched(state: str, least: timedelta, most: timedelta | None) -> Rows:
    """Forms in this state that the vendor has not touched for so long."""

    def rows(at: datetime) -> QuerySet[Submission]:
        found = Submission.objects.filter(state=state, touched_at__lte=at - least, **ACTIVE)
        found = found.filter(touched_at__gt=at - most) if most else found
        return found.select_related("vendor")

    return rows


def reviews(at: datetime) -> QuerySet[Submission]:
    waiting = Submission.objects.with_desk().filter(submitted_at__lte=working_days_before(at, REVIEW_DAYS))
    return waiting.select_related("vendor")


def working_days_before(at: datetime, days: int) -> datetime:
    """The moment as many working days earlier; Saturday and Sunday, in UTC, do not count."""
    while days:
        at -= DAY
        days -= at.weekday() < 5
    return at


def unreceived(least: timedelta, most: timedelta | None) -> Rows:
    def rows(at: datetime) -> QuerySet[Acceptance]:
        found = Acceptance.objects.filter(state=Acceptance.State.ISSUED, issued_at__lte=at - least, **ACTIVE)
        found = found.filter(issued_at__gt=at - most) if most else found
        return found.filter(valid_until__gt=at).select_related("vendor")

    return rows


def ending(from_days: int, to_days: int) -> Rows:
    """Acceptances that expire within `from_days`, but not within `to_days`."""

    def rows(at: datetime) -> QuerySet[Acceptance]:
        standing = Acceptance.objects.standing().filter(
            valid_until__gt=at + to_days * DAY, valid_until__lte=at + from_days * DAY, **ACTIVE
        )
        return standing.select_related("vendor")

    return rows


def unproven(least: timedelta, most: timedelta | None) -> Rows:
    """Emergency contacts who have not answered the letter that asked them last."""

    def rows(at: datetime) -> QuerySet[Contact]:
        asked = Delivery.objects.filter(
            about=Concat(Value("contact:"), Cast(OuterRef("pk"), CharField()), output_field=CharField()),
            letter=confirmations.LETTER,
            to_email=OuterRef("email"),
        ).order_by("-created_at")
        waiting = Contact.objects.filter(
            Q(email_confirmed_at=None) | Q(authority_confirmed_at=None), is_emergency=True, declined_at=None, **ACTIVE
        ).annotate(asked_at=Subquery(asked.values("created_at")[:1]))
        waiting = waiting.filter(asked_at__lte=at - least)
        waiting = waiting.filter(asked_at__gt=at - most) if most else waiting
        return waiting.select_related("vendor")

    return rows


def approvals_ending(at: datetime) -> QuerySet[HeaderApproval]:
    """In force, and nothing later takes their place."""
    today = at.date()
    later = HeaderApproval.objects.filter(
        vendor=OuterRef("vendor"), domain=OuterRef("domain"), revoked_at=None, until__gt=OuterRef("until")
    )
    found = HeaderApproval.objects.filter(
        revoked_at=None, until__gte=today, until__lte=today + ENDING, since__lte=F("until"), **ACTIVE
    )
    return found.filter(~Exists(later)).select_related("vendor")


_OF_ROUND = ("pk", "round")
KINDS = (
    Kind("draft_7", _OF_ROUND, untouched("draft", 7 * DAY, 14 * DAY), reminder_letters.draft_asleep),
    Kind("draft_14", _OF_ROUND, untouched("draft", 14 * DAY, KEPT), reminder_letters.draft_asleep),
    Kind("returned_3", _OF_ROUND, untouched("returned", 3 * DAY, 7 * DAY), reminder_letters.answers_waiting),
    Kind("returned_7", _OF_ROUND, untouched("returned", 7 * DAY, None), reminder_letters.answers_waiting),
    Kind("review", _OF_ROUND, reviews, reminder_letters.review_waiting),
    Kind("unreceived_2", ("pk",), unreceived(2 * DAY, 7 * DAY), reminder_letters.acceptance_waiting),
    Kind("unreceived_7", ("pk",), unreceived(7 * DAY, None), reminder_letters.acceptance_waiting),
    Kind("ending_30", ("pk",), ending(30, 14), reminder_letters.acceptance_ending),
    Kind("ending_14", ("pk",), ending(14, 3), reminder_letters.acceptance_ending),
    Kind("ending_3", ("pk",), ending(3, 0), reminder_letters.acceptance_ending),
    Kind("unproven_2", ("pk", "email"), unproven(2 * DAY, 7 * DAY), reminder_letters.contact_waiting),
    Kind("unproven_7", ("pk", "email"), unproven(7 * DAY, None), reminder_letters.contact_waiting),
    Kind("approval", ("pk",), approvals_ending, reminder_letters.approval_ending),
)


# ── what ends by itself ─────────────────────────────────────────────────────
def expired(at: datetime) -> QuerySet[Acceptance]:
    return Acceptance.objects.standing().filter(valid_until__lte=at).select_related("vendor").order_by("pk")


def expire(acceptance: Acceptance, at: datetime) -> None:
    acceptances.expire(acceptance, by=ENGINE, at=at)


def forgotten(at: datetime) -> QuerySet[Submission]:
    """Drafts that nobody has touched for half a year. A form that accepts an amendment stays: it was not begun by the
    vendor, and without it there is no way back through the gate."""
    drafts = Submission.objects.filter(state=Submission.State.DRAFT, amendment=None, touched_at__lte=at - KEPT)
    return drafts.select_related("vendor").order_by("pk")


def put_away(submission: Submission, at: datetime) -> None:
    """The draft is withdrawn, and kept with all that was typed."""
    with turn():
        decisions.withdraw(
            submission, by=ENGINE, at=at, why=f"Nobody worked on it for {KEPT.days} days. What was typed is kept."
        )
        reminder_letters.draft_put_away(submission, at)


def tell_of_conditions(at: datetime) -> int:
    """Once a day: letters to staff about conditions of acceptances, waivers among them, that end within a week; how
    many ended soon. Their days stand inside the acceptances, so all that have conditions are read."""
    today = at.date()
    told = 0
    if Reminder.objects.filter(key=f"conditions:{today}").exists():
        return 0
    with turn():
        if not once(f"conditions:{today}", at):
            return 0
        standing = Acceptance.objects.standing().filter(**ACTIVE).exclude(conditions=[]).select_related("vendor")
        for acceptance in standing.order_by("pk").iterator(chunk_size=200):
            for day in sorted({one["due"] for one in acceptance.conditions if one.get("due")}):
                is_near = str(today) <= day <= str(today + ENDING)
                if is_near and once(f"condition:{acceptance.pk}:{day}", at):
                    told += 1
                    reminder_letters.conditions_ending(acceptance, day, at)
    return told
