"""Standing over time at the desk: strips, the page of a domain, vendors compared, and both tables as files."""

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from engine.cycle import Sweep
from monitors import tallying
from monitors.models import Finding, Observation, Watch
from monitors.probes.reading import Verdict
from tests import halted, monitored, world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON
from vendors.models import Domain

DAY = timedelta(days=1)
PATH = "192.0.2.53:53"


@pytest.fixture(autouse=True)
def noon(settings: Settings) -> Iterator[None]:
    settings.RESOLVERS, settings.WATCH_SECONDS = [PATH], 1800
    with time_machine.travel(NOON, tick=False):
        yield


def saw(watch: Watch, first: float, last: float, verdict: str = Verdict.CLEAR, **more: Any) -> Observation:
    """A run from `first` to `last` days ago."""
    observation = monitored.make_observation(watch, verdict=verdict, at=NOON - first * DAY, path=PATH, **more)
    Observation.objects.filter(pk=observation.pk).update(last_at=NOON - last * DAY)
    return observation


def rows_of(answer: Any) -> list[dict[str, str]]:
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(body)))


class TestStrips:
    def test_a_server_shows_each_check_by_day_and_the_same_as_a_table(self, desk: Desk, dana: Client) -> None:
        watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
        saw(watch, 18, 12)
        saw(watch, 12, 10, Verdict.UNKNOWN)
        saw(watch, 8, 0)
        answer = dana.get(reverse("desk:server", args=[desk.server.uid]))
        page = answer.content.decode()
        title = re.search(r'<svg class="chart" role="img" aria-labelledby="(.+?)"><title id="\1">(.+?)</title>', page)
        assert title
        assert title[2] == ("SpamCop, 24 Aug to 21 Nov 2026: clear on 14 days, not seen on 5.")
        words = text(answer)
        assert "SpamCop 3 to 8 Nov 2026 Clear" in words
        assert "SpamCop 10 Nov 2026 We could not see" in words
        assert "We did not look" in words
        assert 'fill="url(#strip-w' in page
        assert "style=" not in page

    def test_a_vendor_shows_each_kind_of_check_and_all_of_them(self, desk: Desk, dana: Client) -> None:
        for check in ("dnsbl:spamcop", "dnsbl:psbl", "fcrdns"):
            saw(monitored.make_watch(desk.server, check), 5, 0)
        domain = world.make_domain(desk.vendor, "alder.example")
        saw(monitored.make_watch(domain, "mx"), 5, 0)
        page = dana.get(reverse("desk:vendor", args=[desk.vendor.uid])).content.decode()
        titles = [one.partition(",")[0] for one in re.findall(r"<title id=[^>]+>(.+?)</title>", page)]
        assert titles == ["All checks", "Blocklists", "Forward and reverse DNS", "Mail exchangers (MX)"]

    def test_what_was_not_seen_stands_beside_the_uptime(self, desk: Desk, dana: Client) -> None:
        watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
        saw(watch, 10, 5)
        words = text(dana.get(reverse("desk:server", args=[desk.server.uid])))
        assert re.search(r"100 % 4\d\.\d\d % not seen", words)

    def test_nothing_watched_says_so(self, desk: Desk, dana: Client) -> None:
        assert "was to be looked at yet" in text(dana.get(reverse("desk:server", args=[desk.server.uid])))


class TestDomain:
    def test_it_shows_its_checks_with_raw_answers_findings_and_strips(self, desk: Desk, dana: Client) -> None:
        domain = world.make_domain(desk.vendor, "alder.example", selectors=["k1"])
        watch = monitored.make_watch(domain, "spf")
        Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.ADVERSE, result="none", sentence="No SPF record.")
        saw(watch, 2, 0, Verdict.ADVERSE)
        finding = Finding.objects.create(
            watch=watch, domain=domain, vendor=desk.vendor, kind="spf", severity="warn", clause="R8",
            sentence="No SPF record.", first_seen_at=NOON - DAY, opened_at=NOON - DAY,
        )  # fmt: skip
        answer = dana.get(reverse("desk:domain", args=[domain.uid]))
        words = text(answer)
        assert heading(answer) == "alder.example"
        assert "Declared by Alder Mailings" in words
        assert "No SPF record." in words
        assert "IN A 127.0.0.2" in words  # raw
        assert finding.number in words
        assert "k1" in words
        assert "the list proved itself" not in words  # it is no list
        assert "<title" in answer.content.decode()

    def test_answers_that_are_none_of_the_dns_are_shown_fact_by_fact(self, desk: Desk, dana: Client) -> None:
        domain = world.make_domain(desk.vendor, "alder.example")
        watch = monitored.make_watch(domain, "website")
        saw(watch, 1, 0)
        page = {"page": "https://alder.example/", "status": 200, "landed": None, "is_sure": True}
        page |= {
            "steps": [["alder.example", "mx", "pass"]],
            "contact": [{"part": "phone", "holds": False}],
            "raw": "<p>",
        }
        Observation.objects.update(evidence=[page])
        words = text(dana.get(reverse("desk:domain", args=[domain.uid])))
        assert "page: https://alder.example/ status: 200 is sure: yes steps: alder.example mx pass" in words
        assert "part: phone holds: no <p>" in words
        assert "None" not in words

    def test_one_that_was_met_in_the_dns_says_so(self, desk: Desk, dana: Client) -> None:
        domain = world.make_domain(desk.vendor, is_declared=False, uses=["dns"])
        assert "Met in the DNS of the servers of Alder Mailings" in text(
            dana.get(reverse("desk:domain", args=[domain.uid]))
        )

    def test_the_vendors_page_leads_there_and_says_what_is_seen(self, desk: Desk, dana: Client) -> None:
        good, bad = (world.make_domain(desk.vendor, name) for name in ("good.example", "bad.example"))
        for domain, verdict in ((good, Verdict.CLEAR), (bad, Verdict.CLEAR), (bad, Verdict.ADVERSE)):
            watch = monitored.make_watch(domain, f"dnsbl:{verdict}")
            Watch.objects.filter(pk=watch.pk).update(verdict=verdict)
        new = world.make_domain(desk.vendor, "new.example")
        answer = dana.get(reverse("desk:vendor", args=[desk.vendor.uid]))
        words = text(answer)
        assert "bad.example Addresses in headers Declared since 21 Nov 2026 Adverse" in words
        assert "good.example Addresses in headers Declared since 21 Nov 2026 Clear" in words
        assert "new.example Addresses in headers Declared since 21 Nov 2026 not watched yet" in words
        assert reverse("desk:domain", args=[new.uid]) in answer.content.decode()

    def test_check_now_makes_its_watches_due(self, desk: Desk, dana: Client, sign_in: SignIn) -> None:
        domain = world.make_domain(desk.vendor, "alder.example")
        watch = monitored.make_watch(domain, "mx", at=NOON + DAY)
        path = reverse("desk:domain_look", args=[domain.uid])
        assert sign_in(desk.people.orla).post(path).status_code == 403
        assert "Asked for one check of alder.example." in text(dana.post(path, follow=True))
        watch.refresh_from_db()
        assert watch.next_action_at == NOON

    def test_a_retired_one_is_not_watched(self, desk: Desk, dana: Client) -> None:
        domain = world.make_domain(desk.vendor, state=Domain.State.RETIRED)
        answer = dana.get(reverse("desk:domain", args=[domain.uid]))
        assert "A retired domain is not watched." in text(answer)
        assert "Check now" not in text(answer)


@pytest.fixture
def compared(desk: Desk) -> Desk:
    """Alder with a fault of three days in thirty and one order, Birch without, and Cedar whom nobody watches."""
    watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
    saw(watch, 40, 0)
    finding = monitored.make_finding(desk.server, check_id="dnsbl:spamcop", at=NOON - 4 * DAY)
    Finding.objects.filter(pk=finding.pk).update(state=Finding.State.CLOSED, closed_at=NOON - DAY)
    monitored.make_finding(world.make_server(desk.vendor))
    halted.make_order(desk.vendor, server=desk.server, finding=finding)
    birch = monitored.make_watch(world.make_server(desk.people.vendor_b), "dnsbl:spamcop")
    saw(birch, 40, 10)
    world.make_vendor("Cedar Post")
    tallying.sweep(Sweep(NOON))
    return desk


class TestCompared:
    def lines(self, answer: Any) -> list[str]:
        body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
        return [
            re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row)).strip() for row in body.split("<tr>")[1:]
        ]

    def test_each_vendor_has_its_uptime_and_beside_it_what_was_not_seen(self, compared: Desk, dana: Client) -> None:
        answer = dana.get(reverse("desk:standing"))
        assert heading(answer) == "How 3 vendors stand over time"
        alder, birch, cedar = self.lines(answer)
        assert alder.startswith("Alder Mailings")
        assert "3 d of 1" in alder
        assert "100 % 3" in birch
        assert birch.startswith("Birch Direct")
        assert "nothing watched" in cedar

    @pytest.mark.parametrize(
        ("sort", "first"),
        [
            ("name", "Alder"),
            ("-name", "Cedar"),
            ("uptime30", "Alder"),
            ("-uptime90", "Birch"),
            ("-unseen30", "Birch"),
            ("-findings", "Alder"),
            ("-orders", "Alder"),
            ("-late", "Alder"),
            ("clear", "Alder"),
            ("nonsense", "Alder"),
        ],
    )
    def test_it_sorts(self, compared: Desk, dana: Client, sort: str, first: str) -> None:
        assert self.lines(dana.get(reverse("desk:standing"), {"sort": sort}))[0].startswith(first)

    def test_it_is_searched_and_filtered(self, compared: Desk, dana: Client) -> None:
        assert len(self.lines(dana.get(reverse("desk:standing"), {"q": "birch"}))) == 1
        assert "No vendor is on file here" in text(dana.get(reverse("desk:standing"), {"show": "retired"}))
        assert "matches “zzz”" in text(dana.get(reverse("desk:standing"), {"q": "zzz"}))

    def test_a_vendor_that_was_not_counted_yet_says_so(self, desk: Desk, dana: Client) -> None:
        assert "not counted yet" in text(dana.get(reverse("desk:standing")))

    @pytest.mark.parametrize("more", [1, 60])
    def test_many_vendors_cost_no_more_queries(
        self, compared: Desk, dana: Client, more: int, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(more):
            monitored.make_finding(world.make_server(world.make_vendor()))
        tallying.sweep(Sweep(NOON))
        with django_assert_max_num_queries(12):
            dana.get(reverse("desk:standing"), {"sort": "-findings"})


class TestFiles:
    def test_the_comparison_is_saved_with_all_that_the_list_shows(self, compared: Desk, dana: Client) -> None:
        answer = dana.get(reverse("desk:standing_csv"), {"q": "alder"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Content-Disposition"] == 'attachment; filename="standing-2026-11-21.csv"'
        (row,) = rows_of(answer)
        assert row["vendor"] == "Alder Mailings"
        assert row["number"] == compared.vendor.number
        assert row["open findings"] == "1"
        assert row["orders in force"] == "1"
        assert row["median s to clear"] == "259200"
        assert 0.9 < float(row["uptime 90 days"]) < 0.95
        assert row["counted at"] == "2026-11-21T12:00:00Z"

    def test_a_history_has_a_row_for_each_check_and_run(self, desk: Desk, dana: Client) -> None:
        watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
        saw(watch, 12, 10)
        saw(watch, 10, 9, Verdict.ADVERSE, code="127.0.0.4")
        saw(monitored.make_watch(world.make_domain(desk.vendor, "alder.example"), "mx"), 3, 0)
        rows = rows_of(dana.get(reverse("desk:vendor_history_csv", args=[desk.vendor.uid])))
        assert [(row["subject"], row["check"], row["verdict"]) for row in rows] == [
            ("203.0.113.27", "SpamCop", "clear"),
            ("203.0.113.27", "SpamCop", "adverse"),
            ("alder.example", "Mail exchangers (MX)", "clear"),
        ]
        assert rows[1]["codes"] == "127.0.0.4"
        assert (rows[1]["first seen"], rows[1]["last seen"]) == ("2026-11-11T12:00:00Z", "2026-11-12T12:00:00Z")

    def test_no_cell_is_a_formula(self, desk: Desk, dana: Client) -> None:
        type(desk.vendor).objects.filter(pk=desk.vendor.pk).update(name='=HYPERLINK("https://bad.example")')
        saw(monitored.make_watch(desk.server, "dnsbl:spamcop"), 1, 0)
        Observation.objects.update(sentence="@SUM(1)", result="+1")
        rows = rows_of(dana.get(reverse("desk:standing_csv"), {"q": "HYPERLINK"}))
        rows += rows_of(dana.get(reverse("desk:vendor_history_csv", args=[desk.vendor.uid])))
        cells = [value for row in rows for value in row.values()]
        assert [one for one in cells if one.startswith(("=", "+", "-", "@"))] == []
        assert "'@SUM(1)" in cells

    def test_it_is_sent_piece_by_piece(self, desk: Desk, dana: Client) -> None:
        watch = monitored.make_watch(desk.server, "dnsbl:spamcop")
        for day in range(450):
            saw(watch, day + 1, day + 1)
        answer = dana.get(reverse("desk:vendor_history_csv", args=[desk.vendor.uid]))
        assert answer.streaming
        assert len(list(answer.streaming_content)) > 2  # type: ignore[attr-defined]
