"""Proof by sample: which rows of a list are asked for, and what of the vendor's answer can be read (B8). Pure.

Rows are drawn from a seed, so that anybody who knows it can draw them again; where the seed is kept, and that nobody
sees it before the numbers of the form stand, is the caller's business. Whether a proof convinces is for the reviewer.
"""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

COLUMNS = ("row", "address", "source", "moment", "origin", "wording")
MASKED = re.compile(r"[^@\s]{0,2}\*+[^@\s]*@\S+|[0-9a-f]{32,128}", re.IGNORECASE)  # a***@example.org, or a hash
MOST_LINES = 500
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What a file of proof held. `missing` are rows drawn without a whole line; `faults` say where and why."""

    missing: tuple[int, ...]
    faults: tuple[str, ...]


def draw(seed: str, total: int, size: int) -> list[int]:
    """`size` different rows of 1 to `total`, in the order drawn; all of them when there are no more.

    Each is SHA-256 of "seed:n" modulo total, for n = 0, 1, 2 ..., without those that came before. A wider sample of
    the same seed begins with the narrower one.
    """
    drawn: dict[int, None] = {}
    n = 0
    while len(drawn) < min(size, total):
        if n > 50 * size:  # nearly all rows of a small list are drawn: take the rest as it stands
            drawn |= dict.fromkeys(range(1, total + 1))
            break
        digest = hashlib.sha256(f"{seed}:{n}".encode()).digest()
        drawn[int.from_bytes(digest, "big") % total + 1] = None
        n += 1
    return list(drawn)[:size]


def read_proof(content: bytes, drawn: Collection[int]) -> Proof:
    """The CSV of B8.01: row, masked address or hash, source, date and time, IP or form number, wording."""
    faults: list[str] = []
    proved: set[int] = set()
    for number, cells in enumerate(_lines(content), 1):
        if not any(cells) or (number == 1 and not (cells[0].isascii() and cells[0].isdigit())):
            continue  # a blank line, or the heading
        row = int(cells[0]) if cells[0].isascii() and cells[0].isdigit() and len(cells[0]) < 12 else 0
        fault = _fault(row, cells, drawn, proved)
        if fault:
            faults.append(f"Line {number}: {fault}")
        elif row:
            proved.add(row)
    return Proof(tuple(sorted(set(drawn) - proved)), tuple(faults[:MOST_FAULTS]))


def _fault(row: int, cells: Sequence[str], drawn: Collection[int], proved: Collection[int]) -> str:
    if row not in drawn:
        return f"row “{cells[0][:20]}” was not drawn. Leave it out."
    if row in proved:
        return f"row {row} is there already. Keep one line of it."
    empty = [name for name, cell in zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False) if not cell]
    if empty:
        return f"row {row} lacks {', '.join(empty)}."
    if not MASKED.fullmatch(cells[1]):
        return f"row {row} shows a whole address. Write it as a***@example.org, or as a salted hash."
    return ""


def _lines(content: bytes) -> list[list[str]]:
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\x00", "")
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    found: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text), delimiter=separator):
            found.append([cell.strip() for cell in cells] or [""])
            if len(found) > MOST_LINES:
                break
    except csv.Error:  # a cell of more than 128 kB: what was read until there counts
        pass
    return found
