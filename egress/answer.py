"""What came back for one DNS question, as a value."""

import enum
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


class Outcome(enum.StrEnum):
    ANSWER = "answer"
    NXDOMAIN = "nxdomain"
    NODATA = "nodata"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    rdtype: str


@dataclass(frozen=True, slots=True)
class Answer:
    name: str
    rdtype: str
    outcome: Outcome
    records: tuple[str, ...]
    ttl: int | None
    rcode: str | None
    server: str
    at: datetime
    elapsed: float
    tries: int
    tcp: bool
    canonical: str

    def evidence(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "outcome": str(self.outcome),
            "records": list(self.records),
            "at": self.at.isoformat(),
        }
