"""An amended clause reopens only the questions that cite it, shuts the gate at its day, opens it on re-acceptance."""

from datetime import timedelta

import pytest

from engine.cycle import Sweep
from gate.ask import clearance
from journal.models import Entry
from notices.letters import render
from notices.models import Delivery
from policies.models import PolicyVersion
from policies.versions import in_force
from questionnaires import (
    amendments,
    asking,
    decisions,
    drafts,
    evidence,
    overtaken,
    reading,
    renewals,
    review,
    unlocking,
)
from questionnaires.drafts import DraftRefused
from questionnaires.models import Acceptance, Submission
from questionnaires.signing import SigningRefused
from questionnaires.sweep import sweep
from tests import submissions, world
from tests.acceptances import make_acceptance
from tests.accepted import make_accepted
from tests.amended import make_version
from tests.world import NOON, People
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PUBLISHED = NOON + 30 * DAY
COUNTS = PUBLISHED + 30 * DAY
O1_ASKS = {"A11.04", "A11.05", "A11.06"}  # reference: a version that touches O1 reopens these


@pytest.fixture
def people() -> People:
    return world.make_people()


@pytest.fixture
def accepted(people: People) -> Acceptance:
    return make_accepted(people)


def amend(*clauses: str, effective_at: object = COUNTS, at: object = PUBLISHED) -> PolicyVersion:
    return make_version(*(clauses or ("O1",)), effective_at=effective_at, at=at, note="Fetch our opt-outs more often.")  # type: ignore[arg-type]


def ring(at: object) -> Sweep:
    state = Sweep(at)  # type: ignore[arg-type]
    sweep(state)
    assert not state.error, state.error
    return state


def form_of(vendor: Vendor) -> Submission:
    return vendor.submissions.get(reason=Submission.Reason.AMENDMENT)


def is_open(vendor: Vendor, at: object) -> bool:
    return clearance(vendor, at=at).is_open  # type: ignore[arg-type]


def mails(letter: str) -> list[Delivery]:
    return list(Delivery.objects.filter(letter=letter).order_by("pk"))


# ── from publication on ─────────────────────────────────────────────────────
def test_publication_begins_one_short_form_and_writes_one_letter(people: People, accepted: Acceptance) -> None:
    ring(PUBLISHED)
    version = amend("O1")
    ring(PUBLISHED)
    ring(PUBLISHED + DAY)
    form = form_of(people.vendor_a)
    assert (form.amendment, form.previous, form.version) == (version, accepted.submission, accepted.submission.version)
    (mail,) = mails("policy_amended")
    assert mail.to_email == people.alice.email
    letter = render(mail.letter, mail.facts | {"to_name": mail.to_name})
    assert letter.subject == "The policy changes on 20 Jan 2027, 12:00 UTC: accept it before that day"
    for said in (
        "If nothing is done, the gate shuts on that day",
        "Fetch our opt-outs more often.",
        "Truly.",
        f"sign form {form.number}",
        "/policy/2/",
    ):
        assert said in letter.text, said
    assert "O1" in letter.html


def test_vendors_without_a_standing_acceptance_hear_nothing(people: People) -> None:
    make_acceptance(people.vendor_b, state=Acceptance.State.WITHDRAWN)
    amend()
    ring(PUBLISHED)
    assert not Submission.objects.filter(reason="amendment").exists()
    assert amendments.waiting_for(people.vendor_a, COUNTS) is None
    assert amendments.waiting_for(people.vendor_b, COUNTS) is None


def test_an_editorial_version_asks_nobody(people: People, accepted: Acceptance) -> None:
    make_version("O1", kind=PolicyVersion.Kind.EDITORIAL, effective_at=COUNTS, at=PUBLISHED)
    ring(COUNTS)
    assert not Submission.objects.filter(reason="amendment").exists()
    assert is_open(people.vendor_a, COUNTS)


def test_a_retired_vendor_is_not_asked(people: People, accepted: Acceptance) -> None:
    Vendor.objects.filter(pk=people.vendor_a.pk).update(state=Vendor.State.RETIRED)
    amend()
    ring(PUBLISHED)
    assert not Submission.objects.filter(reason="amendment").exists()


# ── what it reopens ─────────────────────────────────────────────────────────
def test_only_the_questions_that_cite_the_clause_can_be_changed(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    form = form_of(people.vendor_a)
    cited = {question.code for question in form.definition.questions.values() if "O1" in question.clauses}
    assert cited >= O1_ASKS
    answered = {code for sheet in form.sheets.all() for code in sheet.values}
    files = set(form.evidence.values_list("code", flat=True))
    unconfirmed = {code for sheet in form.sheets.all() for code in sheet.unconfirmed}
    assert unconfirmed == cited & (answered | files)
    may_change = unlocking.unlocked(form)
    places = [(code, sheet.row) for sheet in form.sheets.exclude(step="sign") for code in sheet.values]
    assert {code for code, row in places if may_change(code, row)} == cited & answered
    sheet = form.sheets.get(step="company")
    drafts.save(
        form, "company", sheet.typed | {"A1.04": ["GB 7654321"]}, revision=1, by=people.alice.actor(), at=PUBLISHED
    )
    assert form.sheets.get(step="company").values["A1.04"] == "GB 1234567"
    with pytest.raises(DraftRefused, match="no server is added"):
        drafts.add_row(form, "servers", by=people.alice.actor(), at=PUBLISHED)
    proof = form.evidence.exclude(code__in=cited).first()
    assert proof is not None
    with pytest.raises(DraftRefused, match="stays as you signed it"):
        evidence.remove(proof, by=people.alice.actor(), at=PUBLISHED)


def test_what_was_not_asked_then_and_must_be_answered_now_is_open_too(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    form = form_of(people.vendor_a)
    look = people.vendor_a.looks.get(kind="domain")
    look.facts = {name: fact for name, fact in look.facts.items() if name != "look.registrant"} | {
        "look.registrant": "shielded"
    }
    look.save()
    answers = reading.answers_of(form, PUBLISHED)
    may_change = unlocking.unlocked(form)
    asked = [
        place
        for page in asking.steps(form.definition, answers)
        for place in asking.applying(page, answers)
        if place.question.required and asking.is_lacking(place, answers)
    ]
    assert asked, "the registrant hides, so the form asks who it is"
    assert all(may_change(place.question.code, place.row.uid if place.row else "") for place in asked)


def test_a_question_that_cites_no_changed_clause_is_not_asked_anew_by_the_next_amendment(
    people: People, accepted: Acceptance
) -> None:
    amend("O1", effective_at=PUBLISHED)
    ring(PUBLISHED)
    accept_as_it_stands(people, PUBLISHED)
    amend("R5", effective_at=COUNTS, at=PUBLISHED + DAY)
    ring(PUBLISHED + DAY)
    second = people.vendor_a.submissions.get(reason="amendment", state="draft")
    assert unlocking.amended_clauses(second) == {"R5"}
    first = second.previous
    assert first is not None
    assert first.amendment is not None
    assert first.amendment.number == 2


# ── accepting it ────────────────────────────────────────────────────────────
def accept_as_it_stands(people: People, at: object) -> Submission:
    form = people.vendor_a.submissions.get(reason="amendment", state="draft")
    for sheet in form.sheets.all():
        drafts.confirm(form, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=at)  # type: ignore[arg-type]
    submissions.sign(form, people.alice, at=at)  # type: ignore[arg-type]
    return form


def test_the_gate_shuts_at_the_day_and_opens_on_acceptance(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    a_moment = timedelta(microseconds=1)
    assert is_open(people.vendor_a, COUNTS - a_moment)
    assert not is_open(people.vendor_a, COUNTS)
    assert clearance(people.vendor_a, at=COUNTS).has("lapsed")
    form = accept_as_it_stands(people, COUNTS + DAY)
    assert form.state == Submission.State.ACCEPTED
    assert is_open(people.vendor_a, COUNTS + DAY)
    assert amendments.waiting_for(people.vendor_a, COUNTS + DAY) is None
    assert form.signatures.get().policy.number == 2
    accepted.refresh_from_db()
    assert accepted.state == Acceptance.State.RECEIVED, "the letter stands"


def test_accepted_before_the_day_the_gate_never_shuts(people: People, accepted: Acceptance) -> None:
    version = amend("O1")
    ring(PUBLISHED)
    form = accept_as_it_stands(people, PUBLISHED + DAY)
    assert in_force(PUBLISHED + DAY).number == 1
    assert form.signatures.get().policy == version, "signed under the words that are to come"
    assert is_open(people.vendor_a, COUNTS)
    ring(COUNTS)
    assert mails("policy_lapsed") == []


def test_an_unconfirmed_answer_keeps_it_from_being_signed(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    with pytest.raises(SigningRefused, match="Not complete yet: A11"):
        submissions.sign(form_of(people.vendor_a), people.alice, at=PUBLISHED)


def test_a_changed_answer_goes_to_review_and_only_the_mail_waits(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    form = form_of(people.vendor_a)
    answer = next(one for one in form.sheets.all() if "A11.06" in one.values)
    fewer = {"A11.06": [one for one in answer.typed["A11.06"] if one != "own"]}
    drafts.save(
        form,
        answer.step,
        answer.typed | fewer,
        row=answer.row,
        revision=answer.revision,
        by=people.alice.actor(),
        at=PUBLISHED,
    )
    for sheet in form.sheets.all():
        drafts.confirm(form, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=PUBLISHED)
    submissions.sign(form, people.alice, at=PUBLISHED)
    assert form.state == Submission.State.SUBMITTED
    assert amendments.waiting_for(people.vendor_a, COUNTS) is None, "the pages are open"
    found = clearance(people.vendor_a, at=COUNTS)
    assert not found.is_open
    assert "in review" in " ".join(one.sentence for one in found.shutting)


def test_what_the_machine_sees_otherwise_by_now_is_no_changed_answer(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    look = people.vendor_a.looks.get(kind="domain")
    look.facts |= {"look.spf": "v=spf1 ip4:93.184.215.99 -all"}
    look.save()
    assert accept_as_it_stands(people, PUBLISHED + DAY).state == Submission.State.ACCEPTED


# ── its day, and other forms in the way ─────────────────────────────────────
def test_on_the_day_the_owners_are_told_once_that_the_gate_is_shut(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    assert mails("policy_lapsed") == []
    ring(COUNTS)
    ring(COUNTS + DAY)
    (mail,) = mails("policy_lapsed")
    assert "stop all mailings" in render(mail.letter, mail.facts).text


def test_at_once_means_one_letter_that_says_so(people: People, accepted: Acceptance) -> None:
    amend("O1", effective_at=None)
    ring(PUBLISHED)
    (mail,) = mails("policy_amended")
    assert "may not mail until you accept it" in render(mail.letter, mail.facts).subject
    ring(PUBLISHED + DAY)
    assert mails("policy_lapsed") == []


def test_a_form_under_way_is_left_alone_and_named_in_the_letter(people: People, accepted: Acceptance) -> None:
    change = renewals.begin_again(people.vendor_a, "change", by=people.alice.actor(), at=PUBLISHED)
    amend("O1")
    ring(PUBLISHED)
    assert not Submission.objects.filter(reason="amendment").exists()
    (mail,) = mails("policy_amended")
    assert f"your form {change.number} is under way already" in render(mail.letter, mail.facts).text
    ring(PUBLISHED + DAY)
    assert len(mails("policy_amended")) == 1
    submissions.sign(change, people.alice, at=COUNTS)
    assert change.signatures.get().policy.number == 2, "signed after the day, it is enough"
    assert amendments.waiting_for(people.vendor_a, COUNTS) is None


def test_when_the_form_in_the_way_ends_the_short_one_begins_after_all(people: People, accepted: Acceptance) -> None:
    change = renewals.begin_again(people.vendor_a, "change", by=people.alice.actor(), at=PUBLISHED)
    amend("O1")
    ring(PUBLISHED)
    decisions.withdraw(change, by=people.alice.actor(), at=PUBLISHED)
    ring(PUBLISHED + DAY)
    assert form_of(people.vendor_a).state == Submission.State.DRAFT
    assert len(mails("policy_amended")) == 2, "the second letter brings the form"


def test_a_withdrawn_one_is_not_begun_again_by_itself(people: People, accepted: Acceptance) -> None:
    version = amend("O1")
    ring(PUBLISHED)
    decisions.withdraw(form_of(people.vendor_a), by=people.alice.actor(), at=PUBLISHED)
    ring(PUBLISHED + DAY)
    assert people.vendor_a.submissions.filter(reason="amendment").count() == 1
    renewals.begin_again(people.vendor_a, "amendment", amendment=version, by=people.alice.actor(), at=PUBLISHED)


def test_a_later_amendment_widens_the_form_that_waits(people: People, accepted: Acceptance) -> None:
    amend("O1")
    ring(PUBLISHED)
    form = form_of(people.vendor_a)
    third = amend("R5", effective_at=COUNTS + DAY, at=PUBLISHED + DAY)
    ring(PUBLISHED + DAY)
    form.refresh_from_db()
    assert form.amendment == third
    assert unlocking.amended_clauses(form) == {"O1", "R5"}
    unconfirmed = {code for sheet in form.sheets.all() for code in sheet.unconfirmed}
    assert {clause for code in unconfirmed for clause in form.definition.questions[code].clauses} >= {"O1", "R5"}
    amendment = amendments.waiting_for(people.vendor_a, COUNTS)
    assert amendment is not None
    assert amendment.is_in_force(COUNTS), "of two that wait the first day counts"
    assert amendment.difference.ids == ["O1", "R5"]
    accept_as_it_stands(people, COUNTS)
    assert is_open(people.vendor_a, COUNTS + 2 * DAY)
    assert Entry.objects.filter(verb="widened").count() == 1


def test_exhibit_b_agrees_to_nothing(people: People, accepted: Acceptance) -> None:
    version = amend("O1")
    make_acceptance(people.vendor_a, exhibit="B", policy=version, at=COUNTS)
    assert amendments.waiting_for(people.vendor_a, COUNTS) is not None


def test_a_signature_that_was_taken_back_agrees_to_nothing(people: People, accepted: Acceptance) -> None:
    change = renewals.begin_again(people.vendor_a, "change", by=people.alice.actor(), at=NOON)
    submissions.sign(change, people.alice)
    review.take_up(change, by=people.rita.actor(), at=NOON)
    review.mark_return(change, "A1.04", "", "Which register?", by=people.rita.actor(), at=NOON)
    decisions.send_back(change, "", user=people.rita, by=people.rita.actor(), at=NOON)
    review.comment(change, "Ours.", code="A1.04", is_from_desk=False, by=people.alice.actor(), at=NOON)
    version = amend("O1", effective_at=PUBLISHED)
    overtaken.catch_up(change, COUNTS)
    for sheet in change.sheets.all():
        drafts.confirm(change, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=COUNTS)
    submissions.sign(change, people.alice, at=COUNTS)
    assert change.signatures.get(round=2).policy == version
    assert amendments.waiting_for(people.vendor_a, COUNTS) is None
    decisions.take_back(change, by=people.alice.actor(), at=COUNTS)
    assert change.state == "returned"
    assert amendments.waiting_for(people.vendor_a, COUNTS) is not None


def test_the_form_of_an_amendment_is_not_signed_under_a_newer_one_that_it_did_not_ask_about(
    people: People, accepted: Acceptance
) -> None:
    amend("O1", effective_at=PUBLISHED)
    ring(PUBLISHED)
    third = amend("O1", effective_at=PUBLISHED + DAY, at=PUBLISHED)
    form = form_of(people.vendor_a)
    for sheet in form.sheets.all():
        drafts.confirm(form, sheet.step, set(sheet.unconfirmed), row=sheet.row, by=people.alice.actor(), at=PUBLISHED)
    with pytest.raises(SigningRefused, match=r"amended while you had the form \(O1\)"):
        submissions.sign(form, people.alice, at=PUBLISHED + DAY)
    form.refresh_from_db()
    assert form.amendment == third
    with pytest.raises(SigningRefused, match="Not complete yet: A11"):
        submissions.sign(form, people.alice, at=PUBLISHED + DAY)
    signed = accept_as_it_stands(people, PUBLISHED + DAY)
    assert signed.signatures.get().policy == third
