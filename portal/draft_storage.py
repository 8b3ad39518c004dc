"""The wizard's storage: sheets in the database instead of a session. It keeps what was typed, valid or not.

formtools asks for the data of a step and hands over what was posted; both go through questionnaires.drafts. Nothing is
kept between requests, `reset` forgets nothing, and files never come this way: evidence has pages of its own.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.base import BaseStorage

from journal.actor import Actor
from portal.step_form import PAGE
from questionnaires import drafts
from questionnaires.drafts import Conflict
from questionnaires.models import Sheet, Submission
from questionnaires.sheet_form import typed_in


class DraftStorage(BaseStorage):  # type: ignore[misc]
    """Of one submission, for one request."""

    def __init__(self, prefix: str, request: HttpRequest, submission: Submission, by: Actor, at: datetime) -> None:
        super().__init__(prefix, request)
        self.submission, self.by, self.at = submission, by, at
        self.conflicts: list[Conflict] = []
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
        `conflicts`; one whose row is gone is passed over."""
        data = posted if isinstance(posted, MultiValueDict) else MultiValueDict(posted)
        editor = data.get("editor", "")[:40]
        for row in (name.removesuffix("-revision") for name in list(data) if name.endswith("-revision")):
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
                        revision=int(revision) if revision.isdecimal() else 0,
                        editor=editor,
                        by=self.by,
                        at=self.at,
                    )
                )
            except Conflict as conflict:
                self.conflicts.append(conflict)
            except LookupError:
                continue
