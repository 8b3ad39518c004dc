"""Whom a material version of the policy shuts out, as the desk shows it before and after it is published."""

import pytest

from desk.queries.shut_out import shut_out_by
from policies import drafts
from policies.versions import draft
from tests import world
from tests.acceptances import make_acceptance, make_signature, make_submission
from tests.amended import make_version
from tests.desk.conftest import Desk
from tests.world import NOON

pytestmark = pytest.mark.django_db


def test_a_draft_shuts_out_everybody_whose_acceptance_is_in_force(desk: Desk) -> None:
    people = desk.people
    make_acceptance(people.vendor_a)
    make_acceptance(people.vendor_b, state="issued")
    drafts.begin_draft(by=people.ada.actor(), at=NOON)
    found = draft()
    assert found is not None
    assert shut_out_by(found) == [people.vendor_a]


def test_who_signed_under_it_is_left_out(desk: Desk) -> None:
    people = desk.people
    charlie = world.make_vendor("Cedar Post")
    for vendor in (people.vendor_a, people.vendor_b, charlie):
        make_acceptance(vendor)
    version = make_version("O1", at=NOON)
    make_signature(make_submission(people.vendor_a, reason="amendment", amendment=version), policy=version)
    make_signature(make_submission(people.vendor_b, exhibit="B"), policy=version)
    assert shut_out_by(version) == [people.vendor_b, charlie]
