"""Definition files: what is taken, what is refused, and that the one of Exhibit A is whole."""

import hashlib
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.checks import exhibits_are_released, exhibits_are_understood
from questionnaires import conditions, definition_file, derived
from questionnaires.definition import Choice, Column, Definition, Kind, Question
from questionnaires.definition_file import FOLDER, DefinitionRefused, load, newest, read, released, versions
from questionnaires.fields.checks import CHECKS

EXHIBIT = newest("A")
CLAUSES = set(tomllib.loads((Path(__file__).parents[2] / "policies" / "clauses.toml").read_text()))

CONDITIONS = [
    *(question.when for question in EXHIBIT.questions.values()),
    *(page.when for page in EXHIBIT.pages.values()),
    *(rule.when for rule in EXHIBIT.rules),
]

HEAD = """
exhibit = "Z"
version = 1
title = "A test"
minutes = 5
[[section]]
code = "Z1"
title = "First"
part = "One"
[[section.page]]
step = "first"
title = "First"
why = "Because."
"""
QUESTION = """
[[section.page.question]]
code = "Z1.01"
label = "Which?"
kind = "one"
clauses = ["R1"]
choices = { a = "The first", b = { label = "The second", hint = "It follows." } }
"""
RULE = """
[[rule]]
id = "x"
question = "Z1.01"
level = "stop"
when = { "Z1.01" = "a" }
says = "A."
cure = "B."
clauses = ["R1"]
"""


def made(text: str) -> Definition:
    return read((HEAD + text).encode())


def test_a_file_is_read_into_sections_pages_and_questions() -> None:
    found = made(QUESTION)
    assert found.name == "Exhibit Z"
    assert found.questions["Z1.01"].choices == (Choice("a", "The first"), Choice("b", "The second", "It follows."))
    assert found.page_of["Z1.01"].step == "first"
    assert found.section_of["first"].code == "Z1"
    assert found.section("Z1").title == "First"
    assert len(found.sha256) == 64
    assert made(QUESTION + "# a remark\n").sha256 != found.sha256, "each byte counts"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUESTION * 2, "stand twice: Z1.01"),
        (QUESTION.replace('choices = {', 'options = {'), "no options"),
        (re.sub("choices.*", "", QUESTION), "has no choices"),
        (QUESTION.replace('["R1"]', "[]"), "cites no clause"),
        (QUESTION.replace('"one"', '"table"'), "record or table has columns"),
        (QUESTION.replace('"one"', '"guess"'), "cannot be read"),
        (QUESTION + 'when = { "Z9.99" = true }', "asks about Z9.99"),
        (QUESTION + 'when = { "Z1.01" = { over = 3 } }', "not understood"),
        (QUESTION + RULE.replace('"stop"', '"cry"'), "neither stops nor warns"),
        (QUESTION + RULE.replace("Z1.01", "Z1.02", 1), "about no question"),
    ],
)  # fmt: skip
def test_a_file_that_breaks_the_rules_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(DefinitionRefused, match=said):
        made(text)


def test_the_newest_version_is_the_one_that_new_submissions_use() -> None:
    assert newest("A") is load("A", max(versions("A")))
    assert EXHIBIT.exhibit == "A"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_file_that_there_is_can_be_read_and_says_who_it_is(path: Path) -> None:
    found = read(path.read_bytes())
    assert path.stem == f"{found.exhibit.lower()}-{found.version}"


# ── Exhibit A ───────────────────────────────────────────────────────────────
def test_exhibit_a_has_its_eighteen_sections_in_order() -> None:
    assert [section.code for section in EXHIBIT.sections] == [f"A{n}" for n in range(1, 19)]
    assert {section.code: section.kind for section in EXHIBIT.sections if section.kind != "form"} == {
        "A17": "evidence",
        "A18": "signature",
    }
    for section in EXHIBIT.sections:
        for page in section.pages:
            assert all(question.code.startswith(f"{section.code}.") for question in page.questions), page.step


def test_every_clause_that_is_cited_exists() -> None:
    cited = {clause for question in EXHIBIT.questions.values() for clause in question.clauses}
    cited |= {clause for rule in EXHIBIT.rules for clause in rule.clauses}
    assert cited <= CLAUSES


def test_every_rule_has_an_id_of_its_own_and_says_what_would_end_it() -> None:
    ids = [rule.id for rule in EXHIBIT.rules]
    assert len(ids) == len(set(ids))
    for rule in EXHIBIT.rules:
        assert rule.says.endswith("."), rule.id
        assert rule.cure.endswith("."), rule.id
        assert rule.clauses, rule.id


def test_every_check_has_its_function() -> None:
    asked: list[Question | Column] = [*EXHIBIT.questions.values()]
    asked += [column for one in EXHIBIT.questions.values() for column in one.columns]
    assert {check for one in asked for check in one.checks} <= {*CHECKS, "return_path"}


def test_every_condition_asks_only_for_choices_that_exist() -> None:
    whens = [(question.code, question.when) for question in EXHIBIT.questions.values()]
    whens += [(rule.id, rule.when) for rule in EXHIBIT.rules]
    whens += [(page.step, page.when) for page in EXHIBIT.pages.values()]
    for name, when in whens:
        for table in [when] if isinstance(when, dict) else when or []:
            for asked, expected in table.items():
                question = EXHIBIT.questions.get(asked)
                if question is None or not question.choices:
                    continue
                wanted = expected.get("lacks", []) if isinstance(expected, dict) else expected
                values = {choice.value for choice in question.choices}
                assert {*([wanted] if isinstance(wanted, str) else wanted)} <= values, f"{name} about {asked}"


def test_every_derived_fact_that_is_asked_for_is_derived() -> None:
    made_here = set(re.findall(r"derived\.[a-z_]+", Path(derived.__file__).read_text()))
    asked = {question.source for question in EXHIBIT.questions.values()}
    asked |= {name for when in CONDITIONS for name in conditions.names(when)}
    assert {name for name in asked if name.startswith("derived.")} <= made_here


def test_every_fact_is_named_at_the_top_of_the_file() -> None:
    text = (FOLDER / "a-1.toml").read_text()
    top = text.split("exhibit =")[0]
    asked = {question.source for question in EXHIBIT.questions.values() if question.source}
    asked |= {name for when in CONDITIONS for name in conditions.names(when) if not name[0].isupper()}
    for name in asked:
        family, _, own = name.partition(".")
        assert family in {"derived", "sample"} or (f"{family}." in top and f".{own}" in top), name


def test_names_of_columns_and_choices_are_plain() -> None:
    plain = re.compile(r"[a-z][a-z_]*")
    for question in EXHIBIT.questions.values():
        parts: list[Column] = list(question.columns)
        assert all(plain.fullmatch(column.name) for column in parts), question.code
        choices = [*question.choices, *(choice for column in parts for choice in column.choices)]
        assert all(plain.fullmatch(choice.value) for choice in choices), question.code


def test_the_words_are_plain() -> None:
    for question in EXHIBIT.questions.values():
        for sentence in (question.label, question.hint):
            assert "please" not in sentence.lower(), question.code
            assert "invalid" not in sentence.lower(), question.code
            assert "NYIP" not in sentence, question.code
            assert not sentence.endswith(":"), question.code
        if question.kind is Kind.PROMISE:
            assert question.label.endswith("."), f"{question.code}: a promise is a sentence"


# ── a released file never changes ───────────────────────────────────────────
@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of our own with one released file, Exhibit Z, version 1."""
    content = (HEAD + QUESTION).encode()
    (tmp_path / "z-1.toml").write_bytes(content)
    (tmp_path / "released.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  z-1.toml\n")
    monkeypatch.setattr(definition_file, "FOLDER", tmp_path)
    load.cache_clear()
    yield tmp_path
    load.cache_clear()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_definition_is_released_and_is_what_it_was_when_it_was_released(path: Path) -> None:
    assert released()[path.name] == hashlib.sha256(path.read_bytes()).hexdigest(), (
        "docs/exhibits.md: a released file never changes; another wording is a new file"
    )


def test_no_released_definition_is_missing() -> None:
    assert {path.name for path in FOLDER.glob("*.toml")} >= released().keys()


def test_a_released_file_is_loaded_and_one_changed_byte_is_refused(folder: Path) -> None:
    assert load("Z", 1).version == 1
    load.cache_clear()
    with (folder / "z-1.toml").open("a") as file:
        file.write("#")
    with pytest.raises(DefinitionRefused, match=r"z-1\.toml is released and was changed since: .* Put the file back"):
        load("Z", 1)


def test_a_file_that_is_being_written_may_change(folder: Path) -> None:
    (folder / "z-2.toml").write_text((HEAD + QUESTION).replace("version = 1", "version = 2"))
    assert load("Z", 2).version == 2


@pytest.mark.parametrize(
    ("name", "exhibit", "version"), [("z-2.toml", "Z", 2), ("y-1.toml", "Y", 1)], ids=["version", "exhibit"]
)
def test_a_file_whose_name_says_something_else_than_its_top_is_refused(
    folder: Path, name: str, exhibit: str, version: int
) -> None:
    (folder / name).write_text(HEAD + QUESTION)
    with pytest.raises(DefinitionRefused, match=rf"{name} calls itself Exhibit Z, version 1\. The name of the file"):
        load(exhibit, version)


def test_a_file_of_another_name_is_no_version(folder: Path) -> None:
    (folder / "z-new.toml").write_text(HEAD + QUESTION)
    assert versions("Z") == [1]


def test_the_check_of_the_settings_names_a_changed_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FOLDER, tmp_path / "definitions")
    monkeypatch.setattr(definition_file, "FOLDER", tmp_path / "definitions")
    load.cache_clear()
    try:
        assert exhibits_are_understood(None) == []
        load.cache_clear()
        with (tmp_path / "definitions/b-1.toml").open("a") as file:
            file.write("#")
        [found] = exhibits_are_understood(None)
    finally:
        load.cache_clear()
    assert found.id == "sluice.E003"
    assert found.msg.startswith("b-1.toml is released and was changed since")


def test_the_check_of_the_settings_names_what_no_hash_guards_and_what_is_lost(folder: Path) -> None:
    assert exhibits_are_released(None) == []
    (folder / "z-2.toml").write_text((HEAD + QUESTION).replace("version = 1", "version = 2"))
    [found] = exhibits_are_released(None)
    assert (found.id, found.msg) == (
        "sluice.E004",
        "z-2.toml has no line in released.sha256, so nobody would see that it was changed.",
    )
    (folder / "z-2.toml").unlink()
    (folder / "z-1.toml").unlink()
    assert [one.msg for one in exhibits_are_released(None)] == ["z-1.toml is released and is not there."]


def test_the_check_of_the_settings_misses_the_list_itself(folder: Path) -> None:
    (folder / "released.sha256").unlink()
    [found] = exhibits_are_released(None)
    assert found.msg.startswith("z-1.toml has no line in released.sha256")
