"""A message as mail programs save it (RFC 5322): is it one at all? What it says is read in questionnaires/sample.py."""

import re

from questionnaires.intake.refusal import FileRefused

LONGEST_HEADER = 512 * 1024  # bytes
FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
TELLING = frozenset({b"date", b"received", b"message-id"})  # From and one of these make a message


def check_eml(name: str, content: bytes) -> None:
    broken = FileRefused(
        f"{name} is not an email message. In your mail program, save the message with all its headers."
    )
    if b"\x00" in content:
        raise broken
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    end = BLANK_LINE.search(start[: LONGEST_HEADER + 4])
    if end is None and len(start) > LONGEST_HEADER:
        raise broken
    lines = start[: end.start() if end else len(start)].splitlines()
    if lines and lines[0].startswith((b"From ", b">From ")):  # the line that mailbox files put before a message
        lines = lines[1:]
    found = set()
    for number, line in enumerate(lines):
        field = FIELD.match(line)
        if field:
            found.add(field[1].lower())
        elif not number or not line.startswith((b" ", b"\t")):
            raise broken
    if b"from" not in found or not TELLING & found:
        raise broken
