"""List additions from the declaration to the letter: shut above 500 of one source, open once Exhibit B is received."""

import re
from datetime import timedelta

import pytest
import time_machine

from gate.ask import clearance
from gate.clearance import Clearance
from questionnaires.accepted import accepted_of
from questionnaires.models import Acceptance, ListSource, Submission
from questionnaires.reading import answers_of
from tests import world
from tests.exhibit_b_pages import CODE, Desk, Vendor, accept

pytestmark = pytest.mark.django_db


def ask(people: world.People, source: str = CODE) -> Clearance:
    now = world.NOON + timedelta(days=1)
    return clearance(people.vendor_a, source=source, at=now)


# ── the whole line ──────────────────────────────────────────────────────────
def test_501_new_addresses_shut_the_source_until_exhibit_b_is_received(
    people: world.People, alice: Vendor, rita: Desk, dana: Desk
) -> None:
    assert "That needs an accepted Exhibit B" in alice.declare(501)
    answer = ask(people)
    (reason,) = answer.shutting
    assert (reason.id, reason.clause) == ("source_uncovered", "R2")
    assert "501 new addresses that no accepted Exhibit B covers" in reason.sentence
    assert reason.cure == "Opens when Exhibit B for them is accepted, and its letter received."
    assert ask(people, "Garden Weekly").is_open, "other sources are not touched"

    submission = alice.begin_for_the_first_source()
    (row,) = submission.sheets.exclude(row="")
    assert row.values == {"B2.01": CODE, "B2.02": 501}, "what we know is filled in"
    alice.finish(submission)
    assert submission.number in alice.lists(), "the page leads to the form under way"
    assert not ask(people).is_open

    acceptance = accept(submission, rita, dana)
    assert acceptance.scope == {"lists": [{"code": CODE, "owner": "", "count": 501}]}
    answer = ask(people)
    assert not answer.is_open
    assert acceptance.number in answer.shutting[0].cure, "accepted, and not yet received"
    assert "Waits for your receipt" in alice.lists()

    alice.receive(acceptance)
    assert ask(people).is_open
    assert f'501 addresses covered by <a href="/portal/acceptances/{acceptance.number}/"' in alice.lists()
    assert Acceptance.objects.in_force().filter(exhibit="A").count() == 1, "Exhibit A stands beside it"


def test_what_exhibit_a_said_is_shown_and_not_asked_again(people: world.People, alice: Vendor) -> None:
    submission = alice.begin()
    assert "https://fieldnote.example/privacy" in alice.page(submission, "privacy")
    met = alice.fill_in(submission)
    assert not {"B1.01", "B1.02", "B9.02", "B9.04", "B10.01"} & {key.partition("@")[0] for key in met}
    answers = answers_of(submission, world.NOON)
    letter = Acceptance.objects.get()
    assert answers.known("record.acceptance") == letter.number
    assert answers.known("accepted.A13.06") == 48
    assert answers.known("derived.proof_hours") == 9, "the slowest of them"
    assert letter.number in alice.page(submission, "link")


def test_without_a_received_exhibit_a_nothing_can_be_begun(people: world.People, alice: Vendor) -> None:
    alice.declare(501)
    Acceptance.objects.update(state=Acceptance.State.ISSUED, received_at=None)
    assert "Exhibit B opens when Exhibit A is accepted" in alice.lists()
    response = alice.client.post("/portal/forms/begin/", {"exhibit": "B"}, follow=True)
    assert "Exhibit B opens when Exhibit A is accepted" in response.content.decode()
    assert not Submission.objects.filter(exhibit="B").exists()
    assert accepted_of(people.vendor_a, world.NOON).facts.keys() >= {"accepted.A13.06"}
    assert "record.acceptance" not in accepted_of(people.vendor_a, world.NOON).facts


def test_senders_are_chosen_from_the_schedule_of_the_letter(people: world.People, alice: Vendor) -> None:
    submission = alice.begin()
    alice.fill_in(
        submission, {"B7.03": "some", "B7.09": [{"server": "93.184.215.99", "from": "news@fieldnote.example"}]}
    )
    page = alice.page(submission, "first-mailings")
    known = [str(server.address) for server in people.vendor_a.servers.order_by("pk")]
    (first, *_) = re.findall(r'<select name="page-B7\.09-0-server".*?</select>', page, re.DOTALL)
    assert re.findall(r'value="([^"]*)"', first) == ["", *known, "93.184.215.99"], "what was typed is not lost"
    assert re.findall(r'value="([^"]*)" selected', first) == ["93.184.215.99"]
    assert "is not among those that we accepted" in alice.page(submission, "check")


# ── counting ────────────────────────────────────────────────────────────────
def test_499_and_499_of_one_source_need_exhibit_b(people: world.People, alice: Vendor) -> None:
    assert "Up to 500 need no Exhibit B" in alice.declare(499)
    assert ask(people).is_open
    assert "998 in all. That needs an accepted Exhibit B" in alice.declare(499)
    assert ask(people).has("source_uncovered")
    assert not ask(people).is_open


def test_500_of_one_source_need_none(people: world.People, alice: Vendor) -> None:
    alice.declare(499)
    alice.declare(1)
    assert ask(people).is_open
    alice.declare(1)
    assert not ask(people).is_open


def test_two_sources_of_499_each_need_none(people: world.People, alice: Vendor) -> None:
    alice.declare(499, "GARDEN")
    alice.declare(499, "GARDEN-2")
    assert ask(people, "GARDEN").is_open
    assert ask(people, "GARDEN-2").is_open


@pytest.mark.parametrize("spelt", ["garden   STRASSE é", " Garden Straße E\u0301 ", "GARDEN\u00a0STRASSE\u200b É"])
def test_case_blanks_and_accents_make_no_other_source(people: world.People, alice: Vendor, spelt: str) -> None:
    alice.declare(499, "Garden Straße É")
    alice.declare(499, spelt)
    assert ListSource.objects.count() == 1
    for asked in ("Garden Straße É", spelt):
        assert ask(people, asked).has("source_uncovered")


@pytest.mark.parametrize("spelt", ["garden-web-2026", "Garden-Web-2026"])
def test_an_exhibit_with_another_spelling_covers_the_same_source(
    people: world.People, alice: Vendor, rita: Desk, dana: Desk, spelt: str
) -> None:
    alice.declare(501)
    alice.receive(accept(alice.file(code=spelt), rita, dana))
    assert ask(people).is_open
    assert ListSource.objects.get().code == CODE


# ── what is covered ─────────────────────────────────────────────────────────
def test_what_is_declared_between_signature_and_acceptance_is_not_covered(
    people: world.People, alice: Vendor, rita: Desk, dana: Desk, clock: time_machine.Traveller
) -> None:
    alice.declare(400)
    submission = alice.file(600)
    clock.shift(timedelta(hours=1))
    alice.declare(501)
    alice.receive(accept(submission, rita, dana))
    assert ask(people).has("source_uncovered")
    assert "501 new addresses that no letter covers" in alice.lists()


def test_what_was_accepted_and_never_declared_is_not_counted_again(
    people: world.People, alice: Vendor, rita: Desk, dana: Desk, clock: time_machine.Traveller
) -> None:
    acceptance = accept(alice.file(5000), rita, dana)
    alice.receive(acceptance)
    assert ask(people).is_open
    clock.shift(timedelta(hours=1))
    alice.declare(500)
    assert ask(people).is_open
    Acceptance.objects.filter(pk=acceptance.pk).update(state=Acceptance.State.WITHDRAWN)
    assert "5,500 new addresses" in ask(people).shutting[0].sentence, "withdrawn, it covers none"


def test_an_exhibit_covers_no_more_than_its_number(people: world.People, alice: Vendor, rita: Desk, dana: Desk) -> None:
    alice.declare(2000)
    alice.receive(accept(alice.file(1499), rita, dana))
    assert "501 new addresses" in ask(people).shutting[0].sentence
    alice.receive(accept(alice.file(1), rita, dana))
    assert ask(people).is_open, "500 are left"


def test_after_a_withdrawal_a_new_exhibit_covers_the_same_addresses(
    people: world.People, alice: Vendor, rita: Desk, dana: Desk
) -> None:
    alice.declare(501)
    first = accept(alice.file(), rita, dana)
    alice.receive(first)
    response = rita.client.post(f"/desk/acceptances/{first.number}/withdraw/", {"reason": "The proof was false."})
    assert response.status_code == 302, response.content.decode()
    assert not ask(people).is_open
    alice.receive(accept(alice.file(), rita, dana))
    assert ask(people).is_open
