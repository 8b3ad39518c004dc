"""Word and Excel files (ECMA-376): a ZIP of XML parts, without macros, and small enough to open.

The directory is read and the first bytes of each part; nothing is unpacked, so that a bomb stays unlit.
"""

import io
import re
import struct
import zipfile

from questionnaires.intake.polyglots import END_OF_ZIP
from questionnaires.intake.refusal import FileRefused

MOST_ENTRIES = 2_000
LARGEST_DIRECTORY = 512 * 1024  # bytes
LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes, all parts together
LARGEST_RATIO = 100  # unpacked to packed, of a part that is larger than SMALL_PART
SMALL_PART = 256 * 1024  # bytes
CONTENT_TYPES = "[Content_Types].xml"
LARGEST_CONTENT_TYPES = 1024 * 1024  # bytes
ENCRYPTED = 0x1
ACTIVE = re.compile(
    r"vba(project|data)|macrosheets?/|dialogsheets?/|activex|\.(exe|dll|js|vbs|bat|cmd|ps1|hta|jar|html?|svg)$",
    re.IGNORECASE,
)
NESTED = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"MZ")
NESTED_NAME = re.compile(r"\.(zip|7z|rar|gz|docx|docm|xlsx|xlsm|pptx|bin)$", re.IGNORECASE)
HARMLESS = re.compile(r"printersettings/printersettings\d*\.bin$", re.IGNORECASE)  # Excel writes one a sheet


def check_docx(name: str, content: bytes) -> None:
    _check(name, content, "Word", "word/document.xml")


def check_xlsx(name: str, content: bytes) -> None:
    _check(name, content, "Excel", "xl/workbook.xml")


def _check(name: str, content: bytes, program: str, heart: str) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            f"{name} is locked with a password, or in the old {program} format. Save it without, or as PDF."
        )
    article = "an" if program == "Excel" else "a"
    stranger = FileRefused(
        f"{name} is not {article} {program} file, whatever it is called. Save it from {program}, or as PDF."
    )
    if not content.startswith(b"PK\x03\x04") or not _is_one_archive(content):
        raise stranger
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            is_one = _check_parts(name, archive, heart, len(content))
    except FileRefused:
        raise
    except Exception as error:  # whatever zipfile makes of bytes that mean harm
        raise FileRefused(f"{name} is a broken {program} file. Save it again, or as PDF.") from error
    if not is_one:
        raise stranger


def _check_parts(name: str, archive: zipfile.ZipFile, heart: str, size: int) -> bool:
    """Is it such a document at all? Raises FileRefused for one that must not be taken."""
    parts = archive.infolist()
    _check_sizes(name, parts, size)
    if not {CONTENT_TYPES, heart} <= {part.filename for part in parts}:
        return False
    for part in parts:
        _check_part(name, part, archive)
    with archive.open(CONTENT_TYPES) as types:
        if b"macroenabled" in types.read(LARGEST_CONTENT_TYPES).lower():
            raise _has_macros(name)
    return True


def _is_one_archive(content: bytes) -> bool:
    """Its directory ends where the file ends, and says where the file begins: nothing before, between or behind."""
    at = len(content) - 22
    if at < 0 or not content.startswith(END_OF_ZIP, at) or content.count(END_OF_ZIP) > 1:
        return False
    disk, first, here, entries, size, offset, comment = struct.unpack_from("<HHHHIIH", content, at + 4)
    if disk or first or comment or here != entries or entries > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        return False
    return bool(offset + size == at)


def _check_sizes(name: str, parts: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    swollen = any(
        part.file_size > SMALL_PART and part.file_size > LARGEST_RATIO * max(part.compress_size, 1) for part in parts
    )
    if len(parts) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or packed > size or swollen:
        raise FileRefused(
            f"{name} would unpack to more than a document holds ({unpacked / 1024**2:,.0f} MB in {len(parts)} parts). "
            "Save it as PDF."
        )


def _check_part(name: str, part: zipfile.ZipInfo, archive: zipfile.ZipFile) -> None:
    inner = part.filename
    if inner.startswith("/") or ".." in inner.split("/") or "\\" in inner or ":" in inner:
        raise FileRefused(f"{name} holds a part that would be unpacked elsewhere. Save it again, or as PDF.")
    if part.flag_bits & ENCRYPTED or part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefused(
            f"{name} is packed in a way that cannot be looked into. Save it without a password, or as PDF."
        )
    if ACTIVE.search(inner):
        raise _has_macros(name)
    if part.is_dir():
        return
    with archive.open(part) as opened:
        beginning = opened.read(8)
    if beginning.startswith(NESTED) or (NESTED_NAME.search(inner) and not HARMLESS.search(inner)):
        raise FileRefused(
            f"{name} has another file inside it. Take that out and send it by itself, or save this as PDF."
        )


def _has_macros(name: str) -> FileRefused:
    return FileRefused(f"{name} holds macros or other programs. Save it without them, or as PDF.")
