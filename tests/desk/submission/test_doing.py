"""Taking a submission up, looking at it, marking and commenting answers."""

import re

from django.test import Client

from questionnaires import decisions, review
from questionnaires.models import Comment, Return, Submission
from tests import submissions
from tests.desk.pages import text
from tests.desk.submission.pages import LATER, page, second_round, url
from tests.world import NOON, People


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
