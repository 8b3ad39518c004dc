"""A vendor whose Exhibit A was filled in, signed, accepted and received: real answers, a real signature, and a letter
without its PDF."""

from datetime import datetime, timedelta
from typing import Any

from journal.record import move
from questionnaires.models import Acceptance, Submission
from tests import submissions
from tests.acceptances import make_scope
from tests.world import NOON, People


def make_accepted(
    people: People, *, at: datetime = NOON, valid_for: timedelta = timedelta(days=365), **options: Any
) -> Acceptance:
    """Of Alice's vendor, signed by her account."""
    submission = submissions.make_in_review(people.vendor_a, people.alice, people.rita, at=at, **options)
    move(submission, Submission.State.ACCEPTED, by=people.dana.actor(), at=at, changes={"ended_at": at})
    signature = submission.signatures.get()
    return Acceptance.objects.create(
        vendor=people.vendor_a,
        submission=submission,
        signature=signature,
        policy=signature.policy,
        exhibit="A",
        state=Acceptance.State.RECEIVED,
        code=f"REALANSWER{submission.pk:06d}",
        scope=make_scope(["93.184.215.14"], ["fieldnote.example.net"], ["news@fieldnote.example.net"]),
        issued_at=at,
        officers=[{"name": "Dana", "role": "IT", "at": at.isoformat()}],
        to_name="Alice",
        to_email=people.alice.email,
        valid_until=at + valid_for,
        letter_place="",
        letter_sha256="0" * 64,
        letter_size=0,
        received_at=at,
        received_by="Alice",
        received_how=Acceptance.Receipt.PORTAL,
    )
