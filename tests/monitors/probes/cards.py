"""Registrations of a vendor to be judged, in good order but for what the test changes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from egress import rdap, whois
from monitors.probes.holder import Assessment, assess
from monitors.probes.holder_elements import Company, ElementState
from monitors.probes.registered import Registered

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ACME = Company("Acme Mail Ltd", aliases=("Quill",))
GOOD = {
    "org": "Acme Mail Ltd",
    "email": "dns@acme.example",
    "tel": "+44.2072343456",
    "adr": ["", "", "1 High Street", "London", "", "SW1A 1AA", "GB"],
}


def whois_said(text: str, outcome: rdap.Outcome = rdap.Outcome.FOUND) -> whois.Answer:
    """What a WHOIS server said."""
    return whois.Answer(outcome, "whois.example answered.", "whois.example", text)


def body(
    card: Mapping[str, Any] | None, *, redacted: tuple[str, ...] = (), method: str = "removal", **more: Any
) -> Any:
    """An RDAP answer whose registrant has this card."""
    lines = [[name, {}, "text", value] for name, value in (card or {}).items()]
    entities = [{"roles": ["registrant"], "vcardArray": ["vcard", lines]}] if card is not None else []
    registrar = {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Ox Registrar"]]]}
    return {
        "objectClassName": "domain",
        "ldhName": "acme.example",
        "rdapConformance": ["rdap_level_0", "redacted"],
        "entities": [*entities, registrar],
        "nameservers": [{"ldhName": "ns1.acme.example"}],
        "redacted": [{"name": {"type": name}, "method": method} for name in redacted],
    } | more


def said(answer: Any) -> rdap.Answer:
    return rdap.Answer(rdap.Outcome.FOUND, "rdap.example answered.", "https://rdap.example/domain/acme.example", answer)


def failed(outcome: rdap.Outcome) -> rdap.Answer:
    return rdap.Answer(outcome, f"It ended with {outcome}.", "https://rdap.example/domain/acme.example")


def held(card: Mapping[str, Any] | None, name: str = "acme.example", **how: Any) -> Registered:
    return Registered(name, said(body(card, **how)))


def judged(registered: Registered, **how: Any) -> Assessment:
    return assess(registered, ACME, ["acme.example"], **{"now": NOW} | how)


def state(found: Assessment, element: str) -> tuple[ElementState, str]:
    (one,) = (one for one in found.elements if one.element == element)
    return one.state, one.reason


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names}
