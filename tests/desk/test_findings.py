"""Findings: the list, and one with the evidence behind it."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from journal.actor import ENGINE
from journal.record import move
from monitors.models import Finding
from monitors.probes.reading import Severity, Verdict
from notices.models import Delivery
from tests import halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/findings/"


def page(finding: Finding) -> str:
    return reverse("desk:finding", args=[finding.number])


def close(finding: Finding) -> None:
    at = NOON + timedelta(hours=2)
    move(finding, Finding.State.CLOSED, by=ENGINE, at=at, why="Not listed on Quarry.", changes={"closed_at": at})


def test_open_findings_are_listed_and_closed_ones_kept_apart(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, check_id="dnsbl:spamcop")
    other = monitored.make_finding(world.make_server(desk.people.vendor_b))
    close(other)
    answer = dana.get(PAGE)
    assert heading(answer) == "1 finding is open"
    assert f"{finding.number} Adverse Alder Mailings mta3.alder.example.net is listed on SpamCop" in text(answer)
    assert [one.number for one in dana.get(PAGE, {"show": "closed"}).context["page"]] == [other.number]
    assert heading(dana.get(PAGE, {"show": "all"})) == "2 findings"


def test_a_finding_is_found_by_number_vendor_and_server(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server)
    monitored.make_finding(world.make_server(desk.people.vendor_b))
    for q in (finding.number, "alder", "203.0.113", "mta3"):
        assert [one.number for one in dana.get(PAGE, {"q": q}).context["page"]] == [finding.number], q


def test_no_finding_says_where_else_to_look(desk: Desk, dana: Client) -> None:
    answer = dana.get(PAGE)
    assert heading(answer) == "No finding is open"
    assert "whether every list can be seen" in text(answer)


def test_one_finding_shows_each_confirming_reading_with_its_evidence(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, check_id="dnsbl:spamcop", at=NOON)
    monitored.make_observation(finding.watch, verdict=Verdict.CLEAR, result="clean", at=NOON - timedelta(hours=1))
    for minutes in (0, 6, 12):
        monitored.make_observation(finding.watch, at=NOON + timedelta(minutes=minutes))
    answer = dana.get(page(finding))
    assert heading(answer) == "mta3.alder.example.net is listed on SpamCop"
    assert "2 adverse readings at least 10 min apart open a finding; 2 clear ones close it" in text(answer)
    assert [one.observation.last_at.minute for one in answer.context["rounds"]] == [0, 6, 12]
    assert '<span class="hit">127.0.0.2</span>' in answer.content.decode()
    assert "Listed on Quarry: spam source (127.0.0.2)." in text(answer)
    assert 'href="https://www.spamcop.net/' in answer.content.decode()
    assert "None to ask for: an entry ends about 24 hours after the last report." in text(answer)


def test_a_long_run_of_readings_shows_the_first_and_the_last(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server)
    for hour in range(40):
        monitored.make_observation(finding.watch, at=NOON + timedelta(hours=hour))
    shown = [one.observation.last_at for one in dana.get(page(finding)).context["rounds"]]
    assert len(shown) == 12
    assert (shown[0], shown[-1]) == (NOON, NOON + timedelta(hours=39))


def test_a_finding_leads_to_its_order_and_the_letters(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server)
    order = halted.make_order(desk.vendor, server=desk.server, finding=finding)
    halted.make_delivery(order, state=Delivery.State.SENT)
    words = text(dana.get(page(finding)))
    assert f"Halt order {order.number}" in words
    assert "Theo Marsh abuse@alder.example.net 21 Nov 2026, 12:00:00 UTC Accepted" in words
    assert "A person lifts the halt order, with a reason. It does not lift itself." in words


def test_a_finding_that_does_not_halt_offers_an_order_by_hand(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, severity=Severity.WARN)
    answer = dana.get(page(finding))
    assert "No order: this is not grave enough to halt by itself." in text(answer)
    assert f"/order/?finding={finding.number}" in answer.content.decode()


def test_a_closed_finding_says_when_and_after_how_long(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, check_id="dnsbl:spamcop")
    close(finding)
    answer = dana.get(page(finding))
    assert heading(answer) == "mta3.alder.example.net was listed on SpamCop"
    assert "Closed 21 Nov 2026, 14:00:00 UTC, after 2 h." in text(answer)


def test_the_list_costs_no_more_queries_for_more_findings(
    desk: Desk, dana: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(55):
        server = world.make_server(desk.vendor)
        halted.make_order(desk.vendor, server=server, finding=monitored.make_finding(server))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert len(dana.get(PAGE).context["page"]) == 50


def test_nothing_is_said_about_a_list_where_no_list_was_asked(desk: Desk, dana: Client) -> None:
    listed = monitored.make_finding(desk.server, check_id="dnsbl:spamcop")
    nameless = monitored.make_finding(
        desk.server, check_id="fcrdns", kind="reverse_dns", sentence="It has no reverse name."
    )
    for finding in (listed, nameless):
        for minutes in (0, 6):
            monitored.make_observation(finding.watch, at=NOON + timedelta(minutes=minutes))
    assert "the list had just proved itself" in text(dana.get(page(listed)))
    assert (
        "the list" not in text(dana.get(page(nameless))).partition("How it was confirmed")[2].partition("What ends")[0]
    )
