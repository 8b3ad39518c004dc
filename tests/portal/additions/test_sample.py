"""The rows drawn by lot: when, which, how they are proved, and how the desk judges them."""

import pytest

from journal.models import Entry
from questionnaires.models import Submission
from questionnaires.reading import answers_of
from tests import world
from tests.exhibit_b_pages import CODE, Desk, Vendor, cleaned

pytestmark = pytest.mark.django_db


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
