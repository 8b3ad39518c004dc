"""Evidence through its page: what is refused leaves nothing behind, what is kept is only ever handed out to save."""

import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from questionnaires import drafts, evidence, intake
from questionnaires.models import Evidence, Submission
from tests import world
from tests.questionnaires import files as made

MB = 1024 * 1024
ZIP_IN_PDF = made.pdf(made.zipped({"a.txt": b"hidden"}))
BOMB = made.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"\0" * (40 * MB)})
REFUSED = {
    "a page": ("proof.html", made.PAGE, "proof.html is not a file that we take as evidence."),
    "a page called PDF": ("proof.pdf", made.PAGE, "proof.pdf is not a PDF, whatever it is called."),
    "a page called text": ("proof.txt", made.PAGE, "proof.txt begins like a web page."),
    "a drawing": ("proof.svg", b"<svg onload='x()'/>", "proof.svg is not a file that we take as evidence."),
    "a drawing called PNG": ("proof.png", b"<svg onload='x()'/>", "proof.png is not a PNG picture"),
    "a PDF with a page before it": ("proof.pdf", made.PAGE + made.pdf(), "is not a PDF"),
    "a PDF with a page behind it": ("proof.pdf", made.pdf() + made.PAGE, "something behind the end of the PDF"),
    "a PDF with an archive in it": ("proof.pdf", ZIP_IN_PDF, "has an archive hidden in it"),
    "a picture with an archive behind it": ("a.jpg", made.jpg() + made.zipped({"a": b"b"}), "an archive hidden in it"),
    "an archive": ("proof.zip", made.zipped({"a.txt": b"x"}), "proof.zip is not a file that we take"),
    "an archive called Word": ("proof.docx", made.zipped({"a.txt": b"x"}), "is not a Word file"),
    "a bomb": ("proof.docx", BOMB, "would unpack to more than a document holds (40 MB in 2 parts)"),
    "a bomb of parts": ("a.docx", made.docx({f"w/{n}": b"" for n in range(2_001)}), "is not a Word file"),
    "a document in a document": ("a.docx", made.docx({"w/a.docx": made.docx()}), "another file inside it"),
    "macros": ("proof.xlsx", made.xlsx({"xl/vbaProject.bin": b"x"}), "holds macros or other programs"),
    "a part that climbs": ("a.docx", made.docx({"../../etc/passwd": b"x"}), "would be unpacked elsewhere"),
    "a program": ("proof.txt", b"#!/bin/sh\nrm -rf /\n", "is not plain text"),
    "nothing": ("proof.pdf", b"", "proof.pdf is empty."),
    "no ending": ("proof", made.pdf(), "proof is not a file that we take as evidence."),
    "no name": ("....", made.pdf(), "has no name that can be kept"),
    "too large": ("proof.pdf", b"%PDF-1.7\n" + b"x" * (10 * MB), "proof.pdf is larger than 10 MB."),
}


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> Path:
    """Where everything is kept, with a folder around it where nothing may appear."""
    settings.MEDIA_ROOT = tmp_path / "home" / "media"
    settings.FILE_UPLOAD_TEMP_DIR = settings.MEDIA_ROOT / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
    return tmp_path


def send(client: Client, draft: Submission, *files: tuple[str, bytes], code: str = "A1.13", row: str = "") -> Any:
    """The files as a form posts them, under the very names: the test client would clean them first."""
    parts = [(b'name="row"', row.encode())]
    parts += [(f'name="files"; filename="{name}"'.encode(), content) for name, content in files]
    body = b"".join(b"--a-line-between\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % part for part in parts)
    address = f"/portal/forms/{draft.number}/files/{code}/"
    return client.post(address, body + b"--a-line-between--\r\n", "multipart/form-data; boundary=a-line-between")


def left(place: Path) -> list[str]:
    return sorted(str(file.relative_to(place)) for file in place.rglob("*") if file.is_file())


def said(response: Any) -> str:
    return str(response.content.decode()).replace("&#x27;", "'")


@pytest.mark.django_db
class TestWhatIsRefused:
    @pytest.mark.parametrize("what", REFUSED)
    def test_is_refused_with_its_sentence_and_leaves_nothing(
        self, what: str, alice: Client, draft: Submission, place: Path
    ) -> None:
        name, content, sentence = REFUSED[what]
        response = send(alice, draft, (name, content))
        assert response.status_code == 422
        assert sentence in said(response)
        assert (left(place), Evidence.objects.count()) == ([], 0)

    def test_one_that_is_refused_keeps_no_other_out(self, alice: Client, draft: Submission, place: Path) -> None:
        response = send(alice, draft, ("good.pdf", made.pdf()), ("bad.html", made.PAGE), ("also.png", made.png()))
        assert response.status_code == 422
        assert "good.pdf is added." in said(response)
        assert "bad.html is not a file that we take" in said(response)
        assert [one.name for one in Evidence.objects.all()] == ["good.pdf", "also.png"]
        assert len(left(place)) == 2

    def test_the_same_file_twice_is_kept_once(self, alice: Client, draft: Submission, place: Path) -> None:
        send(alice, draft, ("proof.pdf", made.pdf()))
        response = send(alice, draft, ("again.pdf", made.pdf()))
        assert (response.status_code, len(left(place))) == (422, 1)
        assert "again.pdf is here already." in said(response)

    def test_more_files_than_an_answer_has_leave_nothing(self, alice: Client, draft: Submission, place: Path) -> None:
        most = draft.definition.questions["A1.13"].most or evidence.MOST_FILES
        for number in range(most):
            assert send(alice, draft, (f"{number}.txt", b"proof %d" % number)).status_code == 302
        response = send(alice, draft, ("one-more.txt", b"one more"))
        assert (response.status_code, len(left(place))) == (422, most)
        assert f"This answer has {most} files, and {most} are the most." in said(response)

    def test_more_files_than_are_taken_at_a_time_are_named(self, alice: Client, draft: Submission, place: Path) -> None:
        response = send(alice, draft, *((f"{number}.txt", b"proof %d" % number) for number in range(12)))
        assert response.status_code == 422
        assert "10 files are the most at a time. Not taken: 10.txt, 11.txt." in said(response)
        assert not Evidence.objects.filter(name__in=["10.txt", "11.txt"]).exists()

    def test_hundreds_of_files_are_answered_with_a_sentence(
        self, alice: Client, draft: Submission, place: Path
    ) -> None:
        response = send(alice, draft, *((f"{number}.txt", b"proof") for number in range(101)))
        assert response.status_code == 400
        assert "too many files" in said(response)
        assert left(place) == []

    def test_a_question_that_takes_no_file_has_no_page_for_one(
        self, alice: Client, draft: Submission, place: Path
    ) -> None:
        for code in ("A1.01", "A99.01", "..", "A1.13%00"):
            assert send(alice, draft, ("a.pdf", made.pdf()), code=code).status_code == 404
        assert left(place) == []

    def test_a_question_of_rows_takes_files_only_for_a_row_of_its_page(
        self, alice: Client, draft: Submission, place: Path, people: world.People
    ) -> None:
        by = people.alice.actor()
        domain = drafts.add_row(draft, "domains", by=by, at=world.NOON).row
        server = drafts.add_row(draft, "servers", by=by, at=world.NOON).row
        pdf = ("a.pdf", made.pdf())
        for code, row in (("A4.11", ""), ("A4.11", server), ("A1.13", domain), ("A4.11", "nobody"), ("A4.11", "a/b\0")):
            assert send(alice, draft, pdf, code=code, row=row).status_code == 404, (code, row)
        assert send(alice, draft, pdf, code="A4.11", row=domain).status_code == 302
        assert len(left(place)) == 1

    @pytest.mark.parametrize("state", ["submitted", "in_review", "accepted", "declined", "withdrawn"])
    def test_a_form_that_is_not_open_takes_none_and_gives_none_up(
        self, state: str, alice: Client, draft: Submission, place: Path
    ) -> None:
        send(alice, draft, ("proof.pdf", made.pdf()))
        kept = Evidence.objects.get()
        Submission.objects.update(state=state)
        response = send(alice, draft, ("more.pdf", made.pdf(b"more")))
        assert (response.status_code, len(left(place))) == (422, 1)
        assert draft.number in said(response)
        alice.post(f"/portal/files/{kept.uid}/remove/")
        kept.refresh_from_db()
        assert kept.removed_at is None


@pytest.mark.django_db
class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["../../../etc/cron.d/proof.pdf", "..\\..\\proof.pdf", "/etc/proof.pdf", "C:\\proof.pdf", "a\u202efdp.pdf"],
    )
    def test_a_name_that_climbs_is_only_a_name(self, name: str, alice: Client, draft: Submission, place: Path) -> None:
        assert send(alice, draft, (name, made.pdf())).status_code == 302
        kept = Evidence.objects.get()
        assert kept.name in {"proof.pdf", "afdp.pdf"}
        assert left(place) == [f"home/media/{kept.place}"]
        assert "proof" not in kept.place

    def test_the_folder_and_the_file_are_the_owners_alone(self, alice: Client, draft: Submission, place: Path) -> None:
        send(alice, draft, ("proof.pdf", made.pdf()))
        file = place / "home/media" / Evidence.objects.get().place
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.django_db
class TestHandingOut:
    def test_a_file_is_to_save_and_never_to_show(self, alice: Client, draft: Submission, place: Path) -> None:
        send(alice, draft, ("Ünser <Beleg>.eml", made.EML))
        response = alice.get(f"/portal/files/{Evidence.objects.get().uid}/")
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Content-Type"] == "message/rfc822"
        assert response.getvalue() == made.EML

    @pytest.mark.parametrize("what", ["copy.pdf", "copy.json"])
    def test_copies_of_a_form_are_to_save_too(self, what: str, alice: Client, draft: Submission, place: Path) -> None:
        response = alice.get(f"/portal/forms/{draft.number}/{what}")
        assert response.headers["Content-Disposition"].startswith("attachment; ")
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert (response.headers["X-Content-Type-Options"], response.headers["Cache-Control"]) == (
            "nosniff",
            "private, no-store",
        )
        b"".join(response)

    def test_colleagues_get_it_and_nobody_else(
        self, alice: Client, draft: Submission, place: Path, people: world.People
    ) -> None:
        send(alice, draft, ("proof.pdf", made.pdf()))
        address = f"/portal/files/{Evidence.objects.get().uid}/"
        got = {}
        for user in (people.bob, people.charlie, people.dana, people.ada):
            client = Client()
            world.come_in(client, user)
            response = client.get(address)
            got[str(user)] = response.status_code
            b"".join(response)  # read to its end, the test client closes it and keeps the connection
        assert got == {"Bob": 200, "Charlie": 404, "Dana": 404, "Ada": 404}

    def test_one_that_was_removed_or_is_gone_is_not_found(self, alice: Client, draft: Submission, place: Path) -> None:
        send(alice, draft, ("proof.pdf", made.pdf()), ("other.pdf", made.pdf(b"other")))
        removed, gone = Evidence.objects.all()
        alice.post(f"/portal/files/{removed.uid}/remove/")
        (place / "home/media" / gone.place).unlink()
        assert alice.get(f"/portal/files/{removed.uid}/").status_code == 404
        assert alice.get(f"/portal/files/{gone.uid}/").status_code == 404


@pytest.mark.django_db
def test_a_file_whose_transaction_fails_goes_with_it(draft: Submission, place: Path, people: world.People) -> None:
    question = draft.definition.questions["A1.13"]
    by = people.alice.actor()

    class Broken(type(by)):  # type: ignore[misc]
        """Its name fits no column: the row that names the file cannot be written."""

        def __str__(self) -> str:
            raise RuntimeError("the journal cannot be written")

    with pytest.raises(RuntimeError):
        evidence.add(draft, question, "", "a.pdf", BytesIO(made.pdf()), by=Broken("user", "Alice", ""), at=world.NOON)
    assert (left(place), Evidence.objects.count()) == ([], 0)


# ── a hundred megabytes ─────────────────────────────────────────────────────
class Generated:
    """The body of a request as it comes over the wire: made while it is read, and looked at what it costs."""

    def __init__(self, size: int, place: Path) -> None:
        mark = b"--a-line-between\r\nContent-Disposition: form-data; name="
        self.head = mark + b'"row"\r\n\r\n\r\n' + mark + b'"files"; filename="big.pdf"\r\n\r\n%PDF-1.7\n'
        self.foot = b"\r\n--a-line-between--\r\n"
        self.pieces = self._pieces(size)
        self.length = len(self.head) + size + len(self.foot)
        self.ready, self.place = b"", place
        self.before, self.most_memory, self.most_disk = resident(), 0, 0

    def _pieces(self, size: int) -> Iterator[bytes]:
        yield self.head
        for _ in range(size // MB):
            self.look()
            yield b"x" * MB
        yield self.foot

    def look(self) -> None:
        self.most_memory = max(self.most_memory, resident() - self.before)
        self.most_disk = max(self.most_disk, sum(one.stat().st_size for one in self.place.rglob("*") if one.is_file()))

    def read(self, size: int = -1) -> bytes:
        if not self.ready:
            self.ready = next(self.pieces, b"")
        given, self.ready = self.ready[:size], self.ready[size:]
        return given

    readline = read  # WSGI asks for it; nobody reads a form by lines


def resident() -> int:
    """Bytes of memory that this process holds (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def send_generated(client: Client, draft: Submission, body: Generated) -> Any:
    return client.request(
        PATH_INFO=f"/portal/forms/{draft.number}/files/A1.13/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="multipart/form-data; boundary=a-line-between",
        CONTENT_LENGTH=str(body.length),
        **{"wsgi.input": body},
    )


@pytest.mark.django_db
def test_a_hundred_megabytes_are_refused_in_seconds_and_held_nowhere(
    alice: Client, draft: Submission, place: Path
) -> None:
    body, began = Generated(100 * MB, place), time.monotonic()
    response = send_generated(alice, draft, body)
    took = time.monotonic() - began
    body.look()
    print(f"{took:.2f} s, {body.most_memory / MB:.1f} MB of memory, {body.most_disk / MB:.1f} MB on disk")
    assert response.status_code == 422
    assert "big.pdf is larger than 10 MB." in said(response)
    assert took < 20
    assert body.most_memory < 50 * MB
    assert body.most_disk <= intake.LARGEST_BYTES + 256 * 1024
    assert (left(place), Evidence.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_a_request_that_says_it_is_larger_than_ten_files_is_not_read(alice: Client, draft: Submission) -> None:
    response = alice.generic(
        "POST",
        f"/portal/forms/{draft.number}/files/A1.13/",
        b"--x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(500 * MB),
    )
    assert response.status_code == 400
    assert "a file may be too large" in response.content.decode()
