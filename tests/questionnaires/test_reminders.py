"""Reminders: each is written once, when its day has come; what ends by itself ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engine.cycle import Sweep
from journal.models import Entry
from notices import confirmations
from notices.letters import Letter, render
from notices.models import Delivery
from questionnaires import acceptances, decisions, drafts, reminders, review
from questionnaires.models import Acceptance, Reminder, Submission
from questionnaires.sweep import sweep
from tests import amended, submissions, world
from tests.acceptances import make_acceptance, make_approval, make_submission
from tests.world import NOON, People
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def people() -> People:
    return world.make_people()


def ring(at: datetime) -> Sweep:
    state = Sweep(at)
    sweep(state)
    assert not state.error, state.error
    return state


def letters(name: str = "") -> list[Delivery]:
    found = Delivery.objects.exclude(letter__in=["signed_copy", "submission_returned", "contact_changed"])
    return list((found.filter(letter=name) if name else found).order_by("pk"))


def read(mail: Delivery) -> Letter:
    return render(mail.letter, mail.facts | {"to_name": mail.to_name, "link": "https://gate.example.com/x/…"})


def days_of(letter: str, until: int, start: datetime = NOON) -> list[int]:
    """Sweep every six hours; on which days letters of this name were written."""
    found: list[int] = []
    for quarter in range(4 * until):
        before = len(letters(letter))
        ring(start + quarter * DAY / 4)
        found += [quarter // 4] * (len(letters(letter)) - before)
    return found


# ── the vendor's turn ───────────────────────────────────────────────────────
def test_a_sleeping_draft_is_named_after_a_week_and_after_two(people: People) -> None:
    draft = make_submission(people.vendor_a, state="draft")
    assert days_of("draft_asleep", 30) == [7, 14]
    mail = letters("draft_asleep")[0]
    assert mail.to_email == people.alice.email, "to owners, not to everybody"
    letter = read(mail)
    assert letter.subject == f"Your form {draft.number} is not finished"
    assert "for 7 days" in letter.text
    assert f"/portal/forms/{draft.number}/" in letter.text


def test_a_draft_that_somebody_works_on_sleeps_from_then_on(people: People) -> None:
    draft = drafts.begin(people.vendor_a, "A", by=people.alice.actor(), at=NOON)
    ring(NOON + 6 * DAY)
    drafts.save(draft, "company", {"A1.04": ["GB 1"]}, revision=0, by=people.alice.actor(), at=NOON + 6 * DAY)
    ring(NOON + 12 * DAY)
    assert letters("draft_asleep") == []
    ring(NOON + 13 * DAY)
    assert len(letters("draft_asleep")) == 1


def test_after_a_long_silence_of_ours_only_the_last_reminder_is_written(people: People) -> None:
    make_submission(people.vendor_a, state="draft")
    ring(NOON + 20 * DAY)
    ring(NOON + 21 * DAY)
    assert len(letters("draft_asleep")) == 1


def test_a_draft_of_half_a_year_is_put_away_and_kept(people: People) -> None:
    draft = submissions.make_filled(people.vendor_a)
    ring(NOON + 180 * DAY - DAY / 4)
    draft.refresh_from_db()
    assert draft.state == "draft"
    ring(NOON + 180 * DAY)
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert draft.sheets.exists()
    assert Entry.objects.filter(verb="withdrawn").get().why.startswith("Nobody worked on it for 180 days")
    (mail,) = letters("draft_put_away")
    assert "What was typed is kept" in read(mail).text


def test_answers_that_were_sent_back_are_named_after_three_days_and_a_week_in_each_round(people: People) -> None:
    submission = submissions.make_in_review(people.vendor_a, people.alice, people.rita)
    review.mark_return(submission, "A1.04", "", "Which register?", by=people.rita.actor(), at=NOON)
    decisions.send_back(submission, "", user=people.rita, by=people.rita.actor(), at=NOON)
    assert days_of("answers_waiting", 20) == [3, 7]
    assert "A1.04  Registration or tax number" in read(letters("answers_waiting")[0]).text
    again = NOON + 20 * DAY
    Submission.objects.filter(pk=submission.pk).update(touched_at=again, round=3)
    assert days_of("answers_waiting", 9, again) == [3, 7]


# ── the desk's turn ─────────────────────────────────────────────────────────
def test_three_working_days_leave_out_the_weekend() -> None:
    thursday = MONDAY + 3 * DAY
    assert reminders.working_days_before(thursday, 3) == MONDAY
    assert reminders.working_days_before(MONDAY + 9 * DAY, 3) == MONDAY + 4 * DAY  # a Wednesday; Friday
    assert reminders.working_days_before(MONDAY + 5 * DAY, 3) == MONDAY + 2 * DAY  # a Saturday; Wednesday


def test_a_review_that_waits_three_working_days_is_named_to_reviewers_once(people: People) -> None:
    friday = MONDAY + 4 * DAY
    submission = make_submission(people.vendor_a, state="submitted", at=friday)
    ring(friday + 4 * DAY)
    assert letters("review_waiting") == []
    ring(friday + 5 * DAY)
    ring(friday + 9 * DAY)
    (mail,) = letters("review_waiting")
    assert mail.to_email == people.rita.email
    assert f"/desk/submissions/{submission.number}/" in read(mail).text


def test_without_a_reviewer_it_and_administrators_are_told(people: People) -> None:
    people.rita.is_active = False
    people.rita.save()
    make_submission(people.vendor_a, state="in_review", at=MONDAY)
    ring(MONDAY + 3 * DAY)
    assert {mail.to_email for mail in letters("review_waiting")} == {people.dana.email, people.ada.email}


# ── acceptances ─────────────────────────────────────────────────────────────
def test_a_letter_that_nobody_acknowledged_is_sent_again_with_its_link(people: People) -> None:
    acceptance = make_acceptance(people.vendor_a, state="issued")
    assert days_of("acceptance_waiting", 12) == [2, 7]
    mail = letters("acceptance_waiting")[0]
    assert (mail.to_email, mail.link_purpose, mail.about) == (
        acceptance.to_email,
        acceptances.RECEIPT,
        acceptance.about,
    )
    assert mail.enclosures[0]["name"] == f"{acceptance.number}.pdf"
    assert "Until then you may not mail" in read(mail).text


def test_an_acknowledged_letter_is_not_asked_for(people: People) -> None:
    acceptance = make_acceptance(people.vendor_a, state="issued")
    ring(NOON + DAY)
    acceptances.receive(acceptance, Acceptance.Receipt.PORTAL, "Alice", by=people.alice.actor(), at=NOON + DAY)
    ring(NOON + 8 * DAY)
    assert letters("acceptance_waiting") == []


def test_expiry_is_told_thirty_fourteen_and_three_days_before_and_on_its_day(people: People) -> None:
    acceptance = make_acceptance(people.vendor_a, valid_for=40 * DAY)
    assert days_of("acceptance_ending", 45) == [10, 26, 37], "one each: Alice is owner and addressee"
    acceptance.refresh_from_db()
    assert acceptance.state == Acceptance.State.EXPIRED
    assert acceptance.ended_at == NOON + 40 * DAY
    assert len(letters("acceptance_expired")) == 1
    letter = read(letters("acceptance_ending")[0])
    assert letter.subject == f"Written acceptance {acceptance.number} ends in 30 days"
    assert "Renew it now" in letter.text
    assert [mail.facts["days"] for mail in letters("acceptance_ending")] == [30, 14, 3]


def test_a_renewal_under_way_is_named(people: People) -> None:
    make_acceptance(people.vendor_a, valid_for=20 * DAY)
    renewal = make_submission(people.vendor_a, state="draft", reason="renewal")
    ring(NOON)
    assert f"Form {renewal.number} is under way" in read(letters("acceptance_ending")[0]).text


def test_a_letter_that_is_to_replace_it_is_named(people: People) -> None:
    make_acceptance(people.vendor_a, valid_for=20 * DAY)
    later = make_acceptance(people.vendor_a, state="issued", at=NOON + DAY)
    ring(NOON + DAY)
    assert f"Letter {later.number} is to replace it" in read(letters("acceptance_ending")[0]).text


def test_a_replaced_acceptance_is_not_told_of(people: People) -> None:
    make_acceptance(people.vendor_a, state="superseded", valid_for=20 * DAY)
    ring(NOON + DAY)
    ring(NOON + 30 * DAY)
    assert letters() == []


def test_a_condition_that_ends_within_a_week_is_told_to_staff(people: People) -> None:
    acceptance = make_acceptance(
        people.vendor_a,
        conditions=[
            {"text": "Send a drill report.", "due": "2026-12-01"},
            {"text": "Waived by IT: known.", "due": "2026-12-01", "is_waiver": True},
            {"text": "Later.", "due": "2027-06-01"},
            {"text": "For ever.", "due": ""},
        ],
    )
    assert days_of("conditions_ending", 14) == [2, 2], "to Dana and Ada, from the midnight a week before"
    assert {mail.to_email for mail in letters("conditions_ending")} == {people.dana.email, people.ada.email}
    text = read(letters("conditions_ending")[0]).text
    assert "Send a drill report." in text
    assert "Waived by IT: known." in text
    assert "Later." not in text
    assert f"/desk/acceptances/{acceptance.number}/" in text


def test_an_approval_of_our_domain_that_ends_is_told_unless_a_later_one_is_there(people: People) -> None:
    today = NOON.date()
    make_approval(people.vendor_a, "mail.harrow.example.com", since=today, until=today + 20 * DAY)
    make_approval(people.vendor_a, "news.harrow.example.com", since=today, until=today + 20 * DAY)
    make_approval(people.vendor_a, "news.harrow.example.com", since=today, until=today + 99 * DAY)
    make_approval(people.vendor_a, "old.harrow.example.com", since=today, until=today + 20 * DAY, revoked_at=NOON)
    assert days_of("approval_ending", 25) == [12, 12]
    assert "mail.harrow.example.com" in read(letters("approval_ending")[0]).subject
    assert str(date(2026, 12, 11)) in read(letters("approval_ending")[0]).text


# ── contacts ────────────────────────────────────────────────────────────────
def test_a_contact_who_does_not_answer_is_asked_again_and_the_owners_are_told(people: People) -> None:
    contact = world.make_contact(people.vendor_a, "Jonas Aker")
    ring(NOON + 9 * DAY)
    assert letters() == [], "nobody has asked yet"
    asked = NOON + 10 * DAY
    confirmations.ask_contact(contact, by=people.dana.actor(), at=asked)
    assert days_of("contact_reminder", 12, asked) == [2, 7]
    reminder = letters("contact_reminder")[0]
    assert (reminder.to_email, reminder.link_purpose, reminder.contact) == (
        contact.email,
        confirmations.CONTACT,
        contact,
    )
    assert "Say yes or no here" in read(reminder).text
    told = letters("contact_waiting")
    assert [mail.to_email for mail in told] == [people.alice.email] * 2
    assert "without a\nconfirmed emergency contact you may not mail" in read(told[0]).text


@pytest.mark.parametrize(
    "answer", [{"declined_at": NOON}, {"email_confirmed_at": NOON, "authority_confirmed_at": NOON}]
)
def test_a_contact_who_answered_is_left_in_peace(people: People, answer: dict[str, datetime]) -> None:
    contact = world.make_contact(people.vendor_a, "Jonas Aker")
    confirmations.ask_contact(contact, by=people.dana.actor(), at=NOON)
    type(contact).objects.filter(pk=contact.pk).update(**answer)
    ring(NOON + 8 * DAY)
    assert letters("contact_reminder") == []


# ── the sweep ───────────────────────────────────────────────────────────────
def test_a_retired_vendor_is_reminded_of_nothing(people: People) -> None:
    make_submission(people.vendor_a, state="draft")
    make_acceptance(people.vendor_a, state="issued")
    world.make_contact(people.vendor_a)
    Vendor.objects.update(state=Vendor.State.RETIRED)
    ring(NOON + 8 * DAY)
    assert letters() == []


def test_one_row_that_fails_keeps_no_other_from_its_turn(people: People) -> None:
    broken = make_submission(people.vendor_a, state="returned")
    Submission.objects.filter(pk=broken.pk).update(version=99)  # no such form: its letter cannot be written
    make_submission(people.vendor_b, state="returned")
    state = Sweep(NOON + 4 * DAY)
    sweep(state)
    assert (state.claimed, state.failed) == (2, 1)
    assert [mail.to_email for mail in letters("answers_waiting")] == [people.charlie.email]
    assert Reminder.objects.filter(key__startswith="returned_3:").count() == 1, "the other comes again"


def test_a_sweep_with_nothing_due_asks_a_fixed_number_of_questions(people: People) -> None:
    for number in range(30):
        vendor = world.make_vendor(f"Vendor {number:02d} Ltd")
        make_acceptance(vendor, conditions=[{"text": "One.", "due": "2026-11-24"}])
        make_submission(vendor, state="draft")
    amended.make_version("O1", effective_at=NOON + 60 * DAY)
    for day in range(2):
        ring(NOON + 8 * DAY + day * DAY / 100)
    with CaptureQueriesContext(
        connection,
    ) as found:
        state = ring(NOON + 8 * DAY + DAY / 10)
    assert state.claimed == 0
    assert len(found) <= 22, [one["sql"][:120] for one in found]


def test_two_that_find_the_same_row_write_one_letter(people: People) -> None:
    make_submission(people.vendor_a, state="draft")
    at = NOON + 8 * DAY
    kind = next(one for one in reminders.KINDS if one.name == "draft_7")
    first, second = kind.due(at).get(), kind.due(at).get()
    kind.remind(first, at)
    kind.remind(second, at)
    assert len(letters("draft_asleep")) == 1


def test_every_kind_has_a_name_of_its_own() -> None:
    names = [kind.name for kind in reminders.KINDS]
    assert len(names) == len(set(names))
