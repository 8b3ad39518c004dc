"""Files that we keep: evidence, signed copies, letters. Stored under random names below MEDIA_ROOT, never changed.
`discard` is for those that nothing refers to.

Nothing here is served by a web server: pages that may show a file read it through `opened`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a letter: the name that the reader sees, and where it lies."""

    name: str
    place: str
    media_type: str = "application/pdf"


def store(folder: str, content: bytes | IO[bytes]) -> str:
    """The place of a new file, below MEDIA_ROOT. Its name is random: nothing of what a person typed is in it."""
    name = uuid4().hex
    file = File(BytesIO(content) if isinstance(content, bytes) else content)
    return _storage().save(f"{folder}/{name[:2]}/{name}", file)


@contextmanager
def keeping() -> Iterator[Callable[[str, bytes | IO[bytes]], str]]:
    """`store`, for files that a transaction names: around that transaction, so that they go with it when it fails."""
    places: list[str] = []

    def keep(folder: str, content: bytes | IO[bytes]) -> str:
        places.append(store(folder, content))
        return places[-1]

    try:
        yield keep
    except BaseException:
        for place in places:
            _storage().delete(place)
        raise


def opened(place: str) -> IO[bytes]:
    """Raises FileNotFoundError when the file is gone."""
    return _storage().open(place)


def discard(place: str) -> None:
    """The file is deleted; one that is gone already is no fault."""
    _storage().delete(place)


def content_of(place: str) -> bytes:
    with opened(place) as file:
        return file.read()


def _storage() -> FileSystemStorage:
    return FileSystemStorage(
        location=Path(settings.MEDIA_ROOT), file_permissions_mode=0o600, directory_permissions_mode=0o700
    )
