"""Four eyes at the desk: what the second person is told when something changed since the first acceptance."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from questionnaires import decisions, waivers
from questionnaires.models import Look, Submission
from tests import submissions
from tests.desk.pages import text
from tests.desk.submission.pages import LATER
from tests.world import NOON, People


@pytest.fixture
def recommended(people: People) -> Submission:
    """Rita accepted as the first, with a condition; then a look at the server turned bad."""
    found = submissions.make_in_review(people.vendor_a, people.alice, people.rita)
    submissions.look_at_all(found, people.rita)
    condition = {"text": "Send the trade licence.", "due": "2026-12-31"}
    decisions.recommend(found, [condition], user=people.rita, by=people.rita.actor(), at=NOON)
    look = Look.objects.get(vendor=people.vendor_a, kind="server")
    look.facts = {**look.facts, "look.fcrdns": False}
    look.save()
    return found


def url(submission: Submission) -> str:
    return reverse("desk:submission_accept", args=[submission.number])


def test_rules_that_speak_since_the_first_acceptance_are_shown_to_the_second_person(
    dana: Client, recommended: Submission
) -> None:
    words = text(dana.get(url(recommended)))
    assert "Rita has not seen these. They speak since the first acceptance: A5.03, Server 1, 93.184.215.14" in words


def test_a_waiver_after_the_first_acceptance_asks_for_both_again_and_keeps_the_conditions(
    dana: Client, recommended: Submission, people: People
) -> None:
    for flag in waivers.flags(recommended, submissions.answers(recommended, LATER), LATER):
        if flag.stops:
            until = (LATER + timedelta(days=30)).date()
            waivers.waive(recommended, flag.rule.id, flag.row_uid, "Soon.", until, by=people.dana.actor(), at=LATER)
    said = "Rita accepted as the first, and a waiver changed 21 Nov 2026, 15:00 UTC. That acceptance counts no more"
    assert said in text(dana.get(reverse("desk:submission", args=[recommended.number])))
    answer = dana.get(url(recommended))
    assert said in text(answer)
    assert "The first of two" in text(answer)
    assert "Send the trade licence." in answer.content.decode()
    kept = {"conditions-TOTAL_FORMS": "1", "conditions-INITIAL_FORMS": "1",
            "conditions-0-text": "Send the trade licence.", "conditions-0-due": "2026-12-31"}  # fmt: skip
    dana.post(url(recommended), kept)
    first = decisions.first_eyes(recommended)
    assert first is not None
    assert (first.by, first.conditions) == ("Dana", [{"text": "Send the trade licence.", "due": "2026-12-31"}])
