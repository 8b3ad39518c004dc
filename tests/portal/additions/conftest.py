"""A vendor with a received Exhibit A, its owner, and two reviewers."""

import json
from collections.abc import Iterator

import pytest
import time_machine

from questionnaires.models import Signature
from tests import world
from tests.acceptances import make_cleared
from tests.exhibit_b_pages import Desk, Vendor
from tests.world import come

SIGNED_A = [
    {"key": "A13.03", "value": [{"proof": "record", "hours": 2}, {"proof": "form", "hours": 9}]},
    {"key": "A13.06", "value": 48},
    {"key": "A14.05", "value": "https://fieldnote.example/privacy"},
]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(world.NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def people() -> world.People:
    people = world.make_people()
    servers = [world.make_server(people.vendor_a, hostname=f"out{n}.fieldnote.example") for n in (1, 2)]
    letter = make_cleared(
        people.vendor_a, servers=servers, headers=["news@fieldnote.example"], lists={"Garden Weekly": 4000}
    )
    Signature.objects.filter(pk=letter.signature_id).update(snapshot=json.dumps({"answers": SIGNED_A}))
    return people


@pytest.fixture
def alice(people: world.People) -> Vendor:
    return Vendor(come(people.alice))


@pytest.fixture
def rita(people: world.People) -> Desk:
    return Desk(come(people.rita))


@pytest.fixture
def dana(people: world.People) -> Desk:
    return Desk(come(people.dana))
