"""What may be evidence, and what is refused with a sentence."""

import contextlib
import hashlib
import io
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.intake import KINDS, LARGEST_BYTES, FileRefused, inspect
from questionnaires.intake.names import LONGEST_NAME, safe_name
from tests.questionnaires.files import EML, PAGE, docx, jpg, pdf, png, segment, webp, xlsx, zipped

ZIP = zipped({"evil.class": b"\xca\xfe\xba\xbe"})
MACRO = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
BOMB = b"\x00" * (30 * 1024 * 1024)


def short(value: object) -> str:
    return repr(value)[:30].encode("ascii", "replace").decode()


# ---- Taken ----


@pytest.mark.parametrize(
    ("name", "content", "kind", "media_type"),
    [
        ("form.pdf", pdf(), "pdf", "application/pdf"),
        ("Form.PDF", pdf(), "pdf", "application/pdf"),
        ("page.png", png(), "png", "image/png"),
        ("card.jpg", jpg(), "jpg", "image/jpeg"),
        ("card.jpeg", jpg(), "jpg", "image/jpeg"),
        ("phone.jpg", jpg() + jpg(), "jpg", "image/jpeg"),  # a preview behind the picture, as phones write it
        ("page.webp", webp(), "webp", "image/webp"),
        ("wording.txt", "Ja, ich möchte Angebote.\n".encode(), "txt", "text/plain"),
        ("wording.txt", b"\xef\xbb\xbfYes, send me offers.\r\n", "txt", "text/plain"),
        ("old.txt", "Prénom".encode("latin-1"), "txt", "text/plain"),
        ("list.txt", b"<ann@example.net> agreed on 1 May\n", "txt", "text/plain"),
        ("rows.csv", b"row,address\n1,a***@example.net\n", "csv", "text/csv"),
        ("sample.eml", EML, "eml", "message/rfc822"),
        ("mbox.eml", b"From ann Sun Nov 22 10:00:00 2026\n" + EML, "eml", "message/rfc822"),
        ("headers.eml", b"From: a@b.example\nDate: Sun, 22 Nov 2026 10:00:00 +0000", "eml", "message/rfc822"),
        ("contract.docx", docx({"word/media/image1.png": png()}), "docx", KINDS["docx"].media_type),
        ("counts.xlsx", xlsx({"xl/printerSettings/printerSettings1.bin": b"\x01"}), "xlsx", KINDS["xlsx"].media_type),
    ],
)
def test_evidence_is_taken_with_its_kind_size_and_hash(name: str, content: bytes, kind: str, media_type: str) -> None:
    taken = inspect(name, content)
    assert (taken.name, taken.kind, taken.media_type) == (name, kind, media_type)
    assert (taken.size, taken.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_stream_is_read_from_where_it_stands() -> None:
    assert inspect("form.pdf", io.BytesIO(pdf())) == inspect("form.pdf", pdf())


# ---- Refused: by the ending, by the content ----


@pytest.mark.parametrize("name", ["a.zip", "a.svg", "a.html", "a.htm", "a.exe", "a.pdf.exe", "a.docm", "a.xls", "a"])
def test_other_endings_are_refused_whatever_is_inside(name: str) -> None:
    with pytest.raises(FileRefused, match=r"is not a file that we take as evidence\. Send one of: csv, docx, eml"):
        inspect(name, pdf())


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        b"\xef\xbb\xbf  \n" + PAGE,
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg onload="alert(1)">',
        b"<script>alert(1)</script>",
        b"<!-- --><script>alert(1)</script>",
        PAGE.decode().encode("utf-16"),
        ZIP,
        b"MZ\x90\x00\x03",
        b"\x00" * 100,
        b"Rar!\x1a\x07\x01\x00",
        b"\x7fELF\x02\x01",
    ],
    ids=short,
)
def test_a_page_a_drawing_an_archive_or_a_program_is_refused_under_every_name(kind: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        inspect(f"evidence.{kind}", content)
    assert str(refused.value).startswith(f"evidence.{kind} ")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_kind_under_the_name_of_another_is_refused(kind: str) -> None:
    files = {"pdf": pdf(), "png": png(), "jpg": jpg(), "webp": webp(), "docx": docx(), "xlsx": xlsx()}
    for other, content in files.items():
        if other != kind:
            with pytest.raises(FileRefused):
                inspect(f"evidence.{kind}", content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        # Two files in one
        ("a.pdf", pdf() + ZIP, "something behind the end of the PDF"),
        ("a.pdf", pdf(ZIP), "archive hidden in it"),
        ("a.pdf", pdf() + PAGE, "something behind the end of the PDF"),
        ("a.pdf", pdf() + ZIP + b"\n%%EOF", "archive hidden in it"),
        ("a.pdf", pdf(b"Rar!\x1a\x07\x00"), "RAR archive hidden in it"),
        ("a.pdf", b"%PDF-1.7\n" + PAGE + pdf()[9:], "begins like a web page"),
        ("a.pdf", b"\n" + pdf(), "is not a PDF"),
        ("a.pdf", b"GIF89a" + pdf(), "is not a PDF"),
        ("a.pdf", pdf()[:-7], "breaks off"),
        ("a.jpg", jpg() + ZIP, "archive hidden in it"),
        ("a.jpg", jpg() + PAGE, "web page behind the picture"),
        ("a.jpg", jpg() + PAGE.decode().encode("utf-16-le"), "web page behind the picture"),
        ("a.jpg", jpg(more=segment(0xFE, PAGE)), "web page in its comment"),
        ("a.jpg", jpg(more=segment(0xE1, b"x" * 6000) + segment(0xFE, PAGE)), "web page in its comment"),
        ("a.jpg", jpg(more=segment(0xE1, PAGE)), "begins like a web page"),
        ("a.jpg", jpg() + b"7z\xbc\xaf\x27\x1c\x00\x04", "7z archive hidden in it"),
        ("a.png", png() + ZIP, "something behind the picture"),
        ("a.png", png() + PAGE, "something behind the picture"),
        ("a.png", b"GIF89a" + png(), "is not a PNG picture"),
        ("a.webp", webp() + ZIP, "something behind the picture"),
        ("a.txt", b"hello\n" + ZIP, "not plain text"),
        ("a.eml", EML + ZIP, "is not an email message"),
        ("a.docx", b"#!/bin/sh\n" + docx(), "is not a Word file"),
        ("a.docx", docx() + PAGE, "is not a Word file"),
        ("a.docx", docx() + docx(), "is not a Word file"),
        # Pictures
        ("a.png", png(60_001, 1), "measures 60001 by 1 dots"),
        ("a.png", png(20_000, 20_000), "measures 20000 by 20000 dots"),
        ("a.png", png(0, 5), "broken picture"),
        ("a.png", png()[:-1], "broken picture"),
        ("a.png", png()[:20], "broken picture"),
        ("a.jpg", jpg(65_000, 65_000), "measures 65000 by 65000 dots"),
        ("a.jpg", jpg()[:-2], "broken picture"),
        ("a.jpg", b"\xff\xd8\xff\xff\xff\xff", "broken picture"),
        ("a.webp", webp(16_000, 16_000), "measures 16000 by 16000 dots"),
        ("a.webp", webp()[:-3], "broken picture"),
        # Texts
        ("a.txt", b"one\x00two", "not plain text"),
        ("a.csv", b"row\x1b[31m", "not plain text"),
        ("a.txt", b"\xff\xfeh\x00i\x00", "UTF-16"),
        ("a.txt", b"  \n", "nothing but blanks"),
        ("a.txt", b"", "is empty"),
        ("a.txt", b"{\\rtf1}", "not plain text"),
        # Messages
        ("a.eml", b"Hello, this is no message.", "is not an email message"),
        ("a.eml", b"Subject: only\r\n\r\nHello", "is not an email message"),
        ("a.eml", b"From: a@b.example\r\nnonsense\r\nDate: x\r\n\r\n", "is not an email message"),
        ("a.eml", b"X: " + b"y" * 600_000, "is not an email message"),
        # Word and Excel
        ("a.docx", zipped({"a.txt": b"hello"}), "is not a Word file"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "locked with a password"),
        ("a.docx", docx({"word/document2.xml": BOMB}), "would unpack to more"),
        ("a.xlsx", xlsx({f"xl/sheet{n}.xml": b"ab" * 60_000 for n in range(1, 1001)}), "would unpack to more"),
        ("a.xlsx", xlsx({f"x{n}": b"" for n in range(2_000)}), "is not an? Excel file"),
        ("a.docx", docx({"word/vbaProject.bin": b"\x01"}), "holds macros"),
        ("a.xlsx", xlsx({"xl/macrosheets/sheet1.xml": b"<x/>"}), "holds macros"),
        ("a.docx", docx({"word/afchunk.html": b"<p>"}), "holds macros or other programs"),
        ("a.docx", docx({"word/embeddings/a.zip": ZIP}), "has another file inside it"),
        ("a.docx", docx({"word/media/image1.png": ZIP}), "is not a Word file|has another file inside it"),
        ("a.docx", docx({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}), "has another file inside it"),
        ("a.docx", docx({"../../etc/passwd": b"x"}), "unpacked elsewhere"),
        ("a.docx", docx({"[Content_Types].xml": MACRO}), "holds macros"),
        (
            "a.docx",
            zipped({"[Content_Types].xml": b"", "word/document.xml": b""}, zipfile.ZIP_LZMA),
            "cannot be looked",
        ),
    ],
    ids=short,
)
def test_what_hides_breaks_or_swells_is_refused_with_a_sentence(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        inspect(name, content)


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    """The parts overlap: each is said to be as long as the whole file."""
    honest = bytearray(docx({"word/a.xml": b"x" * 1000}))
    at = honest.find(b"PK\x01\x02")
    struct.pack_into("<I", honest, at + 20, 2**31)
    with pytest.raises(FileRefused):
        inspect("a.docx", bytes(honest))


def test_an_encrypted_part_is_refused() -> None:
    locked = bytearray(docx())
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    with pytest.raises(FileRefused, match="without a password"):
        inspect("a.docx", bytes(locked))


# ---- Size ----


class Endless(io.RawIOBase):
    """A stream that never ends, and counts what was taken from it."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= 1024 * 1024
        self.taken += size
        return b"a" * size


def test_a_stream_is_left_as_soon_as_it_is_too_large() -> None:
    stream = Endless()
    with pytest.raises(FileRefused, match=r"huge\.txt is larger than 10 MB\. Send a smaller copy"):
        inspect("huge.txt", stream)  # type: ignore[arg-type]
    assert stream.taken <= LARGEST_BYTES + 64 * 1024


def test_ten_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    assert inspect("a.txt", b"a" * LARGEST_BYTES).size == LARGEST_BYTES
    with pytest.raises(FileRefused, match="larger than 10 MB"):
        inspect("a.txt", b"a" * (LARGEST_BYTES + 1))


# ---- Names ----


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("form.pdf", "form.pdf"),
        ("Anmeldung März.pdf", "Anmeldung März.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Ann\\form.pdf", "form.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ("form\x00.pdf", "form.pdf"),
        ("invoice\u202efdp.pdf", "invoicefdp.pdf"),
        ("zero\u200bwidth.pdf", "zerowidth.pdf"),
        ("\u2066a\u2069.pdf", "a.pdf"),
        ("two  blanks\u00a0here.pdf", "two blanks here.pdf"),
        ("CON.pdf", "file-CON.pdf"),
        ("lpt1.tar.pdf", "file-lpt1.tar.pdf"),
        ("...hidden.pdf", "hidden.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        ("a.pdf...", "a.pdf"),
        ("x" * 500 + ".pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_made_safe_to_show(sent: str, shown: str) -> None:
    assert safe_name(sent) == shown


@pytest.mark.parametrize("sent", ["", ".", "..", "../", ".pdf", "\u202e.pdf", "___.pdf", "\x00\x01", "a/", " "])
def test_a_name_of_which_nothing_is_left_is_refused(sent: str) -> None:
    with pytest.raises(FileRefused, match=r"Rename it to something like form\.pdf"):
        safe_name(sent)


def test_an_ending_cannot_be_hidden_by_turning_the_writing_round() -> None:
    with pytest.raises(FileRefused, match=r"invoicefdp\.exe is not a file that we take"):
        inspect("invoice\u202efdp.exe", pdf())


@given(st.text(max_size=300))
def test_a_safe_name_is_safe_whatever_was_sent(sent: str) -> None:
    try:
        shown = safe_name(sent)
    except FileRefused:
        return
    assert 0 < len(shown) <= LONGEST_NAME
    assert not set(shown) & set('/\\<>:"|?*\r\n\x00')
    assert shown.strip(" .") == shown
    assert safe_name(shown) == shown


# ---- Whatever comes ----


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=500), st.integers(0, 300), st.booleans())
def test_any_bytes_are_taken_or_refused_and_nothing_else_happens(kind: str, junk: bytes, at: int, cut: bool) -> None:
    whole = {"pdf": pdf(), "png": png(), "jpg": jpg(), "webp": webp(), "docx": docx(), "xlsx": xlsx(), "eml": EML}
    start = whole.get(kind, b"text ")
    content = start[:at] + junk + (b"" if cut else start[at:])
    with contextlib.suppress(FileRefused):
        assert inspect(f"a.{kind}", content).size == len(content)


@pytest.mark.parametrize("kind", ["pdf", "png", "jpg", "webp", "docx", "xlsx"])
def test_a_file_that_breaks_off_anywhere_is_refused(kind: str) -> None:
    whole = {"pdf": pdf(), "png": png(), "jpg": jpg(), "webp": webp(), "docx": docx(), "xlsx": xlsx()}[kind]
    for length in range(len(whole) - 1):  # the last byte of a PDF is the end of its last line
        with pytest.raises(FileRefused):
            inspect(f"a.{kind}", whole[:length])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\n" + b"PK\x05\x06" * 2_600_000),
        ("a.pdf", b"%PDF-1.7\n" + b"%%EOF" * 2_000_000),
        ("a.pdf", b"%PDF-1.7\n" + b"<" * 10_000_000),
        ("a.jpg", b"\xff\xd8" + b"\xff" * 10_000_000),
        ("a.jpg", jpg() + b"<!doctype" * 1_000_000),
        ("a.jpg", jpg() + b"<!doctype" + b" " * 10_000_000),
        ("a.png", png(more=b"\x00\x00\x00\x00tEXt\x00\x00\x00\x00" * 800_000)),
        ("a.txt", b" " * 10_000_000),
        ("a.eml", b"a" * 10_000_000),
        ("a.eml", b"a:\n" * 3_000_000),
        ("a.docx", b"PK\x03\x04" * 2_500_000),
    ],
    ids=short,
)
def test_ten_megabytes_of_malice_take_no_longer_than_a_second(name: str, content: bytes) -> None:
    began = time.perf_counter()
    with contextlib.suppress(FileRefused):
        inspect(name, content)
    assert time.perf_counter() - began < 2  # twice the time, for a busy machine
