"""What is asked of whom: which questions apply, what is missing, which rules speak. Pure.

Everything takes the definition and an `Answers`, and knows nothing of where answers are kept.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from questionnaires import conditions
from questionnaires.definition import Answers, Definition, Kind, Page, Place, Question, Row, Rule


def steps(definition: Definition, answers: Answers) -> list[Page]:
    """The pages that apply, in order."""
    return [page for page in definition.pages.values() if conditions.holds(page.when, answers.known)]


def applying(page: Page, answers: Answers) -> Iterator[Place]:
    """Every question of the page that applies, in each row; asked or filled by the machine."""
    if page.rows:
        for row in answers.rows.get(page.step, ()):
            for question in page.of_row():
                if conditions.holds(question.when, lambda name, row=row: answers.known(name, row)):  # type: ignore[misc]
                    yield Place(question, page, row)
    for question in page.of_page():
        if conditions.holds(question.when, answers.known):
            yield Place(question, page)


def is_asked(place: Place, answers: Answers) -> bool:
    """Must the vendor answer it? Not while a fact does, and never what only the machine can say."""
    question = place.question
    if question.kind is Kind.CALC:
        return False
    return not question.source or answers.known(question.source, place.row) is None


def value_at(place: Place, answers: Answers) -> Any:
    """The answer that counts there: what the vendor wrote, else what a fact says; None when there is neither."""
    question = place.question
    own = place.row.values if place.row else answers.values
    may_write = not question.source or question.carried or answers.known(question.source, place.row) is None
    if may_write and own.get(question.code) is not None:
        return own[question.code]
    return answers.known(question.source, place.row) if question.source else None


def asked(definition: Definition, answers: Answers) -> Iterator[Place]:
    """Every question that this vendor is asked."""
    for page in steps(definition, answers):
        yield from (place for place in applying(page, answers) if is_asked(place, answers))


def missing(page: Page, answers: Answers, places: Sequence[Place] | None = None) -> list[Place | str]:
    """What the page still lacks: places without an answer that must have one, and a sentence for rows that must be
    there. `places` are those that apply, where the caller has them already."""
    lacking: list[Place | str] = []
    if page.rows and len(answers.rows.get(page.step, ())) < page.rows.least:
        lacking.append(f"Add at least one {page.rows.noun}.")
    found = applying(page, answers) if places is None else places
    lacking += [place for place in found if place.question.required and is_lacking(place, answers)]
    return lacking


def is_lacking(place: Place, answers: Answers) -> bool:
    """It is asked, and has no answer yet."""
    return is_asked(place, answers) and is_empty(value_at(place, answers), place.question)


def is_empty(value: Any, question: Question) -> bool:
    """No answer. A promise that is not ticked is none; 0 and "no" are answers."""
    if question.kind is Kind.PROMISE:
        return value is not True
    return value is None or value in ("", [], {})


def spoken(definition: Definition, answers: Answers) -> Iterator[tuple[Rule, Row | None]]:
    """Each rule that speaks, with the row of which it speaks."""
    for rule in definition.rules:
        page = definition.page_of[rule.question]
        if not conditions.holds(page.when, answers.known):
            continue
        if page.rows and not definition.questions[rule.question].once:
            for row in answers.rows.get(page.step, ()):
                if conditions.holds(rule.when, lambda name, row=row: answers.known(name, row)):  # type: ignore[misc]
                    yield rule, row
        elif conditions.holds(rule.when, answers.known):
            yield rule, None


def may_speak(definition: Definition, answers: Answers, rule: Rule, row: Row | None) -> bool:
    """Is it not known that the rule is silent there? What it asks about may be unknown now, and speak again later. An
    answer that nobody is asked for is known to be none."""

    def known(name: str) -> Any:
        value = answers.known(name, row)
        question = definition.questions.get(name)
        if value is not None or question is None:
            return value
        page = definition.page_of[name]
        is_asked = conditions.may_hold(page.when, answers.known) and conditions.may_hold(
            question.when, lambda other: answers.known(other, row)
        )
        return None if is_asked else ""

    page = definition.page_of[rule.question]
    return conditions.may_hold(page.when, answers.known) and conditions.may_hold(rule.when, known)
