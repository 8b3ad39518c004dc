"""What a vendor is told of a server, domain, header address or web page: readings of the probes, turned into sentences
and cures.

server.py, domain.py, header.py and website.py look at one subject each; whole.py says what several looks amount to.
None of them stores anything or decides about anybody. Of what was not seen they say so, and it is no fact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

ADVERSE, ATTENTION, UNKNOWN, CLEAR = "adverse", "attention", "unknown", "clear"
WORST_FIRST = (ADVERSE, ATTENTION, UNKNOWN, CLEAR)
WORDS = {ADVERSE: "Fails", ATTENTION: "Look", UNKNOWN: "Unknown", CLEAR: "Clear"}
AGAIN = "We look again by ourselves. You need do nothing."


@dataclass(frozen=True, slots=True)
class Check:
    """One line of what we see. `sentence` is what was seen, `cure` what to do about it. `is_passing` is for what was
    unknown this time and may be known the next."""

    id: str
    verdict: str
    sentence: str
    clause: str
    cure: str = ""
    word: str = ""
    is_passing: bool = False

    def as_json(self) -> dict[str, str]:
        return {
            "id": self.id,
            "verdict": self.verdict,
            "word": self.word or WORDS[self.verdict],
            "sentence": self.sentence,
            "cure": self.cure,
            "clause": self.clause,
        }


def unseen(ident: str, sentence: str, clause: str) -> Check:
    """A check that could not be made this time."""
    return Check(ident, UNKNOWN, sentence, clause, AGAIN, is_passing=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that one look saw."""

    checks: tuple[Check, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, checks: Iterable[Check], facts: dict[str, Any] | None = None) -> "Seen":
        """Worst first; a fact that is None was not seen."""
        ordered = sorted(checks, key=lambda check: WORST_FIRST.index(check.verdict))
        return cls(tuple(ordered), {name: value for name, value in (facts or {}).items() if value is not None})

    @property
    def is_partial(self) -> bool:
        """Whether something could not be seen that may be seen the next time."""
        return any(check.is_passing for check in self.checks)
