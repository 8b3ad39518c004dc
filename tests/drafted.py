"""A form that was begun: the rows alone, with next to nothing in them."""

from datetime import datetime
from uuid import uuid4

from questionnaires.definition_file import newest
from questionnaires.models import Sheet, Submission
from tests.world import NOON
from vendors.models import Vendor


def make_submission(vendor: Vendor, *, exhibit: str = "A", at: datetime = NOON) -> Submission:
    """A draft of the newest definition."""
    return Submission.objects.create(
        vendor=vendor,
        exhibit=exhibit,
        version=newest(exhibit).version,
        created_at=at,
        created_by="somebody",
        touched_at=at,
    )


def make_server_row(vendor: Vendor, address: str = "93.184.215.14", helo: str = "", *, at: datetime = NOON) -> Sheet:
    """A server in a new Exhibit A."""
    return Sheet.objects.create(
        submission=make_submission(vendor, at=at),
        step="servers",
        row=uuid4().hex,
        values={"A5.01": address, "A5.04": helo},
        saved_at=at,
        saved_by="somebody",
    )
