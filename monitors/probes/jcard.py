"""A contact card of an RDAP entity, taken apart: jCard (RFC 7095), or JSContact (RFC 9553) that is to follow it.

Knows nothing of registrations. What breaks the shape is passed over; nothing raises.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from monitors.probes.registration import LONGEST, Element, State, given, plain

Card = Mapping[str, Sequence[tuple[Mapping[str, Any], Any]]]
MOST = 200  # entries read of any list that a server sends


def card_of(entity: Mapping[str, Any]) -> Card:
    """A card's properties by name: parameters and value of each; empty when the entity has none."""
    card: dict[str, list[tuple[Mapping[str, Any], Any]]] = {}
    array = sequence(entity.get("vcardArray"))
    for line in sequence(array[1]) if len(array) > 1 else ():
        parts = sequence(line)
        if len(parts) >= 4 and isinstance(parts[0], str):
            parameters = parts[1] if isinstance(parts[1], Mapping) else {}
            card.setdefault(parts[0].lower(), []).append((parameters, parts[3]))
    return card or _of_jscontact(entity.get("jscard") or entity.get("jscard_0") or entity.get("jsContactCard"))


def text(card: Card, name: str) -> Element:
    return given([plain(_flat(value)) for _, value in card.get(name, ())])


def phone(card: Card) -> Element:
    """The first number that is no fax."""
    numbers = []
    for parameters, value in card.get("tel", ()):
        kinds = [
            plain(one).lower() for key, of in parameters.items() if str(key).lower() == "type" for one in _listed(of)
        ]
        if "fax" not in kinds:
            numbers.append(plain(value).removeprefix("tel:").strip())
    return given(numbers)


def address(card: Card) -> tuple[Element, str]:
    """(the street address, the country). Region, country or postal code alone make no address."""
    state, country = State.NOT_OFFERED, ""
    for parameters, value in card.get("adr", ()):
        state = State.MISSING
        parts = [plain(_flat(part)) for part in sequence(value)]
        lines = plain(parameters.get("label"), keep_lines=True).split("\n")
        label = ", ".join(line.strip() for line in lines if line.strip())
        if len(parts) >= 7:
            country = parts[6] or country
        country = country or plain(parameters.get("cc"))
        if any(parts[:3]) if len(parts) >= 7 else any(parts[:1]):
            return Element(State.PRESENT, ", ".join(part for part in parts if part)[:LONGEST]), country
        if label:
            return Element(State.PRESENT, label[:LONGEST]), country
    return Element(state), country


def kind(card: Card) -> str:
    """ "org" or "individual"; "" when the card does not say (RFC 6350 section 6.1.4)."""
    said = text(card, "kind").value.lower()
    return said if said in ("org", "individual") else ""


# ── JSContact ───────────────────────────────────────────────────────────────
def _of_jscontact(contact: Any) -> Card:
    """The same properties out of a JSContact card."""
    if not isinstance(contact, Mapping):
        return {}
    name = contact.get("name")
    full = _of(name, "full") or [_of(one, "value") for one in _members(_of(name, "components"))]
    card: dict[str, list[tuple[Mapping[str, Any], Any]]] = {}
    if isinstance(name, Mapping):
        card["fn"] = [({}, " ".join(filter(None, map(plain, full))) if isinstance(full, list) else full)]
    card |= {
        "org": [({}, _of(one, "name")) for one in _members(contact.get("organizations"))],
        "email": [({}, _of(one, "address")) for one in _members(contact.get("emails"))],
        "tel": [({"type": list(_of(one, "features") or ())}, _of(one, "number")) for one in _phones(contact)],
        "adr": [
            ({"label": _of(one, "full") or _joined(one), "cc": _of(one, "countryCode")}, [])
            for one in _members(contact.get("addresses"))
        ],
        "contact-uri": [({}, _of(one, "uri")) for one in _members(contact.get("links"))],
        "kind": [({}, contact.get("kind"))],
    }
    return {name: lines for name, lines in card.items() if lines}


def _phones(contact: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those whose features are a set, as they must be, or that have none."""
    return [one for one in _members(contact.get("phones")) if isinstance(one.get("features", {}), Mapping)]


def _joined(place: Mapping[str, Any]) -> str:
    """The components of an address as lines, the country left out; "" unless a street is among them."""
    parts = [(plain(_of(one, "kind")), plain(_of(one, "value"))) for one in _members(place.get("components"))]
    is_street = any(kind in ("name", "number", "block", "building", "postOfficeBox") for kind, _ in parts)
    return "\n".join(value for kind, value in parts if kind != "country" and value) if is_street else ""


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _members(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a map (by id) or of a list."""
    of = list(value.values()) if isinstance(value, Mapping) else value
    return mappings(of)


# ── values that a stranger wrote ────────────────────────────────────────────
def mappings(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in sequence(value) if isinstance(one, Mapping)]


def sequence(value: Any) -> Sequence[Any]:
    return value[:MOST] if isinstance(value, list) else ()


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else (value,)


def _flat(value: Any) -> Any:
    """A list of texts as one."""
    return ", ".join(part for part in (plain(one) for one in value) if part) if isinstance(value, list) else value
