"""Does the chain hold? Walks it from the first entry and names the first position that is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from journal.models import GENESIS, Entry, Head


@dataclass(frozen=True, slots=True)
class Fault:
    """`position` is where the chain breaks; `sentence` says how."""

    position: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    head: str
    faults: tuple[Fault, ...]


def verify(*, most_faults: int = 20) -> Verification:
    """Read the whole journal in one snapshot; at most `most_faults` faults are listed."""
    with transaction.atomic():
        head = Head.objects.filter(id=1).first() or Head()
        entries = 0
        faults: list[Fault] = []
        previous, expected = GENESIS, 1
        for entry in _entries():
            entries += 1
            for sentence in _faults_of(entry, previous, expected):
                if len(faults) < most_faults:
                    faults.append(Fault(entry.position, sentence))
            previous, expected = entry.hash, entry.position + 1
        if expected - 1 != head.position:
            faults.append(
                Fault(
                    expected,
                    f"The journal ends at {expected - 1}, but its head says {head.position}: entries are missing.",
                )
            )
        elif previous != head.hash:
            faults.append(Fault(head.position, "The last entry does not carry the hash that the head remembers."))
    return Verification(entries, head.hash, tuple(faults))


def _entries() -> Iterator[Entry]:
    return Entry.objects.order_by("position").iterator(chunk_size=2000)


def _faults_of(entry: Entry, previous: str, expected: int) -> Iterator[str]:
    if entry.position != expected:
        yield f"Position {expected} is missing before {entry.position}."
    if entry.previous_hash != previous:
        yield "It does not follow the entry before it."
    if entry.hash != entry.digest():
        yield f"Its content was changed after it was written ({entry.object_type} {entry.object_id}, {entry.verb})."
