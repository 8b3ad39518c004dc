"""Files of a request as evidence of a registration: each inspected by itself, so that one that is refused keeps none
other out. Stores nothing."""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from monitors.evidence import MOST_FILES
from monitors.shown import Shown
from questionnaires.intake import FileRefused, inspect


def inspected(uploads: Sequence["UploadedFile[Any]"]) -> tuple[list[Shown], list[str]]:
    """(what may be kept, a sentence for each that may not); files beyond the most at a time are named, not read."""
    shown, problems = [], []
    if too_many := [upload.name or "" for upload in uploads[MOST_FILES:]]:
        problems.append(f"{MOST_FILES} files are the most at a time. Not taken: {', '.join(too_many)}.")
    for upload in uploads[:MOST_FILES]:
        content = cast("BinaryIO", upload.file)
        try:
            taken = inspect(upload.name or "", content)
        except FileRefused as refused:
            problems.append(str(refused))
        else:
            content.seek(0)
            shown.append(Shown(taken.name, taken.media_type, taken.size, taken.sha256, content))
    return shown, problems
