"""A clause, and the table that came with the product, read once from clauses.toml. Pure.

The table is number 1 of the policy. What is in force now is in versions.py; the clauses there are of this shape too.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GROUPS: Mapping[str, str] = {  # the first letter of an id, and what such clauses are about
    "D": "What the words mean",
    "L": "Legitimate mail",
    "S": "What is never allowed",
    "O": "Opting out",
    "R": "What every sender must do",
    "C": "Complaints",
    "N": "Changes of the policy",
    "U": "Mailings to the members of an institution",
    "M": "Tracking and privacy",
}
IDENT = re.compile(rf"([{''.join(GROUPS)}])(0|[1-9]\d?)([a-z]?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Clause:
    """`id` as cited (R5), `title` a few words, `text` what it asks, in one or two sentences. In a version's own list
    both may name thresholds in braces; wording.fill() puts the numbers in."""

    id: str
    title: str
    text: str

    @property
    def fingerprint(self) -> str:
        """Of its words: whoever changes them says with it which words they looked at."""
        return hashlib.sha256(f"{self.title}\n{self.text}".encode()).hexdigest()


def place_of(ident: str) -> tuple[int, int, str]:
    """Where an id stands among others: by group in the order above, then by number, then by letter."""
    found = IDENT.fullmatch(ident)
    if found is None:
        raise ValueError(f"{ident!r} is no clause id. One is a letter of {', '.join(GROUPS)} and a number, like R13.")
    return list(GROUPS).index(found[1]), int(found[2]), found[3]


@cache
def clauses() -> Mapping[str, Clause]:
    """All clauses that came with the product by id, in the order of the table; thresholds stand in braces."""
    with Path(__file__).with_name("clauses.toml").open("rb") as file:
        table = tomllib.load(file)
    return {name: Clause(name, entry["title"], entry["text"]) for name, entry in table.items()}
