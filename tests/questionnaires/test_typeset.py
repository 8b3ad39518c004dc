"""What holds for every paper: it is archival and accessible, the same each time, and takes any text for text."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import pdfa
from PIL import Image

from questionnaires import snapshot
from questionnaires.typeset import PaperRefused, known, pictures, typeset
from tests.questionnaires import paper_world as world
from tests.questionnaires import pdf

PAPERS: dict[str, Any] = {
    "acceptance": world.acceptance(),
    "decline": world.decline(),
    "suspension": world.suspension(),
    "signed_copy": world.signed_copy(),
}
ATTACHED = {
    "scope.json": snapshot.canonical({"servers": ["Zoë"]}),
    "addresses.csv": b"a,b\r\n",
    "proof.bin": bytes(range(256)),
}

# What pikepdf's validator (an allowlist for PDF/A-3b) does not know, and why it is right all the same.
NOT_KNOWN_TO_THE_VALIDATOR = (
    "/CIDSet on a CIDFontType2 subset is not checked",
    "is not valid under any of the given schemas",  # an outline's destination as a reference, which ISO 32000 allows
    "XMP namespace xmpTPg=",
    "XMP namespace pdfaExtension=",  # the extension schema by which PDF/UA declares itself
    "XMP namespace pdfaSchema=",
    "XMP namespace pdfaProperty=",
    "the content of structured XMP property xmpMM:History is not checked",
    "XMP property pdfaExtension:schemas is not permitted",
    "XMP property pdfuaid:part is not permitted",
    "XMP property xmpTPg:NPages is not permitted",
    "pdfaid:conformance is 'A', expected 'B'",  # more than it asks for
)

every_paper = pytest.mark.parametrize("paper", sorted(PAPERS))


def made(paper: str, **more: Any) -> bytes:
    return typeset(paper, PAPERS[paper], at=world.ISSUED, **more)


def test_every_paper_is_tested_here() -> None:
    assert known() == sorted(PAPERS)


@every_paper
def test_it_says_that_it_is_archival_and_accessible(paper: str) -> None:
    with pdf.opened(made(paper)) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
        root = document.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "en-GB"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert PAPERS[paper]["reference"] in str(document.docinfo.Title)
        assert "20260303162009" in str(document.docinfo.CreationDate)


@every_paper
def test_the_validator_finds_no_fault(paper: str) -> None:
    report = pdfa.validate_written(io.BytesIO(made(paper, attachments=ATTACHED)), "3b")
    faults = [
        finding
        for finding in report.findings
        if not any(part in finding.message for part in NOT_KNOWN_TO_THE_VALIDATOR)
    ]
    assert faults == []


@every_paper
def test_it_has_a_heading_paragraphs_and_a_described_picture_in_its_structure(paper: str) -> None:
    with pdf.opened(made(paper)) as document:
        found = pdf.tags(document)
        assert found.count("H1") == 1
        assert {"H2", "P", "Figure", "Link"} <= set(found)
        assert found.index("H1") < found.index("H2")
        figures = [
            thing
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
        assert [str(figure.Alt) for figure in figures] == [
            f"QR code with the address {world.authenticity()['address']}"
        ]


def test_tables_name_their_columns() -> None:
    with pdf.opened(made("acceptance")) as document:
        found = pdf.tags(document)
    assert found.count("Table") == 6
    assert found.count("TH") == 3 + 4 + 2 + 2 + 3 + 3


@every_paper
def test_its_fonts_are_inside_and_its_text_can_be_copied(paper: str) -> None:
    with pdf.opened(made(paper)) as document:
        found = list(pdf.fonts(document))
        assert found
        for font in found:
            assert "/ToUnicode" in font
            assert any(key in font.DescendantFonts[0].FontDescriptor for key in ("/FontFile2", "/FontFile3"))
    assert "Harrow & Lyle" in pdf.text(made(paper))


@every_paper
def test_it_runs_nothing_and_leads_only_to_its_verification(paper: str) -> None:
    content = made(paper)
    with pdf.opened(content) as document:
        assert pdf.links(document) == [world.authenticity()["address"]]
        assert "/OpenAction" not in document.Root
        assert "/AcroForm" not in document.Root
        assert "/JavaScript" not in document.Root.get("/Names", {})
        actions = {
            str(thing.S)
            for thing in document.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Action"
        }
        assert actions <= {"/URI"}


@every_paper
def test_every_page_says_which_of_how_many_it_is(paper: str) -> None:
    texts = pdf.pages(made(paper))
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text


def test_attachments_are_inside_unchanged_with_their_kind() -> None:
    with pdf.opened(made("acceptance", attachments=ATTACHED)) as document:
        assert pdf.attached(document) == {
            "addresses.csv": (ATTACHED["addresses.csv"], "text/csv", "/Data"),
            "proof.bin": (ATTACHED["proof.bin"], "application/octet-stream", "/Data"),
            "scope.json": (ATTACHED["scope.json"], "application/json", "/Data"),
        }


@every_paper
def test_the_same_facts_at_the_same_moment_make_the_same_bytes(paper: str) -> None:
    first = made(paper, attachments=ATTACHED)
    assert made(paper, attachments=dict(reversed(ATTACHED.items()))) == first
    assert made(paper, attachments=ATTACHED | {"scope.json": b"{}"}) != first
    assert typeset(paper, PAPERS[paper], attachments=ATTACHED, at=world.ISSUED + timedelta(seconds=1)) != first


def test_one_changed_byte_changes_the_checksum_and_so_does_one_more() -> None:
    content = made("acceptance")
    original = hashlib.sha256(content).hexdigest()
    for place in range(0, len(content), 997):
        changed = bytearray(content)
        changed[place] ^= 1
        assert hashlib.sha256(changed).hexdigest() != original
    assert hashlib.sha256(content + b"\n").hexdigest() != original


def with_text(text: str) -> dict[str, Any]:
    """An acceptance with `text` wherever somebody else than we may have written."""
    facts: dict[str, Any] = dict(world.acceptance())
    facts["addressee"] = dict.fromkeys(("company", "registration", "signatory", "title"), text) | {
        "lines": [text],
        "list_owners": [text],
    }
    facts["conditions"] = [{"text": text, "clause": "R7", "due": text, "evidence": text}]
    facts["scope"] = facts["scope"] | {
        "servers": [{"host": text, "address": text, "helo": text}],
        "domains": [text],
        "sources": [{"name": text, "code": text, "addresses": 0}],
        "ad_codes": [text],
    }
    facts["emergency_contact"] = text
    return facts


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_no_text_breaks_a_paper(text: str) -> None:
    typeset("acceptance", with_text(text), at=world.ISSUED)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            '*b* _i_ #panic("x") #sys.inputs $x$ `r` <l> @ref [c] // /* */ = h',
            '*b* _i_ #panic("x") #sys.inputs $x$ `r` <l> @ref [c] // /* */ = h',
        ),
        ('"} , {"a": "b\\n', '"} , {"a": "b\\n'),
        ("\u202eevil\u202c 😀 שלום", "‹U+202E›evil‹U+202C› ‹U+1F600› ‹U+05E9 U+05DC U+05D5 U+05DD›"),
        ("Иван Ωμέγα", "Иван Ωμέγα"),
        ("half \ud800", "half ‹U+D800›"),
    ],
)
def test_text_from_people_is_only_text(written: str, shown: str) -> None:
    assert pdf.text(typeset("acceptance", with_text(written), at=world.ISSUED)).count(shown) >= 10


def test_an_address_that_somebody_wrote_is_no_link() -> None:
    with pdf.opened(typeset("acceptance", with_text("https://evil.example/"), at=world.ISSUED)) as document:
        assert pdf.links(document) == [world.authenticity()["address"]]


@pytest.mark.parametrize("word", ["W" * 400, "a" * 63 + "." + "b" * 63 + ".example.net", "x@" * 100])
def test_a_word_longer_than_the_line_is_broken_and_copied_whole(word: str) -> None:
    content = typeset("acceptance", with_text(word), at=world.ISSUED)
    assert word in pdf.text(content).replace(" ", "")
    edge = (210 - 24) / 25.4 * 72
    with pdf.opened(content) as document:
        assert all(float(page.mediabox[2]) > edge for page in document.pages)
    # The right margin stays empty on every page.
    for picture in pictures("acceptance", with_text(word), at=world.ISSUED, ppi=36):
        assert is_blank_from(picture, edge / 72 * 36 + 1)


def is_blank_from(picture: bytes, left: float) -> bool:
    image = Image.open(io.BytesIO(picture)).convert("L")
    return image.crop((round(left), 0, image.width, image.height)).getextrema() == (255, 255)


def test_a_fact_that_is_missing_is_refused() -> None:
    facts: dict[str, Any] = dict(world.decline())
    del facts["reasons"]
    with pytest.raises(PaperRefused, match=r"The paper 'decline' cannot be set.*reasons"):
        typeset("decline", facts, at=world.ISSUED)


@pytest.mark.parametrize("paper", ["greeting", "../settings", "paper"])
def test_a_paper_that_there_is_not_is_refused(paper: str) -> None:
    with pytest.raises(PaperRefused, match=r"There is no paper .*Known: acceptance, decline, signed_copy, suspension"):
        typeset(paper, {}, at=world.ISSUED)


def test_a_preview_shows_each_page() -> None:
    shown = pictures("acceptance", PAPERS["acceptance"], at=world.ISSUED)
    assert len(shown) == len(pdf.pages(made("acceptance")))
    assert all(picture.startswith(b"\x89PNG") for picture in shown)


def test_a_schedule_of_three_hundred_servers_is_set_in_reasonable_time() -> None:
    before = datetime.now(UTC)
    content = typeset("acceptance", world.acceptance(300), at=world.ISSUED)
    assert datetime.now(UTC) - before < timedelta(seconds=5)  # 0.2 s on two cores
    text = pdf.text(content)
    assert all(f"mta{number}.alder.example.net" in text for number in range(1, 301))
