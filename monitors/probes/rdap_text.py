"""The reading of one RDAP answer (RFC 9083): what kind of answer it is, and who holds the domain, network or number.

Reads `redacted` (RFC 9537), and the remarks and marker words that servers used before it; never evaluates an
expression that came from a server. Nothing raises for what a server wrote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitors.probes import jcard
from monitors.probes.jcard import mappings, sequence
from monitors.probes.registration import ELEMENTS, Element, Outcome, Registration, State, plain, settled

DEPTH = 4  # of entities within entities
OBJECTS = ("domain", "ip network", "autnum")
WITHHELD = re.compile(r"redacted for privacy|object (truncated|redacted) due to authori[sz]ation", re.IGNORECASE)
EMAIL_WITHHELD = re.compile(r"^e-?mail redacted", re.IGNORECASE)
# What the entries of RFC 9537 are called in IANA's registry ("Registrant Email"), and what servers make of it
REDACTIONS = {
    "name": "name",
    "organization": "organisation",
    "organisation": "organisation",
    "email": "email",
    "e-mail": "email",
    "email address": "email",
    "phone": "phone",
    "telephone": "phone",
    "phone number": "phone",
    "street": "address",
    "address": "address",
    "street address": "address",
    "postal address": "address",
}
WHOLE = ("registrant", "registrant contact", "registrant entity", "registrant information", "registrant data")


@dataclass(frozen=True, slots=True)
class RdapRecord:
    """One answer. `kind` is "domain", "ip network" or "autnum", "error" for an error body, "" for anything else;
    `name` the domain in lower case, of other kinds its name or handle."""

    outcome: Outcome
    kind: str
    name: str
    registration: Registration


def read(answer: Mapping[str, Any]) -> Registration:
    """Who holds what the answer is about."""
    return record(answer).registration


def record(answer: Any) -> RdapRecord:
    """The whole answer. An error body (RFC 7480, RFC 9083 section 6) and what is no answer hold no registration."""
    if not isinstance(answer, Mapping):
        return RdapRecord(Outcome.ERROR, "", "", Registration())
    kind = plain(answer.get("objectClassName")).lower()
    code = answer.get("errorCode")
    if code is not None and kind not in OBJECTS:
        known = {404: Outcome.NOT_FOUND, 429: Outcome.RATE_LIMITED}
        outcome = known.get(code, Outcome.ERROR) if isinstance(code, int) else Outcome.ERROR
        return RdapRecord(outcome, "error", "", Registration())
    name = plain(answer.get("ldhName") or answer.get("unicodeName")).lower().rstrip(".")
    if kind != "domain":
        name = plain(answer.get("name") or answer.get("handle"))
    outcome = Outcome.FOUND if kind in OBJECTS else Outcome.ERROR
    return RdapRecord(outcome, kind if kind in OBJECTS else "", name, _registration(answer))


def _registration(answer: Mapping[str, Any]) -> Registration:
    holders = list(_with_role(answer, "registrant"))
    registrant = next((one for one in holders if jcard.card_of(one)), holders[0] if holders else None)
    registrar = next(_with_role(answer, "registrar"), None)
    days = {
        plain(event.get("eventAction")).lower(): plain(event.get("eventDate"))[:10]
        for event in mappings(answer.get("events"))
    }
    servers = (plain(one.get("ldhName")).lower().rstrip(".") for one in mappings(answer.get("nameservers")))
    facts: dict[str, Any] = {
        "registrar": _full_name(registrar) if registrar else "",
        "created_on": days.get("registration", ""),
        "expires_on": days.get("expiration", ""),
        "statuses": tuple(plain(one) for one in sequence(answer.get("status"))[:20]),
        "nameservers": tuple(sorted({one for one in servers if one}))[:20],
    }
    redacted = _redacted(answer)
    if registrant is None:
        held_back: dict[str, Any] = {name: Element(State.REDACTED) for name in redacted}
        return Registration(**facts, **held_back)
    return _read_registrant(registrant, redacted, facts)


def _read_registrant(entity: Mapping[str, Any], redacted: Mapping[str, str], facts: dict[str, Any]) -> Registration:
    card = jcard.card_of(entity)
    address, country = jcard.address(card)
    found = {
        "name": jcard.text(card, "fn"),
        "organisation": jcard.text(card, "org"),
        "email": jcard.text(card, "email"),
        "phone": jcard.phone(card),
        "address": address,
    }
    remarks = [
        f"{plain(remark.get('title'))} {plain(remark.get('type'))}".strip()
        for remark in mappings(entity.get("remarks"))
    ]
    all_withheld = any(WITHHELD.search(one) and not EMAIL_WITHHELD.search(one) for one in remarks)
    email_withheld = any(EMAIL_WITHHELD.search(one) for one in remarks)
    for name, element in found.items():
        if element.state is not State.PRESENT:
            if name in redacted or all_withheld or (name == "email" and email_withheld):
                found[name] = Element(State.REDACTED)
        elif redacted.get(name) == "partialvalue":
            found[name] = Element(State.REDACTED)  # what is left of it is not the whole
        elif redacted.get(name) == "replacementvalue":
            found[name] = Element(State.PROXY, element.value) if name == "email" else Element(State.REDACTED)
    return Registration(country=country, kind=jcard.kind(card), **settled(found, form="contact-uri" in card), **facts)


def _redacted(answer: Mapping[str, Any]) -> dict[str, str]:
    """Which elements the answer says it holds back, and how (RFC 9537 section 4.2); the paths in it are not read."""
    found: dict[str, str] = {}
    for entry in mappings(answer.get("redacted")):
        name = entry.get("name")
        if not isinstance(name, Mapping):
            continue
        method = plain(entry.get("method")).lower() or "removal"
        for said in (plain(name.get("type")), plain(name.get("description"))):
            words = re.sub(r"[^a-z-]+", " ", said.lower()).strip()
            if words in WHOLE:
                found |= {element: found.get(element, method) for element in ELEMENTS}
            elif words.startswith("registrant ") and words.removeprefix("registrant ") in REDACTIONS:
                found[REDACTIONS[words.removeprefix("registrant ")]] = method
    return found


def _with_role(answer: Mapping[str, Any], role: str, depth: int = DEPTH) -> Iterator[Mapping[str, Any]]:
    """Entities of that role, outer ones first."""
    entities = mappings(answer.get("entities"))
    for entity in entities:
        if role in (plain(one).lower() for one in sequence(entity.get("roles"))):
            yield entity
    if depth > 1:
        for entity in entities:
            yield from _with_role(entity, role, depth - 1)


def _full_name(entity: Mapping[str, Any]) -> str:
    card = jcard.card_of(entity)
    return jcard.text(card, "fn").value or jcard.text(card, "org").value
