"""What the readings of several resolver paths amount to together. Pure.

Each path is a witness. A fault that all of them see stands; one that only some see is a suspicion, be it that another
sees none or that another cannot see. What is in order has been seen on every path, or it is not known.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitors.probes.reading import Reading, Severity, Verdict
from monitors.sender.report import Seen

SUSPECTED = "suspected"  # the result of what only some paths show


def together(seen: Sequence[Seen]) -> Reading:
    """One reading for all. Its evidence is that of every path."""
    first = seen[0].reading
    if len(seen) == 1:
        return first
    evidence = tuple(part for one in seen for part in one.reading.evidence)
    adverse = [one for one in seen if one.reading.verdict is Verdict.ADVERSE]
    if len(adverse) == len(seen):
        return replace(_shared(adverse), evidence=evidence)
    if adverse:
        return replace(_suspected(adverse, seen), evidence=evidence)
    blind = [one for one in seen if one.reading.verdict is Verdict.UNKNOWN]
    if blind and len(blind) < len(seen):
        clear = next(one for one in seen if one not in blind)
        sentence = f"{_through(blind[0])}: {blind[0].reading.sentence} {_through(clear)}: {clear.reading.sentence}"
        return replace(blind[0].reading, sentence=sentence, evidence=evidence)
    return replace(first, evidence=evidence)


def _shared(adverse: Sequence[Seen]) -> Reading:
    """What all paths hold against it: only the grounds that each of them names."""
    first = adverse[0].reading
    common = frozenset.intersection(*(frozenset(one.fault for one in seen.reading.grounds) for seen in adverse))
    if not common:
        return _suspected(adverse, adverse)
    severity, sentence = first.about(common)
    grounds = tuple(one for one in first.grounds if one.fault in common)
    if len(grounds) == len(first.grounds):
        return first
    return replace(first, severity=severity, sentence=sentence, grounds=grounds)


def _suspected(adverse: Sequence[Seen], seen: Sequence[Seen]) -> Reading:
    told = [adverse[0], *(one for one in seen if one is not adverse[0])]
    sentence = " ".join(f"{_through(one)}: {one.reading.sentence}" for one in told)
    return replace(
        adverse[0].reading,
        verdict=Verdict.UNKNOWN,
        result=SUSPECTED,
        severity=Severity.NONE,
        sentence=f"{sentence} The resolvers differ, so this is a suspicion and no finding.",
        grounds=(),
    )


def _through(seen: Seen) -> str:
    return f"Through {seen.path}"
