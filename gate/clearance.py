"""May this be mailed now? `decide` weighs a standing into OPEN or SHUT, with every reason. Pure: no database, no clock.

Open means that no reason shuts. Not seeing is a reason of its own that neither opens nor shuts (rules/stopped.py says
why). What shuts the vendor as a whole shuts whatever is asked about; asking about more never opens.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from gate.reason import Reason, State
from gate.rules import covered, granted, stopped
from gate.standing import Standing, Subject

__all__ = ["Clearance", "Reason", "State", "Subject", "decide"]

Rule = Callable[[Standing, Subject, datetime], Iterator[Reason]]

RULES: tuple[Rule, ...] = (  # in the order in which their reasons are read
    stopped.orders,
    stopped.faults,
    granted.activity,
    granted.acceptance,
    granted.policy,
    granted.contact,
    covered.any_server,
    covered.server,
    covered.header,
    covered.source,
    stopped.blindness,
)
_RANK = {state: rank for rank, state in enumerate(State)}
_NO_MOMENT = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clearance:
    """The gate's answer at a moment: `reasons` are what is not met, worst first, `met` the conditions that are."""

    is_open: bool
    reasons: tuple[Reason, ...]
    met: tuple[Reason, ...]
    at: datetime

    @property
    def shutting(self) -> tuple[Reason, ...]:
        """The reasons that keep the gate shut."""
        return tuple(one for one in self.reasons if one.state is State.SHUT)

    @property
    def since(self) -> datetime | None:
        """Since when the gate is shut, as far as moments are known."""
        return min((one.since for one in self.shutting if one.since), default=None)

    def has(self, ident: str) -> bool:
        """Whether this is one of the reasons."""
        return any(one.id == ident for one in self.reasons)


def decide(standing: Standing, subject: Subject, at: datetime) -> Clearance:
    """The gate's answer. The same values give the same answer, in the same order."""
    found = [(place, reason) for place, rule in enumerate(RULES) for reason in rule(standing, subject, at)]
    found.sort(key=_place)
    reasons = tuple(reason for _, reason in found if reason.state is not State.MET)
    met = tuple(reason for _, reason in found if reason.state is State.MET)
    return Clearance(not any_shuts(reasons), reasons, met, at)


def any_shuts(reasons: Iterable[Reason]) -> bool:
    return any(one.state is State.SHUT for one in reasons)


def _place(found: tuple[int, Reason]) -> tuple[int, int, datetime, str, str]:
    """Worst first, then by rule, the oldest first; the rest only keeps the order the same each time."""
    place, reason = found
    return _RANK[reason.state], place, reason.since or _NO_MOMENT, reason.ref, reason.sentence
