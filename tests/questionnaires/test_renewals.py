"""Beginning again from what was accepted, and carrying a draft to a newer form."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from journal.actor import ENGINE
from journal.models import Entry
from questionnaires import acceptances, decisions, definition_file, drafts, evidence, reading, renewals, review, signing
from questionnaires.drafts import DraftRefused
from questionnaires.fields import as_posted
from questionnaires.models import Acceptance, Save, Sheet, Submission
from questionnaires.signing import SigningRefused
from tests import submissions, world
from tests.acceptances import make_acceptance
from tests.accepted import make_accepted
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=300)
Reason = Submission.Reason


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def accepted(people: People) -> Acceptance:
    return make_accepted(people, servers=2)


def again(people: People, reason: str = Reason.RENEWAL) -> Submission:
    return renewals.begin_again(people.vendor_a, reason, by=people.alice.actor(), at=LATER)


def content(submission: Submission) -> dict[tuple[str, str], dict[str, object]]:
    return {(sheet.step, sheet.row): sheet.values for sheet in submission.sheets.all() if sheet.values}


def waiting(submission: Submission) -> dict[str, int]:
    """What is to be done, by section: answers to confirm, to give, to mend."""
    answers = reading.answers_of(submission, LATER)
    return {
        one.section.code: count
        for one in reading.progress(submission, answers)
        if (count := sum(page.unconfirmed + len(page.missing) + page.problems for page in one.pages))
    }


def test_a_letter_that_was_withdrawn_before_it_counted_is_no_beginning_of_the_next(
    people: People, accepted: Acceptance
) -> None:
    withdrawn = make_acceptance(people.vendor_a, state=Acceptance.State.ISSUED, at=LATER)
    acceptances.withdraw(withdrawn, "It listed a wrong server.", by=people.rita.actor(), at=LATER)
    assert again(people, Reason.CHANGE).previous == accepted.submission


# ── a renewal ───────────────────────────────────────────────────────────────
def test_a_renewal_holds_every_answer_and_asks_whether_each_is_still_right(
    people: People, accepted: Acceptance
) -> None:
    renewal = again(people)
    assert (renewal.reason, renewal.previous, renewal.state) == ("renewal", accepted.submission, "draft")
    assert content(renewal) == content(accepted.submission)
    for sheet in renewal.sheets.all():
        files = renewal.evidence.filter(row=sheet.row).values_list("code", flat=True)
        here = {question.code for question in renewal.definition.pages[sheet.step].questions}
        assert set(sheet.unconfirmed) == {*sheet.values, *(code for code in files if code in here)}
    assert "A1" in waiting(renewal)
    entry = Entry.objects.filter(verb="begun again").get()
    assert entry.after["after"] == accepted.submission.number


def test_rows_keep_their_uid_and_order_and_files_their_place(people: People, accepted: Acceptance) -> None:
    renewal = again(people)
    assert list(renewal.sheets.filter(step="servers").exclude(row="").values_list("row", "position")) == [
        ("servers0", 0),
        ("servers1", 1),
    ]
    was = list(accepted.submission.evidence.values_list("code", "row", "sha256", "place"))
    assert list(renewal.evidence.values_list("code", "row", "sha256", "place")) == was
    assert not set(renewal.evidence.values_list("uid", flat=True)) & set(
        accepted.submission.evidence.values_list("uid", flat=True)
    )


def test_an_answer_counts_as_confirmed_when_somebody_says_so_or_changes_it(
    people: People, accepted: Acceptance
) -> None:
    renewal = again(people)
    sheet = renewal.sheets.get(step="company")
    assert {"A1.03", "A1.04"} <= set(sheet.unconfirmed)
    drafts.confirm(renewal, "company", {"A1.03"}, row="", by=people.alice.actor(), at=LATER)
    typed = sheet.typed | {"A1.04": ["GB 7654321"]}
    drafts.save(renewal, "company", typed, revision=sheet.revision, by=people.alice.actor(), at=LATER)
    assert not {"A1.03", "A1.04"} & set(renewal.sheets.get(step="company").unconfirmed)
    with pytest.raises(SigningRefused, match="Not complete yet"):
        submissions.sign(renewal, people.alice, at=LATER)


def test_a_renewal_that_is_confirmed_all_through_is_signed_and_goes_to_review(
    people: People, accepted: Acceptance
) -> None:
    renewal = again(people)
    for sheet in renewal.sheets.all():
        drafts.confirm(renewal, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=LATER)
    assert waiting(renewal) == {}
    submissions.sign(renewal, people.alice, at=LATER)
    assert renewal.state == Submission.State.SUBMITTED, "a person looks at it, though nothing changed"
    assert signing.changed_answers(renewal) == set()


def test_a_day_that_is_too_long_ago_by_now_is_asked_anew(people: People) -> None:
    said: dict[str, object] = {"A7.01": "past", "A7.02": {"day": "2026-11-20", "who": "Jonas Aker"}}
    acceptance = make_accepted_with(people, said)
    with time_machine.travel(LATER, tick=False):
        renewal = again(people)
    assert "A7.02" in acceptance.submission.sheets.get(step="reputation").values
    sheet = renewal.sheets.get(step="reputation")
    assert "A7.02" not in sheet.values
    assert sheet.typed["A7.02-day"] == ["2026-11-20"], "what was typed is still there"
    assert "A7" in waiting(renewal)


def make_accepted_with(people: People, said: Mapping[str, object]) -> Acceptance:
    """Accepted, and these answers on its sheets, as they were once."""
    acceptance = make_accepted(people)
    for sheet in acceptance.submission.sheets.filter(row=""):
        questions = {one.code: one for one in acceptance.submission.definition.pages[sheet.step].of_page()}
        for code in said.keys() & questions.keys():
            sheet.values[code] = said[code]
            sheet.typed |= as_posted(questions[code], said[code], code)
            sheet.save()
    return acceptance


# ── a change ────────────────────────────────────────────────────────────────
def test_a_change_leaves_every_answer_as_it_is_and_lets_all_be_changed(people: People, accepted: Acceptance) -> None:
    change = again(people, Reason.CHANGE)
    assert not any(sheet.unconfirmed for sheet in change.sheets.all())
    drafts.remove_row(change, "servers", "servers1", by=people.alice.actor(), at=LATER)
    assert not set(change.evidence.filter(removed_at=None).values_list("row", flat=True)) & {"servers1"}
    assert accepted.submission.sheets.filter(row="servers1").exists(), "what was accepted stays as it was"


# ── what can be begun again ─────────────────────────────────────────────────
def test_only_one_exhibit_a_is_under_way(people: People, accepted: Acceptance) -> None:
    renewal = again(people)
    with pytest.raises(DraftRefused, match=f"{renewal.number} is under way already"):
        again(people, Reason.CHANGE)


def test_who_was_never_accepted_or_whose_acceptance_was_withdrawn_begins_anew(people: People) -> None:
    with pytest.raises(DraftRefused, match="Begin Exhibit A anew"):
        renewals.begin_again(people.vendor_b, Reason.RENEWAL, by=people.charlie.actor(), at=NOON)
    acceptance = make_accepted(people)
    acceptances.withdraw(acceptance, "It mailed whom it must not.", by=people.dana.actor(), at=NOON)
    with pytest.raises(DraftRefused, match="Begin Exhibit A anew"):
        again(people)


def test_an_expired_acceptance_can_be_renewed(people: People, accepted: Acceptance) -> None:
    acceptances.expire(accepted, by=ENGINE, at=LATER)
    assert again(people).previous == accepted.submission


def test_a_later_letter_that_was_withdrawn_leaves_the_one_that_counts(people: People, accepted: Acceptance) -> None:
    later = make_acceptance(people.vendor_a, state=Acceptance.State.ISSUED, at=NOON + timedelta(days=1))
    acceptances.withdraw(later, "Sent by mistake.", by=people.dana.actor(), at=NOON + timedelta(days=1))
    assert again(people).reason == "renewal"


def test_the_last_accepted_form_is_the_one_that_is_copied(people: People) -> None:
    make_acceptance(people.vendor_a, state=Acceptance.State.SUPERSEDED, at=NOON - timedelta(days=400))
    accepted = make_accepted(people)
    assert again(people).previous == accepted.submission


# ── newer forms ─────────────────────────────────────────────────────────────
@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second version of Exhibit A: without A1.04, with A1.99, and A1.07 on the first page."""
    for file in definition_file.FOLDER.glob("*-1.toml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (tmp_path / "a-1.toml").read_text()
    text = text.replace("version = 1\n", 'version = 2\nchanges = "Your motto is asked; your tax number is not."\n', 1)
    number, telephone = question(text, "A1.04"), question(text, "A1.07")
    text = text.replace(telephone, "", 1)
    motto = telephone.replace("A1.07", "A1.99").replace('"tel"', '"text"')
    text = text.replace(number, telephone + motto, 1)
    (tmp_path / "a-2.toml").write_text(text)
    monkeypatch.setattr(definition_file, "FOLDER", tmp_path)
    yield
    definition_file.load.cache_clear()


def question(text: str, code: str) -> str:
    """The lines of one question of a definition file."""
    start = text.index(f'[[section.page.question]]\ncode = "{code}"')
    return text[start : text.index("[[", start + 5)]


def test_a_draft_of_an_older_form_cannot_be_signed(people: People, newer: None) -> None:
    draft = submissions.make_filled(people.vendor_a)
    draft.version = 1
    draft.save()
    assert renewals.is_outdated(draft)
    assert renewals.news(draft) == ["Your motto is asked; your tax number is not."]
    with pytest.raises(SigningRefused, match="There is a newer version of Exhibit A"):
        submissions.sign(draft, people.alice)


def old_draft(people: People) -> Submission:
    """Filled in under version 1, which was the newest then."""
    draft = submissions.make_filled(people.vendor_a)
    return Submission.objects.get(pk=draft.pk)


def test_carried_over_answers_stand_under_their_code_and_what_is_gone_leaves(
    people: People, request: pytest.FixtureRequest
) -> None:
    draft = old_draft(people)
    before = content(draft)
    saves = Save.objects.count()
    request.getfixturevalue("newer")
    assert renewals.carry_over(draft, by=people.alice.actor(), at=LATER) == [
        "Your motto is asked; your tax number is not."
    ]
    assert draft.version == 2
    company = draft.sheets.get(step="company")
    assert company.values["A1.07"] == before["company-reach", ""]["A1.07"], "on its new page"
    assert "A1.04" not in company.values
    assert "A1.99" not in company.values
    assert draft.sheets.filter(step="servers").exclude(row="").values_list("row", flat=True)[0] == "servers0"
    missing = [
        one for page in reading.progress(draft, reading.answers_of(draft, NOON))[0].pages for one in page.missing
    ]
    assert [getattr(one, "key", one) for one in missing] == ["A1.99"]
    assert Save.objects.count() == saves, "the history stays"
    with pytest.raises(DraftRefused, match="newest version already"):
        renewals.carry_over(draft, by=people.alice.actor(), at=LATER)


def test_an_open_page_that_was_not_carried_over_overwrites_nothing(
    people: People, request: pytest.FixtureRequest
) -> None:
    draft = old_draft(people)
    typed = dict(Sheet.objects.get(submission=draft, step="company").typed)
    request.getfixturevalue("newer")
    renewals.carry_over(draft, by=people.alice.actor(), at=LATER)
    with pytest.raises(drafts.Conflict):
        drafts.save(draft, "company", typed | {"A1.99": ["Onward"]}, revision=1, by=people.bob.actor(), at=LATER)


def test_what_was_signed_is_not_carried_over(people: People, request: pytest.FixtureRequest) -> None:
    signed = submissions.make_in_review(people.vendor_a, people.alice, people.rita)
    request.getfixturevalue("newer")
    with pytest.raises(DraftRefused, match="with us"):
        renewals.carry_over(signed, by=people.alice.actor(), at=LATER)
    review.mark_return(signed, "A1.04", "", "Which register?", by=people.rita.actor(), at=NOON)
    decisions.send_back(signed, "", user=people.rita, by=people.rita.actor(), at=NOON)
    assert not renewals.is_outdated(signed), "it is ended as it was begun"


def test_a_renewal_begins_under_the_newest_form(people: People, request: pytest.FixtureRequest) -> None:
    make_accepted(people)
    request.getfixturevalue("newer")
    renewal = again(people)
    assert renewal.version == 2
    assert {"A1.07"} <= set(renewal.sheets.get(step="company").unconfirmed)
    assert "A1.99" not in renewal.sheets.get(step="company").values


def test_a_file_that_is_replaced_needs_nobody_to_say_that_it_is_still_right(
    people: People, accepted: Acceptance
) -> None:
    renewal = again(people)
    proof = renewal.evidence.filter(row="")[0]
    step = renewal.definition.page_of[proof.code].step
    assert proof.code in renewal.sheets.get(step=step, row="").unconfirmed
    evidence.remove(proof, by=people.alice.actor(), at=LATER)
    assert proof.code not in renewal.sheets.get(step=step, row="").unconfirmed
    assert accepted.submission.evidence.filter(code=proof.code, removed_at=None).exists()
