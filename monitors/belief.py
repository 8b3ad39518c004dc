"""How far a reading is believed: which proofs it asks for, and what is left of it when they are in.

Values in, values out: the rows and the answers are the caller's.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Protocol

from monitors import checks, rounds
from monitors.probes.health import Proof
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.rounds import ListOnPath

BLIND_PATH = (
    "The answer was that there is no name, and on the same resolver no blocklist could be seen either. "
    "The fault is likely with our resolver, not with the sender."
)


QUARANTINED = (
    "The list is in quarantine: it named many unrelated servers at once, so a person looks before its word counts."
)
PROBATION = "The list failed its own test a short while ago, and has to pass it twice before its word counts again."


class Asked(Protocol):
    """What is read of a watch: a row, or the few columns of one."""

    @property
    def pk(self) -> int: ...
    @property
    def check_id(self) -> str: ...
    @property
    def rounds(self) -> int: ...


def list_of(watch: Asked) -> ListOnPath | None:
    """The list and the path that this watch's next look uses; None for what asks no list."""
    if not watch.check_id.startswith(checks.DNSBL):
        return None
    return watch.check_id.removeprefix(checks.DNSBL), rounds.path_name(watch.rounds)


def proofs_wanted(
    watches: Sequence[Asked],
    readings: Mapping[int, Reading],
    *,
    seeing: Set[ListOnPath],
    known: Set[ListOnPath],
    suspected: Set[int],
) -> Set[ListOnPath]:
    """Whatever may open or close a finding, or end a suspicion, is proved in this very round; a plain clear rests on a
    recent proof.

    `suspected` are the watches with an open finding or with adverse readings that count. `seeing` are the lists that
    were proved a short while ago, of all that are `known`. No answer from one of them has it proved too, so that its
    blindness is known at once. Other checks have no test entries: before a fault that one sees counts, the lists on the
    same path say whether that path sees anything.
    """
    wanted: set[ListOnPath] = set()
    for watch in watches:
        reading, pair = readings[watch.pk], list_of(watch)
        if pair is None:
            if reading.verdict is Verdict.ADVERSE:
                wanted |= _on_path(known, rounds.path_name(watch.rounds))
            continue
        match reading.verdict:
            case Verdict.ADVERSE:
                wanted.add(pair)
            case Verdict.CLEAR if pair not in seeing or watch.pk in suspected:
                wanted.add(pair)
            case Verdict.UNKNOWN if pair in seeing:
                wanted.add(pair)
    return wanted


def believed(
    watch: Asked,
    reading: Reading,
    proofs: Mapping[ListOnPath, Proof],
    *,
    trusted: Set[ListOnPath],
    quarantined: Set[str] = frozenset(),
) -> Reading:
    """The reading as far as this round's proofs bear it out.

    `trusted` are the lists that count as seeing after them: a list that was blind must pass twice. What a list in
    quarantine says waits for a person.
    """
    pair = list_of(watch)
    if pair is not None:
        if pair[0] in quarantined and reading.verdict is not Verdict.UNKNOWN:
            return _unknown(reading, "quarantined", QUARANTINED)
        if pair in proofs and not proofs[pair].healthy:
            return proofs[pair].vouch(reading)
        if pair not in trusted and reading.verdict is not Verdict.UNKNOWN:
            return _unknown(reading, "list_unhealthy", PROBATION)
        return reading
    if reading.verdict is not Verdict.ADVERSE:
        return reading
    on_path = _on_path(proofs.keys(), rounds.path_name(watch.rounds))
    if not on_path or any(proofs[one].healthy for one in on_path):
        return reading
    return _unknown(reading, "temperror", BLIND_PATH)


def _unknown(reading: Reading, result: str, sentence: str) -> Reading:
    return replace(
        reading, verdict=Verdict.UNKNOWN, result=result, severity=Severity.NONE, sentence=sentence, grounds=()
    )


def _on_path(pairs: Set[ListOnPath], path: str) -> set[ListOnPath]:
    return {pair for pair in pairs if pair[1] == path}
