"""The files of a blocklist scan: addresses and zones in, a table of verdicts out. All of it streams."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from egress import wire
from monitors.scan import Row, query_head

HEADER = ("address", "zone", "verdict", "codes", "reason")

LONGEST_CELL = 255
LONGEST_ZONE = 253 - 64  # an IPv6 address takes 64 characters in front of it

_ZONE = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
_LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def entries(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers: no blank ones, nothing from a # on."""
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if entry := line.partition("#")[0].strip():
                yield number, entry


def check(path: Path, refuse: Callable[[str], None], complain: Callable[[str], None], *, once: bool = False) -> int:
    """The number of entries in a file. Calls `complain` with one sentence for every line that `refuse`
    refuses with a ValueError, for a file that cannot be used, and with `once` for a name that is there
    twice, in whatever case. Raises OSError when the file cannot be read."""
    if path.exists() and not path.is_file():
        complain(f"{path}: not a plain file. It is read twice; write the list into a file first.")
        return 0
    count = 0
    lines: dict[str, int] = {}
    for number, entry in entries(path):
        count += 1
        if once and (first := lines.setdefault(entry.lower().removesuffix("."), number)) != number:
            complain(f"{path}, line {number}: {entry!r} stands in line {first} already. Keep one of them.")
            continue
        try:
            refuse(entry)
        except ValueError as refusal:
            complain(f"{path}, line {number}: {refusal}")
    if count == 0:
        complain(f"{path}: nothing in it; write one entry a line.")
    return count


def check_address(entry: str) -> None:
    """Raises ValueError with a sentence for what is not one IP address."""
    query_head(entry)


def check_zone(entry: str) -> None:
    """Raises ValueError with a sentence for what cannot be the name of a DNS blocklist."""
    if not _ZONE.fullmatch(entry):
        raise ValueError(f"{entry!r} is not the name of a zone; write one a line, as bl.example.org.")
    if len(entry.removesuffix(".")) > LONGEST_ZONE:
        raise ValueError(f"The zone has {len(entry)} characters; with at most {LONGEST_ZONE} it can be asked.")
    wire.encode_name(entry)


def cell(text: str) -> str:
    """A stranger's text, safe for a spreadsheet: no control characters, no formula, at most 255 long."""
    text = "".join(mark for mark in text if mark.isprintable()).strip()
    if text.startswith(_LOOKS_LIKE_A_FORMULA):
        text = "'" + text
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


class Writable(Protocol):
    """What takes text: a file, or Django's wrapper around standard output."""

    def write(self, text: str, /) -> object: ...


class Table:
    """The CSV file (RFC 4180, with bare line feeds). A plain file appears under its name only when it is
    whole: until then it is `unfinished`, and stays there if the scan breaks off. `out` None writes to
    `stdout`. A context manager; raises OSError."""

    def __init__(self, out: Path | None, stdout: Writable) -> None:
        self.out = out
        is_plain = out is not None and (not out.exists() or out.is_file())
        self.unfinished = out.with_name(out.name + ".part") if out and is_plain else None
        self._stdout = stdout

    def __enter__(self) -> Self:
        place = self.unfinished or self.out
        self._file = place.open("w", encoding="utf-8", newline="") if place else None
        self._writer = csv.writer(self._file or self._stdout, lineterminator="\n")
        self._writer.writerow(HEADER)
        return self

    def write(self, row: Row) -> None:
        codes = " ".join(row.codes)
        self._writer.writerow((row.address, row.zone, row.verdict, cell(codes), cell(row.reason)))

    def __exit__(
        self, kind: type[BaseException] | None, mishap: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()  # writes what is still buffered, or raises
        if kind is None and self.unfinished and self.out:
            self.unfinished.replace(self.out)
