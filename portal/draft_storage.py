"""The wizard's storage: sheets in the database instead of a session. It keeps what was typed, valid or not.

formtools asks for the data of a step and hands over what was posted; both go through questionnaires.drafts. Nothing is
kept between requests, `reset` forgets nothing, and files never come this way: evidence has pages of its own.
"""

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.base import BaseStorage

from journal.actor import Actor
from portal import access
from portal.step_form import PAGE
from questionnaires import drafts
from questionnaires.drafts import Conflict, RowGone
from questionnaires.models import Sheet, Submission
from questionnaires.sheet_form import typed_in

EDITOR = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)
MOST_SHEETS = 50  # that one page posts; more is no page of ours
LONGEST_NUMBER = 9  # digits
MILLISECONDS = 15  # digits of a browser's clock


def whole_number(text: str, otherwise: int = 0, *, digits: int = LONGEST_NUMBER) -> int:
    """The number that a page posted or an address names; `otherwise` for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else otherwise


class DraftStorage(BaseStorage):  # type: ignore[misc]
    """Of one submission, for one request."""

    def __init__(self, prefix: str, request: HttpRequest, submission: Submission, by: Actor, at: datetime) -> None:
        super().__init__(prefix, request)
        self.submission, self.by, self.at = submission, by, at
        self.conflicts: list[Conflict] = []
        self.gone: list[RowGone] = []
        self.saved: list[Sheet] = []
        self.init_data()

    def reset(self) -> None:
        """A draft ends when it is signed or withdrawn, not when a wizard does."""

    def get_step_data(self, step: str) -> MultiValueDict[str, str] | None:
        """What was typed on all sheets of the step, under the names that the step posts; None when nothing was."""
        sheets = list(self.submission.sheets.filter(step=step))
        if not any(sheet.revision for sheet in sheets):
            return None
        return MultiValueDict({
            f"{sheet.row or PAGE}-{name}": list(of) for sheet in sheets for name, of in sheet.typed.items()
        })  # fmt: skip

    def set_step_data(self, step: str, posted: Any) -> None:
        """Save every sheet that was posted. A sheet that somebody else saved meanwhile is left as it is, and told in
        `conflicts`; what was typed into a row that is gone is told in `gone`; a row that never was is passed over."""
        data = posted if isinstance(posted, MultiValueDict) else MultiValueDict(posted)
        editor = data.get("editor", "")
        editor = editor if EDITOR.fullmatch(editor) else ""
        sent_ms = whole_number(data.get("sent_ms", "0"), digits=MILLISECONDS)
        rows = [name.removesuffix("-revision") for name in data if name.endswith("-revision")]
        for row in [row for row in rows if access.ROW.fullmatch(row)][:MOST_SHEETS]:
            typed = typed_in(data, row)
            codes = " ".join(typed.pop("codes", ())).split()
            revision = typed.pop("revision", ["0"])[0]
            try:
                self.saved.append(
                    drafts.save(
                        self.submission,
                        step,
                        typed,
                        codes=codes,
                        row="" if row == PAGE else row,
                        revision=whole_number(revision),
                        editor=editor,
                        sent_ms=sent_ms,
                        by=self.by,
                        at=self.at,
                    )
                )
            except Conflict as conflict:
                self.conflicts.append(conflict)
            except RowGone as gone:
                self.gone.append(gone)
            except LookupError:
                continue
