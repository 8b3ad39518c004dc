"""One vendor's page: what is known and why, the servers by checks, whom we tell, and the story."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from halts.models import HaltOrder
from journal.models import Entry
from monitors.models import Enrolment, Watch
from monitors.probes.reading import Severity, Verdict
from notices.models import Delivery
from tests import halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON
from vendors.models import Contact, SendingServer


def page(desk: Desk) -> str:
    return reverse("desk:vendor", args=[desk.vendor.uid])


def watched(server: SendingServer, check: str, verdict: str, result: str) -> Watch:
    Enrolment.objects.get_or_create(server=server, defaults={"catalogue": "x"})
    watch = monitored.make_watch(server, check)
    Watch.objects.filter(pk=watch.pk).update(verdict=verdict, result=result, looked_at=NOON)
    return watch


def test_nothing_adverse_is_said_only_when_every_check_is_clear(desk: Desk, dana: Client) -> None:
    watched(desk.server, "dnsbl:spamcop", Verdict.CLEAR, "clean")
    answer = dana.get(page(desk))
    assert heading(answer) == "Alder Mailings"
    assert "May Alder Mailings mail now? No, not yet." in text(answer)
    assert "Nothing adverse seen." in text(answer)


def test_a_standing_order_is_the_verdict_with_its_clause_and_its_page(desk: Desk, dana: Client) -> None:
    order = halted.make_order(desk.vendor, server=desk.server)
    answer = dana.get(page(desk))
    said = f"No answer Halt order {order.number} stops all mail from mta3.alder.example.net (203.0.113.27)."
    assert said in text(answer)
    assert f'href="/desk/orders/{order.number}/"' in answer.content.decode()
    assert 'href="/desk/policy/#R12"' in answer.content.decode()


def test_an_open_finding_shuts_and_leads_to_its_evidence(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, check_id="dnsbl:spamcop")
    answer = dana.get(page(desk))
    assert "A server is in bad standing." in text(answer)
    assert "Adverse 203.0.113.27 is on the blocklist Quarry." in text(answer)
    assert f'href="/desk/findings/{finding.number}/"' in answer.content.decode()


def test_what_we_cannot_see_is_our_blindness_and_never_clear(desk: Desk, dana: Client) -> None:
    watched(desk.server, "dnsbl:spamcop", Verdict.UNKNOWN, "timeout")
    answer = dana.get(page(desk))
    assert "We cannot see everything." in text(answer)
    assert "Not seen SpamCop gives no usable answer for 1 server." in text(answer)
    assert "That is our blindness, and no fault of the vendor: what was seen last still counts." in text(answer)
    assert "timed out" in text(answer)


def test_a_list_without_ipv6_says_so_in_the_cell(desk: Desk, dana: Client) -> None:
    watched(desk.server, "dnsbl:spamcop", Verdict.CLEAR, "clean")
    six = world.make_server(desk.vendor, "2001:db8::19")
    watched(six, "fcrdns", Verdict.CLEAR, "pass")
    assert "IPv4 only" in text(dana.get(page(desk)))


def test_nobody_to_tell_is_said_with_its_clause(desk: Desk, dana: Client) -> None:
    desk.contact.delete()
    answer = dana.get(page(desk))
    assert "Missing No emergency abuse contact is on file." in text(answer)
    assert "Nobody. A halt order would reach only our own staff" in text(answer)


def test_a_vendor_without_servers_is_told_to_get_some(desk: Desk, dana: Client) -> None:
    answer = dana.get(reverse("desk:vendor", args=[desk.people.vendor_b.uid]))
    assert "There is no server to watch." in text(answer)
    assert "Add each address from which Birch Direct sends for us." in text(answer)


def test_contacts_show_their_place_and_authority(desk: Desk, dana: Client) -> None:
    Contact.objects.filter(pk=desk.contact.pk).update(has_authority=False)
    assert "Theo Marsh, told first" in text(dana.get(page(desk)))
    assert "Not stated to us" in text(dana.get(page(desk)))
    assert "+1 212-555-0100" in text(dana.get(page(desk)))


def test_the_timeline_tells_the_story_in_sentences(desk: Desk, dana: Client) -> None:
    dana.post(reverse("desk:server_new", args=[desk.vendor.uid]), {"address": "198.18.7.7"})
    order = halted.make_order(desk.vendor, by=desk.people.dana.actor())
    halted.make_delivery(order, state=Delivery.State.SENT)
    story = text(dana.get(page(desk))).split("Timeline", 1)[1]
    assert "A letter to Theo Marsh was accepted by the mail server." in story
    assert f"Halt order {order.number} issued. Your server is on the blocklist Quarry. By Dana." in story
    assert "Server 198.18.7.7 was added. By Dana." in story
    history = text(dana.get(reverse("desk:vendor_history", args=[desk.vendor.uid])))
    assert "3 events, newest first, from the journal." in history


def test_another_vendors_story_is_not_told(desk: Desk, dana: Client) -> None:
    halted.make_order(desk.people.vendor_b)
    assert "Nothing has happened yet." in text(dana.get(page(desk)))


def test_check_now_makes_every_watch_due_and_says_so(desk: Desk, dana: Client) -> None:
    for check in ("dnsbl:spamcop", "fcrdns"):
        watched(desk.server, check, Verdict.CLEAR, "clean")
    Watch.objects.update(next_action_at=NOON + timedelta(days=400))
    answer = dana.post(reverse("desk:vendor_look", args=[desk.vendor.uid]), follow=True)
    assert "Asked for two checks of Alder Mailings." in text(answer)
    assert not Watch.objects.filter(next_action_at=NOON + timedelta(days=400)).exists()
    entry = Entry.objects.get(verb="look now")
    assert (entry.object_type, entry.after) == ("vendors.vendor", {"watches": 2})


def test_check_now_of_a_vendor_without_watches_says_that_there_was_nothing(desk: Desk, dana: Client) -> None:
    answer = dana.post(reverse("desk:vendor_look", args=[desk.vendor.uid]), follow=True)
    assert "Nothing of Alder Mailings is watched now, so there was nothing to check." in text(answer)


@pytest.mark.parametrize("servers", [1, 60])
def test_a_vendor_with_many_servers_costs_no_more_queries(
    desk: Desk, dana: Client, servers: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(servers):
        server = world.make_server(desk.vendor)
        watched(server, "dnsbl:spamcop", Verdict.CLEAR, "clean")
        monitored.make_finding(server, severity=Severity.WARN)
        halted.make_delivery(halted.make_order(desk.vendor, server=server), state=Delivery.State.SENT)
    assert HaltOrder.objects.count() == servers
    with django_assert_max_num_queries(56):  # type: ignore[operator]
        assert dana.get(page(desk)).status_code == 200
