"""The code on a letter: sixteen characters by which anybody can ask whether it is genuine. Pure.

80 random bits in Crockford's base 32, which leaves out I, L, O and U: nobody mistakes one character for another when
it is read aloud or copied by hand. Stored as `K7QF3M9TXW2P8RHA`, shown as `K7QF-3M9T-XW2P-8RHA`. This module makes and
reads codes; it does not know which of them are in use.
"""

import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
BITS = 5 * LENGTH

_MEANT = {"O": "0", "I": "1", "L": "1"}  # what people write for what they saw
_SPACING = frozenset({"Zs", "Cc", "Cf", "Pd"})  # blanks, line ends, invisible marks, hyphens and dashes of every kind


def make(draw: Callable[[int], int] = secrets.randbits) -> str:
    """A new code; `draw` gives that many random bits."""
    bits = draw(BITS)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(BITS - 5, -5, -5))


def normalise(typed: str) -> str | None:
    """The code that somebody typed, as it is stored: small letters, blanks, hyphens, O for 0, I or L for 1 are all
    understood. None when it cannot be a code."""
    code = ""
    for character in typed:
        if unicodedata.category(character) in _SPACING:
            continue
        meant = character.upper() if character.isascii() else character
        code += _MEANT.get(meant, meant)
        if len(code) > LENGTH:
            return None
    return code if len(code) == LENGTH and all(character in ALPHABET for character in code) else None


def show(code: str) -> str:
    """As people read it: `K7QF-3M9T-XW2P-8RHA`."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
