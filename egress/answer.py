"""What was asked of the DNS, and what came back: two values that carry their own evidence."""

import dataclasses
import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Outcome(enum.StrEnum):
    """How one lookup ended. Only ANSWER, NXDOMAIN and NODATA say something about the name itself."""

    ANSWER = "answer"  # NOERROR with at least one record of the asked type
    NXDOMAIN = "nxdomain"  # the name does not exist (RFC 8020)
    NODATA = "nodata"  # NOERROR without a record of the asked type (RFC 2308 section 2.2)
    SERVFAIL = "servfail"  # the server could not say; also FORMERR, NOTIMP and the rest: see `Answer.rcode`
    REFUSED = "refused"  # the server would not say
    TIMEOUT = "timeout"  # nothing came back in time
    MALFORMED = "malformed"  # something came back, but no DNS answer to this question
    UNREACHABLE = "unreachable"  # the network said that nobody is there


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `name` is absolute, lower case, without the trailing dot (the root is "."); `rdtype` is
    one of `egress.wire.RDTYPES`, for example "A". Made by `egress.wire.question`, which refuses what cannot
    be asked."""

    name: str
    rdtype: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of one lookup, whatever it was.

    `records` holds the asked type only, found at the end of the CNAME chain, as text: addresses as they are
    usually written, names lower case without the trailing dot (an MX's after its preference, "10 mx.example.com";
    the root is "."), a TXT record's strings joined, with every byte that is not printable text escaped (`\\x00`).
    `canonical` is the name at the end of the chain.
    `ttl` is in seconds: the smallest along the chain; for NXDOMAIN and NODATA the negative TTL (RFC 2308
    section 5) when the server gave an SOA record; otherwise None. `rcode` is None when nothing came back.
    `at` is the aware UTC moment when the answer was in hand, `elapsed` the seconds from the first send to
    that moment, `tries` how often the question was sent over UDP, `tcp` whether TCP was needed after that.
    """

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
        """Every field, as JSON can hold it: the record that a finding is later defended with."""
        shown = dataclasses.asdict(self)
        shown["outcome"] = self.outcome.value
        shown["records"] = list(self.records)
        shown["at"] = self.at.isoformat()
        shown["elapsed"] = round(self.elapsed, 6)
        return shown
