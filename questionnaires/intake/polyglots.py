"""Two files in one: a file that a second program reads as a page, a picture or an archive. Pure.

Programs find an archive by its end, a page by its beginning, and a browser guesses. So the beginning is searched for
markup, and the whole file for the directory of an archive that really fits where it stands.
"""

import re
import struct

from questionnaires.intake.refusal import FileRefused

HEAD_BYTES = 4096  # where browsers and mail programs look for markup; they stop at 1445 or earlier
MARKUP = re.compile(
    rb"<(?:!doctype\s+html|(?:html|head|body|script|svg|iframe|object|embed|xsl:stylesheet)[\s>/:])", re.IGNORECASE
)
ARCHIVES = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z"}
END_OF_ZIP = b"PK\x05\x06"
DIRECTORY_ENTRY = b"PK\x01\x02"
MADE_OF_TEXT = frozenset({"txt", "csv", "eml"})


def check(name: str, kind: str, content: bytes) -> None:
    """Raise FileRefused when another file hides in it. An eml may hold markup, which is what mail is made of; texts.py
    looks at how a text begins."""
    if kind not in MADE_OF_TEXT and has_markup(content[:HEAD_BYTES]):
        raise FileRefused(f"{name} begins like a web page. Save a clean copy from the program that made it.")
    if kind not in {"docx", "xlsx"} and holds_zip(content):
        raise FileRefused(f"{name} has an archive hidden in it. Save a clean copy from the program that made it.")
    for mark, archive in ARCHIVES.items():
        if mark in content:
            raise FileRefused(f"{name} has a {archive} archive hidden in it. Save a clean copy without it.")


def has_markup(content: bytes) -> bool:
    return MARKUP.search(content) is not None or MARKUP.search(content.replace(b"\x00", b"")) is not None


def holds_zip(content: bytes) -> bool:
    """Does a ZIP end anywhere in it, with its directory right before the end as every reader expects?"""
    at = content.find(END_OF_ZIP)
    while at != -1:
        if len(content) - at >= 22:
            entries, size = struct.unpack_from("<HI", content, at + 10)
            if size == 0xFFFFFFFF or entries == 0xFFFF:  # ZIP64: the true figures stand elsewhere
                return True
            start = at - size
            if start >= 0 and (content.startswith(DIRECTORY_ENTRY, start) if size else entries == 0):
                return True
        at = content.find(END_OF_ZIP, at + 4)
    return False
