"""One server's page: each check with its last readings, and the raw answers one click away."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from journal.models import Entry
from monitors.models import Watch
from monitors.probes.reading import Verdict
from tests import halted, monitored, world
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.world import NOON
from vendors.models import SendingServer


def page(desk: Desk) -> str:
    return reverse("desk:server", args=[desk.server.uid])


def test_each_check_shows_its_readings_with_raw_answers(desk: Desk, dana: Client) -> None:
    watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
    Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.ADVERSE, result="listed", looked_at=NOON)
    monitored.make_observation(watch, verdict=Verdict.CLEAR, result="clean", at=NOON - timedelta(hours=1))
    monitored.make_observation(watch, at=NOON)
    answer = dana.get(page(desk))
    assert heading(answer) == "mta3.alder.example.net"
    assert "27.113.0.203.bl.example.org. 300 IN A 127.0.0.2" in text(answer)
    assert '<span class="hit">127.0.0.2</span>' in answer.content.decode()
    assert '<span class="hit">&quot;spam source&quot;</span>' in answer.content.decode()
    assert "; NXDOMAIN, no record" in text(answer)


def test_what_a_stranger_wrote_into_a_record_is_shown_as_text(desk: Desk, dana: Client) -> None:
    watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
    monitored.make_observation(watch, text="<script>alert(1)</script>")
    assert "<script>alert" not in dana.get(page(desk)).content.decode()


def test_lists_that_hold_no_such_addresses_are_named(desk: Desk, dana: Client) -> None:
    six = world.make_server(desk.vendor, "2001:db8::19")
    answer = dana.get(reverse("desk:server", args=[six.uid]))
    assert "Not asked, because they hold no such addresses: SpamCop" in text(answer)


def test_a_new_server_says_that_its_checks_are_coming(desk: Desk, dana: Client) -> None:
    assert "The engine has not given this server its checks yet." in text(dana.get(page(desk)))


def test_a_retired_server_says_that_it_is_not_watched(desk: Desk, dana: Client) -> None:
    SendingServer.objects.filter(pk=desk.server.pk).update(state=SendingServer.State.RETIRED)
    assert "A retired server is not watched." in text(dana.get(page(desk)))


def test_what_it_led_to_is_listed(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server)
    order = halted.make_order(desk.vendor, server=desk.server, finding=finding)
    words = text(dana.get(page(desk)))
    assert finding.number in words
    assert order.number in words


def test_check_now_makes_its_watches_due(desk: Desk, dana: Client) -> None:
    watch = monitored.make_watch(desk.server)
    Watch.objects.update(next_action_at=NOON + timedelta(days=400))
    answer = dana.post(reverse("desk:server_look", args=[desk.server.uid]), follow=True)
    assert "Asked for one check of mta3.alder.example.net (203.0.113.27)." in text(answer)
    assert Watch.objects.get(pk=watch.pk).next_action_at != NOON + timedelta(days=400)
    assert Entry.objects.get(verb="look now").object_type == "vendors.sendingserver"


def test_many_readings_cost_no_more_queries(desk: Desk, dana: Client, django_assert_max_num_queries: object) -> None:
    for check in ("dnsbl:spamcop", "dnsbl:psbl", "fcrdns"):
        watch = monitored.make_watch(desk.server, check)
        for hour in range(20):
            monitored.make_observation(watch, at=NOON + timedelta(hours=hour))
    with django_assert_max_num_queries(36):  # type: ignore[operator]
        answer = dana.get(page(desk))
    assert answer.content.decode().count('class="reading"') == 15
