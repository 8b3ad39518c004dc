"""What evidence may be: a file is taken or refused, by its name and by what it really is. Pure: bytes in, verdict out.

Ten endings are known, one kind of file each, and the content must be of that kind and of no other: a file that a
second program would read as something else is refused. Nothing is decoded, drawn or run; of an image only its size in
dots is read. This is no virus scanner, and looks neither for scripts within a PDF nor for formulas in a table: evidence
is therefore only ever handed out as a download. Where files are kept is not known here.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from questionnaires.intake import images, messages, office, pdf, polyglots, texts
from questionnaires.intake.names import safe_name
from questionnaires.intake.refusal import FileRefused

__all__ = ["KINDS", "LARGEST_BYTES", "Accepted", "FileRefused", "inspect"]

LARGEST_BYTES = 10 * 1024 * 1024
CHUNK_BYTES = 64 * 1024  # read at a time


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that may be evidence. `name` is safe to show and to download by, `size` counts bytes."""

    name: str
    kind: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kind:
    media_type: str
    check: Callable[[str, bytes], None]  # raises FileRefused


KINDS = {
    "pdf": Kind("application/pdf", pdf.check_pdf),
    "png": Kind("image/png", images.check_png),
    "jpg": Kind("image/jpeg", images.check_jpg),
    "webp": Kind("image/webp", images.check_webp),
    "txt": Kind("text/plain", texts.check_text),
    "csv": Kind("text/csv", texts.check_text),
    "eml": Kind("message/rfc822", messages.check_eml),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", office.check_docx),
    "xlsx": Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", office.check_xlsx),
}
SPELLINGS = {"jpeg": "jpg"}


def inspect(name: str, content: BinaryIO | bytes) -> Accepted:
    """The file as it may be kept, or FileRefused with a sentence for whoever sent it.

    A stream is read once from where it stands, and no further than LARGEST_BYTES and one chunk; no more than that is
    ever held.
    """
    shown = safe_name(name)
    ending = shown.rpartition(".")[2].lower() if "." in shown else ""
    kind = SPELLINGS.get(ending, ending)
    if kind not in KINDS:
        raise FileRefused(f"{shown} is not a file that we take as evidence. Send one of: {', '.join(sorted(KINDS))}.")
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    whole, sha256 = _read(shown, stream)
    KINDS[kind].check(shown, whole)
    polyglots.check(shown, kind, whole)
    return Accepted(shown, kind, KINDS[kind].media_type, len(whole), sha256)


def _read(shown: str, stream: BinaryIO) -> tuple[bytes, str]:
    whole, digest = bytearray(), hashlib.sha256()
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        whole += chunk
        if len(whole) > LARGEST_BYTES:
            raise FileRefused(
                f"{shown} is larger than {LARGEST_BYTES // 1024**2} MB. Send a smaller copy, or several files."
            )
    if not whole:
        raise FileRefused(f"{shown} is empty. Choose the file again.")
    return bytes(whole), digest.hexdigest()
