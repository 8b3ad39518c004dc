"""Which characters the fonts of the papers can show, and what stands on paper for one that they cannot. Pure.

An archival PDF must not hold a character without a shape, and a contract must not hide one. So what people wrote is
shown as they wrote it wherever a font has it; anything else (emoji, scripts that no font here has, marks that turn the
direction of writing, invisible joiners) is shown by its code points, ‹U+1F600›. The attached data has the original.
A further font put into papers/fonts is used for what the others lack.
"""

import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).with_name("papers") / "fonts"

_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})  # no shape, or no agreed one


def on_paper(facts: Any) -> Any:
    """The same facts, every text in them as the papers can show it."""
    match facts:
        case str():
            return write(facts)
        case Mapping():
            return {key: on_paper(value) for key, value in facts.items()}
        case list() | tuple():
            return [on_paper(value) for value in facts]
    return facts


def write(text: str) -> str:
    """`text` in NFC, tabs and odd blanks as plain ones, line ends as "\\n", and code points for what has no shape."""
    if text.isascii() and text.isprintable():
        return text
    written = ""
    hidden: list[str] = []
    fonts = frozenset[int]()  # those that have the whole of the character now being put together, marks included
    for character in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        shown = character
        if character == "\t" or (unicodedata.category(character) == "Zs" and character != "\xa0"):
            shown = " "
        having = _having(shown)
        if unicodedata.category(shown).startswith("M"):  # goes with what it stands on, or is spelled out with it
            having = frozenset() if hidden else having & fonts
        if having or shown == "\n":
            written += _code_points(hidden) + shown
            hidden = []
            fonts = having
        else:
            hidden.append(character)
    return written + _code_points(hidden)


def _code_points(characters: Sequence[str]) -> str:
    return f"‹{' '.join(f'U+{ord(character):04X}' for character in characters)}›" if characters else ""


def _having(character: str) -> frozenset[int]:
    """The fonts, by number, that have a shape for it."""
    if unicodedata.category(character) in _NEVER_SHOWN:
        return frozenset()
    return frozenset(number for number, coverage in enumerate(_coverages()) if ord(character) in coverage)


@cache
def _coverages() -> tuple[frozenset[int], ...]:
    return tuple(frozenset(_code_points_of(path.read_bytes())) for path in sorted(FONTS.glob("*.[ot]tf")))


def _code_points_of(font: bytes) -> Iterator[int]:
    """The code points that an OpenType font maps to a glyph (its cmap table, formats 4 and 12)."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(count))
    start = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    offsets = {struct.unpack_from(">HHI", font, start + 4 + 8 * number)[2] for number in range(count)}
    for at in (start + offset for offset in offsets):
        (form,) = struct.unpack_from(">H", font, at)
        if form == 4:
            yield from _of_format_4(font, at)
        elif form == 12:
            (groups,) = struct.unpack_from(">I", font, at + 12)
            for number in range(groups):
                first, last, glyph = struct.unpack_from(">III", font, at + 16 + 12 * number)
                yield from (code for code in range(first, last + 1) if glyph + code - first)


def _of_format_4(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    segments = twice // 2
    ends = struct.unpack_from(f">{segments}H", font, at + 14)
    starts = struct.unpack_from(f">{segments}H", font, at + 16 + twice)
    deltas = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * twice)
    ranges = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{segments}H", font, ranges)
    for number in range(segments):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            glyph = code
            if offsets[number]:
                where = ranges + 2 * number + offsets[number] + 2 * (code - starts[number])
                (glyph,) = struct.unpack_from(">H", font, where)
                if not glyph:
                    continue
            if (glyph + deltas[number]) & 0xFFFF:
                yield code
