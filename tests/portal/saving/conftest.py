"""Alice and Bob, and a form that nobody has typed into."""

import pytest
from django.test import Client

from questionnaires.models import Submission
from tests import world
from tests.acceptances import make_submission
from tests.portal.saving.opened import (
    come,
)


@pytest.fixture
def people() -> world.People:
    return world.make_people()


@pytest.fixture
def draft(people: world.People) -> Submission:
    return make_submission(people.vendor_a, state=Submission.State.DRAFT)


@pytest.fixture
def alice(people: world.People) -> Client:
    return come(people.alice)


@pytest.fixture
def bob(people: world.People) -> Client:
    return come(people.bob)
