"""How the gate reads letters and questions, and what that costs for many vendors."""

import functools
import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from gate.ask import clearance, open_among, subject
from gate.facts import standing_of, standings_of
from gate.standing import Condition
from halts import orders
from journal.actor import ENGINE
from policies.models import PolicyVersion
from questionnaires.models import Acceptance, Submission
from tests import acceptances, halted, monitored, world
from tests.gate.rows import DAY, Queries, amend, server_of, shutting
from tests.world import NOON
from vendors import register
from vendors.models import SendingServer, Vendor

pytestmark = pytest.mark.django_db


def test_conditions_of_a_letter_are_read_with_their_day(vendor: Vendor) -> None:
    letter = acceptances.make_acceptance(
        vendor,
        conditions=[
            {"text": "Show the contract.", "due": "2026-12-01"},
            {"text": "No match. Waived by IT: moving.", "due": "2026-12-02", "is_waiver": True},
            {"text": "Stay calm.", "due": ""},
        ],
    )
    accepted = standing_of(vendor, NOON).accepted
    assert accepted is not None
    assert accepted.number == letter.number
    assert accepted.conditions == (
        Condition("Show the contract.", date(2026, 12, 1)),
        Condition("No match. Waived by IT: moving.", date(2026, 12, 2), is_waiver=True),
        Condition("Stay calm.", None),
    )


def test_what_is_no_network_in_a_letter_accepts_no_server(vendor: Vendor) -> None:
    acceptances.make_cleared(vendor, servers=["everything", ""])
    assert shutting(vendor) == ["no_server"]


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ({"server": "203.0.113.700"}, "The last part must be 0 to 255."),
        ({"server": "10.0.0.1"}, "10.0.0.1 is an address of private networks."),
        ({"header": "not a domain"}, "is no host name"),
        ({"header": "a@b@c.example"}, "looks like several addresses"),
        ({"source": " "}, "Write the code of one source"),
        ({"source": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_no_subject_is_refused_with_a_sentence(about: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        subject(**about)
    [(field, [said])] = refused.value.message_dict.items()
    assert field in about
    assert sentence in said


def crowd(count: int) -> list[Vendor]:
    """Vendors of every kind, with something of each."""
    vendors = []
    for number in range(count):
        vendor = world.make_vendor()
        servers = [server_of(vendor) for _ in range(3)]
        state = [Acceptance.State.RECEIVED, Acceptance.State.RECEIVED, Acceptance.State.SUSPENDED][number % 3]
        acceptances.make_cleared(vendor, state=state)
        acceptances.make_source(vendor, "web-2", 400, 400)
        acceptances.make_submission(vendor, state=Submission.State.DRAFT)
        monitored.make_finding(servers[0])
        halted.make_order(vendor, server=servers[1])
        if number % 4 == 0:
            halted.make_order(vendor)
        vendors.append(vendor)
    return vendors


def test_many_vendors_cost_as_many_queries_as_one(django_assert_max_num_queries: Queries) -> None:
    vendors = crowd(12)
    for asked in (vendors[:1], vendors):
        with django_assert_max_num_queries(19):
            standings_of(asked, NOON)
        with django_assert_max_num_queries(10):
            open_among(asked, NOON)


def test_a_list_of_plain_vendors_costs_two_queries(django_assert_num_queries: Queries) -> None:
    vendors = [world.make_vendor() for _ in range(6)]
    for vendor in vendors[:4]:
        acceptances.make_cleared(vendor)
    with django_assert_num_queries(2):
        assert open_among(vendors, NOON) == {vendor.pk for vendor in vendors[:4]}


def test_the_short_way_and_the_long_way_agree() -> None:
    """Vendors with any mixture of what can be in the way, the short way and the long way before and after midnight."""
    chance = random.Random(2026)
    version = amend("R5", at=NOON - 40 * DAY, effective_at=NOON - 20 * DAY)
    vendors = []
    for _ in range(120):
        vendor, is_odd = world.make_vendor(), functools.partial(chance.choice, [False] * 7 + [True])
        servers = [server_of(vendor) for _ in range(2)]
        if not is_odd():
            proven_at = None if is_odd() else NOON
            world.make_contact(vendor, proven_at=proven_at)
        scopes: list[list[SendingServer | str]] = [
            [*servers],
            [*servers],
            [*servers[:1]],
            ["198.18.0.0/15"],
            ["nonsense"],
            [],
        ]
        condition = {"text": "Do.", "due": "2026-11-21", "is_waiver": is_odd()}
        if not is_odd():
            acceptances.make_acceptance(
                vendor,
                state=chance.choice([Acceptance.State.RECEIVED] * 8 + list(Acceptance.State)),
                servers=chance.choice(scopes),
                conditions=[condition] if is_odd() else [],
                policy=version if not is_odd() else PolicyVersion.objects.get(number=1),
                at=NOON - 10 * DAY,
                valid_for=10 * DAY + timedelta(hours=chance.choice([6, 60])),
            )
        if is_odd():
            signed = acceptances.make_submission(vendor, at=NOON)
            acceptances.make_signature(signed, policy=version, at=NOON)
        for place, server in enumerate(servers):
            finding = monitored.make_finding(server) if is_odd() else None
            if is_odd():
                order = halted.make_order(vendor, server=server if place else None, finding=None)
                if finding and is_odd():
                    orders.lift(order, reason="Mended.", by=ENGINE, at=NOON, by_name="Dana")
            if is_odd():
                register.retire_server(server, by=ENGINE, at=NOON)
        if is_odd():
            register.retire_vendor(vendor, by=ENGINE, at=NOON)
        vendors.append(Vendor.objects.get(pk=vendor.pk))
    for at in (NOON, NOON + timedelta(hours=13)):
        found = open_among(vendors, at)
        assert found == {one.pk for one in vendors if clearance(one, at=at).is_open}
        assert 5 < len(found) < 110  # neither all shut nor all open: it has something to agree on


def test_asking_changes_nothing_and_finds_each_vendors_own(django_assert_num_queries: Queries) -> None:
    one, other = crowd(2)
    standings = standings_of([one, other], NOON)
    assert standings[one.pk] == standing_of(one, NOON)
    assert standings[other.pk] == standing_of(other, NOON)
    assert {server.address for server in standings[one.pk].servers}.isdisjoint(
        server.address for server in standings[other.pk].servers
    )
