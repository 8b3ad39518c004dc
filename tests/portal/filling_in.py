"""Filling in an exhibit through the portal's pages, as a browser without scripts does: page after page, row after row,
file after file, answering what is asked and nothing else."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.step_form import Part
from questionnaires import asking
from questionnaires.models import Submission
from questionnaires.reading import answers_of
from tests.questionnaires.binding import posted
from tests.questionnaires.exhibit_a import ANSWERS, Raw
from tests.world import NOON

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
SAMPLE = (
    b"Received: from out1.fieldnote.example.net (out1.fieldnote.example.net [93.184.215.14])\r\n"
    b"\tby mx.example.com (Postfix) with ESMTPS id 4X; Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    b"DKIM-Signature: v=1; a=rsa-sha256; d=fieldnote.example.net; s=s1; h=from; bh=x; b=y\r\n"
    b"From: Garden Weekly <news@fieldnote.example.net>\r\nTo: reader@example.com\r\n"
    b"Subject: Spring\r\nMessage-ID: <1@fieldnote.example.net>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    b"List-Unsubscribe: <https://fieldnote.example.net/leave>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Courses of Harrow & Lyle. Fieldnote Digital Ltd, 8 Weaver Street, LS1 4AP Leeds.\r\n"
    b"Leave: https://fieldnote.example.net/leave\r\n"
)
EML = {"A6.10", "A5.12", "B1.99"}


def file_for(code: str) -> SimpleUploadedFile:
    if code in EML:
        return SimpleUploadedFile("sample.eml", SAMPLE, "message/rfc822")
    return SimpleUploadedFile(f"{code}.pdf", PDF, "application/pdf")


def answer_everything(
    client: Client,
    submission: Submission,
    said: Mapping[str, Raw] | None = None,
    answers: Mapping[str, Raw] | None = None,
) -> list[str]:
    """Answer until nothing is missing; the keys of all that was asked on the way."""
    table = answers if answers is not None else {code: good for code, (good, _) in ANSWERS.items()}
    table = {**table, **(said or {})}
    met: list[str] = []
    for _ in range(200):
        known = answers_of(submission, NOON)
        pages = [page for page in asking.steps(submission.definition, known) if page.step != "sign"]
        page = next((page for page in pages if asking.missing(page, known)), None)
        if page is None:
            return met
        met += fill_page(client, submission, page.step, table)
    raise AssertionError("the form has no end")


def fill_page(client: Client, submission: Submission, step: str, table: Mapping[str, Raw]) -> list[str]:
    """One visit: adds the first row where there is none, answers what is asked, adds files that are asked for."""
    address = f"/portal/forms/{submission.number}/{step}/"
    response = client.get(address)
    assert response.status_code == 200, (step, response.status_code, response.headers.get("Location"))
    form = response.context["wizard"]["form"]
    if submission.definition.pages[step].rows and not any(part.uid for part in form.parts):
        added = client.post(address, data_of(step, form.parts, {}) | {"add": "1"})
        assert added.status_code == 302, added.content.decode()[:2000]
        return []
    met = []
    for part in form.parts:
        for line in part.lines:
            if line.kind == "files" and line.question.required and not line.files:
                add_file(client, submission, line.question.code, part.uid)
                met.append(line.place.key)
    met += [
        line.place.key
        for part in form.parts
        for line in part.lines
        if line.kind == "field" and not line.said and line.question.code in table
    ]
    saved = client.post(address, data_of(step, form.parts, table) | {"later": "1"})
    assert saved.status_code == 302, saved.content.decode()[:3000]
    return met


def add_file(client: Client, submission: Submission, code: str, row: str = "") -> None:
    address = f"/portal/forms/{submission.number}/files/{code}/"
    response = client.post(address, {"row": row, "files": [file_for(code)]})
    assert response.status_code == 302, response.content.decode()[:3000]


def data_of(step: str, parts: list[Part], table: Mapping[str, Raw]) -> dict[str, Any]:
    """What the page posts, with the answers of `table` in its fields."""
    data: dict[str, Any] = {"wizard-current_step": step}
    for part in parts:
        data[f"{part.prefix}-revision"] = str(part.revision)
        data[f"{part.prefix}-codes"] = part.codes
        for line in part.lines:
            if line.kind == "field" and line.question.code in table:
                data |= posted(f"{part.prefix}-{line.question.code}", table[line.question.code])
            elif line.kind == "field" and part.sheet:
                kept = part.sheet.typed.items()
                data |= {f"{part.prefix}-{name}": of for name, of in kept if name.startswith(line.question.code)}
    return data
