"""Pure: does a finding deserve an order, and who is told next? Rules over values; no database, no clock, no Django."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

AUDIENCES = ("contact", "backup", "staff")
HALTING = ("halt",)  # severities whose confirmed finding is an order at once; lesser ones are for staff to judge
UNITS = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told at a step, and how long their answer is awaited."""

    audience: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Ladder:
    """The steps of escalation, in order. The last one repeats until somebody answers: an order never falls silent."""

    rungs: tuple[Rung, ...]

    @classmethod
    def parse(cls, text: str) -> "Ladder":
        """From `contact:15m,backup:15m,staff:1h`. ValueError with a sentence when it is not of that form."""
        rungs = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            audience, _, wait = part.partition(":")
            if audience not in AUDIENCES:
                raise ValueError(f"{audience!r} is nobody we can tell; use {', '.join(AUDIENCES)}")
            if not re.fullmatch("[1-9][0-9]{0,6}[smh]", wait):
                raise ValueError(f"{wait!r} is no waiting time; write 30s, 15m or 1h")
            rungs.append(Rung(audience, timedelta(seconds=int(wait[:-1]) * UNITS[wait[-1]])))
        if not rungs:
            raise ValueError("it names nobody; write for example contact:15m,backup:15m,staff:15m")
        return cls(tuple(rungs))

    def rung(self, step: int) -> Rung:
        """The rung of step 0, 1, 2, …; beyond the last, the last."""
        return self.rungs[min(step, len(self.rungs) - 1)]

    def audiences(self, step: int) -> tuple[str, ...]:
        """Everybody who is told at this step: its own audience, and again all who were told before and have not
        answered."""
        return tuple(dict.fromkeys(rung.audience for rung in self.rungs[: step + 1]))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told: `key` identifies them over time, `audience` is contact, backup or staff.

    `is_reachable` is False when a letter about this order to their present address was given up for good.
    """

    key: str
    audience: str
    is_reachable: bool = True


def tell(ladder: Ladder, step: int, people: Iterable[Person]) -> Sequence[Person]:
    """Whom to write to at this step. When the step's audience has nobody who can be reached, staff are told instead: an
    order is never told to no one."""
    known = [person for person in people if person.is_reachable]
    wanted = set(ladder.audiences(step))
    if not any(person.audience == ladder.rung(step).audience for person in known):
        wanted.add("staff")
    return [person for person in known if person.audience in wanted]


def has_failed(letters: Iterable[str]) -> bool:
    """Whether the letters of a step, by their states, were all given up: the next step need not wait for an answer."""
    return set(letters) == {"dead"}


def is_last(ladder: Ladder, step: int) -> bool:
    """Whether this step, and every one after it, tells the same people again."""
    return step >= len(ladder.rungs) - 1
