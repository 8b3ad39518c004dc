"""Does the chain hold? Walks it from the first entry and names the first position that is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max

from journal.models import GENESIS, Entry, Head

PAGE = 2000  # entries read at a time


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
    """Read the journal up to the head that it has now; after `most_faults` faults only the end is judged.

    Needs no lock, and nobody waits for it: entries up to a head that was seen never change, or that is the fault.
    """
    last = Entry.objects.aggregate(last=Max("position"))["last"] or 0  # before the head, which only moves on
    head = Head.objects.filter(id=1).first() or Head()
    faults: list[Fault] = []
    entries, expected, previous = 0, 1, GENESIS
    for entry in _entries(head.position):
        entries += 1
        if len(faults) < most_faults:
            faults += [Fault(entry.position, sentence) for sentence in _faults_of(entry, previous, expected)]
        previous, expected = entry.hash, entry.position + 1
    if expected - 1 != head.position:
        sentence = f"The journal ends at {expected - 1}, but its head says {head.position}: entries are missing."
        faults.append(Fault(expected, sentence))
    elif previous != head.hash:
        faults.append(Fault(head.position, "The last entry does not carry the hash that the head remembers."))
    if last > head.position:
        sentence = f"The journal goes on to {last}, but its head says {head.position}: the head was set back."
        faults.append(Fault(head.position + 1, sentence))
    return Verification(entries, head.hash, tuple(faults))


def _entries(end: int) -> Iterator[Entry]:
    done = -1
    while page := list(Entry.objects.filter(position__gt=done, position__lte=end).order_by("position")[:PAGE]):
        yield from page
        done = page[-1].position


def _faults_of(entry: Entry, previous: str, expected: int) -> Iterator[str]:
    if entry.position != expected:
        yield f"Position {expected} is missing before {entry.position}."
    if entry.previous_hash != previous:
        yield "It does not follow the entry before it."
    if entry.hash != entry.digest():
        yield f"Its content was changed after it was written ({entry.object_type} {entry.object_id}, {entry.verb})."
