"""The answer at the top of a vendor's page at the desk, and of a server's: may they mail, why not with the evidence one
click away, and what is met."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from gate import wording
from gate.ask import clearance
from gate.reason import Reason
from vendors.models import SendingServer, Vendor

SHOWN = 16  # reasons on the page; the worst come first
PAGES = {"H": "desk:order", "F": "desk:finding", "A": "desk:acceptance", "B": "desk:acceptance", "S": "desk:submission"}
NOUNS = {"H": "Order", "F": "Finding", "A": "Acceptance", "B": "Acceptance", "S": "Form"}
PLACES = {  # where a reason without a number of its own is looked into
    "not_seen": ("desk:blocklists", "What we can see"),
    "lapsed": ("desk:clauses", "The policy"),
    "policy_changes": ("desk:clauses", "The policy"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A reason with its tag and the way to its evidence, if there is any."""

    state: str
    word: str
    reason: Reason
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`more` is how many lesser reasons are not shown."""

    question: str
    state: str
    answer: str
    since: datetime | None
    lines: list[Line]
    more: int
    met: tuple[Reason, ...]


def verdict(vendor: Vendor, at: datetime, server: SendingServer | None = None) -> Verdict:
    """The gate's answer about `vendor` as a whole, or about one of its servers."""
    found = wording.word(clearance(vendor, server=server, at=at))
    question = f"May {vendor} mail from {server.address} now?" if server else f"May {vendor} mail now?"
    lines = [Line(one.state, one.word, one.reason, *_evidence(one.reason)) for one in found.lines[:SHOWN]]
    since = found.since if not found.is_open else None
    return Verdict(question, found.state, found.answer, since, lines, len(found.lines) - len(lines), found.met)


def _evidence(reason: Reason) -> tuple[str, str]:
    """(address, words) of where the reason is looked into."""
    if reason.id.startswith("contact_") or reason.id == "no_contact":
        return "#contacts", "The contacts"
    if reason.id.startswith("servers_"):
        return "#servers", "The servers"
    if place := PLACES.get(reason.id):
        return reverse(place[0]), place[1]
    kind = reason.ref.partition("-")[0]
    if not reason.ref or kind not in PAGES:
        return "", ""
    try:
        return reverse(PAGES[kind], args=[reason.ref]), f"{NOUNS[kind]} {reason.ref}"
    except NoReverseMatch:
        return "", ""
