"""Plain text and CSV: characters that people read, and no markup to begin with."""

import re

from questionnaires.intake.refusal import FileRefused

CONTROL = re.compile(rb"[\x01-\x08\x0b\x0e-\x1f\x7f]")
TAG = re.compile(rb"<(?:!|\?|/?[a-z][a-z0-9:-]*[\s>/])", re.IGNORECASE)  # "<ann@example.org>" is none
BYTE_ORDER_MARKS = (b"\xef\xbb\xbf",)
WIDE = (b"\xff\xfe", b"\xfe\xff")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"{\\rtf", b"%PDF-", b"%!PS")


def check_text(name: str, content: bytes) -> None:
    if content.startswith(WIDE):
        raise FileRefused(f"{name} is written in UTF-16. Save it as text in UTF-8.")
    for mark in BYTE_ORDER_MARKS:
        content = content.removeprefix(mark)
    if b"\x00" in content or CONTROL.search(content):
        raise FileRefused(f"{name} is not plain text: it holds characters that nobody can read. Save it as text.")
    beginning = content[:1024].lstrip()
    if TAG.match(beginning):
        raise FileRefused(f"{name} begins like a web page. Send a picture or a PDF of the page instead.")
    if beginning.startswith(PROGRAMS):
        raise FileRefused(f"{name} is not plain text, whatever it is called. Save it as text.")
    if not beginning and not content.strip():
        raise FileRefused(f"{name} holds nothing but blanks. Choose the file again.")
