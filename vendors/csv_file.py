"""A CSV file as rows of named cells: decoded, its header checked, each row with the number a spreadsheet gives it.

It knows nothing of vendors. What cannot be read is refused with a sentence: a file that is not UTF-8, a header with a
wrong column, a quote that is never closed.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

SIZE_LIMIT = 2_000_000  # bytes
ROW_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where: `row` counts from 1, the header; 0 is the file as a whole. `value` is the cell as read."""

    row: int
    column: str
    value: str
    sentence: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"row {self.row}" if self.row else "", self.column)))
        return f"{where.capitalize()}: {self.sentence}" if where else self.sentence


class FileRefused(Exception):
    """The file was not taken, and nothing of it was stored. Every fault is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    @classmethod
    def whole(cls, sentence: str, *, row: int = 0, column: str = "", value: str = "") -> "FileRefused":
        """A refusal for one fault."""
        return cls([Fault(row, column, value, sentence)])


def rows(file: IO[bytes], columns: Sequence[str], optional: Sequence[str] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that is not blank, as (number, cells by column, without surrounding blanks). Cells of `optional` columns
    that the file does not have are empty.

    Raises FileRefused at the first thing that makes the rest unreadable.
    """
    text = _decoded(file)
    heading = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in heading and "," not in heading else ",", strict=True
    )
    header: list[str] = []
    missing = dict.fromkeys(optional, "")
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > ROW_LIMIT + 1:
                raise FileRefused.whole(f"The file has more than {ROW_LIMIT:,} rows. Split it.")
            if not header:
                header = [cell.strip().lower() for cell in cells]
                _check_header(header, columns, optional)
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    raise FileRefused.whole(
                        f"It has {len(cells)} cells where the header has {len(header)}. "
                        "Put a value that holds a comma in double quotes.",
                        row=number,
                    )
                yield number, missing | {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise FileRefused.whole(
            f"It cannot be read as CSV ({error}). Close every double quote, and write one inside a value twice.",
            row=number + 1,
        ) from None
    if not header:
        raise FileRefused.whole(f"The file is empty. Its first row must be: {','.join(columns)}")


def _decoded(file: IO[bytes]) -> str:
    content = file.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise FileRefused.whole(f"The file has more than {SIZE_LIMIT // 1_000_000} MB. Split it.")
    if content.startswith(b"PK\x03\x04"):
        raise FileRefused.whole("This is a spreadsheet, not a CSV file. Save it as “CSV UTF-8” and use that file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused.whole(
            f"The file is not UTF-8 text: line {line} holds the byte 0x{content[error.start]:02X}. "
            "Save it as “CSV UTF-8” and try again."
        ) from None
    if "\x00" in text:
        raise FileRefused.whole(
            "The file is not UTF-8 text: it holds zero bytes. Save it as “CSV UTF-8” and try again."
        )
    return text


def _check_header(header: Sequence[str], columns: Sequence[str], optional: Sequence[str]) -> None:
    known = (*columns, *optional)
    faults = [
        Fault(1, name, name, f"This column is not known. The columns are {', '.join(known)}.")
        if name
        else Fault(1, "", "", f"Column {place} has no name. The columns are {', '.join(known)}.")
        for place, name in enumerate(header, start=1)
        if name not in known
    ]
    faults += [
        Fault(1, name, "", "This column is missing. Add it; its cells may be empty.")
        for name in columns
        if name not in header
    ]
    faults += [
        Fault(1, name, name, "This column is there twice. Keep one.")
        for name in dict.fromkeys(header)
        if name in known and header.count(name) > 1
    ]
    if faults:
        raise FileRefused(faults)
