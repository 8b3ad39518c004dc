"""What differs between two texts, word by word, and between two versions of the policy, clause by clause. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from policies.clauses import Clause, place_of
from policies.thresholds import BOUNDS, Thresholds
from policies.wording import filled

Kind = Literal["same", "del", "ins"]
WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text. All that is not "ins" makes the old text, all that is not "del" the new one."""

    kind: Kind
    text: str


def words(old: str, new: str) -> tuple[Segment, ...]:
    """The old text turned into the new one, in whole words; of a change what goes stands before what comes.

    A word or two that happen to stay between longer changes belong to the change: nobody reads confetti.
    """
    before, after = WORD.findall(old), WORD.findall(new)
    steps = [
        Step(tag == "equal", "".join(before[a0:a1]), "".join(after[b0:b1]))
        for tag, a0, a1, b0, b1 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    ]
    found: list[Segment] = []
    for step in _folded(_folded(steps)):  # first blanks between changed words, then the words between the changes
        found += [Segment("same", step.gone)] if step.stays else [Segment("del", step.gone), Segment("ins", step.come)]
    return tuple(one for one in found if one.text)


class Step(NamedTuple):
    """A run that stays, with the same text twice, or a change: what goes and what comes."""

    stays: bool
    gone: str
    come: str

    @property
    def size(self) -> int:
        """In words."""
        return max(len(self.gone.split()), len(self.come.split()))


def _folded(steps: Sequence[Step]) -> list[Step]:
    """A run that is shorter than both changes around it becomes a part of them; changes in a row become one."""
    last = len(steps) - 1
    runs = [
        Step(False, step.gone, step.come)
        if step.stays and 0 < place < last and step.size < min(steps[place - 1].size, steps[place + 1].size)
        else step
        for place, step in enumerate(steps)
    ]
    joined = [list(some) for _, some in groupby(runs, lambda one: one.stays)]
    return [Step(some[0].stays, "".join(x.gone for x in some), "".join(x.come for x in some)) for some in joined]


# ── versions ────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Wording:
    """As much of a version as a comparison needs; the clauses with their thresholds still in braces."""

    title: str
    clauses: tuple[Clause, ...]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause of both versions that reads differently. `clause` is the new one, with its numbers filled in."""

    clause: Clause
    title: tuple[Segment, ...]
    text: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ThresholdChange:
    name: str
    label: str
    unit: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`title` has segments only when the title of the policy differs."""

    title: tuple[Segment, ...]
    changed: tuple[ClauseChange, ...]
    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    thresholds: tuple[ThresholdChange, ...]

    def __bool__(self) -> bool:
        """Is there any?"""
        return bool(self.title or self.changed or self.added or self.removed or self.thresholds)

    @property
    def ids(self) -> list[str]:
        """The clauses that read differently, are new or gone. A threshold counts through the clauses that name it."""
        clauses = [*(one.clause for one in self.changed), *self.added, *self.removed]
        return sorted((clause.id for clause in clauses), key=place_of)


def compare(before: Wording, after: Wording) -> Difference:
    """From one version to another, in the order of the new one."""
    old = {one.id: one for one in filled(before.clauses, before.thresholds)}
    new = {one.id: one for one in filled(after.clauses, after.thresholds)}
    was, now = before.thresholds.stored(), after.thresholds.stored()
    return Difference(
        title=words(before.title, after.title) if before.title != after.title else (),
        changed=tuple(
            ClauseChange(one, words(old[ident].title, one.title), words(old[ident].text, one.text))
            for ident, one in new.items()
            if ident in old and old[ident] != one
        ),
        added=tuple(one for ident, one in new.items() if ident not in old),
        removed=tuple(one for ident, one in old.items() if ident not in new),
        thresholds=tuple(
            ThresholdChange(name, bound.label, bound.unit, was[name], now[name])
            for name, bound in BOUNDS.items()
            if was[name] != now[name]
        ),
    )
