"""Alice and Bob of a vendor at the portal, and a form that nobody has typed into."""

import pytest
from django.test import Client

from questionnaires.models import Submission
from tests import world
from tests.acceptances import make_submission


@pytest.fixture
def people() -> world.People:
    return world.make_people()


@pytest.fixture
def draft(people: world.People) -> Submission:
    return make_submission(people.vendor_a, state=Submission.State.DRAFT)


@pytest.fixture
def alice(people: world.People) -> Client:
    return world.come(people.alice)


@pytest.fixture
def bob(people: world.People) -> Client:
    return world.come(people.bob)
