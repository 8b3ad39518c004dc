"""A PDF: from its first byte to its last, and nothing around it."""

import re

from questionnaires.intake.refusal import FileRefused

VERSION = re.compile(rb"%PDF-[12]\.\d[\r\n \t]")
END = b"%%EOF"
TAIL_BYTES = 1024  # within which readers look for the end
BLANK = b" \t\r\n\x00\x0c\x1a"


def check_pdf(name: str, content: bytes) -> None:
    if not VERSION.match(content):
        raise FileRefused(f"{name} is not a PDF, whatever it is called. Save it as PDF from the program that made it.")
    end = content.rfind(END)
    if end == -1 or (b"startxref" not in content and b"/Root" not in content):
        raise FileRefused(f"{name} breaks off before its end. Save it as PDF again and send the whole file.")
    if content[end + len(END) :].strip(BLANK):
        raise FileRefused(f"{name} has something behind the end of the PDF. Print it to a new PDF and send that.")
