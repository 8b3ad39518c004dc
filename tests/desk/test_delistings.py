"""A finding's page says who asked for its end, what came back, and how long it has stood since."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journal.actor import ENGINE
from journal.record import move
from monitors.models import Delisting, Finding, Watch
from tests import monitored
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import text
from tests.world import NOON


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON + timedelta(hours=5), tick=False) as clock:
        yield clock


@pytest.fixture
def finding(desk: Desk) -> Finding:
    return monitored.make_finding(desk.server, check_id="dnsbl:spamcop")


def page(finding: Finding) -> str:
    return reverse("desk:finding", args=[finding.number])


ASKED = {"party": "vendor", "asked_by": "Theo Marsh", "how": "Their form.", "asked_at": "2026-11-21T14:00"}


def test_a_request_is_noted_and_its_age_shown(desk: Desk, dana: Client, finding: Finding) -> None:
    assert "Nobody has noted that its end was asked for." in text(dana.get(page(finding)))
    answer = dana.post(reverse("desk:delisting_new", args=[finding.number]), ASKED, follow=True)
    words = text(answer)
    assert f"Noted for {finding.number}" in words
    assert "Theo Marsh, of the vendor, asked 21 Nov 2026, 14:00 UTC: Their form." in words
    assert "Still listed, 3 h after it was asked for; last seen 5 h ago." in words
    assert f"The vendor asked for the end of the entry behind {finding.number}." in words


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        ("unknown", "Open, 5 h after it was asked for; not seen since 21 Nov 2026, 12:00 UTC."),
        ("clear", "Not listed when we last looked, 5 h ago; it closes when that has lasted."),
    ],
)
def test_no_more_is_said_than_was_seen(desk: Desk, dana: Client, finding: Finding, verdict: str, sentence: str) -> None:
    monitored.make_delisting(finding)
    Watch.objects.filter(pk=finding.watch_id).update(verdict=verdict)
    assert sentence in text(dana.get(page(finding)))


def test_when_it_is_gone_the_page_says_after_how_long(desk: Desk, dana: Client, finding: Finding) -> None:
    monitored.make_delisting(finding)
    at = NOON + timedelta(hours=2)
    move(finding, Finding.State.CLOSED, by=ENGINE, at=at, changes={"closed_at": at})
    words = text(dana.get(page(finding)))
    assert "Gone 2 h after it was asked for." in words
    assert "Note a request" not in words


def test_what_came_back_is_noted(desk: Desk, dana: Client, finding: Finding) -> None:
    row = monitored.make_delisting(finding)
    sent = {"outcome": "refused", "answer": "Mend it first.", "answered_at": "2026-11-21T16:00"}
    words = text(dana.post(reverse("desk:delisting_answer", args=[row.uid]), sent, follow=True))
    assert "It stays, said 21 Nov 2026, 16:00 UTC: Mend it first." in words
    assert "Note the answer" not in words


def test_what_cannot_be_is_said_on_the_form(desk: Desk, dana: Client, finding: Finding) -> None:
    path = reverse("desk:delisting_new", args=[finding.number])
    assert "still to come" in text(dana.post(path, ASKED | {"asked_at": "2026-11-22T14:00"}))
    assert "That is no moment." in text(dana.post(path, ASKED | {"asked_at": "yesterday"}))
    assert "Write how it was asked for" in text(dana.post(path, ASKED | {"how": ""}))
    assert not Delisting.objects.exists()


def test_reverse_dns_has_no_list_to_ask(desk: Desk, dana: Client) -> None:
    finding = monitored.make_finding(desk.server, check_id="fcrdns", kind="reverse_dns")
    assert "Delisting" not in text(dana.get(page(finding)))


def test_auditors_read_and_note_nothing(desk: Desk, sign_in: SignIn, finding: Finding) -> None:
    monitored.make_delisting(finding)
    orla = sign_in(desk.people.orla)
    assert "No answer yet" in text(orla.get(page(finding)))
    assert "Note the answer" not in text(orla.get(page(finding)))
    assert orla.post(reverse("desk:delisting_new", args=[finding.number]), ASKED).status_code == 403
