"""Reading a PDF as a reader, a screen reader and an archive would."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdf


def pages(content: bytes) -> list[str]:
    """The text of each page, as somebody would copy it; line ends as blanks."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def text(content: bytes) -> str:
    return " ".join(pages(content))


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def fonts(document: pikepdf.Pdf) -> Iterator[Any]:
    for thing in document.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/DescendantFonts" in thing:
            yield thing


def links(document: pikepdf.Pdf) -> list[str]:
    """Where links lead out of the document."""
    return [
        str(annotation.A.URI)
        for page in document.pages
        for annotation in page.get("/Annots", [])
        if "/A" in annotation and "/URI" in annotation.A
    ]


def tags(document: pikepdf.Pdf) -> list[str]:
    """The kinds of structure elements, in reading order."""
    found: list[str] = []

    def walk(element: Any) -> None:
        if not isinstance(element, pikepdf.Dictionary):
            return
        if "/S" in element:
            found.append(str(element.S).lstrip("/"))
        below: Any = element.get("/K", [])
        for child in below if isinstance(below, pikepdf.Array) else [below]:
            walk(child)

    walk(document.Root.StructTreeRoot)
    return found


def attached(document: pikepdf.Pdf) -> dict[str, tuple[bytes, str, str]]:
    """By name: content, media type, AFRelationship; of the files that the document says belong to it."""
    found = {}
    for entry in document.Root.get("/AF", []):
        stream = entry.EF.F
        found[str(entry.UF)] = (stream.read_bytes(), str(stream.Subtype).lstrip("/"), str(entry.AFRelationship))
    return found
