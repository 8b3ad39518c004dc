"""The rules that speak of a submission, and the waivers by which IT lets one that stops pass for a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from journal.actor import Actor
from journal.record import note, turn
from questionnaires import asking, review
from questionnaires.definition import Answers, Row, Rule
from questionnaires.models import Decision, Submission, Waiver
from questionnaires.picture import row_name
from questionnaires.reading import answers_of
from questionnaires.review import ReviewRefused

LONGEST_WAIVER = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Flag:
    """A rule that speaks of this submission, and the waiver that lets it pass, when there is one."""

    rule: Rule
    row: Row | None
    row_name: str
    waiver: Waiver | None

    @property
    def row_uid(self) -> str:
        return self.row.uid if self.row else ""

    @property
    def stops(self) -> bool:
        return self.rule.level == "stop" and self.waiver is None


def flags(submission: Submission, answers: Answers, at: datetime) -> list[Flag]:
    """Every rule that speaks, stops first."""
    waivers = _in_effect(submission, at)
    found = [
        _flag(submission, answers, rule, row, waivers.get((rule.id, row.uid if row else "")))
        for rule, row in asking.spoken(submission.definition, answers)
    ]
    return sorted(found, key=lambda flag: (not flag.stops, flag.rule.level))


def relied_on(submission: Submission, answers: Answers, at: datetime) -> list[Flag]:
    """The waivers that an acceptance rests on, with their rules: all but those whose rule is known to be cured, or
    whose row is gone. A rule that is silent because nothing is known just now may speak again tomorrow."""
    definition = submission.definition
    rules = {rule.id: rule for rule in definition.rules}
    rows = {row.uid: row for of in answers.rows.values() for row in of}
    return [
        _flag(submission, answers, rules[rule], rows.get(uid), waiver)
        for (rule, uid), waiver in _in_effect(submission, at).items()
        if rule in rules
        and (not uid or uid in rows)
        and asking.may_speak(definition, answers, rules[rule], rows.get(uid))
    ]


def _in_effect(submission: Submission, at: datetime) -> dict[tuple[str, str], Waiver]:
    """By rule and row."""
    standing = submission.waivers.filter(revoked_at=None, until__gte=at.date()).order_by("pk")
    return {(waiver.rule, waiver.row): waiver for waiver in standing}


def _flag(submission: Submission, answers: Answers, rule: Rule, row: Row | None, waiver: Waiver | None) -> Flag:
    page = submission.definition.page_of[rule.question]
    return Flag(rule, row, row_name(page, row, answers) if row else "", waiver)


def waive(submission: Submission, rule: str, row: str, reason: str, until: date, *, by: Actor, at: datetime) -> Waiver:
    """Let a stop rule that speaks pass until a day; LookupError for any other. It is IT's right: the desk checks."""
    if not reason.strip():
        raise ReviewRefused("Write the reason. It is printed in the letter as a condition.")
    if not at.date() < until <= (at + LONGEST_WAIVER).date():
        raise ReviewRefused("A waiver ends on a day after today, within a year.")
    with turn():
        locked = review.hold(submission)
        if not any(
            flag.rule.id == rule and flag.row_uid == row and flag.rule.level == "stop"
            for flag in flags(locked, answers_of(locked, at), at)
        ):
            raise LookupError
        locked.waivers.filter(rule=rule, row=row, revoked_at=None).update(revoked_at=at)
        waiver = Waiver.objects.create(
            submission=locked, rule=rule, row=row, reason=reason.strip()[:2000], until=until, at=at, by=by.name
        )
        _void_first_acceptance(locked, by, at)
        note(locked, "rule waived", by=by, at=at, why=waiver.reason, rule=rule, in_row=row, until=until)
    return waiver


def revoke(waiver: Waiver, *, by: Actor, at: datetime) -> None:
    """The rule stops again. Only while the review lasts: what was accepted with it stands as its condition says."""
    with turn():
        locked = review.hold(waiver.submission)
        if Waiver.objects.filter(pk=waiver.pk, revoked_at=None).update(revoked_at=at):
            _void_first_acceptance(locked, by, at)
            note(locked, "waiver revoked", by=by, at=at, rule=waiver.rule, in_row=waiver.row)


def _void_first_acceptance(submission: Submission, by: Actor, at: datetime) -> None:
    """Whoever accepted as the first of four eyes did not see this: two people accept it again."""
    first = submission.decisions.filter(round=submission.round, kind=Decision.Kind.RECOMMEND, voided_at=None)
    if first.update(voided_at=at):
        note(submission, "first acceptance void", by=by, at=at, round=submission.round)
