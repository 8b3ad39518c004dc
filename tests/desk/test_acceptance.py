"""Written acceptances at the desk: the list, one with its letter and receipt, and what ends it."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notices.models import Delivery
from questionnaires import acceptances as verbs
from questionnaires.models import Acceptance
from tests import acceptances, submissions, world
from tests.desk.conftest import Desk, SignIn
from tests.desk.pages import heading, text
from tests.world import NOON

PAGE = "/desk/acceptances/"


@pytest.fixture(autouse=True)
def at_three() -> object:
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        yield


@pytest.fixture
def received(desk: Desk) -> Acceptance:
    return acceptances.make_acceptance(desk.vendor, domains=["alder.example.net"], lists={"spring": 1200})


def url(acceptance: Acceptance, name: str = "") -> str:
    return reverse(f"desk:acceptance{name}", args=[acceptance.number])


def test_standing_ones_are_listed_with_receipt_and_end(dana: Client, received: Acceptance, desk: Desk) -> None:
    acceptances.make_acceptance(desk.people.vendor_b, state="expired")
    answer = dana.get(PAGE)
    assert heading(answer) == "1 acceptance stands"
    assert f"{received.number} In force Alder Mailings 21 Nov 2026, 12:00 UTC 21 Nov 2026, 12:00 UTC 21 Nov 2027" in (
        text(answer)
    )
    assert "Birch Direct" not in text(answer)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"show": "all"}, 2),
        ({"show": "received"}, 1),
        ({"show": "suspended"}, 1),
        ({"show": "expired"}, 0),
        ({"q": "birch"}, 1),
        ({"q": "TEST-CODE"}, 0),
        ({"sort": "-vendor"}, 2),
    ],
)
def test_they_are_filtered_found_and_sorted(
    dana: Client, received: Acceptance, desk: Desk, query: dict[str, str], count: int
) -> None:
    acceptances.make_acceptance(desk.people.vendor_b, state="suspended")
    assert dana.get(PAGE, query).context["page"].paginator.count == count


def test_one_is_found_by_the_code_of_its_letter_however_it_is_typed(dana: Client, received: Acceptance) -> None:
    Acceptance.objects.filter(pk=received.pk).update(code="K7QF3M9TXW2P8RHA")
    found = dana.get(PAGE, {"q": "k7qf 3m9t-xw2p 8rha"}).context["page"]
    assert [one.number for one in found] == [received.number]


def test_it_says_what_it_covers_and_when_it_was_received(dana: Client, received: Acceptance) -> None:
    answer = dana.get(url(received))
    assert heading(answer) == "Alder Mailings is accepted, Exhibit A"
    words = text(answer)
    assert "Received 21 Nov 2026, 12:00:00 UTC, acknowledged in the portal, Alice" in words
    assert "Valid until 21 Nov 2027" in words
    assert "Servers 203.0.113.27 mta3.alder.example.net Domains alder.example.net List sources spring: 1,200" in words


def test_a_letter_that_nobody_received_for_three_days_is_pointed_out(dana: Client, desk: Desk) -> None:
    late = acceptances.make_acceptance(desk.vendor, state="issued", at=NOON - timedelta(days=3))
    answer = dana.get(url(late))
    assert heading(answer) == "Alder Mailings has not received its acceptance yet"
    assert "Not yet, for 3 d 3 h. Ask the vendor whether it arrived; until then the gate is shut." in text(answer)


def test_the_letter_is_saved_as_it_was_issued(dana: Client, desk: Desk, settings: Settings) -> None:
    settings.FOUR_EYES = False
    desk.contact.delete()
    people = desk.people
    submission = submissions.make_in_review(desk.vendor, people.alice, people.rita)
    submissions.look_at_all(submission, people.rita)
    issued = verbs.accept(submission, [], user=people.dana, by=people.dana.actor(), at=NOON)
    answer = dana.get(url(issued, "_letter"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == issued.letter_sha256
    assert answer["Content-Disposition"] == f'attachment; filename="{issued.number}.pdf"'
    words = text(dana.get(url(issued)))
    assert "Mail about it Letter To Written Result Written acceptance Mara Lindqvist" in words
    assert f"SHA-256 of the file {issued.letter_sha256}" in words


@pytest.mark.parametrize(
    ("verb", "state", "done", "title"),
    [
        ("suspend", "suspended", "is suspended. The gate is shut.", "The acceptance of Alder Mailings is suspended"),
        ("withdraw", "withdrawn", "is withdrawn. The gate is shut.", "The acceptance of Alder Mailings has ended"),
    ],
)
def test_it_is_suspended_and_withdrawn_with_a_reason_that_the_vendor_reads(
    dana: Client, received: Acceptance, verb: str, state: str, done: str, title: str
) -> None:
    assert heading(dana.get(url(received, f"_{verb}"))) == f"{verb.capitalize()} {received.number}, Alder Mailings"
    refused = dana.post(url(received, f"_{verb}"), {"reason": ""})
    assert "Write the reason. It goes to the vendor." in text(refused)
    answer = dana.post(url(received, f"_{verb}"), {"reason": "A server was hijacked."}, follow=True)
    assert f"{received.number} {done}" in text(answer)
    assert heading(answer) == title
    assert "Reason A server was hijacked." in text(answer)
    assert Delivery.objects.get(letter="acceptance_changed").facts["reason"] == "A server was hijacked."
    received.refresh_from_db()
    assert received.state == state


@pytest.mark.parametrize(("verb", "done"), [("suspend", "is suspended"), ("withdraw", "is withdrawn")])
def test_what_is_said_of_an_exhibit_b_is_that_its_addresses_may_not_be_mailed(
    dana: Client, desk: Desk, received: Acceptance, verb: str, done: str
) -> None:
    exhibit = acceptances.make_acceptance(desk.vendor, exhibit="B")
    answer = dana.post(url(exhibit, f"_{verb}"), {"reason": "Its proof was forged."}, follow=True)
    assert f"{exhibit.number} {done}. What it covers may not be mailed; other mail is not touched." in text(answer)
    assert "The gate is shut" not in text(answer)


def test_a_suspended_one_is_resumed_by_it(dana: Client, received: Acceptance, desk: Desk, sign_in: SignIn) -> None:
    verbs.suspend(received, "A server was hijacked.", by=desk.people.rita.actor(), at=NOON)
    rita = sign_in(desk.people.rita)
    assert "IT and administrators resume it." in text(rita.get(url(received)))
    assert rita.get(url(received, "_resume")).status_code == 403
    answer = dana.post(url(received, "_resume"), {"reason": "It is clean."}, follow=True)
    assert f"{received.number} is resumed." in text(answer)
    received.refresh_from_db()
    assert received.state == "received"


def test_what_has_ended_is_not_suspended_again(dana: Client, received: Acceptance, desk: Desk) -> None:
    verbs.withdraw(received, "They asked.", by=desk.people.dana.actor(), at=NOON)
    assert "Change it" not in text(dana.get(url(received)))
    refused = dana.post(url(received, "_suspend"), {"reason": "Again."})
    assert f"{received.number} is withdrawn or was changed just now. Look again." in text(refused)


def test_an_auditor_reads_it_and_finds_no_button(received: Acceptance, desk: Desk, sign_in: SignIn) -> None:
    orla = sign_in(desk.people.orla)
    assert "Your role reads it." in text(orla.get(url(received)))
    for name in ("_suspend", "_resume", "_withdraw"):
        assert orla.post(url(received, name), {"reason": "x"}).status_code == 403


def test_the_vendors_page_shows_papers_and_people(dana: Client, received: Acceptance, desk: Desk) -> None:
    draft = acceptances.make_submission(desk.vendor, state="draft")
    words = text(dana.get(reverse("desk:vendor", args=[desk.vendor.uid])))
    assert f"{received.number} Written acceptance, Exhibit A In force" in words
    assert f"{draft.number} Exhibit A, first application In progress" in words
    assert "Who signs in for them Owner Alice alice@people.example.com Member Bob" in words


def test_an_administrator_invites_somebody_from_the_vendors_page(desk: Desk) -> None:
    ada, empty = Client(), world.make_vendor("Cedar Post")
    world.come_in(ada, desk.people.ada)
    page = ada.get(reverse("desk:vendor", args=[empty.uid]))
    assert "Nobody yet, so nobody can fill in Exhibit A." in text(page)
    link = f"{reverse('desk:people_invite')}?vendor={empty.number}&amp;role=owner"
    assert link in page.content.decode()
    form = ada.get(link.replace("&amp;", "&")).context["form"]
    assert (form["vendor"].value(), form["role"].value()) == (empty.number, "owner")
