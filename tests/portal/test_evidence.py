"""The vendor's side of requests for evidence: what is asked, how to mend it, sending files or a note."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from journal.actor import ENGINE
from monitors import evidence
from monitors.models import Document, EvidenceRequest, Grant
from notices import files
from tests import world
from tests.desk.pages import heading, text
from tests.paper_trail import Trail, make_domain, make_reading, make_trail
from tests.questionnaires.files import pdf, png
from tests.world import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(people: world.People) -> EvidenceRequest:
    domain = make_domain(people.vendor_a)
    make_reading(domain, {"name": "valid"})
    return evidence.ask_by_hand(domain, "", by=ENGINE, at=NOON)


def page(request: EvidenceRequest) -> str:
    return f"/portal/evidence/{request.number}/"


def upload(name: str = "extract.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def test_home_says_that_something_is_asked_and_that_it_shuts_nothing(alice: Client, asked: EvidenceRequest) -> None:
    said = text(alice.get("/portal/"))
    assert "Show who holds alder.example, until 21 Dec 2026" in said
    assert "It does not shut the gate." in said
    EvidenceRequest.objects.update(state="answered")
    assert "Show who holds" not in text(alice.get("/portal/"))


def test_the_list_has_what_is_asked_what_is_let_stand_and_what_is_over(alice: Client, people: world.People) -> None:
    trail = make_trail(people.vendor_a, at=NOON)
    said = text(alice.get("/portal/evidence/"))
    assert f"{trail.request.number}: holder's name, mail address, telephone number, postal address You answered" in said
    assert "Postal address: an exception, until 20 May 2027, or until the registration changes. A known house." in said
    evidence.settle(trail.request, by=ENGINE, at=NOON)
    assert "Nothing is asked of you" in text(alice.get("/portal/evidence/"))
    assert f"{trail.request.number}, alder.example, 21 Nov 2026." in text(alice.get("/portal/evidence/"))


def test_each_element_says_what_is_wrong_and_how_to_mend_it(alice: Client, asked: EvidenceRequest) -> None:
    answer = alice.get(page(asked))
    said = text(answer)
    assert heading(answer) == "Show who holds alder.example"
    assert "You have until 21 December 2026." in said
    assert "The mail address is withheld, says the registry's RDAP server. Ask your registrar to switch off" in said
    assert "The holder's name is shown" not in said  # it was never asked for


def test_what_the_vendor_mended_meanwhile_is_ticked_off(alice: Client, asked: EvidenceRequest) -> None:
    make_reading(asked.domain, {"name": "valid", "email": "valid"}, record="ab" * 32)
    markup = alice.get(page(asked)).content.decode()
    assert "The mail address is shown." in markup
    assert markup.count('<li class="open">') == 1
    assert 'value="email"' not in markup


def test_a_file_with_a_note_is_sent_and_can_be_got_back(alice: Client, bob: Client, asked: EvidenceRequest) -> None:
    form = {"elements": ["email", "phone"], "note": "Our invoice.", "files": [upload(), upload("shot.png", png())]}
    answer = alice.post(page(asked), form, follow=True)
    assert "extract.pdf, shot.png is with us now. We look at it, and write to you." in text(answer)
    asked.refresh_from_db()
    assert asked.state == "answered"
    row = Document.objects.get(file_name="extract.pdf")
    assert (row.by_name, row.note, row.elements) == ("Alice", "Our invoice.", ["email", "phone"])
    got = bob.get(f"/portal/evidence/files/{row.uid}/")
    assert got["Content-Disposition"] == 'attachment; filename="extract.pdf"'
    assert b"".join(got) == files.content_of(row.place)


def test_words_alone_will_do(alice: Client, asked: EvidenceRequest) -> None:
    answer = alice.post(page(asked), {"elements": ["email"], "note": "We switched it off today."}, follow=True)
    assert "Your note is with us now." in text(answer)
    assert alice.get(f"/portal/evidence/files/{Document.objects.get().uid}/").status_code == 404


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"note": "Here."}, "Tick what it shows."),
        ({"elements": ["name"], "note": "Here."}, "Tick only what is shown here."),
        ({"elements": ["email"], "note": "x" * 4001}, "Keep the note under 4,000 characters."),
        ({"elements": ["email"], "files": upload("page.html", b"<html>")}, "is not a file that we take as evidence"),
        ({"elements": ["email"], "files": upload("extract.pdf", b"MZ")}, "extract.pdf"),
        ({"elements": ["email"], "files": [upload(f"{n}.pdf") for n in range(11)]}, "10 files are the most at a time"),
    ],
)
def test_what_is_refused_gets_a_sentence_and_keeps_nothing(
    alice: Client, asked: EvidenceRequest, form: dict[str, object], sentence: str
) -> None:
    answer = alice.post(page(asked), {"note": "Typed with care.", **form})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert str(form.get("note", "Typed with care."))[:16] in answer.content.decode()
    assert not Document.objects.exists()


def test_nothing_at_all_is_refused(alice: Client, asked: EvidenceRequest) -> None:
    answer = alice.post(page(asked), {"elements": ["email"]})
    assert answer.status_code == 422
    assert "Choose a file, or write what you did." in text(answer)


def test_one_that_is_over_takes_nothing_more(alice: Client, asked: EvidenceRequest) -> None:
    evidence.settle(asked, by=ENGINE, at=NOON)
    assert "Send what proves it" not in text(alice.get(page(asked)))
    answer = alice.post(page(asked), {"elements": ["email"], "note": "Late."})
    assert "is over: nothing more is needed for it." in text(answer)


def test_what_staff_added_says_who_did(alice: Client, asked: EvidenceRequest) -> None:
    evidence.answer(asked, [], "By mail.", ["email"], by=ENGINE, at=NOON, is_from_desk=True)
    assert "of Harrow & Lyle, for you" in text(alice.get(page(asked)))


def test_charlie_gets_404_for_the_request_and_the_file(people: world.People) -> None:
    trail: Trail = make_trail(people.vendor_a, at=NOON)
    charlie = world.come(people.charlie)
    assert charlie.get(page(trail.request)).status_code == 404
    assert charlie.post(page(trail.request), {"elements": ["name"], "note": "Mine."}).status_code == 404
    assert charlie.get(f"/portal/evidence/files/{trail.document.uid}/").status_code == 404
    assert trail.request.number not in text(charlie.get("/portal/evidence/"))
    assert (Document.objects.count(), Grant.objects.count()) == (1, 1)
