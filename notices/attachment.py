"""Handing out a file to whoever may have it: only ever to be saved, never shown inside our pages.

The windows ask first whether the visitor may have it. What a vendor uploaded is a stranger's file: whatever is in it, a
browser that is told to save it runs none of it under our name.
"""

from typing import IO, TypeVar

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from notices import files

R = TypeVar("R", bound=HttpResponseBase)
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def kept_file(place: str, name: str, media_type: str) -> FileResponse:
    """The file that lies at `place` (files.py), to be saved as `name`. Http404 when it is gone."""
    try:
        file: IO[bytes] = files.opened(place)
    except FileNotFoundError:
        raise Http404 from None
    return _safe(FileResponse(file, as_attachment=True, filename=name, content_type=media_type))


def attachment(content: bytes | str, name: str, media_type: str) -> HttpResponse:
    """What was made just now, to be saved as `name`."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return _safe(answer)


def _safe(answer: R) -> R:
    for header, value in SAFE_HEADERS.items():
        answer[header] = value
    return answer
