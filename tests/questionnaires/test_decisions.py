"""How a round ends: what stands in its way, sent back, taken back, four eyes, declined."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from journal.models import Entry
from notices.letters import render
from notices.models import Delivery
from questionnaires import acceptances, decisions, drafts, review, unlocking, waivers
from questionnaires.drafts import DraftRefused
from questionnaires.models import Acceptance, Decision, Look, Return, Submission
from questionnaires.reading import progress, value_of
from questionnaires.reopening import cites
from questionnaires.review import ReviewRefused
from questionnaires.signing import SigningRefused
from tests import amended, submissions, world
from tests.questionnaires.reviews import LATER, make_in_review, obstacles, save, send_back
from tests.world import NOON, People

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def in_review(people: People) -> Submission:
    return make_in_review(people)


# ── what stands in the way ──────────────────────────────────────────────────
def test_every_section_has_to_be_looked_at_in_this_round(in_review: Submission, people: People) -> None:
    assert obstacles(in_review) == "17 sections are not looked at yet: A1, A2, A3, A4, A5, A6 and 11 more."
    submissions.look_at_all(in_review, people.rita)
    assert obstacles(in_review) == ""


def test_warnings_need_a_remark(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita, remark="")
    assert obstacles(in_review) == "Say something to the warnings in A2, A3."
    for section in ("A2", "A3"):
        review.look_at(in_review, section, "We asked: fine.", by=people.rita.actor(), at=NOON)
    assert obstacles(in_review) == ""


def test_a_section_that_is_not_there_cannot_be_looked_at(in_review: Submission, people: People) -> None:
    with pytest.raises(LookupError):
        review.look_at(in_review, "A15", "", by=people.rita.actor(), at=NOON)


def test_an_answer_that_is_marked_to_go_back_stands_in_the_way(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    marked = review.mark_return(in_review, "A1.04", "", "Digits missing.", by=people.rita.actor(), at=NOON)
    assert obstacles(in_review) == "1 answer is marked to go back. Send back, or take the marks away."
    review.unmark_return(marked, by=people.rita.actor(), at=NOON)
    assert obstacles(in_review) == ""


def test_a_material_amendment_asks_for_a_new_signature_and_an_editorial_one_after_it_hides_nothing(
    in_review: Submission, people: People
) -> None:
    submissions.look_at_all(in_review, people.rita)
    amended.make_version("O1", effective_at=NOON + timedelta(minutes=1))
    amended.make_version("D1", kind="editorial", effective_at=NOON + timedelta(minutes=2))
    answers = submissions.answers(in_review)
    assert decisions.obstacles(in_review, answers, NOON) == []
    [sentence] = decisions.obstacles(in_review, answers, LATER)
    assert sentence == "It was signed under an older version of the policy. Send it back to be signed again."


# ── taken back ──────────────────────────────────────────────────────────────
def test_the_vendor_takes_back_what_nobody_took_up_and_nothing_later(people: People) -> None:
    signed = submissions.make_signed(people.vendor_a, people.alice)
    decisions.take_back(signed, by=people.alice.actor(), at=NOON)
    assert (signed.state, signed.round) == ("draft", 2)
    submissions.sign(signed, people.alice, at=LATER)
    review.take_up(signed, by=people.rita.actor(), at=LATER)
    with pytest.raises(ReviewRefused):
        decisions.take_back(signed, by=people.alice.actor(), at=LATER)


def test_what_was_sent_back_and_signed_is_taken_back_to_the_answers_that_were_sent_back(
    in_review: Submission, people: People
) -> None:
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 12345678"})
    submissions.sign(in_review, people.alice, at=LATER)
    decisions.take_back(in_review, by=people.alice.actor(), at=LATER)
    assert (in_review.state, in_review.round) == ("returned", 3)
    assert [one.state for one in in_review.returns.all()] == ["open"]
    may_change = unlocking.unlocked(in_review)
    assert may_change("A1.04", "")
    assert not may_change("A1.01", "")
    save(in_review, people, "company", {"A1.04": "GB 99999999", "A1.01": "Another Name Ltd"})
    answers = submissions.answers(in_review, LATER)
    assert answers.values["A1.04"] == "GB 99999999"
    assert answers.values.get("A1.01") != "Another Name Ltd"
    submissions.sign(in_review, people.alice, at=LATER)
    assert [one.state for one in in_review.returns.all()] == ["answered"]


def test_sections_looked_at_are_carried_from_the_round_that_was_sent_back_over_one_taken_back(
    in_review: Submission, people: People
) -> None:
    submissions.look_at_all(in_review, people.rita)
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 12345678"})
    submissions.sign(in_review, people.alice, at=LATER)
    decisions.take_back(in_review, by=people.alice.actor(), at=LATER)
    submissions.sign(in_review, people.alice, at=LATER)
    review.take_up(in_review, by=people.rita.actor(), at=LATER)
    marked = review.look_at_unchanged(in_review, by=people.rita.actor(), at=LATER)
    assert "A5" in marked
    assert "A1" not in marked, "it changed since the round that was read"


# ── sending back ────────────────────────────────────────────────────────────
def test_nothing_is_sent_back_without_a_marked_answer(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="Mark at least one answer"):
        send_back(in_review, people)


def test_an_amendment_meanwhile_sends_back_what_it_touches_without_a_mark(
    in_review: Submission, people: People
) -> None:
    amended.make_version("O1", effective_at=NOON + timedelta(minutes=1))
    decisions.send_back(in_review, "", user=people.rita, by=people.rita.actor(), at=LATER)
    assert in_review.state == "returned"
    touched = cites(in_review.definition, {"O1"})
    may_change = unlocking.unlocked(in_review)
    assert {code for code in in_review.definition.questions if may_change(code, "")} >= touched
    assert not may_change("A1.04", "")
    unconfirmed = {code for sheet in in_review.sheets.all() for code in sheet.unconfirmed}
    assert unconfirmed
    assert unconfirmed <= touched
    with pytest.raises(SigningRefused, match="Not complete yet: A11"):
        submissions.sign(in_review, people.alice, at=LATER)
    for sheet in in_review.sheets.all():
        drafts.confirm(in_review, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=LATER)
    signature = submissions.sign(in_review, people.alice, at=LATER)
    assert signature.policy.number == 2
    for delivery in Delivery.objects.filter(letter="submission_returned"):
        letter = render(delivery.letter, delivery.facts)
        assert "The policy was amended since you signed (O1)." in letter.text
        assert "Sign it again" in letter.html


def test_a_return_unlocks_only_its_answers(in_review: Submission, people: People) -> None:
    send_back(in_review, people, "A1.04", "A5.10@servers0")
    assert (in_review.state, in_review.round) == ("returned", 2)
    save(in_review, people, "company", {"A1.04": "GB 7654321", "A1.01": "Another Name Ltd"})
    save(in_review, people, "servers", {"A5.10": "2025-02-01", "A5.01": "93.184.215.99"}, row="servers0")
    answers = submissions.answers(in_review)
    assert value_of("A1.04", in_review, answers) == "GB 7654321"
    assert value_of("A1.01", in_review, answers) != "Another Name Ltd"
    assert value_of("A5.10@servers0", in_review, answers) == "2025-02-01"
    assert value_of("A5.01@servers0", in_review, answers) == "93.184.215.14"
    with pytest.raises(DraftRefused, match="no server is added"):
        drafts.add_row(in_review, "servers", by=people.alice.actor(), at=LATER)


def test_a_returned_answer_has_to_be_changed_or_explained(in_review: Submission, people: People) -> None:
    send_back(in_review, people, "A1.04", "A1.07")
    waiting = [page.page.step for one in progress(in_review, submissions.answers(in_review)) for page in one.pages
               if page.to_answer]  # fmt: skip
    assert waiting == ["company", "company-reach"]
    save(in_review, people, "company", {"A1.04": "GB 7654321"})
    review.comment(
        in_review, "That is our number.", code="A1.07", is_from_desk=False, by=people.alice.actor(), at=LATER
    )
    assert not any(page.to_answer for one in progress(in_review, submissions.answers(in_review)) for page in one.pages)
    submissions.sign(in_review, people.alice, at=LATER)
    assert (in_review.state, in_review.round) == ("submitted", 2)
    assert set(in_review.returns.values_list("state", flat=True)) == {Return.State.ANSWERED}


def test_the_vendor_is_told_which_answers_and_why(in_review: Submission, people: People) -> None:
    send_back(in_review, people, "A1.04")
    letters = Delivery.objects.filter(letter="submission_returned")
    assert {letter.to_email for letter in letters} == {people.alice.email}
    facts = letters[0].facts
    assert facts["words"] == "A few things."
    assert facts["comments"] == [{"code": "A1.04", "label": "Registration or tax number", "comment": "Look again."}]


def accept(submission: Submission, user: Any, *conditions: dict[str, Any]) -> Acceptance:
    return acceptances.accept(submission, conditions, user=user, by=user.actor(), at=NOON)


def test_four_eyes_are_two_people(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    with pytest.raises(ReviewRefused, match="Acceptance takes two people"):
        accept(in_review, people.rita)
    first = {"text": "Send the trade licence.", "due": "2026-12-31"}
    decisions.recommend(in_review, [first], user=people.rita, by=people.rita.actor(), at=NOON)
    assert not Delivery.objects.filter(letter="acceptance").exists()
    with pytest.raises(ReviewRefused, match="already"):
        decisions.recommend(in_review, [], user=people.dana, by=people.dana.actor(), at=NOON)
    with pytest.raises(ReviewRefused, match="Somebody else has to be the second"):
        accept(in_review, people.rita)
    second = {"text": "Drill in January.", "due": "2027-01-31"}
    letter = accept(in_review, people.dana, second)
    assert in_review.state == "accepted"
    assert [one["name"] for one in letter.officers] == ["Rita", "Dana"]
    assert letter.conditions == [first, second]
    assert Delivery.objects.get(letter="acceptance").to_email == letter.to_email


@pytest.fixture
def late_stop(in_review: Submission, people: People) -> Submission:
    """Rita accepted as the first; then a look at the server turned bad, and a rule stops."""
    submissions.look_at_all(in_review, people.rita)
    first = {"text": "Send the trade licence.", "due": "2026-12-31"}
    decisions.recommend(in_review, [first], user=people.rita, by=people.rita.actor(), at=NOON)
    turn_bad(people)
    return in_review


def turn_bad(people: People) -> None:
    look = Look.objects.get(vendor=people.vendor_a, kind="server")
    look.facts = {**look.facts, "look.fcrdns": False}
    look.save()


def waive_stops(submission: Submission, people: People) -> None:
    for flag in waivers.flags(submission, submissions.answers(submission), NOON):
        if flag.stops:
            until = (NOON + timedelta(days=30)).date()
            waivers.waive(submission, flag.rule.id, flag.row_uid, "Soon.", until, by=people.dana.actor(), at=NOON)


def test_who_waives_after_the_first_acceptance_cannot_accept_as_the_second_before_two_accept_again(
    late_stop: Submission, people: People
) -> None:
    waive_stops(late_stop, people)
    assert decisions.first_eyes(late_stop) is None
    _, void = decisions.recommended(late_stop)
    assert void is not None
    assert (void.by, void.voided_at) == ("Rita", NOON)
    assert Entry.objects.filter(verb="first acceptance void").count() == 1
    with pytest.raises(ReviewRefused, match="Acceptance takes two people"):
        accept(late_stop, people.dana)
    decisions.recommend(late_stop, [], user=people.dana, by=people.dana.actor(), at=NOON)
    assert decisions.recommended(late_stop)[1] is None
    with pytest.raises(ReviewRefused, match="Somebody else has to be the second"):
        accept(late_stop, people.dana)
    assert [one["name"] for one in accept(late_stop, people.rita).officers] == ["Dana", "Rita"]


def test_a_waiver_that_is_revoked_after_the_first_acceptance_makes_it_void_too(
    in_review: Submission, people: People
) -> None:
    turn_bad(people)
    submissions.look_at_all(in_review, people.rita)
    waive_stops(in_review, people)
    decisions.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    assert decisions.first_eyes(in_review)
    for waiver in in_review.waivers.all():
        waivers.revoke(waiver, by=people.dana.actor(), at=NOON)
    assert decisions.first_eyes(in_review) is None


def test_a_rule_that_speaks_since_the_first_acceptance_is_named(late_stop: Submission, people: People) -> None:
    first = decisions.first_eyes(late_stop)
    assert first is not None
    flags = waivers.flags(late_stop, submissions.answers(late_stop), NOON)
    new = decisions.flags_since(first, flags)
    assert new
    assert len(new) < len(flags)
    assert all(flag.stops for flag in new)


def test_one_person_is_enough_when_four_eyes_are_not_asked_for(
    in_review: Submission, people: People, settings: Settings
) -> None:
    settings.FOUR_EYES = False
    submissions.look_at_all(in_review, people.rita)
    assert [one["name"] for one in accept(in_review, people.rita).officers] == ["Rita"]


def test_a_first_acceptance_counts_for_its_round_only(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    decisions.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 7654321"})
    submissions.sign(in_review, people.alice, at=LATER)
    review.take_up(in_review, by=people.rita.actor(), at=LATER)
    assert decisions.first_eyes(in_review) is None


def test_obstacles_refuse_both_people(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="not looked at yet"):
        decisions.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    submissions.look_at_all(in_review, people.rita)
    decisions.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    review.mark_return(in_review, "A1.04", "", "Wait.", by=people.rita.actor(), at=NOON)
    with pytest.raises(ReviewRefused, match="marked to go back"):
        accept(in_review, people.dana)
    assert not Acceptance.objects.exists()
    assert not Decision.objects.filter(kind="accept").exists()


def test_declining_needs_reasons_and_ends_it(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="Write the reasons"):
        decisions.decline(in_review, " ", user=people.rita, by=people.rita.actor(), at=NOON)
    decisions.decline(in_review, "No proof of consent.", user=people.rita, by=people.rita.actor(), at=NOON)
    assert (in_review.state, in_review.ended_at) == ("declined", NOON)
    assert Delivery.objects.get(letter="submission_declined").facts["words"] == "No proof of consent."
    with pytest.raises(ReviewRefused, match="is not in review now"):
        send_back(in_review, people, "A1.04")
    with pytest.raises(ReviewRefused, match="is not in review now"):
        review.look_at(in_review, "A1", "", by=people.rita.actor(), at=NOON)


def test_a_form_is_taken_back_into_the_round_after_the_one_that_is_stored(people: People) -> None:
    form = submissions.make_signed(people.vendor_a, people.alice)
    Submission.objects.filter(pk=form.pk).update(round=4)
    decisions.take_back(form, by=people.alice.actor(), at=LATER)
    form.refresh_from_db()
    assert (form.state, form.round) == ("draft", 5)


def test_a_form_that_is_in_review_by_now_is_not_taken_back(people: People) -> None:
    form = make_in_review(people)
    send_back(form, people, "A1.04")
    save(form, people, "company", {"A1.04": "GB 7654321"})
    submissions.sign(form, people.alice, at=LATER)
    opened = Submission.objects.get(pk=form.pk)
    review.take_up(form, by=people.rita.actor(), at=LATER)
    for seen in (opened, form):
        with pytest.raises(ReviewRefused, match="changed by somebody else"):
            decisions.take_back(seen, by=people.alice.actor(), at=LATER)
    form.refresh_from_db()
    assert form.state == "in_review"
