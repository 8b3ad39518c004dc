"""Carrying answers from one definition into another, by question code: what was typed, row by row, and the files.

A code that the new definition does not have is dropped; one that is new is simply not there, so it is asked. Nothing
is stored here: renewals.py does that.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from questionnaires.definition import Definition, Kind, Page
from questionnaires.models import Evidence, Sheet
from questionnaires.sheet_form import SheetForm, code_of

EVERY = None  # of `unconfirmed`: each answer that is carried


@dataclass(slots=True)
class Carried:
    """One sheet of the new form."""

    step: str
    row: str
    position: int
    typed: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    unconfirmed: list[str] = field(default_factory=list)


def carry(
    sheets: Iterable[Sheet],
    evidence: Iterable[Evidence],
    old: Definition,
    new: Definition,
    *,
    unconfirmed: Collection[str] | None = (),
    reads_anew: bool = True,
) -> list[Carried]:
    """The sheets of the new form, rows in their order and with their uid.

    `unconfirmed` are the codes that the vendor has to say are still right, EVERY for all that have an answer. What was
    typed is read anew, by the rules of the new definition and of today (a day may be too long ago); without
    `reads_anew` the values stay as they were signed.
    """
    before = list(sheets)
    files = {(one.code, one.row) for one in evidence if is_kept(one.code, new)}
    found = []
    for page in new.pages.values():
        for carried in _places(page, before, old):
            known = {question.code for question in (page.of_row() if carried.row else page.of_page())}
            _fill(carried, before, known)
            if reads_anew:
                questions = page.of_row() if carried.row else page.of_page()
                carried.values = SheetForm(questions, carried.typed).values
            answered = {*carried.values, *(code for code, row in files if row == carried.row and code in known)}
            carried.unconfirmed = sorted(
                code for code in answered if unconfirmed is None or code in unconfirmed or code in _of(before, carried)
            )
            if answered or carried.typed or carried.row:
                found.append(carried)
    return found


def is_kept(code: str, new: Definition) -> bool:
    """Is a file that answered this code still an answer?"""
    return code in new.questions and new.questions[code].kind is Kind.FILE


def _places(page: Page, before: list[Sheet], old: Definition) -> list[Carried]:
    """The page itself, and its rows: those of the pages on which its questions stood."""
    places = [Carried(page.step, "", 0)]
    if page.rows:
        steps = {old.page_of[question.code].step for question in page.of_row() if question.code in old.page_of}
        rows = dict.fromkeys(sheet.row for sheet in before if sheet.row and sheet.step in steps)
        places += [Carried(page.step, row, position) for position, row in enumerate(rows)]
    return places


def _fill(carried: Carried, before: list[Sheet], known: Collection[str]) -> None:
    for sheet in before:
        if sheet.row == carried.row:
            carried.typed |= {name: list(of) for name, of in sheet.typed.items() if code_of(name) in known}
            carried.values |= {code: value for code, value in sheet.values.items() if code in known}


def _of(before: list[Sheet], carried: Carried) -> Mapping[str, None]:
    """Codes of the place that nobody had confirmed yet."""
    return dict.fromkeys(code for sheet in before if sheet.row == carried.row for code in sheet.unconfirmed)
