"""The page of one submission: what was signed, beside what was seen, said and answered before."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from questionnaires import decisions, drafts, review
from questionnaires.models import Look, Submission
from tests import submissions
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.desk.submission.pages import LATER, accept, answer_again, hash_of, page, second_round
from tests.world import NOON, People


def test_the_head_says_what_was_signed_by_whom_and_how_long_it_waits(dana: Client, in_review: Submission) -> None:
    answer = dana.get(page(in_review))
    assert heading(answer) == "Alder Mailings: Exhibit A, first application"
    words = text(answer)
    assert f"{in_review.number}, round 1. Signed by Mara Lindqvist, Director, 21 Nov 2026, 12:00 UTC." in words
    assert "In review, 3 h" in words
    assert "0 of 17 sections looked at" in words
    assert f"What you see is what was signed, under version 1 of the policy. SHA-256 {hash_of(in_review)}" in words


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


def test_long_texts_are_compared_word_by_word(dana: Client, in_review: Submission, people: People) -> None:
    by = people.rita.actor()
    review.mark_return(in_review, "A3.07", "", "Say who.", by=by, at=NOON)
    decisions.send_back(in_review, "", user=people.rita, by=by, at=NOON)
    step = in_review.definition.page_of["A3.07"].step
    answer_again(in_review, people, "A3.07", "A sentence that says how it is done here, and by which team.", step)
    submissions.sign(in_review, people.alice, at=LATER)
    markup = dana.get(page(in_review, section="A3")).content.decode()
    assert "A sentence that says how it is done here, and by <del>whom</del><ins>which team</ins>." in markup
