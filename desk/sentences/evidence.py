"""The journal's entries about requests for evidence, and what is let stand of registrations, as
sentences. `e` is the entry, `n` what people say: the request's number, the element and its domain."""

from collections.abc import Mapping

from desk.sentences.sentence import Sentence
from journal.models import Entry


def _asked(entry: Entry, name: str) -> str:
    by = "Asked by hand" if not entry.actor.startswith("engine") else "Asked"
    return f"{by}: {name}, for {len(entry.after.get('elements') or ())} elements, until {entry.after.get('due_on')}."


EVIDENCE: Mapping[tuple[str, str], Sentence] = {
    ("monitors.evidencerequest", "asked"): ("mail", "wait", _asked),
    ("monitors.evidencerequest", "open"): ("mail", "wait", lambda e, n: f"{n} was asked again. {e.why}"),
    ("monitors.evidencerequest", "document added"): ("paperclip", "", lambda e, n: f"A document was added to {n}."),
    ("monitors.evidencerequest", "answered"): ("inbox", "wait", lambda e, n: f"{n} was answered."),
    ("monitors.evidencerequest", "overdue"): ("state-wait", "shut", lambda e, n: f"{n} is overdue. {e.why}"),
    ("monitors.evidencerequest", "settled"): ("state-open", "open", lambda e, n: f"{n} is settled. {e.why}"),
    ("monitors.evidencerequest", "dropped"): ("archive", "", lambda e, n: f"{n} was dropped. {e.why}"),
    ("monitors.grant", "proposed"): ("check", "wait", lambda e, n: f"Proposed to let stand: the {n}. {e.why}"),
    ("monitors.grant", "granted"): ("stamp", "open", lambda e, n: f"Let stand: the {n}. {e.why}"),
    ("monitors.grant", "standing"): ("stamp", "open", lambda e, n: f"Confirmed: the {n}. {e.why}"),
    ("monitors.grant", "lapsed"): ("state-wait", "wait", lambda e, n: f"Ended with the record: the {n}. {e.why}"),
    ("monitors.grant", "expired"): ("archive", "", lambda e, n: f"Expired: the {n}. {e.why}"),
    ("monitors.grant", "withdrawn"): ("undo-2", "", lambda e, n: f"Withdrawn: the {n}. {e.why}"),
}
