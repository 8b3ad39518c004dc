"""The reading of one WHOIS answer (RFC 3912): is the domain registered, and who holds it?

Our own reader comes first. What it leaves open python-whois is asked for, as a parser only: nothing of it that opens a
socket is used, and its expressions see bounded text, because some of them take quadratic time. Nothing raises for what
a server wrote, and an answer that says nothing is an error, never an empty success.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from whois.parser import WhoisEntry

from monitors.probes.registration import (
    ADDRESS,
    ELEMENTS,
    EMPTY,
    LONGEST,
    PLACEHOLDER,
    Element,
    Outcome,
    Registration,
    State,
    given,
    plain,
    settled,
)
from monitors.probes.whois_lines import HANDLE, Parties, Party, lines_of, parties
from monitors.probes.whois_words import INDIVIDUAL, ORGANISATION

NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
NUMBER = re.compile(r"(?:phone|tel|t|p)?\.?:?\s*(\+?\s?\d[\d\s().\-/]{5,24}\d)-?", re.IGNORECASE)
AT = re.compile(r"([\w.+-]+)\s+(?:at|\(at\)|\[at\])\s+([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
HOLDERS = re.compile(r"registrant|holder|owner|titular|licensee", re.IGNORECASE)
OTHERS = re.compile(r"admin|tech|billing|contact|person|registrar|support", re.IGNORECASE)
LIBRARY_LINE = 200  # characters: its expression for addresses takes time that grows with the square of this
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class WhoisRecord:
    outcome: Outcome
    registration: Registration


def read(text: str, domain: str) -> WhoisRecord:
    """What `text` says of `domain` (lower-case A-labels). Reads at most 64 KB, 500 characters of a line."""
    nothing = WhoisRecord(Outcome.ERROR, Registration())
    domain = domain.lower().rstrip(".")
    if not NAME.fullmatch(domain) or len(domain) > 253:
        return nothing
    lines = lines_of(text)
    found = parties(lines)
    names = [*found.domain.bare, *found.domain.of("name"), *found.domain.lines[:1]]
    named = [_bare_name(one) for one in names if one]
    is_named = domain in named
    registration = _registration(found)
    is_known = registration.holder.state is not State.NOT_OFFERED or bool(
        registration.registrar or registration.nameservers or registration.created_on
    )
    if named and not is_named:
        return nothing if not found.says_limited else WhoisRecord(Outcome.RATE_LIMITED, Registration())
    if not is_known and found.says_limited:
        return WhoisRecord(Outcome.RATE_LIMITED, Registration())
    if not is_known and found.says_unknown:
        return WhoisRecord(Outcome.NOT_FOUND, Registration())
    if registration.says_nothing or not registration.registrar:
        registration = _filled(registration, _by_library(lines, domain), lines)
    if is_named or registration.registrar or registration.holder.state is not State.NOT_OFFERED:
        return WhoisRecord(Outcome.FOUND, registration)
    return nothing


def _bare_name(value: str) -> str:
    """A domain name as we write it, of what an answer has in its place ("AMAZON.TK is Active")."""
    first = (value.split() or [""])[0].lower().rstrip(".")
    with suppress(UnicodeError):
        return first.encode("idna").decode() if not first.isascii() else first
    return first


# ── the holder ──────────────────────────────────────────────────────────────
def _registration(found: Parties) -> Registration:
    holder = found.holder
    for name in ("organisation", "person", "email", "phone", "country", "type"):  # of a domain object itself (.ru, .by)
        if name in found.domain.fields and not holder.of(name):
            holder.fields[name] = found.domain.of(name)
    if not holder.place:
        holder.place = found.domain.place
    if not holder.lines and not holder.bare:
        holder.lines = holder.of("descr") or found.domain.of("descr")  # the holder's name and address, unlabelled (.il)
    elements, kind = _elements(holder)
    servers = {value.split()[0].lower().rstrip(".") for value in found.domain.of("server") if value.split()}
    return Registration(
        **settled(elements),
        country=next((one for one in holder.of("country") if _is_said(one)), ""),
        registrar=_registrar(found.registrar),
        created_on=_day(found.domain.of("created")),
        expires_on=_day(found.domain.of("expires")),
        nameservers=tuple(sorted(servers))[:20],
        kind=kind,
    )


def _elements(holder: Party) -> tuple[dict[str, Element], str]:
    lines = [line for line in holder.lines if line]
    contacts = [one for one in holder.of("contact") if " " in one or not HANDLE.fullmatch(one)]
    organisations = [*holder.of("organisation"), *holder.bare, *contacts]
    names = [*holder.of("name"), *holder.of("person")]
    if lines and not any(map(_is_said, organisations + names)):
        organisations.append(lines.pop(0))
    said = " ".join(holder.of("type"))
    kind = "org" if ORGANISATION.search(said) or any(map(_is_said, holder.of("number"))) else ""
    kind = kind or ("individual" if INDIVIDUAL.search(said) else "")
    if kind == "org" and not any(map(_is_said, organisations)):
        names, organisations = [], names
    emails = [AT.sub(r"\1@\2", one) for one in holder.of("email")]
    phones, place = [*holder.of("phone")], list(holder.place)
    for line in lines:
        number = NUMBER.fullmatch(line)
        if ADDRESS.search(line):
            emails.append(ADDRESS.search(line)[0])  # type: ignore[index]
        elif number:
            phones.append(number[1])
        elif not re.search(r"://|\bfax\b", line, re.IGNORECASE):
            place.append((True, line))
    elements = {
        "name": given(names),
        "organisation": given(organisations),
        "email": given(emails),
        "phone": given(phones),
        "address": _address(place),
    }
    if PLACEHOLDER.search(" ".join([*holder.bare, *contacts, *holder.lines[:1]])):  # of the whole
        own = {*holder.fields, *(["address"] if holder.place else [])}
        elements = {
            name: one if one.state is State.PRESENT and name in own else Element(State.REDACTED)
            for name, one in elements.items()
        }
    return elements, kind


def _address(place: list[tuple[bool, str]]) -> Element:
    """The lines, when a street is among them. City, country or postal code alone make no address."""
    street = given([line for is_street, line in place if is_street])
    if street.state is not State.PRESENT or PLACEHOLDER.search(street.value):
        return street
    lines = [line.rstrip(" ,") for _, line in place if _is_said(line) and not PLACEHOLDER.search(line)]
    return Element(State.PRESENT, ", ".join(lines)[:LONGEST])


def _registrar(party: Party) -> str:
    said = [*party.of("organisation"), *party.of("name"), *party.bare, *party.lines[:1]]
    return next((one for one in said if _is_said(one)), "")


def _is_said(value: str) -> bool:
    return bool(value) and not EMPTY.fullmatch(value)


def _day(values: list[str]) -> str:
    """The first, as the server wrote it; of one in ISO 8601 the day."""
    said = next(filter(_is_said, values), "")
    day = DAY.match(said)
    return day[0] if day else said[:30]


# ── python-whois, as a parser ───────────────────────────────────────────────
def _by_library(lines: list[str], domain: str) -> Mapping[str, Any]:
    """Its reading; empty when it cannot make one."""
    kept = [line[:LIBRARY_LINE] for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    with suppress(Exception):
        return dict(WhoisEntry.load(domain, "\n".join(kept)))
    return {}


def _filled(registration: Registration, entry: Mapping[str, Any], lines: list[str]) -> Registration:
    """With what the library found. What it calls the registrant's is often an administrator's: it counts where the text
    has a holder's label by it. Its looser fields (`name`, `emails`) are of nobody in particular and are left alone."""

    def one(*names: str) -> str:
        values = [entry.get(name) for name in names]
        flat = [part for value in values for part in (value if isinstance(value, list) else [value])]
        return next((plain(part) for part in flat if plain(part) and not HANDLE.fullmatch(plain(part))), "")

    told = replace(
        registration,
        registrar=registration.registrar or one("registrar", "registrar_name"),
        created_on=registration.created_on or _date(entry.get("creation_date")),
        expires_on=registration.expires_on or _date(entry.get("expiration_date")),
    )
    if not registration.says_nothing:
        return told

    def held(*names: str) -> str:
        value = one(*names)
        return value if value and _is_by_a_holder(value, lines) else ""

    found = {
        "name": held("registrant_name", "owner_name"),
        "organisation": held("registrant_organization", "registrant_org", "registrant", "owner"),
        "email": held("registrant_email"),
        "phone": held("registrant_phone", "registrant_phone_number"),
        "address": held("registrant_street", "registrant_address", "registrant_address1"),
    }
    elements = {name: given([found[name]]) if found[name] else Element() for name in ELEMENTS}
    return replace(told, **settled(elements), country=told.country or held("registrant_country"))


def _is_by_a_holder(value: str, lines: list[str]) -> bool:
    """Whether a holder's label stands on the line of `value`, or closer above it than anybody else's."""
    at = next((index for index, line in enumerate(lines) if value in plain(line)), -1)
    for line in reversed(lines[max(0, at - 3) : at + 1]):
        label = line.split(value)[0]
        if HOLDERS.search(label):
            return True
        if OTHERS.search(label):
            return False
    return False


def _date(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return first.date().isoformat() if isinstance(first, datetime) else ""
