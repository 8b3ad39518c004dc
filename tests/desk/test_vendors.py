"""The register: found, sorted, paged, and drawn in a fixed number of queries however large it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from halts.models import HaltOrder
from monitors.models import Enrolment, Watch
from monitors.probes.reading import Verdict
from tests import acceptances, halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON
from vendors.models import Contact, SendingServer, Vendor

PAGE = "/desk/vendors/"
Queries = Callable[..., AbstractContextManager[Any]]


def enrol(server: SendingServer, verdict: str = Verdict.CLEAR) -> None:
    Enrolment.objects.create(server=server, catalogue="x")
    watch = monitored.make_watch(server)
    Watch.objects.filter(pk=watch.pk).update(verdict=verdict)


def names(client: Client, **query: str) -> list[str]:
    return [line["name"] for line in client.get(PAGE, query).context["lines"]]


def test_each_vendor_has_its_standing_servers_and_orders(desk: Desk, dana: Client) -> None:
    enrol(desk.server)
    answer = dana.get(PAGE)
    assert heading(answer) == "2 vendors in use"
    assert f"Alder Mailings {desk.vendor.number} Shut Clear 1" in text(answer)
    assert f"Birch Direct {desk.people.vendor_b.number} Shut No server 0" in text(answer)


@pytest.mark.parametrize(
    ("verdict", "word"), [(Verdict.ADVERSE, "Adverse"), (Verdict.UNKNOWN, "Unknown"), (Verdict.CLEAR, "Clear")]
)
def test_the_worst_check_speaks_for_the_vendor(desk: Desk, dana: Client, verdict: str, word: str) -> None:
    enrol(desk.server, verdict)
    enrol(world.make_server(desk.vendor))
    assert f"{desk.vendor.number} Shut {word} 2" in text(dana.get(PAGE))


def test_a_server_that_was_never_looked_at_is_unknown_and_not_clear(desk: Desk, dana: Client) -> None:
    assert f"{desk.vendor.number} Shut Unknown 1" in text(dana.get(PAGE))


def test_an_order_outweighs_all_else(desk: Desk, dana: Client) -> None:
    enrol(desk.server)
    halted.make_order(desk.vendor)
    assert f"{desk.vendor.number} Shut No answer 1 1" in text(dana.get(PAGE))


def test_a_retired_server_says_nothing(desk: Desk, dana: Client) -> None:
    enrol(desk.server)
    gone = world.make_server(desk.vendor)
    enrol(gone, Verdict.ADVERSE)
    SendingServer.objects.filter(pk=gone.pk).update(state=SendingServer.State.RETIRED)
    assert f"{desk.vendor.number} Shut Clear 1" in text(dana.get(PAGE))


def test_the_gate_of_each_is_open_or_shut(desk: Desk, dana: Client) -> None:
    enrol(desk.server)
    acceptances.make_acceptance(desk.vendor)
    assert f"{desk.vendor.number} Shut Clear 1" in text(dana.get(PAGE))
    Contact.objects.update(email_confirmed_at=NOON, authority_confirmed_at=NOON)
    assert f"{desk.vendor.number} Open Clear 1" in text(dana.get(PAGE))
    halted.make_order(desk.vendor, server=desk.server)
    assert f"{desk.vendor.number} Shut No answer 1 1" in text(dana.get(PAGE))


@pytest.mark.parametrize("q", ["alder", "203.0.113.2", "MTA3", "theo marsh", "abuse@alder", "V-{pk:04d}"])
def test_a_vendor_is_found_by_whatever_one_knows_of_it(desk: Desk, dana: Client, q: str) -> None:
    assert names(dana, q=q.format(pk=desk.vendor.pk)) == ["Alder Mailings"]


def test_a_search_without_a_hit_says_what_to_do(desk: Desk, dana: Client) -> None:
    answer = dana.get(PAGE, {"q": "<zebra>"})
    assert heading(answer) == "0 vendors match “<zebra>”"
    assert "Search for a part of the name, or for the beginning of an address." in text(answer)


def test_columns_sort_both_ways(desk: Desk, dana: Client) -> None:
    halted.make_order(desk.people.vendor_b)
    assert names(dana) == ["Alder Mailings", "Birch Direct"]
    assert names(dana, sort="-name") == ["Birch Direct", "Alder Mailings"]
    assert names(dana, sort="-servers") == ["Alder Mailings", "Birch Direct"]
    assert names(dana, sort="orders") == ["Alder Mailings", "Birch Direct"]
    assert names(dana, sort="-orders") == ["Birch Direct", "Alder Mailings"]


def test_the_worst_come_first_when_sorted_by_what_is_known(desk: Desk, dana: Client) -> None:
    clear, blind, bad = (world.make_vendor(name) for name in ("Clear Ltd", "Blind Ltd", "Bad Ltd"))
    for vendor, verdict in ((clear, Verdict.CLEAR), (blind, Verdict.UNKNOWN), (bad, Verdict.ADVERSE)):
        enrol(world.make_server(vendor), verdict)
    order = halted.make_order(desk.people.vendor_b)
    assert order.state == HaltOrder.State.ISSUED
    assert names(dana, sort="known") == [
        "Birch Direct",  # an order without an answer
        "Bad Ltd",
        "Alder Mailings",  # never looked at, so unknown
        "Blind Ltd",
        "Clear Ltd",
    ]


def test_retired_vendors_are_kept_apart(desk: Desk, dana: Client) -> None:
    Vendor.objects.filter(pk=desk.vendor.pk).update(state=Vendor.State.RETIRED)
    assert names(dana) == ["Birch Direct"]
    assert names(dana, show="retired") == ["Alder Mailings"]
    assert "Retired" in text(dana.get(PAGE, {"show": "retired"}))


def test_an_empty_register_says_how_to_fill_it(desk: Desk, dana: Client) -> None:
    Vendor.objects.update(state=Vendor.State.RETIRED)
    assert "Add the first one by hand, or import a CSV file" in text(dana.get(PAGE))


@pytest.fixture
def thousands(desk: Desk) -> None:
    """1,000 vendors with 5,000 servers, each with two checks."""
    vendors = Vendor.objects.bulk_create(Vendor(name=f"Vendor {n:04d}", created_at=NOON) for n in range(1000))
    servers = SendingServer.objects.bulk_create(
        SendingServer(vendor=vendors[n % 1000], address=f"198.18.{n // 250}.{n % 250 + 1}", created_at=NOON)
        for n in range(5000)
    )
    Enrolment.objects.bulk_create(Enrolment(server=server, catalogue="x") for server in servers)
    Watch.objects.bulk_create(
        Watch(
            server=server,
            vendor=server.vendor,
            check_id=check,
            since=NOON,
            verdict=Verdict.CLEAR if n % 7 else Verdict.UNKNOWN,
        )
        for n, server in enumerate(servers)
        for check in ("fcrdns", "dnsbl:spamcop")
    )
    for server in servers[:60]:
        monitored.make_finding(server, check_id="dnsbl:spamcop")
    for vendor in vendors[:60]:
        acceptances.make_cleared(vendor)


@pytest.mark.usefixtures("thousands")
@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/desk/", 40),
        (PAGE, 22),
        (f"{PAGE}?page=20", 14),
        (f"{PAGE}?q=198.18.1", 22),
        (f"{PAGE}?sort=-servers", 22),
        (f"{PAGE}?sort=known", 22),
        ("/desk/findings/", 9),
        ("/desk/blocklists/", 13),
        ("/desk/journal/", 10),
    ],
)
def test_five_thousand_servers_cost_no_more_queries(
    dana: Client, page: str, most: int, django_assert_max_num_queries: Queries
) -> None:
    dana.get(page)
    with django_assert_max_num_queries(most):
        assert dana.get(page).status_code == 200
