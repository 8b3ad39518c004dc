"""What a registration says of its holder: the values, and what all readers hold of withheld and borrowed contact data.

Each element has a state taken from one answer alone: withheld is not missing, and neither is a fault. Of a privacy
service we know only that somebody stands behind it. Reads no answer itself: `rdap_text` and `whois_text` do. Whether
the holder is the one it should be is for `holder` to say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LONGEST = 300  # characters kept of a value
ELEMENTS = ("name", "organisation", "email", "phone", "address")


class Outcome(StrEnum):
    """What one answer amounts to. Only FOUND and NOT_FOUND say something about the name."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    ERROR = "error"  # also what nobody can read: empty is not success


class State(StrEnum):
    PRESENT = "present"
    PROXY = "proxy"  # of a privacy or proxy service, or a relay address
    REDACTED = "redacted"  # the answer says that it is withheld
    MISSING = "missing"  # the field is there and empty
    NOT_OFFERED = "not_offered"  # there is no such field


BEST_FIRST = [State.PROXY, State.PRESENT, State.REDACTED, State.MISSING, State.NOT_OFFERED]


@dataclass(frozen=True, slots=True)
class Element:
    state: State = State.NOT_OFFERED
    value: str = ""  # of what is PRESENT or PROXY; lines of an address are joined with ", "


@dataclass(frozen=True, slots=True)
class Registration:
    """Who holds a domain, as far as one answer says. Dates are as the server wrote them, the day only.

    `kind` is "org" or "individual" where the answer says what the holder is, "" where it does not. `name` is what the
    answer calls a name (a person, a role, or the whole holder where it has one line); `organisation` what it calls one.
    """

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
    nameservers: tuple[str, ...] = field(default=())
    kind: str = ""

    @property
    def holder(self) -> Element:
        """Name and organisation as one: the better of the two, the organisation before the name."""
        return min(self.organisation, self.name, key=lambda one: BEST_FIRST.index(one.state))

    @property
    def is_shielded(self) -> bool:
        """Whether the holder is withheld, or hides behind a service."""
        return self.holder.state in (State.REDACTED, State.PROXY)

    @property
    def says_nothing(self) -> bool:
        """Whether the answer has no word about a holder: registries that leave it to the registrar."""
        parts = (self.name, self.organisation, self.email, self.phone, self.address)
        return all(one.state is State.NOT_OFFERED for one in parts)


# ── words of those who withhold, and of those who lend their name ───────────
PROXY_WORDS = re.compile(
    r"privacy|\bprox(y|ies)\b|whois ?guard|whois ?(agent|protect|secure|shield|trustee)|(private|anonymous) whois"
    r"|whois not there|identity (protect|shield)|domain (protection|id shield|privacy)|id shield|protected domain"
    r"|private (registra|by design|domains?\b)|registration private|hidden (by|for|from|behind)|obfuscated whois"
    r"|anonymi[sz]e|withheldforprivacy|dnstination|domains? by proxy|1337 services|\bnjal\.?la\b|on behalf of .* owner"
    r"|perfect privacy|registrant of [a-z0-9.-]+\.[a-z]{2,}$",
    re.IGNORECASE,
)
RELAYS = re.compile(
    r"@(.*\.)?(anonymised\.email|withheldforprivacy\.com|privacyprotect\.org|whoisguard\.com|domainsbyproxy\.com"
    r"|contactprivacy\.(com|email)|contact\.gandi\.net|privacyguardian\.org|whoisprivacyservice\.org"
    r"|identity-protect\.org|proxy\.dreamhost\.com|domprivacy\.de|o-w-o\.info|superprivacyservice\.com|privacy-link\.com"
    r"|privatewho\.is|whoisprotection\.cc|whoisprivacyprotect\.com|whoisprivacycorp\.com|myprivacy\.net"
    r"|perfectprivacy\.com|networksolutionsprivateregistration\.com|anonymize\.com|whoisproxy\.(org|com)"
    r"|domaindiscreet\.com|domainprivacygroup\.com|1and1-private-registration\.com|spamfree\.bookmyname\.com"
    r"|protecteddomainservices\.com|regprivate\.ru)$",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(  # in the place of a value; "Withheld for Privacy ehf" is a service, and none
    r"\bredacted\b|(not|non|un)[- ]?(be |publicly )?disclosed|statutory masking|\bgdpr\b|data protected|private person"
    r"|(please )?(query|contact) the (rdds|whois|registrar)|non[- ]public|not (shown|published|public|displayed)"
    r"|not available from registry|^\W*hidden\b.{0,2}($|details)|^hidden!|ano nymous"
    r"|(data|address|gdpr) masked|masked (by|for)|^\W*masked\W*$|^\W*anonymous\W*$"
    r"|^\W*(data )?withheld\W*$|withheld by|restricted (publication|data)|information not (available|provided)"
    r"|^\W*(confidential|protected|private|obscured|suppressed)( data)?\W*$|^[*x]{3,}$|for the holder of the domain"
    r"|nicht (öffentlich|veröffentlicht)|non (diffusé|communiqué)",
    re.IGNORECASE,
)
EMPTY = re.compile(r"\W*(n/?a|none|null|nil|not applicable|not set|unknown|\?)?\W*", re.IGNORECASE)
ADDRESS = re.compile(r"[^\s<>@,;:\"]+@[^\s<>@,;:\"]+")


def given(values: list[str]) -> Element:
    """An element of the values that an answer has in that field: the first that says something counts."""
    kept = [value for value in values if value and not EMPTY.fullmatch(value)]
    if not kept:
        return Element(State.MISSING) if values else Element()
    return Element(State.PRESENT, kept[0][:LONGEST])


def settled(found: Mapping[str, Element], *, form: bool = False) -> dict[str, Any]:
    """The same elements by name, with placeholders told from values, and values of services from those of a holder.

    `form` says that the answer names a web form by which the holder is reached."""
    told = {
        name: Element(State.REDACTED) if one.state is State.PRESENT and PLACEHOLDER.search(one.value) else one
        for name, one in found.items()
    }
    email = told["email"]
    if email.state is State.PRESENT and not ADDRESS.search(email.value) and re.search(r"\s|://|www\.", email.value):
        told["email"] = Element(State.REDACTED)  # "Select Contact Domain Holder link at …"
    if email.state is State.NOT_OFFERED and form:
        told["email"] = Element(State.REDACTED)
    lent: set[str] = set()
    if any(PROXY_WORDS.search(told[name].value) for name in ("name", "organisation")):
        lent = set(ELEMENTS)
    elif PROXY_WORDS.search(told["address"].value):
        lent = {"address", "phone"}  # of a service, though the name may be the holder's
    if RELAYS.search(told["email"].value):
        lent.add("email")
    return {
        name: Element(State.PROXY, one.value) if name in lent and one.state is State.PRESENT else one
        for name, one in told.items()
    }


def plain(value: Any, *, keep_lines: bool = False) -> str:
    """What a stranger wrote, as a string on one line that is safe to show; "" for anything else."""
    if not isinstance(value, str):
        return ""
    value = value[: LONGEST * 8].replace("\\n", "\n") if keep_lines else value[: LONGEST * 8]
    lines = ["".join(mark if mark.isprintable() else " " for mark in line).strip() for line in value.split("\n")]
    return ("\n" if keep_lines else " ").join(lines).strip()[:LONGEST]
