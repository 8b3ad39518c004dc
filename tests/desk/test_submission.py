"""The page of one submission: what was signed, beside what was seen, said and answered before; and every button."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from questionnaires import acceptances, decisions, drafts, review
from questionnaires.fields import as_posted
from questionnaires.models import Acceptance, Comment, Look, Return, Submission
from questionnaires.sheet_form import code_of
from tests import submissions
from tests.acceptances import make_submission
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON, People, make_contact

LATER = NOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def at_three() -> object:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def people(desk: Desk) -> People:
    desk.contact.delete()  # the one who proved the authority comes with the submission
    return desk.people


@pytest.fixture
def signed(people: People) -> Submission:
    return submissions.make_signed(people.vendor_a, people.alice)


@pytest.fixture
def in_review(people: People) -> Submission:
    return submissions.make_in_review(people.vendor_a, people.alice, people.rita)


def page(submission: Submission, **query: str) -> str:
    address = reverse("desk:submission", args=[submission.number])
    return f"{address}?{'&'.join(f'{name}={value}' for name, value in query.items())}" if query else address


def url(name: str, submission: Submission, *more: Any) -> str:
    return reverse(f"desk:submission_{name}", args=[submission.number, *more])


def answer_again(submission: Submission, people: People, code: str, value: Any, step: str, row: str = "") -> None:
    """Alice changes the answer that was sent back, and signs again."""
    sheet = drafts.sheet_of(submission, step, row)
    assert sheet
    typed = {name: of for name, of in sheet.typed.items() if code_of(name) != code}
    typed |= as_posted(submission.definition.questions[code], value, code)
    drafts.save(submission, step, typed, row=row, revision=sheet.revision, by=people.alice.actor(), at=LATER)


def second_round(submission: Submission, people: People) -> None:
    """A1.04 went back, was corrected, signed and taken up again."""
    by = people.rita.actor()
    review.mark_return(submission, "A1.04", "", "A digit is missing.", by=by, at=NOON)
    decisions.send_back(submission, "", user=people.rita, by=by, at=NOON)
    answer_again(submission, people, "A1.04", "GB 12345678", "company")
    submissions.sign(submission, people.alice, at=LATER)
    review.take_up(submission, by=by, at=LATER)


# ── what is shown ───────────────────────────────────────────────────────────
def test_the_head_says_what_was_signed_by_whom_and_how_long_it_waits(dana: Client, in_review: Submission) -> None:
    answer = dana.get(page(in_review))
    assert heading(answer) == "Alder Mailings: Exhibit A, first application"
    words = text(answer)
    assert f"{in_review.number}, round 1. Signed by Mara Lindqvist, Director, 21 Nov 2026, 12:00 UTC." in words
    assert "In review, 3 h" in words
    assert "0 of 17 sections looked at" in words
    assert f"What you see is what was signed, under version 1 of the policy. SHA-256 {hash_of(in_review)}" in words


def hash_of(submission: Submission) -> str:
    return submission.signatures.latest("round").content_hash


def test_what_is_shown_is_the_snapshot_and_not_the_sheets(dana: Client, in_review: Submission) -> None:
    sheet = drafts.sheet_of(in_review, "company")
    assert sheet
    sheet.values["A1.04"] = "changed behind everybody's back"
    sheet.save()
    words = text(dana.get(page(in_review, section="A1")))
    assert "GB 1234567" in words
    assert "behind everybody" not in words


def test_a_section_that_fails_is_shown_first(dana: Client, people: People) -> None:
    stopped = submissions.make_in_review(people.vendor_a, people.alice, people.rita, said={"A12.01": "no"})
    words = text(dana.get(page(stopped)))
    assert "A12 Bounces, a rule stops it" in words
    assert "Stops acceptance. Permanent failures are not taken as opt-outs. Take them as opt-outs at once." in words
    assert "What stops it A12.01: Permanent failures are not taken as opt-outs." in words


def test_answers_stand_beside_what_the_machine_saw_and_when(dana: Client, in_review: Submission) -> None:
    Look.objects.filter(kind="server").update(
        checks=[
            {"id": "a", "verdict": "adverse", "word": "Fails", "sentence": "It leads elsewhere.", "cure": "Mend it.",
             "clause": "R7"},
            {"id": "b", "verdict": "unknown", "word": "Unknown", "sentence": "No answer.", "cure": "", "clause": "R5"},
        ]
    )  # fmt: skip
    answer = dana.get(page(in_review, section="A5"))
    words = text(answer)
    assert "93.184.215.14, looked at 21 Nov 2026, 12:00 UTC Fails. It leads elsewhere. Mend it. Unknown. No" in words
    assert '<li class="shut">' in answer.content.decode()
    assert '<li class="unkn">' in answer.content.decode()


def test_what_was_never_looked_at_is_unknown(dana: Client, in_review: Submission) -> None:
    Look.objects.all().delete()
    assert "not looked at yet Unknown. The machine has not seen it." in text(dana.get(page(in_review, section="A5")))


def test_evidence_is_named_with_its_hash_and_handed_out_only_to_be_saved(dana: Client, in_review: Submission) -> None:
    file = in_review.evidence.get(code="A6.10")
    words = text(dana.get(page(in_review, section="A6")))
    assert "A6.10.pdf" in words
    assert file.sha256 in words
    answer = dana.get(reverse("desk:evidence", args=[file.uid]))
    assert b"".join(answer.streaming_content) == submissions.PDF  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="A6.10.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


def test_evidence_that_is_gone_from_the_disk_is_404(dana: Client, in_review: Submission) -> None:
    file = in_review.evidence.get(code="A6.10")
    in_review.evidence.filter(pk=file.pk).update(place="evidence/00/nothing")
    assert dana.get(reverse("desk:evidence", args=[file.uid])).status_code == 404


def test_every_file_and_the_signature_have_sections_of_their_own(dana: Client, in_review: Submission) -> None:
    words = text(dana.get(page(in_review, section="A17")))
    assert all(one.sha256 in words for one in in_review.evidence.all())
    signature = in_review.signatures.get()
    words = text(dana.get(page(in_review, section="A18")))
    assert f"Content {signature.content_hash} Seal {signature.seal}" in words
    assert "Proof of person totp, 21 Nov 2026, 11:59:00 UTC" in words
    assert "Promised by Mara Lindqvist" in words


def test_many_servers_come_in_pages_and_an_answer_is_found_on_its_page(dana: Client, people: People) -> None:
    many = submissions.make_in_review(people.vendor_a, people.alice, people.rita, servers=20)
    first = dana.get(page(many, section="A5")).content.decode()
    assert "1 to 6 of 21 parts" in re.sub(r"<[^>]+>", "", first)
    assert 'id="q-A5.01-servers0"' in first
    assert 'id="q-A5.01-servers13"' not in first
    found = dana.get(page(many, section="A5", at="A5.01@servers13")).content.decode()
    assert 'id="q-A5.01-servers13"' in found


def test_many_servers_cost_no_more_queries(dana: Client, people: People, django_assert_max_num_queries: object) -> None:
    many = submissions.make_in_review(people.vendor_a, people.alice, people.rita, servers=120)
    with django_assert_max_num_queries(42):  # type: ignore[operator]
        assert dana.get(page(many, section="A5")).status_code == 200


def test_what_is_not_signed_is_shown_as_it_stands_and_says_so(dana: Client, people: People) -> None:
    draft = submissions.make_filled(people.vendor_a)
    words = text(dana.get(page(draft)))
    assert "Not signed: begun by Alice" in words
    assert "It is how the form stands now, and may change until the vendor signs." in words
    assert "GB 1234567" in words
    assert "Copy as it stands, PDF" in words
    assert "Accept" not in words


def test_an_unknown_section_page_or_comparison_is_no_error(dana: Client, in_review: Submission) -> None:
    for query in ({"section": "A99"}, {"page": "x"}, {"against": "round-9"}, {"at": "zzz"}, {"show": "changed"}):
        assert dana.get(page(in_review, **query)).status_code == 200


@pytest.mark.parametrize("number", ["S-2026-9999", "S-2020-0001", "nonsense"])
def test_an_unknown_number_is_404(dana: Client, desk: Desk, number: str) -> None:
    assert dana.get(reverse("desk:submission", args=[number])).status_code == 404


# ── compared ────────────────────────────────────────────────────────────────
def test_a_second_round_is_compared_with_the_first(dana: Client, in_review: Submission, people: People) -> None:
    second_round(in_review, people)
    answer = dana.get(page(in_review, section="A1", show="changed"))
    words = text(answer)
    assert "Compared with round 1, signed 21 November 2026." in words
    assert "GB 1234567 GB 12345678 Changed." in words
    assert "<del>GB 1234567</del>" in answer.content.decode()
    assert "<ins>GB 12345678</ins>" in answer.content.decode()
    assert "Sent back in round 1 by Rita, answered A digit is missing." in words
    assert "Registered legal name" not in words
    assert "Nothing in A2 changed." in text(dana.get(page(in_review, section="A2", show="changed")))


def test_a_renewal_is_compared_with_what_was_accepted(
    dana: Client, in_review: Submission, people: People, settings: Settings
) -> None:
    settings.FOUR_EYES = False
    submissions.look_at_all(in_review, people.rita)
    accept(in_review, people.rita)
    renewal = submissions.make_in_review(
        people.vendor_a, people.alice, people.rita, said={"A1.04": "GB 12345678"}, previous=in_review,
        reason="renewal", at=NOON + timedelta(hours=1),
    )  # fmt: skip
    words = text(dana.get(page(renewal, section="A1")))
    assert "Alder Mailings: Exhibit A, renewal" in words
    assert f"Compared with {in_review.number}, accepted 21 November 2026." in words
    assert "A1 Your company 1 changed" in words


def accept(submission: Submission, user: User) -> Acceptance:
    return acceptances.accept(submission, [], user=user, by=user.actor(), at=NOON)


def test_long_texts_are_compared_word_by_word(dana: Client, in_review: Submission, people: People) -> None:
    by = people.rita.actor()
    review.mark_return(in_review, "A3.07", "", "Say who.", by=by, at=NOON)
    decisions.send_back(in_review, "", user=people.rita, by=by, at=NOON)
    step = in_review.definition.page_of["A3.07"].step
    answer_again(in_review, people, "A3.07", "A sentence that says how it is done here, and by which team.", step)
    submissions.sign(in_review, people.alice, at=LATER)
    markup = dana.get(page(in_review, section="A3")).content.decode()
    assert "A sentence that says how it is done here, and by <del>whom</del><ins>which team</ins>." in markup


# ── doing ───────────────────────────────────────────────────────────────────
def test_taking_it_up_is_a_button(dana: Client, signed: Submission) -> None:
    assert "Until somebody takes it up, the vendor may take it back." in text(dana.get(page(signed)))
    answer = dana.post(url("take_up", signed), follow=True)
    assert "is in review now. The vendor can no longer take it back." in text(answer)
    signed.refresh_from_db()
    assert signed.state == "in_review"
    assert "was changed by somebody else just now" in text(dana.post(url("take_up", signed), follow=True))


def test_a_section_is_marked_as_looked_at_with_a_remark_to_its_warnings(dana: Client, in_review: Submission) -> None:
    assert "What you say to the warning of A3" in text(dana.get(page(in_review, section="A3")))
    answer = dana.post(url("look", in_review, "A3") + "?section=A3", {"remark": "Drill is set for May."}, follow=True)
    assert "1 of 17 sections looked at" in text(answer)
    assert "Looked at by Dana, 21 Nov 2026, 15:00 UTC." in text(answer)
    assert in_review.section_looks.get().remark == "Drill is set for May."
    assert dana.post(url("look", in_review, "A15")).status_code == 404


def test_unchanged_sections_of_a_second_round_are_marked_at_once(
    dana: Client, in_review: Submission, people: People
) -> None:
    submissions.look_at_all(in_review, people.rita)
    second_round(in_review, people)
    assert "Mark 14 unchanged as looked at" in text(dana.get(page(in_review)))
    answer = dana.post(url("unchanged", in_review), follow=True)
    assert "14 of 17 sections looked at" in text(answer)
    assert "unchanged as looked at" not in text(answer)


def test_an_answer_is_marked_changed_and_unmarked(dana: Client, in_review: Submission) -> None:
    to = url("return", in_review) + "?section=A5"
    answer = dana.post(to, {"code": "A5.04", "row": "servers0", "text": "Not your name."})
    assert answer["Location"] == f"{page(in_review, section='A5')}#q-A5.04-servers0"
    words = text(dana.get(page(in_review, section="A5")))
    assert "Goes back, marked by Dana, 21 Nov 2026, 15:00 UTC Not your name. Do not return A5.04" in words
    assert "Send back, 1 answer" in words
    assert "A5 Sending servers, to look at 1 back" in words
    dana.post(to, {"code": "A5.04", "row": "servers0", "text": "Still not your name."})
    noted = in_review.returns.get()
    assert noted.comment == "Still not your name."
    dana.post(url("return_drop", in_review, noted.pk))
    noted.refresh_from_db()
    assert noted.state == Return.State.DROPPED
    assert "Send back opens when an answer is marked to go back." in text(dana.get(page(in_review)))


def test_a_refused_text_stays_in_its_form_with_the_reason(dana: Client, in_review: Submission, people: People) -> None:
    answer = dana.post(url("return", in_review) + "?section=A1", {"code": "A1.04", "text": " "})
    assert "There is a problem Say what is wrong with the answer, and what would be right." in text(answer)
    assert 'href="#text-return-q-A1.04"' in answer.content.decode()
    decisions.decline(in_review, "No.", user=people.rita, by=people.rita.actor(), at=NOON)
    answer = dana.post(url("send_back", in_review), {"note": "A long note of mine."})
    assert f"{in_review.number} is not in review now. Look at it again." in text(answer)


def test_what_is_no_answer_cannot_be_returned_or_commented(dana: Client, in_review: Submission) -> None:
    assert dana.post(url("return", in_review), {"code": "X1", "text": "Hm."}).status_code == 404
    assert dana.post(url("return", in_review), {"code": "A5.01", "row": "x" * 99, "text": "Hm."}).status_code == 404
    assert dana.post(url("comment", in_review), {"code": "X1", "text": "Hm."}).status_code == 404


def test_comments_are_for_the_desk_or_for_both_and_look_different(
    dana: Client, in_review: Submission, people: People
) -> None:
    to = url("comment", in_review) + "?section=A1"
    dana.post(to, {"code": "A1.04", "text": "I doubt it.", "audience": "internal"})
    dana.post(to, {"code": "A1.04", "text": "Which register?", "audience": "shared"})
    dana.post(to, {"code": "A1.04", "text": "Nobody chose.", "audience": "everybody"})
    review.comment(in_review, "Companies House.", code="A1.04", is_from_desk=False, by=people.alice.actor(), at=LATER)
    answer = dana.get(page(in_review, section="A1"))
    words = text(answer)
    assert "Desk only. Dana, 21 Nov 2026, 15:00 UTC I doubt it." in words
    assert "To the vendor. Dana, 21 Nov 2026, 15:00 UTC Which register?" in words
    assert "Desk only. Dana, 21 Nov 2026, 15:00 UTC Nobody chose." in words
    assert "From the vendor. Alice, 21 Nov 2026, 15:00 UTC Companies House." in words
    kinds = re.findall(r'<li class="(own|ours|theirs)">', answer.content.decode())
    assert kinds == ["own", "ours", "own", "theirs"]


def test_a_comment_about_the_whole_form_has_its_own_thread(dana: Client, in_review: Submission) -> None:
    answer = dana.post(url("comment", in_review), {"text": "All well.", "audience": "internal"})
    assert answer["Location"] == f"{page(in_review)}#thread"
    assert "About the whole form Desk only. Dana" in text(dana.get(page(in_review)))
    assert Comment.objects.get().code == ""


def test_what_people_type_is_never_markup(dana: Client, in_review: Submission, people: People) -> None:
    review.comment(
        in_review, "<script>alert(1)</script>", code="A1.04", is_from_desk=False, by=people.alice.actor(), at=LATER
    )
    markup = dana.get(page(in_review, section="A1")).content.decode()
    assert "&lt;script&gt;" in markup
    assert "<script>alert" not in markup


# ── deciding ────────────────────────────────────────────────────────────────
def test_accept_is_closed_with_the_reason_while_something_stands_in_the_way(
    dana: Client, in_review: Submission
) -> None:
    answer = dana.get(page(in_review))
    assert 'aria-disabled="true" aria-describedby="why-not">Accept<' in answer.content.decode()
    assert "17 sections are not looked at yet: A1, A2, A3, A4, A5, A6 and 11 more." in text(answer)
    assert "17 sections are not looked at yet" in text(dana.get(url("accept", in_review)))
    answer = dana.post(url("accept", in_review), conditions())
    assert "There is a problem 17 sections are not looked at yet" in text(answer)
    assert not Acceptance.objects.exists()


def conditions(*lines: tuple[str, str]) -> dict[str, str]:
    """What the form of conditions posts."""
    posted = {"conditions-TOTAL_FORMS": "3", "conditions-INITIAL_FORMS": "0"}
    for number, (words, due) in enumerate(lines):
        posted |= {f"conditions-{number}-text": words, f"conditions-{number}-due": due}
    return posted


def test_sending_back_takes_the_marked_answers_and_the_note(dana: Client, in_review: Submission) -> None:
    dana.post(url("return", in_review), {"code": "A1.04", "text": "A digit is missing."})
    answer = dana.post(url("send_back", in_review), {"note": "Nearly there."}, follow=True)
    words = text(answer)
    assert "One answer went back to Alder Mailings." in words
    assert "With the vendor since 21 Nov 2026, 15:00 UTC: 1 answer went back." in words
    assert "You see what was signed in round 1" in words
    assert "Round 1 Sent back by Dana, 21 Nov 2026, 15:00 UTC Nearly there." in words


def test_declining_needs_a_note_and_keeps_it_when_it_is_too_long(dana: Client, in_review: Submission) -> None:
    assert "Write the reasons. They go to the vendor." in text(dana.post(url("decline", in_review), {"note": ""}))
    answer = dana.post(url("decline", in_review), {"note": "x" * 4001})
    assert "Keep the note under 4,000 characters." in text(answer)
    assert "x" * 4001 in answer.content.decode()
    answer = dana.post(url("decline", in_review), {"note": "No proof of consent."}, follow=True)
    assert "is declined, and Alder Mailings is told why." in text(answer)


def test_two_people_accept_and_the_second_sends_the_letter(desk: Desk, sign_in: SignIn, in_review: Submission) -> None:
    rita, dana = sign_in(desk.people.rita), sign_in(desk.people.dana)
    submissions.look_at_all(in_review, desk.people.rita)
    words = text(rita.get(url("accept", in_review)))
    assert "The first of two Nothing goes to the vendor yet." in words
    assert "What it covers Servers 93.184.215.14 out1.fieldnote.example.net Domains fieldnote.example.net" in words
    answer = rita.post(url("accept", in_review), conditions(("Send the licence.", "2026-12-31")), follow=True)
    assert "You accepted as the first. It counts when somebody else accepts too." in text(answer)
    assert "You cannot be both. First Rita, you, 21 Nov 2026, 15:00 UTC Second nobody yet" in text(answer)
    assert 'aria-describedby="four-eyes">Accept<' in answer.content.decode()
    refused = rita.post(url("accept", in_review), conditions())
    assert "You accepted as the first. Somebody else has to be the second." in text(refused)
    assert not Acceptance.objects.exists()
    assert "By 2026-12-31 Send the licence. From Rita." in text(dana.get(url("accept", in_review)))
    answer = dana.post(url("accept", in_review), conditions(("Drill in May.", "2027-05-31")), follow=True)
    letter = Acceptance.objects.get()
    assert f"{letter.number} is issued, and the letter is on its way." in text(answer)
    assert [one["text"] for one in letter.conditions] == ["Send the licence.", "Drill in May."]
    words = text(dana.get(page(in_review)))
    assert f"Accepted 21 Nov 2026, 15:00 UTC: {letter.number}, not yet received." in words
    assert "First Rita, 21 Nov 2026, 15:00 UTC Second Dana, 21 Nov 2026, 15:00 UTC" in words


def test_one_person_accepts_when_four_eyes_are_off(
    dana: Client, in_review: Submission, people: People, settings: Settings
) -> None:
    settings.FOUR_EYES = False
    submissions.look_at_all(in_review, people.rita)
    assert "Four eyes" not in text(dana.get(page(in_review)))
    dana.post(url("accept", in_review), conditions())
    assert Acceptance.objects.get().officers[0]["name"] == "Dana"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("Send it.", ""), "Choose the day by which it has to be done."),
        (("", "2026-12-31"), "Write what has to be done by then, or take the day away."),
        (("Send it.", "2026-11-20"), "2026-11-20 is past. Choose a day to come."),
        (("Send it.", "soon"), "That is no day. Write it as 2026-12-31."),
    ],
)
def test_a_condition_has_words_and_a_day_to_come(
    dana: Client, in_review: Submission, people: People, line: tuple[str, str], sentence: str
) -> None:
    submissions.look_at_all(in_review, people.rita)
    assert sentence in text(dana.post(url("accept", in_review), conditions(line)))
    assert not in_review.decisions.exists()


def test_it_waives_a_rule_with_a_reason_and_a_day_and_revokes_that(dana: Client, people: People) -> None:
    stopped = submissions.make_in_review(people.vendor_a, people.alice, people.rita, said={"A12.01": "no"})
    to = url("waive", stopped, "bounces-ignored")
    assert heading(dana.get(to)) == "Let this rule pass for Alder Mailings"
    refused = dana.post(to, {"reason": "", "until": "2026-11-21"})
    assert "Write the reason. It is printed in the letter as a condition." in text(refused)
    refused = dana.post(to, {"reason": "In May.", "until": "2026-11-21"})
    assert "A waiver ends on a day after today, within a year." in text(refused)
    answer = dana.post(to, {"reason": "Replaced in May.", "until": "2027-05-31"}, follow=True)
    words = text(answer)
    assert "Waived until 31 May 2027." in words
    assert "Dana: Replaced in May." in words
    assert "1 rule stops it" not in words
    dana.post(reverse("desk:waiver_revoke", args=[stopped.number, stopped.waivers.get().pk]))
    assert "1 rule stops it." in text(dana.get(page(stopped)))


def test_a_rule_that_does_not_stop_is_not_waived(dana: Client, in_review: Submission) -> None:
    for rule in ("bounces-ignored", "drill-old", "nonsense"):
        assert dana.get(url("waive", in_review, rule)).status_code == 404
        assert dana.post(url("waive", in_review, rule), {"reason": "x", "until": "2027-01-01"}).status_code == 404


def test_a_reviewer_has_no_way_to_waive(desk: Desk, sign_in: SignIn, people: People) -> None:
    stopped = submissions.make_in_review(people.vendor_a, people.alice, people.rita, said={"A12.01": "no"})
    rita = sign_in(desk.people.rita)
    assert "Waive this rule" not in text(rita.get(page(stopped)))
    assert rita.get(url("waive", stopped, "bounces-ignored")).status_code == 403


def test_an_auditor_reads_everything_and_finds_no_button(desk: Desk, sign_in: SignIn, in_review: Submission) -> None:
    make_contact(desk.vendor)
    orla = sign_in(desk.people.orla)
    answer = orla.get(page(in_review, section="A1"))
    markup = answer.content.decode().partition("<main")[2]
    assert "GB 1234567" in markup
    assert "<textarea" not in markup
    assert '<button class="btn' not in markup
    assert "Reviewers, IT and administrators decide. Your role reads it." in text(answer)


# ── what can be saved ───────────────────────────────────────────────────────
def saved(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_snapshot_is_saved_byte_for_byte(dana: Client, in_review: Submission) -> None:
    answer = dana.get(url("json", in_review))
    content = saved(answer)
    assert hashlib.sha256(content).hexdigest() == hash_of(in_review)
    assert json.loads(content)["number"] == in_review.number
    assert answer["Content-Disposition"] == f'attachment; filename="{in_review.number}-round-1.json"'


def test_a_round_can_be_asked_for_and_an_unknown_one_is_404(
    dana: Client, in_review: Submission, people: People
) -> None:
    second_round(in_review, people)
    first = json.loads(saved(dana.get(url("json", in_review), {"round": "1"})))
    newest = json.loads(saved(dana.get(url("json", in_review))))
    assert (first["round"], newest["round"]) == (1, 2)
    for wanted in ("3", "x", "99999"):
        assert dana.get(url("json", in_review), {"round": wanted}).status_code == 404


def test_the_signed_copy_is_the_one_the_vendor_got(dana: Client, in_review: Submission) -> None:
    content = saved(dana.get(url("pdf", in_review)))
    assert hashlib.sha256(content).hexdigest() == in_review.signatures.get().copy_sha256


def test_what_is_not_signed_has_a_copy_and_no_snapshot(dana: Client, people: People) -> None:
    draft = submissions.make_filled(people.vendor_a)
    assert dana.get(url("json", draft)).status_code == 404
    answer = dana.get(url("pdf", draft))
    assert saved(answer).startswith(b"%PDF-")
    assert "not-signed.pdf" in answer["Content-Disposition"]


def test_the_log_has_who_did_what_and_the_words_that_may_be_shown(
    dana: Client, in_review: Submission, people: People
) -> None:
    by = people.rita.actor()
    review.comment(in_review, '=HYPERLINK("x")', code="A1.04", is_from_desk=True, by=by, at=NOON)
    review.comment(
        in_review, "I doubt it.", code="A1.07", audience="internal", is_from_desk=True, by=by,
        at=NOON + timedelta(minutes=1),
    )  # fmt: skip
    review.look_at(in_review, "A1", "", by=by, at=NOON)
    review.mark_return(in_review, "A5.04", "servers0", "Not yours.", by=by, at=NOON)
    decisions.send_back(in_review, "Nearly there.", user=people.rita, by=by, at=LATER)
    content = saved(dana.get(url("log", in_review))).decode("utf-8-sig")
    lines = [line.split(",", 1)[1] for line in content.splitlines()]
    assert lines == [
        "at,who,what,section,code,row,words",
        "2026-11-21T12:00:00Z,Alice,signed,,,,",
        "2026-11-21T12:00:00Z,Alice,sent to the desk,,,,",
        "2026-11-21T12:00:00Z,Rita,taken up,,,,",
        """2026-11-21T12:00:00Z,Rita,commented,A1,A1.04,,"'=HYPERLINK(""x"")\"""",
        "2026-11-21T12:01:00Z,Rita,commented,A1,A1.07,,kept at the desk",
        "2026-11-21T12:00:00Z,Rita,section looked at,A1,,,",
        "2026-11-21T12:00:00Z,Rita,answer marked for return,A5,A5.04,servers0,",
        "2026-11-21T15:00:00Z,Rita,answer sent back,A5,A5.04,servers0,Not yours.",
        "2026-11-21T15:00:00Z,Rita,sent back,,,,Nearly there.",
    ]
    assert "doubt" not in content


@pytest.mark.parametrize("exhibit", ["A", "B"])
@pytest.mark.parametrize("state", Submission.State.values)
def test_every_state_of_both_exhibits_has_a_page(dana: Client, desk: Desk, exhibit: str, state: str) -> None:
    empty = make_submission(desk.vendor, exhibit=exhibit, state=state)
    answer = dana.get(page(empty))
    assert answer.status_code == 200
    assert heading(answer) == f"Alder Mailings: Exhibit {exhibit}, first application"
    assert saved(dana.get(url("log", empty))).startswith(b"\xef\xbb\xbfentry,at,who")
