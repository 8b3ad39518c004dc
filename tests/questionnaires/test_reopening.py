"""Which questions an amended policy asks anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from policies.clauses import clauses
from questionnaires import definition_file
from questionnaires.definition_file import newest
from questionnaires.reopening import reopened_by

FILE = """
exhibit = "{exhibit}"
version = {version}
title = "Test"
minutes = 1

[[section]]
code = "{exhibit}1"
title = "Section"
part = "Part"

[[section.page]]
step = "page"
title = "Page"
why = "Because."
{questions}
"""
QUESTION = """
[[section.page.question]]
code = "{code}"
label = "Question {code}"
kind = "text"
clauses = {clauses}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of definitions of our own."""
    monkeypatch.setattr(definition_file, "FOLDER", tmp_path)
    definition_file.load.cache_clear()
    yield tmp_path
    definition_file.load.cache_clear()


def define(folder: Path, exhibit: str, version: int, **cited: list[str]) -> None:
    questions = "".join(QUESTION.format(code=code.replace("_", "."), clauses=ids) for code, ids in cited.items())
    text = FILE.format(exhibit=exhibit, version=version, questions=questions.replace("'", '"'))
    (folder / f"{exhibit.lower()}-{version}.toml").write_text(text)


def codes(*changed: str) -> list[str]:
    return [question.code for question in reopened_by(changed)]


def test_questions_that_cite_a_changed_clause_are_asked_anew_and_no_others(folder: Path) -> None:
    define(folder, "A", 1, A1_01=["R7"], A1_02=["R5", "R7"], A1_03=["O1"])
    define(folder, "B", 1, B1_01=["R7"], B1_02=["C0"])
    assert codes("R7") == ["A1.01", "A1.02", "B1.01"]
    assert codes("R5", "C0") == ["A1.02", "B1.02"]
    assert codes("M1") == codes() == []


def test_the_newest_definition_counts(folder: Path) -> None:
    define(folder, "A", 1, A1_01=["R7"])
    define(folder, "A", 2, A1_01=["R5"], A1_04=["R7"])
    assert codes("R7") == ["A1.04"]


def test_without_definitions_nothing_is_asked_anew(folder: Path) -> None:
    assert codes("R5") == []


def test_the_exhibits_cite_only_clauses_that_there_are() -> None:
    asked = [question for exhibit in "AB" for question in newest(exhibit).questions.values()]
    assert {ident for question in asked for ident in question.clauses} <= set(clauses())
    assert reopened_by(clauses()) == asked
