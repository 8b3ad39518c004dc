"""A file of opt-outs: address, date and time, IP address, ad code, in this order (O3). Pure, and bounded.

What is wrong is said by line, so that whoever made the file can mend what makes it. A first line of headings may stand.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

CODE = "A11.19"  # the question that asks for a sample
MOST_BYTES = 1024 * 1024
MOST_LINES = 5_000
MOST_FAULTS = 10
READABLE = frozenset({"csv", "txt"})
ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@.,;<>\"]{2,}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
LONGEST_CODE = 100
COLUMNS = "address, date, IP address, ad code"


@dataclass(frozen=True, slots=True)
class OptOutFile:
    """`is_ok` is None where nothing can be said of it; `sentences` say why it is not, or what was read."""

    is_ok: bool | None
    sentences: tuple[str, ...]

    @property
    def facts(self) -> dict[str, object]:
        found: dict[str, object] = {"sentences": list(self.sentences)}
        return found if self.is_ok is None else found | {"optouts.sample_ok": self.is_ok}


def read(kind: str, content: bytes) -> OptOutFile:
    """`kind` is that of the file, as intake knows it."""
    if kind not in READABLE:
        return OptOutFile(None, ("We read the columns of CSV and text only. A person will look at this one.",))
    faults: list[str] = []
    good = 0
    for number, cells in _lines(content):
        if number == 1 and _is_heading(cells):
            continue
        if fault := _fault(cells):
            faults.append(f"Line {number}: {fault}")
        else:
            good += 1
        if len(faults) == MOST_FAULTS:
            break
    if faults:
        return OptOutFile(False, tuple(faults))
    if not good:
        return OptOutFile(False, (f"The file has no line of an opt-out. Give one at least: {COLUMNS}.",))
    lines = "The one line has" if good == 1 else f"All {good:,} lines that we read have"
    return OptOutFile(True, (f"{lines} the four columns in their order and form.",))


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Numbered lines that are not blank. A last line that the limit cuts is left out."""
    kept = content[:MOST_BYTES]
    if len(content) > MOST_BYTES:
        kept = kept[: kept.rfind(b"\n") + 1]
    text = kept.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\x00", "")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    while reader.line_num < MOST_LINES:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, []
            return
        if any(cells):
            yield reader.line_num, cells


def _is_heading(cells: Sequence[str]) -> bool:
    return not any("@" in cell or any(mark.isdigit() for mark in cell) for cell in cells)


def _fault(cells: Sequence[str]) -> str:
    if len(cells) != 4:
        many = "1 column" if len(cells) == 1 else f"{len(cells)} columns"
        return f"it has {many if cells else 'no columns that can be read'}. Four are wanted: {COLUMNS}."
    address, moment, ip, code = cells
    if not ADDRESS.fullmatch(address):
        return f"“{address[:60]}” in the first column is no mail address."
    if not _is_moment(moment):
        return f"“{moment[:60]}” in the second column is no date like 2026-11-21 14:14:20."
    if not _is_address(ip):
        return f"“{ip[:60]}” in the third column is no IP address."
    if not code or len(code) > LONGEST_CODE:
        return "the fourth column has no ad code." if not code else "the ad code in the fourth column is too long."
    return ""


def _is_moment(text: str) -> bool:
    try:
        return bool(MOMENT.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
