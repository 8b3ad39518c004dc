"""The clause table, read once from clauses.toml: id, title and text in our own words."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clause:
    """`id` as cited (R5), `title` a few words, `text` what it asks, in one or two sentences."""

    id: str
    title: str
    text: str


@cache
def clauses() -> Mapping[str, Clause]:
    """All clauses by id, in the order of the table."""
    with Path(__file__).with_name("clauses.toml").open("rb") as file:
        table = tomllib.load(file)
    return {name: Clause(name, entry["title"], entry["text"]) for name, entry in table.items()}
