"""How much of a request with files is taken in: of one file no more than shows that it is too large, of all files
together MOST_BYTES. Whether a file is one that we take is asked elsewhere (questionnaires/intake), of what came in.

A file that is cut short is always longer than any page takes, so it is refused for its size with the page's own
sentence, and never taken for the whole.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from questionnaires.intake import LARGEST_BYTES

MOST_BYTES = 12 * LARGEST_BYTES  # of a request: ten files, the most that a page takes at once, and some room


class CutShort(FileUploadHandler):
    """Stands before the handlers that keep what comes."""

    def handle_raw_input(
        self,
        input_data: Any,
        meta: Any,
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"A request holds at most {MOST_BYTES} bytes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """None, which ends the chunk's way, once more than the largest file has gone through."""
        return None if start > LARGEST_BYTES else raw_data

    def file_complete(self, file_size: int) -> None:
        """Left to the handlers behind."""
