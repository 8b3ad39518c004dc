"""The log of a submission's review as a table: who did what when, to which answer, and the words that were said.

Taken from the journal, so that nothing can be missing from it. The words come from the rows: those that the vendor may
read, and the reasons of waivers. Notes that the desk keeps to itself are named, and their words stay here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime

from desk import csv_rows
from desk.timeline import entries_about, names_of
from journal.models import Entry
from questionnaires.models import Acceptance, Comment, Return, Submission

OWN = "kept at the desk"
WHAT = {  # the verbs of the journal that do not speak for themselves
    ("", "draft"): "taken back by the vendor",
    ("", "submitted"): "sent to the desk",
    ("", "in_review"): "taken up",
    ("", "returned"): "sent back",
    ("answer", "open"): "answer sent back",
    ("answer", "dropped"): "answer not sent back after all",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the journal. `at` is in UTC; `entry` is its place in the chain."""

    entry: int
    at: str
    who: str
    what: str
    section: str
    code: str
    row: str
    words: str


def log_of(submission: Submission) -> list[Line]:
    """Oldest first."""
    returns = {str(one.pk): one for one in submission.returns.all()}
    entries = list(
        entries_about(
            {
                Submission: [submission.pk],
                Return: [one.pk for one in returns.values()],
                Acceptance: Acceptance.objects.filter(submission=submission),
            }
        ).order_by("position")
    )
    names = names_of(entries)
    said = _words(submission)
    return [_line(entry, submission, returns, names[entry.pk], said) for entry in entries]


def _line(
    entry: Entry,
    submission: Submission,
    returns: Mapping[str, Return],
    who: str,
    said: Mapping[tuple[str, datetime, str], str],
) -> Line:
    returned = returns.get(entry.object_id) if entry.object_type == Return._meta.label_lower else None
    code = returned.code if returned else str(entry.after.get("code") or "")
    row = returned.row if returned else str(entry.after.get("in_row") or "")
    of = "answer" if returned else "acceptance" if entry.object_type == Acceptance._meta.label_lower else ""
    what = WHAT.get((of, entry.verb), f"{of} {entry.verb}".strip())
    if (of, entry.verb, entry.before.get("state")) == ("", Submission.State.RETURNED, Submission.State.SUBMITTED):
        what = WHAT["", "draft"]
    words = entry.why or (returned.comment if returned and entry.verb == Return.State.OPEN else "")
    words = words or said.get((entry.verb, entry.at, code), "")
    if entry.verb == "commented" and entry.after.get("audience") == Comment.Audience.INTERNAL:
        words = OWN
    section = str(entry.after.get("section") or _section(submission, code))
    return Line(entry.position, f"{entry.at:%Y-%m-%dT%H:%M:%SZ}", who, what, section, code, row, words)


def _section(submission: Submission, code: str) -> str:
    page = submission.definition.page_of.get(code)
    return submission.definition.section_of[page.step].code if page else ""


def _words(submission: Submission) -> Mapping[tuple[str, datetime, str], str]:
    """The words that belong to an entry, by its verb, its moment and the code it is about."""
    shared = submission.comments.filter(audience=Comment.Audience.SHARED)
    found = {("commented", one.at, one.code): one.text for one in shared}
    verbs = {"return": Submission.State.RETURNED, "decline": Submission.State.DECLINED}
    for decision in submission.decisions.exclude(note=""):
        if decision.kind in verbs:
            found[verbs[decision.kind].value, decision.at, ""] = decision.note
    return found


def csv_of(lines: Sequence[Line]) -> bytes:
    """As a table for spreadsheets."""
    return b"".join(csv_rows.encoded([field.name for field in fields(Line)], map(astuple, lines)))
