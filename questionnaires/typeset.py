"""Setting a paper: facts in, a PDF out. Pure: no database, no network, no fonts but those in papers/fonts.

A paper is a Typst file in papers/; what it needs is in paper_facts.py. Facts travel as JSON, so that nothing which
people wrote is ever read as Typst. The PDF is archival and accessible (PDF/A-3a, PDF/UA-1), and the same facts at the
same moment make the same bytes. Whoever stores a paper stores those bytes and never sets it anew: a later version of
this program may set it otherwise.
"""

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import segno
import typst

from questionnaires import letterforms

PAPERS = Path(__file__).with_name("papers")
STANDARDS = ["a-3a", "ua-1"]
NOTHING: Mapping[str, bytes] = MappingProxyType({})
MEDIA_TYPES = {  # not mimetypes, which says what the machine's files say
    ".json": "application/json",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
}


class PaperRefused(Exception):
    """A paper cannot be set from these facts; the sentence says which and why."""


def typeset(
    paper: str,
    facts: Mapping[str, Any],
    *,
    attachments: Mapping[str, bytes] = NOTHING,
    at: datetime,
    papers: Path = PAPERS,
) -> bytes:
    """The PDF of `paper`.typ in the folder `papers`. `attachments` are embedded by name; `at` is the date of the
    document and of them.

    Raises PaperRefused when a fact is missing or a paper of that name does not exist."""
    content: bytes = _set(paper, facts, attachments, at, papers, format="pdf", pdf_standards=STANDARDS)
    return content


def pictures(paper: str, facts: Mapping[str, Any], *, at: datetime, ppi: float = 96) -> list[bytes]:
    """The same pages as PNG, one each: a preview for a screen."""
    pages: bytes | list[bytes] = _set(paper, facts, NOTHING, at, PAPERS, format="png", ppi=ppi)
    return [pages] if isinstance(pages, bytes) else pages


def _set(
    paper: str, facts: Mapping[str, Any], attachments: Mapping[str, bytes], at: datetime, papers: Path, **output: Any
) -> Any:
    if paper not in known(papers):
        raise PaperRefused(f"There is no paper {paper!r}. Known: {', '.join(known(papers))}.")
    utc = at.astimezone(UTC).replace(microsecond=0)
    inputs = {
        "facts": _json(letterforms.on_paper(facts)),
        "code": _code(facts),
        "date": _json([utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second]),
        "attachments": _json([_attached(name, attachments[name]) for name in sorted(attachments)]),
    }
    compiler = typst.Compiler(root=papers, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)
    try:
        return compiler.compile(papers / f"{paper}.typ", timestamp=utc, **output)
    except typst.TypstError as error:
        raise PaperRefused(f"The paper {paper!r} cannot be set: {error.message}") from error


def known(papers: Path = PAPERS) -> list[str]:
    """The papers that there are; paper.typ is what they share."""
    return sorted(path.stem for path in papers.glob("*.typ") if path.stem != "paper")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[letterforms.FONTS])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _code(facts: Mapping[str, Any]) -> str:
    """The QR code of the address at which the paper is checked, as SVG; nothing when it has none."""
    authenticity = facts.get("authenticity")
    if not authenticity:
        return ""
    drawing = io.BytesIO()
    segno.make_qr(authenticity["address"], error="m").save(drawing, kind="svg", xmldecl=False, border=0, dark="#1a1e24")
    return drawing.getvalue().decode()


def _attached(name: str, content: bytes) -> dict[str, Any]:
    """Text travels as text, anything else as numbers: JSON has no bytes."""
    kind = MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
    try:
        return {"name": name, "kind": kind, "content": content.decode()}
    except UnicodeDecodeError:
        return {"name": name, "kind": kind, "content": list(content)}
