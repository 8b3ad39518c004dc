"""List additions from the declaration to the letter: shut above 500 of one source, open once Exhibit B is received."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from gate.ask import clearance
from gate.clearance import Clearance
from journal.models import Entry
from questionnaires.accepted import accepted_of
from questionnaires.models import Acceptance, ListSource, Signature, Submission
from questionnaires.reading import answers_of
from tests import world
from tests.acceptances import make_cleared
from tests.exhibit_b_pages import CODE, Desk, Vendor, accept, cleaned, come

pytestmark = pytest.mark.django_db

SIGNED_A = [
    {"key": "A13.03", "value": [{"proof": "record", "hours": 2}, {"proof": "form", "hours": 9}]},
    {"key": "A13.06", "value": 48},
    {"key": "A14.05", "value": "https://fieldnote.example/privacy"},
]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(world.NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def people() -> world.People:
    people = world.make_people()
    servers = [world.make_server(people.vendor_a, hostname=f"out{n}.fieldnote.example") for n in (1, 2)]
    letter = make_cleared(
        people.vendor_a, servers=servers, headers=["news@fieldnote.example"], lists={"Garden Weekly": 4000}
    )
    Signature.objects.filter(pk=letter.signature_id).update(snapshot=json.dumps({"answers": SIGNED_A}))
    return people


@pytest.fixture
def alice(people: world.People) -> Vendor:
    return Vendor(come(people.alice))


@pytest.fixture
def rita(people: world.People) -> Desk:
    return Desk(come(people.rita))


@pytest.fixture
def dana(people: world.People) -> Desk:
    return Desk(come(people.dana))


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


# ── the sample ──────────────────────────────────────────────────────────────
def test_rows_are_drawn_when_the_numbers_stand_and_cannot_be_signed_without(alice: Vendor) -> None:
    submission = alice.begin()
    assert alice.draw(submission) is None
    assert "Say in section B2 how many new addresses each source has" in alice.page(submission, "sample")
    alice.fill_in(submission)
    assert alice.sign(submission).status_code == 302
    submission.refresh_from_db()
    assert submission.state == Submission.State.DRAFT, "the rows are not drawn"
    draw = alice.draw(submission)
    assert draw
    assert len(draw.numbers) == 30
    assert set(draw.numbers) <= set(range(1, 502))
    entry = Entry.objects.get(verb="sample drawn")
    assert (entry.after["seed"], entry.after["numbers"]) == (draw.seed, draw.numbers)
    page = alice.page(submission, "sample")
    assert draw.seed in page
    assert all(f">{number}</th>" in page for number in draw.numbers)
    assert alice.draw(submission) == draw, "a draw that fits is not drawn again"
    assert "Add a file" in page
    alice.sign(submission)
    submission.refresh_from_db()
    assert submission.state == Submission.State.DRAFT, "the proof is missing"
    alice.prove(submission)
    alice.sign(submission)
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    signed = {one["code"]: one for one in submission.signatures.get().picture["answers"]}
    assert signed["B8.04"]["value"] == draw.numbers, "the rows are part of what is signed"


def test_other_numbers_draw_other_rows_take_the_proof_out_and_are_told(alice: Vendor, rita: Desk) -> None:
    submission = alice.begin()
    alice.fill_in(submission)
    first = alice.draw(submission)
    alice.prove(submission)
    row = submission.sheets.exclude(row="").get()
    address = f"/portal/forms/{submission.number}/sources/"
    changed = {f"{row.row}-{name}": of for name, of in row.typed.items()} | {f"{row.row}-B2.02": "502"}
    data = {"wizard-current_step": "sources", f"{row.row}-revision": str(row.revision), "later": "1"}
    codes = " ".join({name.partition("-")[0] for name in row.typed})
    alice.client.post(address, changed | data | {f"{row.row}-codes": codes})
    assert "The sources are no longer those that rows were drawn of" in alice.page(submission, "sample")
    assert alice.sign(submission).status_code == 302
    second = alice.draw(submission)
    assert first
    assert second
    assert first.seed != second.seed
    assert second.total == 502
    assert "other rows are drawn" in alice.page(submission, "sample")
    assert not submission.evidence.filter(code="B8.01", removed_at=None).exists()
    assert Entry.objects.filter(verb="sample drawn").last().after["files_taken_out"] == 1  # type: ignore[union-attr]
    assert "Rows were drawn more than once" in alice.page(submission, "check")


def test_back_at_the_earlier_numbers_the_earlier_rows_come_again(alice: Vendor, people: world.People) -> None:
    submission = alice.begin()
    alice.fill_in(submission)
    row = submission.sheets.exclude(row="").get()
    seeds = []
    for count in (501, 502, 501):
        row.values |= {"B2.02": count}
        row.save()
        draw = alice.draw(submission)
        assert draw
        seeds.append(draw.seed)
    assert seeds[0] == seeds[2] != seeds[1]
    assert submission.draws.first().numbers == submission.draws.last().numbers  # type: ignore[union-attr]


def test_giving_up_a_form_for_luckier_rows_is_told(alice: Vendor) -> None:
    given_up = alice.begin()
    alice.fill_in(given_up)
    alice.draw(given_up)
    alice.client.post(f"/portal/forms/{given_up.number}/give-up/")
    again = alice.begin()
    alice.fill_in(again)
    alice.draw(again)
    assert "Rows were drawn more than once" in alice.page(again, "check")


def test_a_file_of_proof_is_refused_by_line(alice: Vendor) -> None:
    submission = alice.begin()
    alice.fill_in(submission)
    refused = alice.send_proof(submission, [["1"]])
    assert "Have the rows drawn first" in refused.content.decode()
    draw = alice.draw(submission)
    assert draw
    drawn, other = draw.numbers[0], next(n for n in range(1, 502) if n not in draw.numbers)
    whole = ["a***@example.net", CODE, "2026-10-03 09:00Z", "192.0.2.7", "v2"]
    response = alice.send_proof(
        submission,
        [["row"], [str(drawn), "ann@example.net", *whole[1:]], [str(other), *whole], [str(draw.numbers[1]), "", ""]],
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert f"proof.csv, line 2: row {drawn} shows a whole address." in page
    assert f"proof.csv, line 3: row “{other}” was not drawn. Leave it out." in page
    assert f"proof.csv, line 4: row {draw.numbers[1]} lacks address, source, moment, origin, wording." in page
    assert not submission.evidence.filter(code="B8.01").exists(), "what was refused is not kept"


def test_rows_of_several_sources_are_counted_through(alice: Vendor) -> None:
    submission = alice.begin()
    alice.fill_in(submission, {"B2.02": "10", "B6.01": cleaned(10)})
    alice.client.post(f"/portal/forms/{submission.number}/sources/", {"wizard-current_step": "sources", "add": "1"})
    empty = submission.sheets.exclude(row="").last()
    first = submission.sheets.exclude(row="").first()
    assert empty
    assert first
    empty.values = first.values | {"B2.01": "=ROSES", "B2.02": 5}
    empty.save()
    draw = alice.draw(submission)
    assert draw
    assert draw.total == 15
    assert sorted(draw.numbers) == list(range(1, 16))
    table = alice.table(submission)
    assert [(line[0], line[2]) for line in table[1:]] == [
        (str(n), CODE if n <= 10 else "'=ROSES") for n in range(1, 16)
    ]
    assert "Row of the source" in alice.page(submission, "sample")


# ── judged at the desk ──────────────────────────────────────────────────────
def test_a_sample_must_be_judged_before_it_is_accepted(alice: Vendor, rita: Desk) -> None:
    submission = alice.file()
    rita.look_through(submission)
    page = rita.section(submission, "B8")
    assert "The proof of the rows drawn has not been judged in this round." in page
    assert "whole line for 30 of them" in page
    assert "1 rule stops it" in rita.accept(submission)
    draw = submission.draws.get()
    assert "Say what is wrong with the rows" in rita.post(submission, "sample/", failed=[draw.numbers[0]])
    assert f"Row {10**6} was not drawn." in rita.post(submission, "sample/", failed=[10**6], words="None.")
    assert "every row is proved or explained" in rita.post(submission, "sample/")
    assert "You accepted as the first" in rita.accept(submission)


def test_two_rows_without_proof_stop_acceptance(alice: Vendor, rita: Desk) -> None:
    submission = alice.file()
    rita.look_through(submission)
    failed = submission.draws.get().numbers[:2]
    rita.post(submission, "sample/", failed=failed, words="Neither has a date.")
    page = rita.section(submission, "B8")
    assert "Two or more rows of the sample have no proof." in page
    assert "1 rule stops it" in rita.accept(submission)
    verdict = answers_of(submission, world.NOON).known("draw.verdict")
    assert verdict.startswith("2 of 30 rows drawn lack proof without a good reason: ")
    assert verdict.endswith("Neither has a date.")


def test_one_row_without_proof_widens_the_sample_to_60(
    people: world.People, alice: Vendor, rita: Desk, dana: Desk
) -> None:
    alice.declare(501)
    submission = alice.begin_for_the_first_source()
    alice.fill_in(submission)
    draw = alice.draw(submission)
    assert draw
    lost = draw.numbers[0]
    alice.prove(submission, but=[lost])
    alice.fill_in(submission)  # now it asks why a row lacks proof
    assert submission.sheets.get(step="sample").values["B8.02"]
    alice.sign(submission)
    rita.look_through(submission)
    page = rita.section(submission, "B8")
    assert "whole line for 29 of them" in page
    rita.post(submission, "sample/", failed=[lost], words="That is no reason.")
    assert "The sample grows to 60 rows" in rita.section(submission, "B8")
    assert "60 rows are drawn now" in rita.post(submission, "sample/widen/")
    rita.post(submission, "sample/widen/")
    wider = submission.draws.last()
    assert wider
    assert submission.draws.count() == 2
    assert (wider.seed, wider.numbers[:30], len(wider.numbers)) == (draw.seed, draw.numbers, 60)
    rita.post(submission, "send-back/", note="Prove the others as well.")
    submission.refresh_from_db()
    assert submission.state == Submission.State.RETURNED
    assert "60 of 501 rows are drawn" in alice.page(submission, "sample")
    alice.prove(submission, but=[*draw.numbers])
    alice.sign(submission)
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
    rita.look_through(submission)
    assert "has not been judged in this round" in rita.section(submission, "B8"), "the verdict was of the round before"
    rita.post(submission, "sample/", failed=[lost], words="One of 60.")
    assert "You accepted as the first" in rita.accept(submission)
    assert "is issued" in dana.accept(submission)


def test_a_returned_number_of_addresses_opens_the_proof_again(alice: Vendor, rita: Desk) -> None:
    submission = alice.file()
    rita.post(submission, "take-up/")
    row = submission.sheets.exclude(row="").get()
    rita.post(submission, "returns/", code="B2.02", row=row.row, text="How many are new?")
    rita.post(submission, "send-back/", note="")
    row.values |= {"B2.02": 7}
    row.save()
    alice.draw(submission)
    assert "7 of 7 rows are drawn" in alice.page(submission, "sample")
    alice.prove(submission)
    assert alice.sign(submission).status_code == 302
    submission.refresh_from_db()
    assert submission.state == Submission.State.SUBMITTED
