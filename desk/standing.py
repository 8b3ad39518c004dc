"""What is known of a vendor, in one word and one sentence. Pure: counts in, words out.

This is not the question whether they may mail: it says only what was seen, what was ordered and where we are blind.
Worst first: a halt order, a fault seen, blindness, nothing to look at, and last of all nothing adverse.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts about one vendor. `enrolled` servers have watches; the rest have not been looked at."""

    is_active: bool
    servers: int = 0
    enrolled: int = 0
    adverse: int = 0
    unknown: int = 0
    orders: int = 0
    unanswered: int = 0
    findings: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is open, shut, wait or unkn, or empty for a vendor that is retired; `word` is for a tag."""

    state: str
    word: str
    sentence: str


def standing(facts: Facts) -> Standing:
    """The worst that is so."""
    if facts.unanswered:
        return Standing("shut", "No answer", "A halt order is in force, and nobody has answered it.")
    if facts.orders:
        return Standing("shut", "Halted", "A halt order is in force.")
    if facts.findings or facts.adverse:
        what = "A server is" if facts.adverse <= 1 else f"{facts.adverse:,} servers are"
        return Standing("shut", "Adverse", f"{what} in bad standing.")
    if not facts.is_active:
        return Standing("", "Retired", "Retired: nothing of theirs is watched.")
    if facts.unknown or facts.enrolled < facts.servers:
        return Standing("unkn", "Unknown", "We cannot see everything.")
    if not facts.servers:
        return Standing("wait", "No server", "There is no server to watch.")
    return Standing("open", "Clear", "Nothing adverse seen.")
