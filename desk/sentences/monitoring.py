"""The journal's entries about findings, sight, quarantine and the catalogue, and about the clock, as sentences."""

import json
from collections.abc import Mapping

from desk.checks import list_title
from desk.sentences.sentence import Sentence
from journal.models import Entry
from monitors.models import Sight


def _clock(seconds: int) -> str:
    return f"The clock of the machine was set {'back' if seconds < 0 else 'on'} by {abs(seconds)} seconds."


def _list_entry(entry: Entry, name: str) -> str:
    """What was changed, field by field; the row is gone when it was taken back."""
    fields = ", ".join(json.loads(entry.after.get("now") or "{}"))
    title = list_title(str(entry.after.get("list", "?")))
    if entry.verb == "taken back":
        return f"{title}: what was changed at the desk was taken back."
    return f"{title} was changed at the desk. It sets {fields}."


MONITORING: Mapping[tuple[str, str], Sentence] = {
    ("monitors.finding", "opened"): ("state-shut", "shut", lambda e, n: f"Finding {n} confirmed. {e.why}".strip()),
    ("monitors.finding", "graver"): ("state-shut", "shut", lambda e, n: f"Finding {n} is graver now. {e.why}".strip()),
    ("monitors.finding", "closed"): ("state-open", "open", lambda e, n: f"Finding {n} closed. {e.why}".strip()),
    ("monitors.sight", "seeing"): (
        "state-open",
        "open",
        lambda e, n: f"{n} can be seen{'' if e.before.get('state') == Sight.State.UNPROVED else ' again'}.",
    ),
    ("monitors.sight", "suspect"): (
        "state-unkn",
        "unkn",
        lambda e, n: f"{n} failed its test once, and is not believed. {e.why}".strip(),
    ),
    ("monitors.sight", "probation"): (
        "state-wait",
        "wait",
        lambda e, n: f"{n} passed its test once, and is on probation.",
    ),
    ("monitors.quarantine", "began"): (
        "state-unkn",
        "unkn",
        lambda e, n: (
            f"{n} was put into quarantine: it newly named {e.after.get('listed', '?')} of "
            f"{e.after.get('watched', '?')} vendors."
        ),
    ),
    ("monitors.quarantine", "released"): ("lock-open", "", lambda e, n: f"{n} is believed again. {e.why}".strip()),
    ("monitors.listentry", "changed"): ("pencil", "", _list_entry),
    ("monitors.listentry", "taken back"): ("undo-2", "", _list_entry),
    ("monitors.sight", "prove now"): ("refresh-cw", "", lambda e, n: "A proof of every list was asked for."),
    ("monitors.sight", "blind"): ("state-unkn", "unkn", lambda e, n: f"{n} cannot be trusted. {e.why}".strip()),
    ("engine.cycle", "clock set"): ("history", "unkn", lambda e, n: _clock(e.after.get("seconds", 0))),
}
