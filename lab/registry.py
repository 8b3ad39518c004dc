"""What the pretend registries know of a domain, and how they say it in RDAP (RFC 9083, jCard of RFC 7095)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Shield(enum.StrEnum):
    """What a registrant lets be seen."""

    NONE = "none"
    REDACTED = "redacted"  # withheld, and said to be (RFC 9537)
    PROXY = "proxy"  # a privacy service stands in the record
    THIN = "thin"  # the registry knows the registrar only, and names no server of theirs


@dataclass(frozen=True, slots=True)
class Registrant:
    """Who holds a domain."""

    organisation: str
    name: str = "Domain Administrator"
    email: str = ""
    phone: str = ""  # E.164
    street: str = "1 Lab Street"
    city: str = "Labton"
    country: str = "GB"
    registrar: str = "Lab Registrar Ltd"
    shield: Shield = Shield.NONE
    nameservers: tuple[str, ...] = ()


SERVICE = Registrant(
    "Lab Privacy Service", "Whois Privacy", "x71@privacy.lab.invalid", "+442079460999", "2 Hedge Lane", "Labton", "GB"
)


def as_rdap(domain: str, registrant: Registrant, base: str) -> dict[str, Any]:
    """The answer to a question about `domain`; `base` is the server's own address."""
    shield = registrant.shield
    shown = SERVICE if shield is Shield.PROXY else registrant
    entities = [_entity("registrar", [["fn", {}, "text", registrant.registrar]])]
    if shield is Shield.REDACTED:
        entities.append(_entity("registrant", [["fn", {}, "text", ""]]))
    elif shield is not Shield.THIN:
        entities.append(contact("registrant", shown))
    answer: dict[str, Any] = {
        "rdapConformance": ["rdap_level_0", "redacted"],
        "objectClassName": "domain",
        "ldhName": domain,
        "status": ["active"],
        "links": [{"rel": "self", "href": f"{base}domain/{domain}", "type": "application/rdap+json"}],
        "events": [
            {"eventAction": "registration", "eventDate": "2019-04-02T09:00:00Z"},
            {"eventAction": "expiration", "eventDate": "2029-04-02T09:00:00Z"},
        ],
        "entities": entities,
    }
    if registrant.nameservers:
        answer["nameservers"] = [{"objectClassName": "nameserver", "ldhName": one} for one in registrant.nameservers]
    if shield is Shield.REDACTED:
        names = ("Name", "Organization", "Email", "Phone", "Street")
        answer["redacted"] = [{"name": {"type": f"Registrant {name}"}, "method": "removal"} for name in names]
    return answer


def contact(role: str, registrant: Registrant) -> dict[str, Any]:
    """An entity of RDAP with all that is known of somebody."""
    return _entity(role, _card(registrant))


def _entity(role: str, card: list[list[Any]]) -> dict[str, Any]:
    lines = [["version", {}, "text", "4.0"], *card]
    return {"objectClassName": "entity", "roles": [role], "vcardArray": ["vcard", lines]}


def _card(registrant: Registrant) -> list[list[Any]]:
    card: list[list[Any]] = [
        ["fn", {}, "text", registrant.name],
        ["org", {}, "text", registrant.organisation],
        ["adr", {}, "text", ["", "", registrant.street, registrant.city, "", "", registrant.country]],
    ]
    if registrant.email:
        card.append(["email", {}, "text", registrant.email])
    if registrant.phone:
        card.append(["tel", {"type": "voice"}, "uri", f"tel:{registrant.phone}"])
    return card
