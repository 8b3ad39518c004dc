"""One reason of the gate's answer. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What a reason does, in the order in which reasons are read: only SHUT keeps the gate from being open."""

    SHUT = "shut"
    UNKNOWN = "unknown"  # we cannot see; it neither opens nor shuts
    WAIT = "wait"  # somebody has to see to it; the gate does not shut for it, or not yet, or only for a part
    MET = "met"  # a condition that is met


@dataclass(frozen=True, slots=True)
class Reason:
    """`sentence` says what is so, `cure` what would end it, `clause` who asks for it; `since` is None where no moment
    is known. `ref` is the number of the order, finding or letter that it speaks of, `only` the server that alone is
    stopped by it, `word` is for a tag, and short."""

    id: str
    state: State
    sentence: str
    clause: str
    since: datetime | None
    cure: str
    ref: str = ""
    only: str = ""
    word: str = ""


def shut(
    ident: str, clause: str, sentence: str, cure: str, *, word: str, since: datetime | None = None, ref: str = ""
) -> Reason:
    return Reason(ident, State.SHUT, sentence, clause, since, cure, ref, word=word)


def wait(
    ident: str, clause: str, sentence: str, cure: str, *, word: str, since: datetime | None = None, ref: str = ""
) -> Reason:
    return Reason(ident, State.WAIT, sentence, clause, since, cure, ref, word=word)


def met(ident: str, clause: str, sentence: str, *, since: datetime | None = None, ref: str = "") -> Reason:
    return Reason(ident, State.MET, sentence, clause, since, "", ref)
