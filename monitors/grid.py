"""Pure: when is the next look? A fixed grid of time, each watch with its own offset, so that load stays even."""

import hashlib
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def next_slot(now: datetime, interval: timedelta, name: str) -> datetime:
    """The first moment after `now` on the grid of `interval`, shifted by an offset that `name` fixes.

    At least half an interval away, so that a late look is not followed at once by the next.
    """
    offset = interval * (int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) / 2**32)
    earliest = now + interval / 2
    passed = (earliest - EPOCH - offset) // interval
    return EPOCH + offset + (passed + 1) * interval
