"""The journal's entries about vendors, their servers, domains, names and contacts, as sentences."""

from collections.abc import Mapping

from desk.sentences.sentence import Sentence
from journal.models import Entry
from vendors.models import TestCall


def _called(entry: Entry, name: str) -> str:
    outcome = dict(TestCall.Outcome.choices).get(entry.after.get("outcome", ""), "It is not known what came of it")
    return f"Test call to {name}. {outcome}."


def _domain_changed(entry: Entry, name: str) -> str:
    nouns = {"uses": "its uses", "selectors": "its DKIM selectors", "opt_out_url": "its opt-out page"}
    changed = [noun for field, noun in nouns.items() if field in (entry.after.get("fields") or [])]
    return f"Domain {name} was changed: {', '.join(changed) or 'something of it'}."


REGISTER: Mapping[tuple[str, str], Sentence] = {
    ("vendors.vendor", "added"): ("building-2", "", lambda e, n: f"{n} was added to the register."),
    ("vendors.vendor", "renamed"): (
        "pencil",
        "",
        lambda e, n: (
            f"Renamed from {e.after.get('was', {}).get('name', '?')} to {e.after.get('now', {}).get('name', n)}."
        ),
    ),
    ("vendors.vendor", "retired"): ("archive", "", lambda e, n: f"{n} was retired. {e.why}".strip()),
    ("vendors.vendor", "active"): ("archive-restore", "", lambda e, n: f"{n} was reinstated. {e.why}".strip()),
    ("vendors.vendor", "look now"): ("refresh-cw", "", lambda e, n: "All checks were asked for at once."),
    ("vendors.sendingserver", "added"): ("server", "", lambda e, n: f"Server {n} was added."),
    ("vendors.sendingserver", "changed"): ("pencil", "", lambda e, n: f"The names of server {n} were changed."),
    ("vendors.sendingserver", "retired"): ("archive", "", lambda e, n: f"Server {n} was retired. {e.why}".strip()),
    ("vendors.sendingserver", "active"): (
        "archive-restore",
        "",
        lambda e, n: f"Server {n} was reinstated. {e.why}".strip(),
    ),
    ("vendors.sendingserver", "look now"): ("refresh-cw", "", lambda e, n: f"A check of {n} was asked for at once."),
    ("vendors.domain", "added"): ("globe", "", lambda e, n: f"Domain {n} was added."),
    ("vendors.domain", "met"): ("globe", "", lambda e, n: f"Domain {n} was met in the DNS of their servers."),
    ("vendors.domain", "declared"): ("globe", "", lambda e, n: f"Domain {n}, met before, was declared."),
    ("vendors.domain", "changed"): ("pencil", "", _domain_changed),
    ("vendors.domain", "retired"): ("archive", "", lambda e, n: f"Domain {n} was retired. {e.why}".strip()),
    ("vendors.domain", "active"): ("archive-restore", "", lambda e, n: f"Domain {n} was reinstated. {e.why}".strip()),
    ("vendors.domain", "look now"): ("refresh-cw", "", lambda e, n: f"A check of {n} was asked for at once."),
    ("vendors.vendor", "alias approved"): (
        "badge-check",
        "",
        lambda e, n: f"“{e.after.get('name', '?')}” was approved as another name of {n}.",
    ),
    ("vendors.vendor", "alias withdrawn"): (
        "archive",
        "",
        lambda e, n: f"“{e.after.get('name', '?')}” is no name of {n} any more. {e.why}".strip(),
    ),
    ("vendors.contact", "added"): ("user-plus", "", lambda e, n: f"Contact {n} was added."),
    ("vendors.contact", "changed"): ("pencil", "", lambda e, n: f"Contact {n} was changed."),
    ("vendors.contact", "removed"): ("user-minus", "", lambda e, n: "A contact was removed."),
    ("vendors.contact", "asked to confirm"): (
        "mail",
        "",
        lambda e, n: f"{n} was asked to confirm address and authority.",
    ),
    ("vendors.contact", "address confirmed"): ("mail-check", "open", lambda e, n: f"The address of {n} is confirmed."),
    ("vendors.contact", "authority confirmed"): (
        "state-open",
        "open",
        lambda e, n: f"{n} says that they can stop all mailings, and will.",
    ),
    ("vendors.contact", "declined"): (
        "state-shut",
        "shut",
        lambda e, n: f"{n} says that they are not the emergency contact, or cannot stop the mailings.",
    ),
    ("vendors.contact", "test call"): ("phone", "", _called),
    ("vendors.vendor", "code sent"): ("mail", "", lambda e, n: "A code was mailed, to confirm an address."),
    ("vendors.vendor", "code confirmed"): ("mail-check", "open", lambda e, n: "An address was confirmed by its code."),
}
