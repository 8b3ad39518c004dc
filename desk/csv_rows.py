"""Tables for spreadsheets: CSV in UTF-8 with a mark at its start, which they need, and no cell that they would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django.http import StreamingHttpResponse

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # what a spreadsheet would run
MARK = "\N{BYTE ORDER MARK}".encode()
CHUNK = 200  # rows in one piece of an answer


def encoded(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The table piece by piece; `rows` is read no faster than it is sent."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(head)
    yield MARK
    for number, row in enumerate(rows, 1):
        table.writerow([cell(value) for value in row])
        if number % CHUNK == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def cell(value: Any) -> str:
    """A value as the text of a cell. Moments are in UTC; None is empty. Figures of ours are no formulas."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case float():
            return f"{value:.6g}"
        case int():
            return str(value)
    text = "".join(mark if mark.isprintable() or mark == "\n" else " " for mark in str(value))
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def streamed(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A file to save, sent while it is read."""
    response = StreamingHttpResponse(encoded(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
