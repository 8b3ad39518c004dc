"""The words of the policy: thresholds filled in, and the whole text that is hashed. Pure.

A threshold stands in braces: `{complaint_hours}`. Braces serve for nothing else.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby

from policies.clauses import GROUPS, Clause
from policies.thresholds import NAMES, Thresholds

TITLE_LIMIT, TEXT_LIMIT, NOTE_LIMIT = 120, 2000, 2000  # characters
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, bidirectional and other characters without a picture
BRACED = re.compile(r"\{([^{}]*)\}")


class WordingRefused(Exception):
    """Words that cannot stand in the policy; the sentence says why and what would do."""


def fill(text: str, thresholds: Thresholds) -> str:
    """`text` with each threshold as a number, thousands parted: `1,000`. Raises WordingRefused for any brace that does
    not hold the name of one."""
    numbers = thresholds.stored()
    named(text)
    return BRACED.sub(lambda found: f"{numbers[found[1]]:,}", text)


def named(text: str) -> set[str]:
    """The thresholds that it names. Raises WordingRefused as fill() does."""
    names = set(BRACED.findall(text))
    for name in sorted(names - NAMES):
        raise WordingRefused(f"“{{{name}}}” is no threshold. Write one of {_choice()}.")
    if re.search(r"[{}]", BRACED.sub("", text)):
        raise WordingRefused(f"A brace stands alone. Braces hold a threshold, one of {_choice()}.")
    return names


def filled(clauses: Iterable[Clause], thresholds: Thresholds) -> tuple[Clause, ...]:
    """The clauses as people read them."""
    return tuple(Clause(one.id, fill(one.title, thresholds), fill(one.text, thresholds)) for one in clauses)


def cleaned(text: str, what: str, limit: int) -> str:
    """One paragraph: NFC, each run of blanks one space. Raises WordingRefused when nothing is left, when it is longer
    than `limit`, or when it holds what cannot be seen. `what` names it in the sentence: "text"."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not clean:
        raise WordingRefused(f"Write the {what}.")
    if len(clean) > limit:
        raise WordingRefused(f"The {what} has {len(clean):,} characters. Keep it to {limit:,}.")
    if unseen := next((one for one in clean if unicodedata.category(one) in UNSEEN), None):
        raise WordingRefused(f"The {what} holds a character that cannot be seen (U+{ord(unseen):04X}). Type it anew.")
    return clean


def write(title: str, number: int, effective_at: datetime, clauses: Iterable[Clause], thresholds: Thresholds) -> str:
    """The whole policy as plain text with a little Markdown: what is downloaded, signed and hashed. Number 1 came with
    the product and names no day."""
    at = effective_at.astimezone(UTC)
    since = "the beginning" if number == 1 else f"{at.day} {at:%B %Y, %H:%M:%S} UTC"
    parts = [
        f"# {title}",
        f"Version {number}, in force from {since}.",
        "“We” and “our” mean the advertiser, in whose name the mail is sent.",
    ]
    for letter, some in groupby(filled(clauses, thresholds), lambda one: one.id[0]):
        parts.append(f"## {GROUPS[letter]}")
        parts += [f"### {one.id} {one.title}\n\n{one.text}" for one in some]
    return "\n\n".join(parts) + "\n"


def sha256(text: str) -> str:
    """Of the text in UTF-8, as hex: the same as `sha256sum` says of the downloaded file."""
    return hashlib.sha256(text.encode()).hexdigest()


def _choice() -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(NAMES))
