"""The signed copy: made from the snapshot that was signed, kept, and mailed to whoever signed.

At once after the signature; when that fails, by the remind stage until it is there. It is made over the stored snapshot
and dated as it was signed, so it does not matter when; its bytes and their SHA-256 are recorded once, and mailed once.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from journal.record import turn
from notices import files, outbox
from notices.files import Enclosure
from notices.outbox import Recipient
from questionnaires import letters
from questionnaires.models import Acceptance, Signature, Submission
from questionnaires.typeset import PAPERS

AGAIN_AFTER = timedelta(minutes=5)
log = logging.getLogger(__name__)


def waiting(at: datetime) -> QuerySet[Signature]:
    """Signatures whose copy is still to be made."""
    due = Signature.objects.filter(copy_due_at__lte=at).order_by("copy_due_at", "pk")
    return due.select_related("submission__vendor", "policy")


def hand_out(signature: Signature, at: datetime, *, papers: Path = PAPERS) -> None:
    """Make the copy, keep it and mail it, unless that was done. Raises whatever keeps it from being made; then it is
    due again in AGAIN_AFTER, which is written down first."""
    Signature.objects.filter(pk=signature.pk, copy_place="").update(copy_due_at=at + AGAIN_AFTER)
    content = letters.signed_copy(signature, papers=papers)
    with files.keeping() as store, turn():
        locked = Signature.objects.select_for_update().get(pk=signature.pk)
        if not locked.copy_place:  # two may have made it at the same moment
            locked.copy_place = store("signed", content)
            locked.copy_sha256 = hashlib.sha256(content).hexdigest()
            locked.copy_due_at = None
            locked.save(update_fields=["copy_place", "copy_sha256", "copy_due_at"])
            _mail(locked, at)
    for field in ("copy_place", "copy_sha256", "copy_due_at"):
        setattr(signature, field, getattr(locked, field))


def try_to_hand_out(signature: Signature, at: datetime, *, papers: Path = PAPERS) -> None:
    """The same for whoever has just signed: what was signed stands, whether there is a copy of it yet or not."""
    try:
        hand_out(signature, at, papers=papers)
    except Exception:
        log.exception("the copy of %s could not be made; it is tried again", signature.submission.number)


def _mail(signature: Signature, at: datetime) -> None:
    submission = signature.submission
    outbox.write(
        "signed_copy",
        Recipient(signature.name, signature.email),
        key=f"{submission.about}:signed:{signature.round}:{signature.email}",
        about=submission.about,
        facts={
            "number": submission.number,
            "exhibit": submission.exhibit,
            "stands": Acceptance.objects.beside(submission.vendor, submission.exhibit),
            "vendor": submission.vendor.name,
            "at": f"{signature.at:%d %B %Y, %H:%M:%S} UTC",
            "content_hash": signature.content_hash,
            "sha256": signature.copy_sha256,
            "is_accepted": submission.state == Submission.State.ACCEPTED and submission.ended_at == signature.at,
            "portal": f"{settings.PUBLIC_URL}/portal/",
        },
        at=at,
        enclosures=[Enclosure(f"{submission.number}-signed.pdf", signature.copy_place)],
    )
