"""What does a registration say about its holder? The reading of one RDAP answer (RFC 9083), and nothing else.

Each element has a state taken from this one answer: withheld is not missing, and neither is a fault. Of a privacy
service we know only that somebody stands behind it. Reads jCard (RFC 7095), `redacted` (RFC 9537), and the remarks and
marker words that servers used before it; never evaluates an expression that came from a server.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LONGEST = 300  # characters kept of a value
DEPTH = 4  # of entities within entities


class State(StrEnum):
    PRESENT = "present"
    PROXY = "proxy"  # of a privacy or proxy service, or a relay address
    REDACTED = "redacted"  # the answer says that it is withheld
    MISSING = "missing"  # the field is there and empty
    NOT_OFFERED = "not_offered"  # there is no such field


@dataclass(frozen=True, slots=True)
class Element:
    state: State = State.NOT_OFFERED
    value: str = ""  # of what is PRESENT or PROXY; lines of an address are joined with ", "


@dataclass(frozen=True, slots=True)
class Registration:
    """Who holds a domain, as far as one answer says. Dates are as the server wrote them, the day only."""

    name: Element = Element()
    organisation: Element = Element()
    email: Element = Element()
    phone: Element = Element()
    address: Element = Element()
    country: str = ""
    registrar: str = ""
    created_on: str = ""
    expires_on: str = ""
    statuses: tuple[str, ...] = field(default=())

    @property
    def holder(self) -> Element:
        """Name and organisation as one: the better of the two, the organisation before the name."""
        order = [State.PROXY, State.PRESENT, State.REDACTED, State.MISSING, State.NOT_OFFERED]
        return min(self.organisation, self.name, key=lambda one: order.index(one.state))

    @property
    def is_shielded(self) -> bool:
        """Whether the holder is withheld, or hides behind a service."""
        return self.holder.state in (State.REDACTED, State.PROXY)

    @property
    def says_nothing(self) -> bool:
        """Whether the answer has no word about a holder: registries that leave it to the registrar."""
        parts = (self.name, self.organisation, self.email, self.phone, self.address)
        return all(one.state is State.NOT_OFFERED for one in parts)


PROXY_WORDS = re.compile(
    r"privacy|proxy|whois ?guard|whois ?privacy|domains by proxy|contact privacy|identity protect|data protected"
    r"|private registration|registration private|hidden|anonymi[sz]e|domain protection|protected domain"
    r"|see privacyguardian",
    re.IGNORECASE,
)
RELAYS = re.compile(
    r"@(.*\.)?(anonymised\.email|withheldforprivacy\.com|privacyprotect\.org|whoisguard\.com|domainsbyproxy\.com"
    r"|contactprivacy\.(com|email)|contact\.gandi\.net|privacyguardian\.org|whoisprivacyservice\.org"
    r"|identity-protect\.org|proxy\.dreamhost\.com|domprivacy\.de|o-w-o\.info|superprivacyservice\.com)$",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(  # in the place of a value; "Withheld for Privacy ehf" is a service, and none
    r"\bredacted\b|not disclosed|statutory masking|gdpr|please query the rdds|non[- ]public|private person",
    re.IGNORECASE,
)
WITHHELD = re.compile(r"redacted for privacy|object (truncated|redacted) due to authori[sz]ation", re.IGNORECASE)
EMAIL_WITHHELD = re.compile(r"^email redacted", re.IGNORECASE)
# Names of RFC 9537 entries, as they are registered and as servers write them
REDACTIONS = {
    "registrant name": "name",
    "registrant organization": "organisation",
    "registrant organisation": "organisation",
    "registrant email": "email",
    "registrant phone": "phone",
    "registrant street": "address",
}


def read(answer: Mapping[str, Any]) -> Registration:
    """The registration in an RDAP domain answer. Never raises for what a server wrote."""
    registrant = next(_with_role(answer, "registrant"), None)
    registrar = next(_with_role(answer, "registrar"), None)
    days = {
        str(event.get("eventAction", "")).lower(): str(event.get("eventDate", ""))[:10]
        for event in _mappings(answer.get("events"))
    }
    facts: dict[str, Any] = {
        "registrar": _full_name(registrar) if registrar else "",
        "created_on": days.get("registration", ""),
        "expires_on": days.get("expiration", ""),
        "statuses": tuple(_text(one) for one in _sequence(answer.get("status"))[:20]),
    }
    redacted = _redacted(answer)
    if registrant is None:
        held_back: dict[str, Any] = {name: Element(State.REDACTED) for name in redacted}
        return Registration(**facts, **held_back)
    return _read_registrant(registrant, redacted, facts)


def _read_registrant(entity: Mapping[str, Any], redacted: set[str], facts: dict[str, Any]) -> Registration:
    card = _card(entity)
    address, country = _address(card)
    found: dict[str, Any] = {
        "name": _plain(card, "fn"),
        "organisation": _plain(card, "org"),
        "email": _plain(card, "email"),
        "phone": _phone(card),
        "address": address,
    }
    remarks = [
        f"{_text(remark.get('title'))} {_text(remark.get('type'))}".strip()
        for remark in _mappings(entity.get("remarks"))
    ]
    all_withheld = any(WITHHELD.search(one) and not EMAIL_WITHHELD.search(one) for one in remarks)
    email_withheld = any(EMAIL_WITHHELD.search(one) for one in remarks)
    for name, element in found.items():
        withheld = name in redacted or all_withheld or (name == "email" and email_withheld)
        if (element.state is not State.PRESENT and withheld) or PLACEHOLDER.search(element.value):
            found[name] = Element(State.REDACTED)
    if found["email"].state is State.NOT_OFFERED and "contact-uri" in card:
        found["email"] = Element(State.REDACTED)  # a web form in place of an address
    if any(PROXY_WORDS.search(found[name].value) for name in ("name", "organisation")):
        found = {
            name: Element(State.PROXY, one.value) if one.state is State.PRESENT else one for name, one in found.items()
        }
    elif RELAYS.search(found["email"].value):
        found["email"] = Element(State.PROXY, found["email"].value)
    return Registration(country=country, **found, **facts)


def _redacted(answer: Mapping[str, Any]) -> set[str]:
    """Which elements the answer says it holds back (RFC 9537); the paths in it are not read."""
    found = set()
    for entry in _mappings(answer.get("redacted")):
        name = entry.get("name")
        if isinstance(name, Mapping):
            said = _text(name.get("type") or name.get("description")).lower()
            if said in REDACTIONS:
                found.add(REDACTIONS[said])
    return found


# ── entities and jCards ─────────────────────────────────────────────────────
def _with_role(answer: Mapping[str, Any], role: str, depth: int = DEPTH) -> Iterator[Mapping[str, Any]]:
    """Entities of that role, outer ones first."""
    entities = _mappings(answer.get("entities"))
    for entity in entities:
        if role in (_text(one).lower() for one in _sequence(entity.get("roles"))):
            yield entity
    if depth > 1:
        for entity in entities:
            yield from _with_role(entity, role, depth - 1)


def _card(entity: Mapping[str, Any]) -> dict[str, list[tuple[Mapping[str, Any], Any]]]:
    """A jCard's properties by name: parameters and value of each. One that breaks the shape is passed over."""
    card: dict[str, list[tuple[Mapping[str, Any], Any]]] = {}
    array = _sequence(entity.get("vcardArray"))
    for line in _sequence(array[1]) if len(array) > 1 else ():
        parts = _sequence(line)
        if len(parts) >= 4 and isinstance(parts[0], str):
            parameters = parts[1] if isinstance(parts[1], Mapping) else {}
            card.setdefault(parts[0].lower(), []).append((parameters, parts[3]))
    return card


def _plain(card: Mapping[str, list[tuple[Mapping[str, Any], Any]]], name: str) -> Element:
    if name not in card:
        return Element()
    values = [_text(_flat(value)) for _, value in card[name]]
    return next((Element(State.PRESENT, value) for value in values if value), Element(State.MISSING))


def _phone(card: Mapping[str, list[tuple[Mapping[str, Any], Any]]]) -> Element:
    """The first number that is no fax."""
    numbers = []
    for parameters, value in card.get("tel", ()):
        kinds = [_text(one).lower() for key, of in parameters.items() if key.lower() == "type" for one in _listed(of)]
        if "fax" not in kinds:
            numbers.append(_text(value).removeprefix("tel:").strip())
    if not numbers:
        return Element()
    return next((Element(State.PRESENT, number) for number in numbers if number), Element(State.MISSING))


def _address(card: Mapping[str, list[tuple[Mapping[str, Any], Any]]]) -> tuple[Element, str]:
    """(the street address, the country). Region, country or postal code alone make no address."""
    state, country = State.NOT_OFFERED, ""
    for parameters, value in card.get("adr", ()):
        state = State.MISSING
        parts = [_text(_flat(part)) for part in _sequence(value)]
        label = ", ".join(
            line.strip() for line in _text(parameters.get("label"), keep_lines=True).split("\n") if line.strip()
        )
        if len(parts) >= 7:
            country = parts[6] or country
        country = country or _text(parameters.get("cc"))
        street = any(parts[:3]) if len(parts) >= 7 else any(parts[:1])
        if street:
            return Element(State.PRESENT, ", ".join(part for part in parts if part)[:LONGEST]), country
        if label:
            return Element(State.PRESENT, label[:LONGEST]), country
    return Element(state), country


def _full_name(entity: Mapping[str, Any]) -> str:
    card = _card(entity)
    return _plain(card, "fn").value or _plain(card, "org").value


# ── values that a stranger wrote ────────────────────────────────────────────
def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in _sequence(value)[:200] if isinstance(one, Mapping)]


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else (value,)


def _flat(value: Any) -> Any:
    """A list of texts as one."""
    return ", ".join(part for part in (_text(one) for one in value) if part) if isinstance(value, list) else value


def _text(value: Any, *, keep_lines: bool = False) -> str:
    """A string on one line, safe to show; "" for anything else."""
    if not isinstance(value, str):
        return ""
    lines = ["".join(mark if mark.isprintable() else " " for mark in line).strip() for line in value.split("\n")]
    return ("\n" if keep_lines else " ").join(lines).strip()[:LONGEST]
