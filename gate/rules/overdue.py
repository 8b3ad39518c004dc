"""Conditions and waivers of a letter whose day is over. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gate.standing import Condition, midnight
from notices.clockface import write_moment


@dataclass(frozen=True, slots=True)
class Overdue:
    """`day` and `text` are for sentences; of the letter `number`."""

    number: str
    is_waiver: bool
    day: str
    text: str
    since: datetime


def overdue(conditions: Iterable[tuple[str, Condition]], at: datetime) -> Iterator[Overdue]:
    """Of these, each with the number of its letter, those that have a day, and it is past."""
    for number, condition in conditions:
        since = condition.past_since(at)
        if condition.due is not None and since is not None:
            day = write_moment(midnight(condition.due), "day")
            yield Overdue(number, condition.is_waiver, day, condition.text.strip(), since)
