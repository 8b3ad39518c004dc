"""A file that shows something: what somebody took a picture of, or sent."""

from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True, slots=True)
class Shown:
    """A file, after the caller has inspected it (questionnaires.intake). `size` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: bytes | IO[bytes]
