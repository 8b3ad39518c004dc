"""Reading an exhibit from definitions/*.toml: one file a version, checked as a whole. Pure.

Once a version is released its file never changes: what was signed names its SHA-256, and is read with it. So the hashes
of released files stand beside them in released.sha256, as `sha256sum` writes them, and a file that differs from its
hash is refused. A file that does not stand there is being written still: it is read, and `manage.py check` names it.

A file has `exhibit`, `version`, `title`, `minutes` and `changes`; then [[section]] with `code`, `title`, `part`; in it
[[section.page]] with `step`, `title`, `why`, `when` and `rows`; in it [[section.page.question]]; and [[rule]]. The
fields are those of the classes in definition.py, and no others are taken.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from questionnaires import conditions
from questionnaires.conditions import ConditionRefused
from questionnaires.definition import Choice, Column, Definition, Kind, Page, Question, Rows, Rule, Section

FOLDER = Path(__file__).with_name("definitions")
RELEASED = "released.sha256"
_NAME = re.compile(r"[a-z]-[1-9]\d*", re.ASCII)


class DefinitionRefused(Exception):
    """A definition file cannot be used; the sentence says where and why."""


def newest(exhibit: str) -> Definition:
    """The definition that new submissions use."""
    return load(exhibit, max(versions(exhibit)))


def versions(exhibit: str) -> list[int]:
    """Those that there is a file of."""
    files = FOLDER.glob(f"{exhibit.lower()}-*.toml")
    return [int(path.stem.partition("-")[2]) for path in files if _NAME.fullmatch(path.stem)]


@cache
def load(exhibit: str, version: int) -> Definition:
    """definitions/a-1.toml for ("A", 1). Raises DefinitionRefused for a file that breaks the rules of this module."""
    file = f"{exhibit.lower()}-{version}.toml"
    definition = read((FOLDER / file).read_bytes())
    if (definition.exhibit, definition.version) != (exhibit, version):
        raise DefinitionRefused(
            f"{file} calls itself Exhibit {definition.exhibit}, version {definition.version}. The name of the file and "
            "what it says at its top have to agree."
        )
    if (wanted := released().get(file)) and wanted != definition.sha256:
        raise DefinitionRefused(
            f"{file} is released and was changed since: its SHA-256 is {definition.sha256}, and {RELEASED} says "
            f"{wanted}. Put the file back as it was; another wording is a new file with the next version."
        )
    return definition


def released() -> dict[str, str]:
    """The SHA-256 of each released file, by its name."""
    try:
        lines = (FOLDER / RELEASED).read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {name.strip(" *"): sha256.lower() for sha256, _, name in (line.partition(" ") for line in lines if line)}


def unreleased() -> list[str]:
    """The names of definition files that no hash guards: whatever is changed in them goes unseen."""
    return sorted(path.name for path in FOLDER.glob("*.toml") if path.name not in released())


def lost() -> list[str]:
    """The names of released files that are not there."""
    return sorted(name for name in released() if not (FOLDER / name).exists())


def read(content: bytes) -> Definition:
    table = tomllib.loads(content.decode())
    try:
        sections = tuple(_section(entry) for entry in table.pop("section"))
        rules = tuple(_made(Rule, entry) for entry in table.pop("rule", ()))
        definition = Definition(sections=sections, rules=rules, sha256=hashlib.sha256(content).hexdigest(), **table)
    except (TypeError, KeyError, ValueError) as error:
        raise DefinitionRefused(f"The definition cannot be read: {error}") from error
    _check(definition)
    return definition


def _section(entry: dict[str, Any]) -> Section:
    pages = tuple(_page(page) for page in entry.pop("page", ()))
    section: Section = _made(Section, entry | {"pages": pages})
    return section


def _page(entry: dict[str, Any]) -> Page:
    rows = entry.pop("rows", None)
    questions = tuple(_question(question) for question in entry.pop("question"))
    page: Page = _made(Page, entry | {"questions": questions, "rows": _made(Rows, rows) if rows else None})
    return page


def _question(entry: dict[str, Any]) -> Question:
    columns = tuple(_made(Column, column | _choices(column)) for column in entry.pop("columns", ()))
    question: Question = _made(Question, entry | {"columns": columns} | _choices(entry))
    return question


def _choices(entry: dict[str, Any]) -> dict[str, Any]:
    """Choices are written as a table value = "label", or value = { label, hint }."""
    written = entry.get("choices", {})
    return {
        "kind": Kind(entry["kind"]),
        "choices": tuple(
            Choice(value, **said) if isinstance(said, dict) else Choice(value, said) for value, said in written.items()
        ),
    }


def _made(shape: Any, entry: Mapping[str, Any]) -> Any:
    """A dataclass of a table; lists become tuples. Conditions stay as they are."""
    known = {one.name for one in fields(shape)}
    if unknown := entry.keys() - known:
        raise DefinitionRefused(f"{shape.__name__} has no {', '.join(sorted(unknown))}: {dict(entry)}")
    return shape(
        **{name: tuple(value) if isinstance(value, list) and name != "when" else value for name, value in entry.items()}
    )


def _check(definition: Definition) -> None:
    codes = [question.code for page in definition.pages.values() for question in page.questions]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise DefinitionRefused(f"These codes stand twice: {', '.join(sorted(twice))}.")
    conditional = [
        *((question.code, question.when) for question in definition.questions.values()),
        *((page.step, page.when) for page in definition.pages.values()),
        *((rule.id, rule.when) for rule in definition.rules),
    ]
    for name, when in conditional:
        try:
            conditions.check(when or {})
        except ConditionRefused as refused:
            raise DefinitionRefused(f"{name}: {refused}") from refused
        for other in sorted(conditions.names(when)):
            if other[0].isupper() and other not in definition.questions:
                raise DefinitionRefused(f"{name} asks about {other}, which is no question of this exhibit.")
    for question in definition.questions.values():
        if question.kind in {Kind.ONE, Kind.MANY} and not question.choices:
            raise DefinitionRefused(f"{question.code} has no choices.")
        if (question.kind in {Kind.RECORD, Kind.TABLE}) != bool(question.columns):
            raise DefinitionRefused(f"{question.code}: a record or table has columns, and nothing else has.")
        if not question.clauses:
            raise DefinitionRefused(f"{question.code} cites no clause.")
    for rule in definition.rules:
        if rule.question not in definition.questions or rule.level not in {"stop", "warn"}:
            raise DefinitionRefused(f"Rule {rule.id} is about no question, or neither stops nor warns.")
