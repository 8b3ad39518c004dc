"""What a domain's registration shows, element by element, with where each word comes from; for the include
`desk/registration.html`, on whatever page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from monitors import checks, registrations
from monitors.models import EvidenceRequest, Grant, Watch
from monitors.probes.holder_source import NAMES
from monitors.probes.holder_tables import CALLED
from monitors.registrations import READ, Seen, seen
from vendors.models import Domain

STATES: Mapping[str, tuple[str, str]] = {  # of an element: class, word
    "valid": ("open", "Shown"),
    "waived": ("open", "Exception"),
    "documented": ("open", "Evidence accepted"),
    "invalid": ("shut", "Not theirs"),
    "missing": ("shut", "Missing"),
    "suspect": ("wait", "In doubt"),
    "redacted": ("unkn", "Withheld"),
    "proxy": ("unkn", "Behind a service"),
    "not_offered": ("unkn", "Not published there"),
    "unreachable": ("unkn", "Not checked"),
    "stale": ("unkn", "Not checked for long"),
}
RESULTS: Mapping[str, tuple[str, str]] = {  # of a registration
    "met": ("open", "Met"),
    "not_met": ("shut", "Not met"),
    "not_shown": ("wait", "Not shown"),
}
FIELDS = {
    "organisation": "Organisation",
    "name": "Name",
    "email": "Mail",
    "phone": "Telephone",
    "address": "Address",
    "country": "Country",
    "registrar": "Registrar",
    "nameservers": "Name servers",
    "created_on": "Registered",
    "expires_on": "Paid until",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One element: what it is worth, and why."""

    element: str
    called: str
    state: str
    word: str
    value: str
    why: str
    cure: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One server's answer: what was read in it, and its beginning, word for word."""

    title: str
    host: str
    at: str
    sentence: str
    fields: list[tuple[str, str]]
    raw: str


@dataclass(frozen=True, slots=True)
class Registration:
    """`blind` says why the last look could not read it, "" when it could; `read_at` is when it was last read. The
    record is the one that a grant would be pinned to."""

    domain: Domain
    watch: Watch | None
    state: str
    word: str
    blind: str
    read_at: datetime | None
    lines: list[Line]
    answers: list[Answer]
    record: str
    missing: list[str]
    grants: list[Grant]
    proposed: list[Grant]
    request: EvidenceRequest | None
    four_eyes: bool


def registration_of(domain: Domain) -> Registration:
    """A handful of queries; nothing is looked up."""
    watch = Watch.objects.filter(domain=domain, check_id=checks.REGISTRATION).first()
    latest = watch.observations.order_by("-last_at", "-pk").first() if watch else None
    read = registrations.newest_of(domain)
    shown: Seen | None = seen(latest.last_at, latest.result, latest.evidence) if latest else None
    is_blind = latest is not None and latest.result not in READ
    state, word = RESULTS.get(latest.result, ("unkn", "Not checked")) if latest else ("unkn", "Not looked yet")
    live = list(Grant.objects.live().filter(domain=domain).order_by("element", "pk"))
    answers = [_answer(one) for one in (shown.sources if shown else ())]
    if is_blind and read:
        answers += [_answer(one) for one in read.sources]
    return Registration(
        domain=domain,
        watch=watch,
        state=state,
        word=word,
        blind=latest.sentence if latest is not None and is_blind else "",
        read_at=read.at if read else None,
        lines=[_line(one) for one in (shown.elements if shown else ())],
        answers=answers,
        record=read.record if read else "",
        missing=[one["element"] for one in read.missing] if read else [],
        grants=[one for one in live if one.state == Grant.State.STANDING],
        proposed=[one for one in live if one.state == Grant.State.PROPOSED],
        request=EvidenceRequest.objects.live().filter(domain=domain).first(),
        four_eyes=settings.FOUR_EYES,
    )


def choices_of(elements: Sequence[str]) -> list[tuple[str, str]]:
    """The elements as a form offers them."""
    return [(one, CALLED[one][:1].upper() + CALLED[one][1:]) for one in CALLED if one in set(elements)]


def _line(one: Mapping[str, str]) -> Line:
    state, word = STATES.get(one["state"], ("unkn", one["state"]))
    cure = one.get("cure", "")
    called = CALLED.get(one["element"], one["element"])
    why = one.get("sentence", "").removesuffix(cure).strip()
    return Line(one["element"], called, state, word, one.get("value", ""), why, cure)


def _answer(one: Mapping[str, Any]) -> Answer:
    found = one.get("fields") or {}
    told = [(title, _field(found.get(name))) for name, title in FIELDS.items()]
    title = NAMES.get(one.get("source", ""), one.get("source", ""))
    return Answer(
        title[:1].upper() + title[1:],
        one.get("server", ""),
        _moment(one.get("at", "")),
        one.get("sentence", ""),
        [(title, value) for title, value in told if value] if one.get("outcome") == "found" else [],
        one.get("raw", ""),
    )


def _field(value: Any) -> str:
    match value:
        case {"state": "present", "value": str(text)}:
            return text
        case {"state": "proxy", "value": str(text)}:
            return f"{text} (a service)"
        case {"state": "redacted"}:
            return "withheld"
        case list():
            return ", ".join(map(str, value))
        case str():
            return value
    return ""


def _moment(text: str) -> str:
    """The moment as the evidence keeps it, to the second, in UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
