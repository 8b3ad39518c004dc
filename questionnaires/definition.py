"""An exhibit as data: its sections, pages and questions, and the answers to them. Pure: no database, no Django.

An exhibit has sections (A5), a section has pages (steps of the form), a page has questions. A page may repeat: one row
for each server, domain or list. The files are read in definition_file.py; what is asked of whom is in asking.py.

A definition that is released never changes (definition_file.py holds it to its hash); a new one is a new file with the
next version. Codes keep their meaning for ever: a new wording is a new version, a new meaning is a new code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


class Kind(StrEnum):
    """What an answer is. In brackets: its value, as JSON."""

    TEXT = "text"  # one line (str)
    AREA = "area"  # several lines (str)
    EMAIL = "email"  # (str, ASCII)
    TEL = "tel"  # (str, E.164)
    URL = "url"  # https (str)
    DOMAIN = "domain"  # a registrable domain or a name below one (str, A-labels)
    HOST = "host"  # a host name (str, A-labels)
    NETWORK = "network"  # an IP address or CIDR range (str, canonical)
    NUMBER = "number"  # (int)
    PERCENT = "percent"  # (int, hundredths of a per cent: 12.34 % is 1234)
    ONE = "one"  # one of the choices (str)
    MANY = "many"  # some of the choices (list of str)
    YESNO = "yesno"  # (bool)
    PROMISE = "promise"  # a box that must be ticked (bool)
    FILE = "file"  # evidence (list of its ids, str)
    DATE = "date"  # (str, YYYY-MM-DD)
    TIMEZONE = "timezone"  # an IANA name (str)
    RECORD = "record"  # one of each of its columns (dict)
    TABLE = "table"  # lines of its columns (list of dict)
    CALC = "calc"  # never asked: found by machine


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One part of a record, or one column of a table. Never a record, table or file itself. `offers` names a fact whose
    values are offered to choose from; an answer is read as its kind says all the same."""

    name: str
    label: str
    kind: Kind
    required: bool = True
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    least: int | None = None
    most: int | None = None
    autocomplete: str = ""
    checks: tuple[str, ...] = ()
    offers: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`least` and `most` bound a number, a percentage (in hundredths), the length of a text, the lines of a table, the
    files of a file answer. `source` names a fact that answers in the vendor's place: while it is known, the question
    is shown, not asked. `checks` name further tests of the value (fields/checks.py): "not_future", "not_post_box" ...
    `once` puts a question of a repeated page under its rows. `carried` lets the vendor change what a fact says."""

    code: str
    label: str
    kind: Kind
    clauses: tuple[str, ...]
    hint: str = ""
    required: bool = True
    when: Any = None
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    least: int | None = None
    most: int | None = None
    unit: str = ""
    source: str = ""
    carried: bool = False
    checks: tuple[str, ...] = ()
    autocomplete: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """How a page repeats. `named_by` is the code whose answer names a row to people."""

    noun: str
    plural: str
    named_by: str
    least: int = 1
    most: int = 500
    per_page: int = 5
    looks: str = ""  # "server", "domain", "header": what the machine looks at beside each row


@dataclass(frozen=True, slots=True)
class Page:
    """One step of the form, at its own address `step`."""

    step: str
    title: str
    why: str
    questions: tuple[Question, ...]
    rows: Rows | None = None
    when: Any = None

    def of_row(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.once)

    def of_page(self) -> tuple[Question, ...]:
        """Asked once: all, or on a repeated page those under the rows."""
        return tuple(question for question in self.questions if question.once or not self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """`code` is A5, `part` the heading that the task list shows it under. `kind` "form" is filled in page by page,
    "evidence" only shows, "signature" is the page that signs."""

    code: str
    title: str
    part: str
    pages: tuple[Page, ...] = ()
    kind: str = "form"


@dataclass(frozen=True, slots=True)
class Rule:
    """Speaks when its condition holds: "stop" keeps from acceptance unless waived, "warn" asks the reviewer to
    comment. `says` is for the vendor as much as for the reviewer, `cure` what would end it."""

    id: str
    question: str
    level: str
    when: Any
    says: str
    cure: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    exhibit: str
    version: int
    title: str
    minutes: int
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    sha256: str
    changes: str = ""  # what is new since the last version, told to whoever has a draft of it

    @property
    def name(self) -> str:
        return f"Exhibit {self.exhibit}"

    @cached_property
    def pages(self) -> Mapping[str, Page]:
        """By step, in the order of the form."""
        return {page.step: page for section in self.sections for page in section.pages}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """By code, in the order of the form."""
        return {question.code: question for page in self.pages.values() for question in page.questions}

    @cached_property
    def page_of(self) -> Mapping[str, Page]:
        return {question.code: page for page in self.pages.values() for question in page.questions}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """By step."""
        return {page.step: section for section in self.sections for page in section.pages}

    def section(self, code: str) -> Section:
        return next(section for section in self.sections if section.code == code)


# ── answers ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeated page: its lasting id, and clean values by code."""

    uid: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answers:
    """Clean values by code, rows by step, and what the machine knows by name. A fact about one row is keyed
    "name@uid of the row"; so is what only that row knows."""

    values: Mapping[str, Any]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def known(self, name: str, row: Row | None = None) -> Any:
        """The answer or fact of that name, seen from `row` when there is one; None when nothing is known. Seen from
        outside its rows, an answer of a repeated page is the list of what all of them say."""
        if row is not None:
            if name in row.values:
                return row.values[name]
            if (fact := self.facts.get(f"{name}@{row.uid}")) is not None:
                return fact
        if name in self.values:
            return self.values[name]
        if (known := self.facts.get(name)) is not None or row is not None:
            return known
        return self._in_any_row(name)

    def _in_any_row(self, name: str) -> list[Any] | None:
        """What the rows of a repeated page answered, one list of it all: a line of a condition then holds when it
        holds for one of them."""
        answers = [row.values.get(name) for rows in self.rows.values() for row in rows]
        given = [answer for answer in answers if answer is not None]
        return [one for answer in given for one in (answer if isinstance(answer, list) else [answer])] or None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: on its page, or in one row of it."""

    question: Question
    page: Page
    row: Row | None = None

    @property
    def key(self) -> str:
        """ "A1.01", or in a row "A5.01@uid"."""
        return f"{self.question.code}@{self.row.uid}" if self.row else self.question.code
