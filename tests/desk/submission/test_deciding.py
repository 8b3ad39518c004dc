"""Sending back, declining, waiving, and accepting with four eyes."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from questionnaires.models import Acceptance, Submission
from tests import submissions
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.desk.submission.pages import conditions, page, url
from tests.world import People, make_contact


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
