"""A policy that is amended while the vendor has the form: what it touches is asked before it is signed."""

from datetime import datetime, timedelta

import pytest

from engine.cycle import Sweep
from questionnaires import decisions, drafts, overtaken, unlocking
from questionnaires.models import Submission
from questionnaires.reopening import cites
from questionnaires.signing import SigningRefused
from questionnaires.sweep import sweep
from tests import amended, submissions, world
from tests.questionnaires.reviews import LATER, make_in_review, save, send_back
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def in_review(people: People) -> Submission:
    return make_in_review(people)


def unconfirmed(form: Submission) -> set[str]:
    return {code for sheet in form.sheets.all() for code in sheet.unconfirmed}


def confirm_all(form: Submission, people: People, at: datetime) -> None:
    for sheet in form.sheets.all():
        drafts.confirm(form, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=at)


def refused_as_amended(form: Submission, people: People, clause: str, at: datetime) -> None:
    """Refused for the amendment, then for what is unconfirmed, until it is confirmed."""
    with pytest.raises(SigningRefused, match=rf"amended while you had the form \({clause}\)"):
        submissions.sign(form, people.alice, at=at)
    assert unconfirmed(form)
    assert unconfirmed(form) <= cites(form.definition, {clause})
    assert all(unlocking.unlocked(form)(code, "") for code in cites(form.definition, {clause}))
    with pytest.raises(SigningRefused, match="Not complete yet"):
        submissions.sign(form, people.alice, at=at)
    confirm_all(form, people, at)


def test_what_takes_effect_while_a_form_is_sent_back_is_asked_before_it_is_signed(
    in_review: Submission, people: People
) -> None:
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 7654321"})
    amended.make_version("O1", effective_at=LATER)
    refused_as_amended(in_review, people, "O1", LATER)
    amended.make_version("O1", effective_at=LATER + HOUR, at=LATER)
    refused_as_amended(in_review, people, "O1", LATER + HOUR)
    assert submissions.sign(in_review, people.alice, at=LATER + HOUR).policy.number == 3


def test_what_takes_effect_after_a_return_for_an_amendment_or_before_it_is_taken_back_is_asked_too(
    in_review: Submission, people: People
) -> None:
    amended.make_version("O1", effective_at=NOON + HOUR)
    decisions.send_back(in_review, "", user=people.rita, by=people.rita.actor(), at=NOON + 2 * HOUR)
    confirm_all(in_review, people, NOON + 2 * HOUR)
    assert submissions.sign(in_review, people.alice, at=NOON + 2 * HOUR).policy.number == 2
    amended.make_version("R5", effective_at=LATER, at=NOON + 3 * HOUR)
    decisions.take_back(in_review, by=people.alice.actor(), at=LATER)
    refused_as_amended(in_review, people, "R5", LATER)
    assert submissions.sign(in_review, people.alice, at=LATER).policy.number == 3


def test_the_sweep_asks_what_took_effect_meanwhile_once(in_review: Submission, people: People) -> None:
    send_back(in_review, people, "A1.04")
    amended.make_version("O1", effective_at=LATER)
    assert list(overtaken.waiting(LATER - HOUR)) == []
    assert list(overtaken.waiting(LATER)) == [in_review]
    state = Sweep(LATER)
    sweep(state)
    assert not state.error
    assert unconfirmed(in_review)
    assert list(overtaken.waiting(LATER)) == []
    confirm_all(in_review, people, LATER)
    assert overtaken.catch_up(in_review, LATER) == frozenset()
    assert unconfirmed(in_review) == set()
