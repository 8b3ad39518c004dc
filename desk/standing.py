"""What is known of a vendor, in one word and one sentence. Pure: facts in, words out.

This is not the question whether they may mail: it says only what was seen, what was ordered and where we are blind.
Worst first: a halt order, a fault seen, blindness, nothing to look at, and last of all nothing adverse.
"""

from functools import lru_cache
from typing import NamedTuple


class Facts(NamedTuple):
    """Counts about one vendor. `enrolled` servers have watches; the rest have not been looked at. `adverse` and
    `unknown` say whether any check of any server is."""

    is_active: bool
    servers: int = 0
    enrolled: int = 0
    adverse: bool = False
    unknown: bool = False
    unanswered: int = 0
    answered: int = 0
    findings: int = 0


class Standing(NamedTuple):
    """`state` is open, shut, wait or unkn, or empty for a vendor that is retired; `word` is for a tag."""

    state: str
    word: str
    sentence: str


@lru_cache(maxsize=1024)
def standing(facts: Facts) -> Standing:
    """The worst that is so."""
    if facts.unanswered:
        return Standing("shut", "No answer", "A halt order is in force, and nobody has answered it.")
    if facts.answered:
        return Standing("shut", "Halted", "A halt order is in force.")
    if facts.findings:
        return Standing("shut", "Adverse", "A server is in bad standing.")
    if not facts.is_active:
        return Standing("", "Retired", "Retired: nothing of theirs is watched.")
    if facts.adverse:
        return Standing("shut", "Adverse", "A fault was seen, and is being confirmed.")
    if facts.unknown or facts.enrolled < facts.servers:
        return Standing("unkn", "Unknown", "We cannot see everything.")
    if not facts.servers:
        return Standing("wait", "No server", "There is no server to watch.")
    return Standing("open", "Clear", "Nothing adverse seen.")
