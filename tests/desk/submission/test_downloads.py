"""What can be saved of a submission; and each of its states has a page."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.test import Client

from questionnaires import decisions, review
from questionnaires.models import Submission
from tests import submissions
from tests.acceptances import make_submission
from tests.desk.conftest import Desk
from tests.desk.pages import heading
from tests.desk.submission.pages import LATER, hash_of, page, saved, second_round, url
from tests.world import NOON, People


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
