"""The gate's answer as people see it: one sentence, and for each reason the tag in front of it. Pure.

The windows add what is theirs: the portal the next step, the desk the links to the evidence.
"""

from dataclasses import dataclass
from datetime import datetime

from gate.clearance import Clearance
from gate.reason import Reason, State

NOT_YET = frozenset({"not_accepted", "not_received"})  # nothing went wrong: the gate has not opened before
BEFOREHAND = NOT_YET | {"no_contact", "contact_unproven"}
_STATES = {State.SHUT: "shut", State.UNKNOWN: "unkn", State.WAIT: "wait", State.MET: "open"}


@dataclass(frozen=True, slots=True)
class Line:
    """A reason with its tag: `state` is open, shut, wait or unkn."""

    state: str
    word: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` draws the gate, `answer` is the sentence; `halts_all`: an order stops everything; `only` are the servers
    from which nothing may be mailed although the gate is open."""

    state: str
    answer: str
    is_open: bool
    halts_all: bool
    only: tuple[str, ...]
    since: datetime | None
    lines: tuple[Line, ...]
    met: tuple[Reason, ...]


def word(clearance: Clearance) -> Verdict:
    """The answer about a vendor as a whole."""
    shutting = clearance.shutting
    only = tuple(dict.fromkeys(one.only for one in clearance.reasons if one.only))
    halts_all = any(one.id == "halt_order" for one in shutting)
    if not clearance.is_open:
        is_early = {one.id for one in shutting} <= BEFOREHAND and any(one.id in NOT_YET for one in shutting)
        state, answer = ("wait", "No, not yet.") if is_early and not only else ("shut", "No. The gate is shut.")
    elif only:
        more = f" and {len(only) - 1} more" if len(only) > 1 else ""
        state, answer = "shut", f"Not from {only[0]}{more}."
    else:
        state, answer = "open", "Yes. The gate is open."
    return Verdict(
        state,
        answer,
        clearance.is_open,
        halts_all,
        only,
        clearance.since,
        tuple(line(one) for one in clearance.reasons),
        clearance.met,
    )


def line(reason: Reason) -> Line:
    """An order that is answered, and what is only not done yet, wait for somebody; whatever stops mail is red, also
    when it is the mail from one server."""
    state = _STATES[reason.state]
    if reason.only:
        state = "shut"
    if reason.word == "Answered" or reason.id in BEFOREHAND:
        state = "wait"
    return Line(state, reason.word, reason)
