"""A kept file as the answer to a browser: to save, never to show, whatever it holds."""

from io import BytesIO
from typing import IO

from django.http import FileResponse, Http404

from notices.files import opened


def attachment(place: str, name: str, media_type: str) -> FileResponse:
    """The file at `place` (notices/files.py). 404 when it is gone."""
    try:
        file = opened(place)
    except FileNotFoundError:
        raise Http404 from None
    return _answer(file, name, media_type)


def attached(content: bytes, name: str, media_type: str) -> FileResponse:
    """The same for bytes that are not kept."""
    return _answer(BytesIO(content), name, media_type)


def _answer(file: IO[bytes], name: str, media_type: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
