"""The code of a list source, as it is written and as it is compared. Pure.

Case, blanks and the way in which an accent is composed make no other source: whoever counts additions by code must not
be able to split them by spelling.
"""

import unicodedata

MOST = 100  # characters of a code
MOST_OF_KEY = 3 * MOST  # folding case makes up to three characters of one


def tidy(code: str) -> str:
    """As it is shown: without blanks around it, with single ones in it, and without signs that nobody sees."""
    return " ".join("".join(sign for sign in code if sign.isprintable() or sign.isspace()).split())


def key_of(code: str) -> str:
    """What two spellings of one code have in common."""
    folded = unicodedata.normalize("NFC", tidy(code)).casefold()
    return unicodedata.normalize("NFC", folded)
