"""A vendor notes what it asked of a list, on its own finding, and what came back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from monitors.models import Delisting, Finding
from tests import halted, monitored, world
from tests.desk.pages import text
from tests.world import NOON, People

pytestmark = pytest.mark.django_db
ASKED = {"asked_by": "Alice", "how": "Their form.", "asked_at": "2026-11-21T14:00", "remark": "Ticket 7."}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOON + timedelta(hours=5), tick=False):
        yield


@pytest.fixture
def finding(people: People) -> Finding:
    server = world.make_server(people.vendor_a, "203.0.113.27")
    return monitored.make_finding(server, check_id="dnsbl:spamcop", sentence="203.0.113.27: Listed on SpamCop.")


def page(finding: Finding) -> str:
    return reverse("portal:delisting", args=[finding.number])


def test_the_page_says_what_was_seen_and_where_the_list_shows_it(alice: Client, finding: Finding) -> None:
    answer = alice.get(page(finding))
    words = text(answer)
    assert "203.0.113.27: Listed on SpamCop." in words
    assert "an entry ends about 24 hours after the last report" in words
    assert 'href="https://www.spamcop.net/bl.shtml"' in answer.content.decode()


def test_alice_notes_that_she_asked_and_what_came_back(alice: Client, bob: Client, finding: Finding) -> None:
    words = text(alice.post(page(finding), ASKED, follow=True))
    assert "Alice asked 21 Nov 2026, 14:00 UTC: Their form." in words
    assert "Still listed, 3 h after it was asked for" in words
    row = Delisting.objects.get()
    assert (row.party, row.noted_by_name) == ("vendor", "Alice")
    sent = {f"a{row.pk}-outcome": "agreed", f"a{row.pk}-answered_at": "2026-11-21T16:30"}
    words = text(bob.post(reverse("portal:delisting_answer", args=[row.uid]), sent, follow=True))
    assert "It will be taken off, or is, said 21 Nov 2026, 16:30 UTC" in words


def test_what_cannot_be_is_said_and_loses_nothing(alice: Client, finding: Finding) -> None:
    answer = alice.post(page(finding), ASKED | {"asked_at": "2026-11-23T14:00"})
    assert answer.status_code == 422
    assert "still to come" in text(answer)
    assert "Ticket 7." in answer.content.decode()
    row = monitored.make_delisting(finding)
    answer = alice.post(reverse("portal:delisting_answer", args=[row.uid]), {f"a{row.pk}-answer": "They will."})
    assert answer.status_code == 422
    assert "Choose what came back." in text(answer)
    assert "They will." in answer.content.decode()


def test_of_our_own_requests_the_vendor_reads_that_we_asked_and_no_note_or_name(
    alice: Client, finding: Finding
) -> None:
    row = monitored.make_delisting(finding, party=Delisting.Party.STAFF, name="Dana Mercer")
    Delisting.objects.filter(pk=row.pk).update(note="Between us.")
    words = text(alice.get(page(finding)))
    assert "Harrow & Lyle asked 21 Nov 2026, 12:00 UTC" in words
    assert "Dana" not in words
    assert "Between us." not in words
    path = reverse("portal:delisting_answer", args=[row.uid])
    assert alice.post(path, {f"a{row.pk}-outcome": "agreed"}).status_code == 404


def test_what_no_list_names_has_nobody_to_ask(alice: Client, finding: Finding) -> None:
    other = monitored.make_finding(
        finding.server or world.make_server(finding.vendor), check_id="fcrdns", kind="reverse_dns"
    )
    assert "Delisting" not in text(alice.get(page(other)))
    assert "there is nobody to ask" in text(alice.post(page(other), ASKED))
    assert not Delisting.objects.exists()


def test_charlie_finds_nothing(people: People, finding: Finding) -> None:
    charlie, row = world.come(people.charlie), monitored.make_delisting(finding)
    assert charlie.get(page(finding)).status_code == 404
    assert charlie.post(page(finding), ASKED).status_code == 404
    assert charlie.post(reverse("portal:delisting_answer", args=[row.uid]), {}).status_code == 404
    assert Delisting.objects.count() == 1


def test_an_order_leads_to_the_finding_it_rests_on(alice: Client, people: People, finding: Finding) -> None:
    order = halted.make_order(people.vendor_a, server=finding.server, finding=finding)
    assert page(finding) in alice.get(f"/portal/orders/{order.number}/").content.decode()
