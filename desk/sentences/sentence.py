"""How the journal is told: an icon, the class that colours it, and words for an entry `e` about something that people
call `n`."""

from collections.abc import Callable

from journal.models import Entry

Sentence = tuple[str, str, Callable[[Entry, str], str]]
