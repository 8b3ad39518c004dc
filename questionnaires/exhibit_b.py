"""Beginning an Exhibit B for one source, with what is known of it filled in."""

from datetime import datetime

from journal.actor import Actor
from journal.record import turn
from questionnaires import drafts
from questionnaires.definition_file import newest
from questionnaires.fields import as_posted
from questionnaires.models import ListSource, Submission
from questionnaires.sources import counted

STEP = "sources"


def begin_for(source: ListSource, *, by: Actor, at: datetime) -> Submission:
    """A new Exhibit B with the source's code and its new addresses in the first row. Raises DraftRefused."""
    questions = newest("B").questions
    values = {"B2.01": source.code, "B2.02": counted(source, at) or None}
    typed: dict[str, list[str]] = {}
    for code, value in values.items():
        typed |= as_posted(questions[code], value, code)
    with turn():
        submission = drafts.begin(source.vendor, "B", by=by, at=at)
        drafts.add_row(submission, STEP, by=by, at=at, values=typed)
    return submission
