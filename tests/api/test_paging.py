"""Lists come in pages that neither repeat nor skip, with the same few queries however long they are."""

from typing import Any

import pytest

from monitors.models import Observation
from notices import outbox
from notices.outbox import Recipient
from tests.api.caller import Caller, caller
from tests.halted import make_order
from tests.monitored import make_finding
from tests.world import NOON, make_contact, make_server, make_vendor
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
AUTHENTICATION = 1  # query; another notes the use of a token, at most once a minute


def walk(machine: Caller, path: str) -> list[Any]:
    """Every item of every page."""
    found, answer = [], machine.get(path)
    while True:
        found += answer.body["items"]
        if not answer.body["next"]:
            return found
        answer = machine.get(f"{path}&cursor={answer.body['next']}")


def test_pages_neither_repeat_nor_skip_although_rows_are_added_meanwhile() -> None:
    machine = caller()
    for number in range(7):
        make_vendor(f"Vendor number {number}")
    first = machine.get("/vendors?limit=3").body
    assert (len(first["items"]), first["count"]) == (3, 7)
    make_vendor("One more")
    names = [item["name"] for item in walk(machine, "/vendors?limit=3")]
    assert names == [*(f"Vendor number {number}" for number in range(7)), "One more"]


def test_the_newest_come_first_where_that_is_what_matters() -> None:
    vendor = make_vendor()
    orders = [make_order(vendor, reason=f"Reason {number}.") for number in range(5)]
    found = [item["number"] for item in walk(caller(), "/halts?limit=2")]
    assert found == [order.number for order in reversed(orders)]


@pytest.fixture
def crowd() -> Vendor:
    """A vendor with forty servers, each with a watch, observations, a finding, an order and letters about it."""
    vendor = make_vendor("Alder")
    for number in range(40):
        server = make_server(vendor)
        make_contact(vendor)
        finding = make_finding(server)
        order = make_order(vendor, server=server, finding=finding)
        Observation.objects.create(watch=finding.watch, first_at=NOON, last_at=NOON, verdict="adverse", is_proved=True)
        to = Recipient("Kim", "kim@alder.example")
        outbox.write("halt_order", to, key=f"letter {number}", about=order.about, facts={}, at=NOON)
    return vendor


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/vendors", 2),
        ("/vendors/{vendor}/servers", 3),
        ("/vendors/{vendor}/contacts", 4),
        ("/watches", 2),
        ("/watches?vendor={vendor}&verdict=adverse", 3),
        ("/observations", 2),
        ("/observations?vendor={vendor}", 3),
        ("/findings", 3),
        ("/findings?vendor={vendor}&state=open", 4),
        ("/halts", 2),
        ("/halts?vendor={vendor}&state=issued", 3),
        ("/deliveries", 3),
        ("/deliveries?state=due&about=halt:1", 3),
    ],
)
@pytest.mark.parametrize("limit", [1, 40])
def test_a_list_takes_the_same_few_queries_however_long_it_is(
    path: str, queries: int, limit: int, crowd: Vendor, django_assert_max_num_queries: Any
) -> None:
    machine = caller()
    machine.get("/vendors?limit=1")  # notes the use of the token
    address = path.format(vendor=crowd.uid)
    with django_assert_max_num_queries(queries + AUTHENTICATION):
        answer = machine.get(f"{address}{'&' if '?' in address else '?'}limit={limit}")
    assert answer.status == 200
    assert len(answer.body["items"]) <= limit
    assert answer.body["count"] >= len(answer.body["items"])


def test_one_order_in_full_takes_a_few_queries(crowd: Vendor, django_assert_max_num_queries: Any) -> None:
    machine = caller()
    order = machine.get("/halts?limit=1").body["items"][0]
    with django_assert_max_num_queries(3 + AUTHENTICATION):
        assert len(machine.get(f"/halts/{order['id']}").body["deliveries"]) == 1
