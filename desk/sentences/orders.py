"""The journal's entries about halt orders and letters, as sentences."""

from collections.abc import Mapping

from desk.sentences.sentence import Sentence
from journal.models import Entry


def _issued(entry: Entry, name: str) -> str:
    """The engine's reason is the finding's, which stands just below; a person's is told."""
    return (
        f"Halt order {name} issued." if entry.actor.startswith("engine") else f"Halt order {name} issued. {entry.why}"
    )


def _step(entry: Entry, name: str) -> str:
    told = entry.after.get("told") or []
    people = f"{len(told)} {'letter' if len(told) == 1 else 'letters'}"
    step = int(entry.after.get("step") or 0) + 1
    return f"Step {step} of {name}: {people} written." if told else f"Step {step} of {name}: there is nobody to tell."


ORDERS: Mapping[tuple[str, str], Sentence] = {
    ("halts.haltorder", "issued"): ("alarm", "shut", _issued),
    ("halts.haltorder", "step"): ("mail", "", _step),
    ("halts.haltorder", "acknowledged"): ("state-wait", "wait", lambda e, n: f"Halt order {n} was answered."),
    ("halts.haltorder", "acknowledged again"): ("check", "", lambda e, n: f"Somebody else answered {n} too."),
    ("halts.haltorder", "lifted"): ("lock-open", "", lambda e, n: f"Halt order {n} lifted. {e.why}".strip()),
    ("notices.delivery", "sent"): ("mail-check", "", lambda e, n: f"A letter to {n} was accepted by the mail server."),
    ("notices.delivery", "dead"): ("mail-x", "shut", lambda e, n: f"A letter to {n} was given up. {e.why}".strip()),
    ("notices.delivery", "cancelled"): (
        "mail-minus",
        "",
        lambda e, n: f"A letter to {n} was taken back. {e.why}".strip(),
    ),
    ("notices.delivery", "due"): ("refresh-cw", "", lambda e, n: f"A letter to {n} is tried again. {e.why}".strip()),
}
