"""The review's verbs: returned answers unlock and the rest stays, four eyes, waivers that end, what stands in a way."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from journal.models import Entry
from notices.models import Delivery
from questionnaires import acceptances, drafts, review
from questionnaires.drafts import DraftRefused
from questionnaires.fields import as_posted
from questionnaires.models import Acceptance, Comment, Decision, Return, Submission
from questionnaires.reading import progress, value_of
from questionnaires.review import ReviewRefused
from questionnaires.sheet_form import code_of
from tests import submissions, world
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=4)


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def in_review(people: People) -> Submission:
    return submissions.make_in_review(people.vendor_a, people.alice, people.rita)


def save(submission: Submission, people: People, step: str, answers: Mapping[str, Any], *, row: str = "") -> None:
    """Alice types these answers and leaves the others of the sheet as they are."""
    sheet = drafts.sheet_of(submission, step, row)
    assert sheet is not None
    typed = dict(sheet.typed)
    for code, value in answers.items():
        typed = {name: of for name, of in typed.items() if code_of(name) != code}
        typed |= as_posted(submission.definition.questions[code], value, code)
    drafts.save(submission, step, typed, row=row, revision=sheet.revision, by=people.alice.actor(), at=LATER)


def obstacles(submission: Submission) -> str:
    return " ".join(review.obstacles(submission, submissions.answers(submission), NOON))


def send_back(submission: Submission, people: People, *codes: str) -> None:
    for key in codes:
        code, _, row = key.partition("@")
        review.mark_return(submission, code, row, "Look again.", by=people.rita.actor(), at=NOON)
    review.send_back(submission, "A few things.", user=people.rita, by=people.rita.actor(), at=NOON)


# ── taking part ─────────────────────────────────────────────────────────────
def test_only_what_is_signed_is_taken_up_and_only_once(people: People) -> None:
    draft = submissions.make_filled(people.vendor_a)
    with pytest.raises(ReviewRefused, match="was changed by somebody else"):
        review.take_up(draft, by=people.rita.actor(), at=NOON)
    submissions.sign(draft, people.alice)
    review.take_up(draft, by=people.rita.actor(), at=NOON)
    with pytest.raises(ReviewRefused):
        review.take_up(draft, by=people.dana.actor(), at=NOON)


def test_the_vendor_takes_back_what_nobody_took_up_and_nothing_later(people: People) -> None:
    signed = submissions.make_signed(people.vendor_a, people.alice)
    review.take_back(signed, by=people.alice.actor(), at=NOON)
    assert (signed.state, signed.round) == ("draft", 2)
    submissions.sign(signed, people.alice, at=LATER)
    review.take_up(signed, by=people.rita.actor(), at=LATER)
    with pytest.raises(ReviewRefused):
        review.take_back(signed, by=people.alice.actor(), at=LATER)


def test_rows_name_the_person_and_the_journal_their_number(in_review: Submission, people: People) -> None:
    said = review.comment(in_review, "Well done.", is_from_desk=True, by=people.rita.actor(), at=NOON)
    assert said.by == "Rita"
    assert Entry.objects.get(verb="commented").actor == f"user:{people.rita.pk} (reviewer)"


def test_an_internal_note_and_its_words_stay_out_of_the_journal(in_review: Submission, people: People) -> None:
    review.comment(
        in_review, "I doubt it.", code="A5.01", audience=Comment.Audience.INTERNAL, is_from_desk=True,
        by=people.rita.actor(), at=NOON,
    )  # fmt: skip
    entry = Entry.objects.get(verb="commented")
    assert entry.after == {"code": "A5.01", "in_row": "", "audience": "internal"}
    assert "doubt" not in str(entry.after) + entry.why


def test_a_comment_needs_words_and_a_question_that_there_is(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="Write a sentence first"):
        review.comment(in_review, "  ", is_from_desk=True, by=people.rita.actor(), at=NOON)
    with pytest.raises(LookupError):
        review.comment(in_review, "Hm.", code="A99.1", is_from_desk=True, by=people.rita.actor(), at=NOON)


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
    world.make_version("O1", effective_at=NOON + timedelta(minutes=1))
    world.make_version("D1", kind="editorial", effective_at=NOON + timedelta(minutes=2))
    answers = submissions.answers(in_review)
    assert review.obstacles(in_review, answers, NOON) == []
    [sentence] = review.obstacles(in_review, answers, LATER)
    assert sentence == "It was signed under an older version of the policy. Send it back to be signed again."


# ── stop rules and waivers ──────────────────────────────────────────────────
@pytest.fixture
def stopped(people: People) -> Submission:
    """Bounces are no opt-outs to them: a rule stops that."""
    found = submissions.make_in_review(people.vendor_a, people.alice, people.rita, said={"A12.01": "no"})
    submissions.look_at_all(found, people.rita)
    return found


def waive(submission: Submission, people: People, days: int, rule: str = "bounces-ignored") -> None:
    until = (NOON + timedelta(days=days)).date()
    review.waive(submission, rule, "", "Their system is replaced in May.", until, by=people.dana.actor(), at=NOON)


def test_a_stop_rule_stops_until_it_is_waived_and_again_when_the_waiver_ends(
    stopped: Submission, people: People
) -> None:
    assert obstacles(stopped) == "1 rule stops it. Acceptance is not possible until that is cured or waived."
    waive(stopped, people, 30)
    assert obstacles(stopped) == ""
    answers = submissions.answers(stopped)
    on_the_day, after = NOON + timedelta(days=30), NOON + timedelta(days=31)
    assert review.obstacles(stopped, answers, on_the_day) == []
    assert "1 rule stops it." in review.obstacles(stopped, answers, after)[0]


def test_a_revoked_waiver_stops_again(stopped: Submission, people: People) -> None:
    waive(stopped, people, 30)
    review.revoke_waiver(stopped.waivers.get(), by=people.dana.actor(), at=NOON)
    assert obstacles(stopped).startswith("1 rule stops it.")


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_waiver_ends_after_today_and_within_a_year(stopped: Submission, people: People, days: int) -> None:
    with pytest.raises(ReviewRefused, match="ends on a day after today, within a year"):
        waive(stopped, people, days)


@pytest.mark.parametrize("rule", ["proof-slow", "drill-old", "no-such-rule"])
def test_only_a_stop_rule_that_speaks_is_waived(stopped: Submission, people: People, rule: str) -> None:
    with pytest.raises(LookupError):
        waive(stopped, people, 30, rule)


def test_a_waiver_is_printed_as_a_condition(stopped: Submission, people: People, settings: Settings) -> None:
    settings.FOUR_EYES = False
    waive(stopped, people, 30)
    letter = acceptances.accept(stopped, [], user=people.rita, by=people.rita.actor(), at=NOON)
    [condition] = letter.conditions
    assert "Their system is replaced in May." in condition["text"]
    assert condition["due"] == "2026-12-21"


# ── sending back ────────────────────────────────────────────────────────────
def test_nothing_is_sent_back_without_a_marked_answer(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="Mark at least one answer"):
        send_back(in_review, people)


def test_only_answers_that_were_signed_can_go_back(in_review: Submission, people: People) -> None:
    for code, row in [("A15.02", ""), ("A5.01", "no-such-row"), ("X", "")]:
        with pytest.raises(LookupError):
            review.mark_return(in_review, code, row, "Look again.", by=people.rita.actor(), at=NOON)


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


def test_what_went_back_cannot_be_taken_back_again(in_review: Submission, people: People) -> None:
    send_back(in_review, people, "A1.04")
    with pytest.raises(ReviewRefused, match="It was sent to the vendor already"):
        review.unmark_return(in_review.returns.get(), by=people.rita.actor(), at=NOON)


def test_in_the_next_round_unchanged_sections_are_marked_at_once(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 7654321"})
    submissions.sign(in_review, people.alice, at=LATER)
    review.take_up(in_review, by=people.rita.actor(), at=LATER)
    marked = review.look_at_unchanged(in_review, by=people.dana.actor(), at=LATER)
    assert "A1" not in marked
    assert "A5" in marked
    left = review.obstacles(in_review, submissions.answers(in_review, LATER), LATER)
    assert left == ["3 sections are not looked at yet: A1, A17, A18."]
    assert in_review.section_looks.get(round=2, section="A2").remark == "Seen, and fine."


# ── accepting and declining ─────────────────────────────────────────────────
def accept(submission: Submission, user: Any, *conditions: dict[str, Any]) -> Acceptance:
    return acceptances.accept(submission, conditions, user=user, by=user.actor(), at=NOON)


def test_four_eyes_are_two_people(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    with pytest.raises(ReviewRefused, match="Acceptance takes two people"):
        accept(in_review, people.rita)
    first = {"text": "Send the trade licence.", "due": "2026-12-31"}
    review.recommend(in_review, [first], user=people.rita, by=people.rita.actor(), at=NOON)
    assert not Delivery.objects.filter(letter="acceptance").exists()
    with pytest.raises(ReviewRefused, match="already"):
        review.recommend(in_review, [], user=people.dana, by=people.dana.actor(), at=NOON)
    with pytest.raises(ReviewRefused, match="Somebody else has to be the second"):
        accept(in_review, people.rita)
    second = {"text": "Drill in January.", "due": "2027-01-31"}
    letter = accept(in_review, people.dana, second)
    assert in_review.state == "accepted"
    assert [one["name"] for one in letter.officers] == ["Rita", "Dana"]
    assert letter.conditions == [first, second]
    assert Delivery.objects.get(letter="acceptance").to_email == letter.to_email


def test_one_person_is_enough_when_four_eyes_are_not_asked_for(
    in_review: Submission, people: People, settings: Settings
) -> None:
    settings.FOUR_EYES = False
    submissions.look_at_all(in_review, people.rita)
    assert [one["name"] for one in accept(in_review, people.rita).officers] == ["Rita"]


def test_a_first_acceptance_counts_for_its_round_only(in_review: Submission, people: People) -> None:
    submissions.look_at_all(in_review, people.rita)
    review.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    send_back(in_review, people, "A1.04")
    save(in_review, people, "company", {"A1.04": "GB 7654321"})
    submissions.sign(in_review, people.alice, at=LATER)
    review.take_up(in_review, by=people.rita.actor(), at=LATER)
    assert review.first_eyes(in_review) is None


def test_obstacles_refuse_both_people(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="not looked at yet"):
        review.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    submissions.look_at_all(in_review, people.rita)
    review.recommend(in_review, [], user=people.rita, by=people.rita.actor(), at=NOON)
    review.mark_return(in_review, "A1.04", "", "Wait.", by=people.rita.actor(), at=NOON)
    with pytest.raises(ReviewRefused, match="marked to go back"):
        accept(in_review, people.dana)
    assert not Acceptance.objects.exists()
    assert not Decision.objects.filter(kind="accept").exists()


def test_declining_needs_reasons_and_ends_it(in_review: Submission, people: People) -> None:
    with pytest.raises(ReviewRefused, match="Write the reasons"):
        review.decline(in_review, " ", user=people.rita, by=people.rita.actor(), at=NOON)
    review.decline(in_review, "No proof of consent.", user=people.rita, by=people.rita.actor(), at=NOON)
    assert (in_review.state, in_review.ended_at) == ("declined", NOON)
    assert Delivery.objects.get(letter="submission_declined").facts["words"] == "No proof of consent."
    with pytest.raises(ReviewRefused, match="is not in review now"):
        send_back(in_review, people, "A1.04")
    with pytest.raises(ReviewRefused, match="is not in review now"):
        review.look_at(in_review, "A1", "", by=people.rita.actor(), at=NOON)
