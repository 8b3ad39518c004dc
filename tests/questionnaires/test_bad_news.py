"""A decline, a suspension and a withdrawal go in writing: a paper that is kept, known by its bytes, and enclosed."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from gate.ask import clearance
from journal.models import Entry
from journal.record import turn
from notices import files
from notices.files import content_of
from notices.letters import render
from notices.models import Delivery
from questionnaires import acceptances, bad_news, decisions, letters
from questionnaires.models import Paper
from questionnaires.typeset import PAPERS
from tests import submissions, world
from tests.accepted import make_accepted
from tests.questionnaires import pdf
from tests.world import NOON, People

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> People:
    return world.make_people()


def enclosed(letter: str) -> tuple[Delivery, bytes, str]:
    """The mail, the file in it, and what the file says."""
    mail = Delivery.objects.filter(letter=letter).order_by("pk").first()
    assert mail
    [enclosure] = mail.enclosures
    content = content_of(enclosure["place"])
    return mail, content, " ".join(pdf.text(content).split())


def test_a_declined_form_gets_a_letter_with_the_reason_and_who_declined(people: People) -> None:
    form = submissions.make_in_review(people.vendor_a, people.alice, people.rita)
    decisions.decline(form, "No proof of consent.", user=people.rita, by=people.rita.actor(), at=NOON)
    mail, content, said = enclosed("submission_declined")
    paper = Paper.objects.get()
    assert (paper.kind, paper.submission, paper.sha256) == ("decline", form, hashlib.sha256(content).hexdigest())
    assert mail.enclosures[0]["name"] == f"{paper.number}.pdf"
    for words in (
        "We do not accept Exhibit A",
        "R1 No proof of consent.",
        f"Reference {paper.number}",
        "Rita, Reviewer",
    ):
        assert words in said
    assert form.number in said
    for who, page in (
        (people.alice, f"/portal/forms/{form.number}/"),
        (people.dana, f"/desk/submissions/{form.number}/"),
    ):
        client = Client()
        world.come_in(client, who)
        address = f"/{page.split('/')[1]}/papers/{paper.number}/"
        assert f'href="{address}"' in client.get(page).content.decode()
        answer = client.get(address)
        assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert "The letter that says so is attached." in render(mail.letter, mail.facts).text
    assert Entry.objects.get(object_type="questionnaires.paper").after["sha256"] == paper.sha256


@pytest.mark.parametrize(
    ("verb", "kind", "title", "sentence"),
    [
        (acceptances.suspend, "suspension", "Suspension of written acceptance", "How the suspension ends"),
        (acceptances.withdraw, "withdrawal", "Withdrawal of written acceptance", "Send in a new Exhibit A."),
    ],
)
def test_a_suspension_and_a_withdrawal_come_with_their_letter_and_a_resumption_with_none(
    people: People, verb: object, kind: str, title: str, sentence: str
) -> None:
    acceptance = make_accepted(people)
    assert callable(verb)
    verb(acceptance, "A server was hijacked.", by=people.dana.actor(), at=NOON)
    mail, _, said = enclosed("acceptance_changed")
    for words in (title, acceptance.number, "R1 A server was hijacked.", sentence, "Dana"):
        assert words in said
    paper = Paper.objects.get(acceptance=acceptance)
    assert paper.kind == kind
    for who, window in ((people.alice, "portal"), (people.dana, "desk")):
        client = Client()
        world.come_in(client, who)
        page = client.get(f"/{window}/acceptances/{acceptance.number}/").content.decode()
        assert f'href="/{window}/papers/{paper.number}/"' in page
    assert "The letter that says so is attached." in render(mail.letter, mail.facts).text
    if kind == "suspension":
        acceptances.resume(acceptance, "It is clean.", by=people.dana.actor(), at=NOON)
        last = Delivery.objects.filter(letter="acceptance_changed").order_by("pk").last()
        assert last
        assert last.enclosures == []
        assert "attached" not in render(last.letter, last.facts).text


def test_anybody_can_check_such_a_letter_by_its_file(people: People) -> None:
    acceptance = make_accepted(people)
    acceptances.suspend(acceptance, "A server was hijacked.", by=people.dana.actor(), at=NOON)
    _, content, said = enclosed("acceptance_changed")
    assert "Give the file to the page" in said
    page = Client().post("/verify/", {"file": SimpleUploadedFile("a.pdf", content)}).content.decode()
    assert f"This file is our letter {Paper.objects.get().number}, byte for byte" in page
    assert "Suspended" in page
    page = Client().post("/verify/", {"file": SimpleUploadedFile("a.pdf", content + b" ")}).content.decode()
    assert "We never issued this file" in page


def test_a_letter_that_cannot_be_set_is_left_out_and_nothing_is_held_up(
    people: People, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(PAPERS, tmp_path / "papers")
    (tmp_path / "papers/paper.typ").unlink()
    acceptance = make_accepted(people)
    given = {"by": people.dana.actor(), "title": "", "at": NOON, "papers": tmp_path / "papers"}
    with files.keeping() as store, turn():
        assert bad_news.ending(acceptance, "Hijacked.", store=store, **given) == []  # type: ignore[arg-type]
    assert not Paper.objects.exists()
    assert "could not be set or stored: the mail goes without it" in caplog.text


def test_a_folder_that_takes_no_file_holds_no_suspension_up(
    people: People, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    acceptance = make_accepted(people)
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "letters").write_text("a file where the folder should be: nothing can be written, not by root either")
    acceptances.suspend(acceptance, "A server was hijacked.", by=people.dana.actor(), at=NOON)
    acceptance.refresh_from_db()
    assert acceptance.state == "suspended"
    assert clearance(people.vendor_a, at=NOON).has("suspended")
    mail = Delivery.objects.get(letter="acceptance_changed")
    assert mail.enclosures == []
    assert "A server was hijacked." in render(mail.letter, mail.facts).text
    assert not Paper.objects.exists()
    assert "could not be set or stored: the mail goes without it" in caplog.text


def test_a_letter_names_the_definition_that_was_signed_and_not_the_file_of_today(people: People) -> None:
    acceptance = make_accepted(people)
    signature = acceptance.signature
    signature.snapshot = json.dumps(signature.picture | {"definition_sha256": "ab" * 32})
    signature.save()
    said = pdf.text(letters.signed_copy(signature))
    assert "ab" * 32 in "".join(said.split())
