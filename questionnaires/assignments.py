"""Who of the vendor's people fills in which section. An assignment asks; it keeps nobody else out."""

from datetime import datetime

from django.conf import settings

from accounts.models import User
from journal.actor import Actor
from journal.record import note, turn
from notices import outbox
from notices.outbox import Recipient
from questionnaires.drafts import DraftRefused, why_locked
from questionnaires.models import Assignment, Submission


def assign(submission: Submission, section: str, user: User | None, *, by: Actor, at: datetime) -> None:
    """Ask `user` to fill in the section, by letter too; None asks nobody any more."""
    if not submission.is_editable:
        raise DraftRefused(why_locked(submission))
    found = submission.definition.section(section)
    with turn():
        before = Assignment.objects.filter(submission=submission, section=section).first()
        if (before.user_id if before else None) == (user.pk if user else None):
            return
        Assignment.objects.filter(submission=submission, section=section).delete()
        if user is not None:
            Assignment.objects.create(submission=submission, section=section, user=user, by=by.name, at=at)
            if user.name != by.name:
                _ask(submission, section, found.title, user, by, at)
        note(submission, "section assigned", by=by, at=at, section=section, user=user)


def _ask(submission: Submission, code: str, title: str, user: User, by: Actor, at: datetime) -> None:
    outbox.write(
        "section_assigned",
        Recipient(user.name, user.email),
        key=f"{submission.about}:assigned:{code}:{user.pk}:{at.isoformat()}",
        about=submission.about,
        facts={
            "number": submission.number,
            "exhibit": submission.exhibit,
            "section": f"{code} {title}",
            "by": by.name,
            "portal": f"{settings.PUBLIC_URL}/portal/forms/{submission.number}/",
        },
        at=at,
    )
