"""Exhibit A of Alice's, signed or in review, three hours later."""

import pytest
import time_machine

from questionnaires.models import Submission
from tests import submissions
from tests.desk.conftest import Desk
from tests.desk.submission.pages import LATER
from tests.world import People


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
