"""The journal's entries about look-ups by hand and about delisting, as sentences."""

from collections.abc import Mapping

from desk.sentences.sentence import Sentence
from journal.models import Entry
from monitors import checks
from monitors.models import Delisting


def _attested(entry: Entry, name: str) -> str:
    """With what was typed there, where that is not the name itself."""
    looked_up = ", ".join(entry.after.get("looked_up") or ())
    about = name if not looked_up or looked_up in name else f"{name} ({looked_up})"
    seen = entry.after.get("meaning") or entry.after.get("outcome", "?")
    at = checks.check_name(str(entry.after.get("check", "")))
    return f"Looked up by hand at {at}: {about}. Seen: {seen}."


def _asked(entry: Entry, name: str) -> str:
    who = "We" if entry.after.get("party") == Delisting.Party.STAFF else "The vendor"
    return f"{who} asked for the end of the entry behind {name}."


def _answered(entry: Entry, name: str) -> str:
    said = dict(Delisting.Outcome.choices).get(entry.after.get("outcome", ""), "It is not known what it says")
    return f"An answer came to the delisting of {name}. {said}. {entry.why}".strip()


LOOKUPS: Mapping[tuple[str, str], Sentence] = {
    ("monitors.attestation", "attested"): ("eye", "", _attested),
    ("monitors.delisting", "asked"): ("mail", "", _asked),
    ("monitors.delisting", "answered"): ("mail-check", "", _answered),
}
