"""Reading a submission: its answers as the pure modules take them, and how far each page and section is."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from questionnaires import asking, draws
from questionnaires.definition import Answers, Kind, Page, Place, Row, Rule, Section
from questionnaires.facts import gather
from questionnaires.models import Comment, Decision, Return, Sheet, Signature, Submission


def answers_of(submission: Submission, at: datetime) -> Answers:
    """All answers and facts, in a handful of queries whatever the number of rows."""
    values: dict[str, Any] = {}
    rows: dict[str, list[Row]] = {}
    standing = list(submission.evidence.filter(removed_at=None).values_list("row", "code", "uid", "facts"))
    files = _files((row, code, uid) for row, code, uid, _ in standing)
    for step, row, clean in submission.sheets.values_list("step", "row", "values"):
        if not row:
            values |= clean
        else:
            rows.setdefault(step, []).append(Row(row, clean | files.get(row, {})))
    values |= files.get("", {})
    shown = {code: facts for _, code, _, facts in standing}  # by the newest file of each
    return Answers(values, rows, gather(submission, values, rows, shown, at))


def _files(standing: Iterable[tuple[str, str, UUID]]) -> Mapping[str, dict[str, list[str]]]:
    """The ids of the files that answer, by row ("" for none) and code."""
    found: dict[str, dict[str, list[str]]] = {}
    for row, code, uid in standing:
        found.setdefault(row, {}).setdefault(code, []).append(str(uid))
    return found


def value_of(key: str, submission: Submission, answers: Answers) -> Any:
    """The answer that counts at "A1.01" or "A5.01@uid of the row"; None when there is none."""
    code, _, uid = key.partition("@")
    page = submission.definition.page_of[code]
    row = next((row for row in answers.rows.get(page.step, ()) if row.uid == uid), None)
    return asking.value_at(Place(submission.definition.questions[code], page, row), answers)


def signed_values(signature: Signature | None) -> dict[str, Any]:
    """The answers of a signed snapshot by key; files as the list of their SHA-256."""
    if signature is None:
        return {}
    return {answer["key"]: answer["value"] for answer in json.loads(signature.snapshot)["answers"]}


def sent_back(submission: Submission) -> Decision | None:
    """The last time that a reviewer sent it back; the round of it is the last one that was read to the end."""
    return next((one for one in reversed(submission.decisions.all()) if one.kind == Decision.Kind.RETURN), None)


def standing_signature(submission: Submission) -> Signature | None:
    """The newest one that counts. What the vendor took back counts no more: then it is the one that was sent back, and
    none for a draft."""
    if submission.state == Submission.State.DRAFT:
        return None
    if submission.state == Submission.State.RETURNED and (returned := sent_back(submission)):
        return submission.signature_of(returned.round)
    return max(submission.signatures.all(), key=lambda one: one.round, default=None)


def signed_answers(signature: Signature) -> Answers:
    """What was signed, and no more: an answer that another one made needless is not in it, nor what the machine has
    seen since. A fact that answered in the vendor's place then is known by its name too."""
    questions = signature.submission.definition.questions
    facts: dict[str, Any] = {}
    values: dict[str, Any] = {}
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for one in json.loads(signature.snapshot).get("answers", ()):
        if one["value"] is not None:
            of = rows.setdefault(one["step"], {}).setdefault(one["row"], {}) if one["row"] else values
            of[one["code"]] = one["value"]
            if one["by"] == "machine":
                source = questions[one["code"]].source
                facts[f"{source}@{one['row']}" if one["row"] else source] = one["value"]
    return Answers(values, {step: [Row(*row) for row in some.items()] for step, some in rows.items()}, facts)


@dataclass(frozen=True, slots=True)
class PageProgress:
    """`missing` are sentences or places; `problems` are typed answers that are not clean."""

    page: Page
    is_begun: bool
    missing: list[Place | str]
    problems: int
    unconfirmed: int
    to_answer: int  # sent back and not changed yet

    @property
    def is_complete(self) -> bool:
        return not (self.missing or self.problems or self.unconfirmed or self.to_answer)


@dataclass(frozen=True, slots=True)
class SectionProgress:
    section: Section
    pages: list[PageProgress]
    stops: list[tuple[Rule, Row | None]]

    @property
    def is_begun(self) -> bool:
        return any(page.is_begun for page in self.pages)

    @property
    def is_complete(self) -> bool:
        return all(page.is_complete for page in self.pages)

    @property
    def first_open(self) -> Page | None:
        """Where to go on."""
        unfinished = [one.page for one in self.pages if not one.is_complete]
        return unfinished[0] if unfinished else (self.pages[0].page if self.pages else None)


def progress(submission: Submission, answers: Answers) -> list[SectionProgress]:
    """Each section with a page that applies, in order; also those that have no pages."""
    definition = submission.definition
    sheets: dict[str, list[Sheet]] = {}
    for sheet in submission.sheets.all():
        sheets.setdefault(sheet.step, []).append(sheet)
    applying = {page.step for page in asking.steps(definition, answers)}
    returned = _unanswered_returns(submission, answers)
    spoken = [(rule, row) for rule, row in asking.spoken(definition, answers) if rule.level == "stop"]
    to_draw = draws.lacking(submission, answers)
    found = []
    for section in definition.sections:
        pages = [
            _page_progress(page, answers, sheets.get(page.step, []), returned, to_draw)
            for page in section.pages
            if page.step in applying
        ]
        if section.pages and not pages:
            continue
        codes = {question.code for page in section.pages for question in page.questions}
        found.append(SectionProgress(section, pages, [(rule, row) for rule, row in spoken if rule.question in codes]))
    return found


def _page_progress(page: Page, answers: Answers, sheets: list[Sheet], returned: set[str], to_draw: str) -> PageProgress:
    places = list(asking.applying(page, answers))
    asked = {place.key: place for place in places if asking.is_asked(place, answers)}
    problems = unconfirmed = 0
    for sheet in sheets:
        suffix = f"@{sheet.row}" if sheet.row else ""
        typed = {name.partition("-")[0] for name, of in sheet.typed.items() if any(text.strip() for text in of)}
        problems += sum(
            1
            for code in typed - sheet.values.keys()
            if (place := asked.get(f"{code}{suffix}")) and place.question.kind not in _EMPTY_IS_FINE
        )
        unconfirmed += sum(1 for code in sheet.unconfirmed if f"{code}{suffix}" in asked)
    return PageProgress(
        page=page,
        is_begun=any(sheet.revision for sheet in sheets),
        missing=[*asking.missing(page, answers, places), *([to_draw] if to_draw and draws.is_about(page) else [])],
        problems=problems,
        unconfirmed=unconfirmed,
        to_answer=sum(1 for place in places if place.key in returned) if returned else 0,
    )


_EMPTY_IS_FINE = frozenset({Kind.PROMISE, Kind.FILE, Kind.CALC, Kind.MANY, Kind.TABLE})


def _unanswered_returns(submission: Submission, answers: Answers) -> set[str]:
    """Keys of answers that were sent back, stand as they were signed, and got no word from the vendor since."""
    if submission.state != Submission.State.RETURNED:
        return set()
    signed = signed_values(standing_signature(submission))
    waiting = set()
    for one in submission.returns.filter(state=Return.State.OPEN):
        key = f"{one.code}@{one.row}" if one.row else one.code
        has_word = submission.comments.filter(
            code=one.code, row=one.row, is_from_desk=False, audience=Comment.Audience.SHARED, at__gte=one.at
        ).exists()
        if not has_word and value_of(key, submission, answers) == signed.get(key):
            waiting.add(key)
    return waiting
