"""Does a domain's registration show who the vendor is (clause R7)? The judging of what registries said. Pure.

Met, not met, not shown, not checked: withheld is not a fault, and a look-up that failed changes nothing. Says what one
round of answers amounts to; that a fault needs several of them is `monitors.judgement`'s to hold.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitors.probes.holder_elements import Company, ElementResult, ElementState, results
from monitors.probes.holder_source import NAMES, Source, sources
from monitors.probes.holder_tables import CALLED
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.registered import Registered
from monitors.probes.registration import Element, Outcome, Registration, State

CLAUSE = "R7"
STALE_AFTER = timedelta(days=14)  # an observation older than this is shown with its age
MET = (ElementState.VALID, ElementState.WAIVED, ElementState.DOCUMENTED)
DEFINITE = (ElementState.INVALID, ElementState.MISSING)
UNSEEN = (ElementState.UNREACHABLE, ElementState.STALE)
LEAD = "The registration does not show who you are"


class RuleVerdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_SHOWN = "not_shown"  # withheld or in doubt: an evidence request, and staff decide
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Grant:
    """What staff let stand for an element of one record: `kind` is "waived" (an exception) or "documented" (evidence
    that was accepted). It lapses on the day `expires_on`, and when the record is another than that of `record_hash`."""

    element: str  # name, email, phone, address
    kind: str
    expires_on: date
    record_hash: str


@dataclass(frozen=True, slots=True)
class LastGood:
    """The latest record that could be read, and when."""

    at: datetime
    registration: Registration


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one round of answers amounts to. `source` is the answer that spoke, None when none did; `asked` are all,
    best first. `record_hash` is "" when nothing was read; `lapsed` are grants that no longer hold for this record."""

    name: str
    verdict: RuleVerdict
    elements: tuple[ElementResult, ...]
    at: datetime
    sentence: str
    source: Source | None = None
    asked: tuple[Source, ...] = ()
    record_hash: str = ""
    lapsed: tuple[Grant, ...] = ()

    def reading(self) -> Reading:
        """The same as any other probe tells it. Only what is not met is adverse, one ground a failing element."""
        verdicts = {RuleVerdict.MET: Verdict.CLEAR, RuleVerdict.NOT_MET: Verdict.ADVERSE}
        verdict = verdicts.get(self.verdict, Verdict.UNKNOWN)
        open_ = [one for one in self.elements if one.state not in MET]
        failing = [one for one in open_ if one.state in DEFINITE] if verdict is Verdict.ADVERSE else []
        return Reading(
            verdict,
            str(self.verdict),
            Severity.WARN if failing else Severity.NONE,
            self.sentence,
            codes=tuple(one.fault for one in open_),
            meanings=tuple(one.sentence for one in open_),
            evidence=tuple(one.evidence(self.at.isoformat()) for one in self.asked),
            clause=CLAUSE,
            grounds=tuple(Ground(one.fault, Severity.WARN, one.phrase) for one in failing),
            lead=LEAD if failing else "",
        )


def assess(
    registered: Registered,
    company: Company,
    vendor_domains: Iterable[str],
    *,
    now: datetime,
    grants: Sequence[Grant] = (),
    last_good: LastGood | None = None,
    exists: bool | None = None,
    test_environment: bool = False,
) -> Assessment:
    """What `registered` says of the vendor. `exists` is what the DNS says of the domain: that a name is not registered
    is said only when both say so."""
    asked = sources(registered)
    speaking = next((one for one in asked if one.speaks), None)
    better = asked[: asked.index(speaking)] if speaking else asked
    failed = next((one for one in better if one.is_passing), None)
    known = speaking or next((one for one in asked if one.outcome is Outcome.FOUND), None)
    if known is None or failed is not None:
        if exists is False and not failed and any(one.outcome is Outcome.NOT_FOUND for one in asked):
            return _unregistered(registered, asked, now)
        return _not_checked(registered, asked, failed, now, last_good)
    found = results(known, registered.name, company, vendor_domains, test_environment=test_environment)
    current = record_hash(known.registration, _nameservers(asked, known), _registrar(asked, known))
    standing = [one for one in grants if now.date() < one.expires_on and one.record_hash == current]
    elements = tuple(_granted(one, standing) for one in found)
    verdict = _rule(elements)
    return Assessment(
        registered.name,
        verdict,
        elements,
        now,
        _sentence(registered.name, verdict, elements, known),
        known,
        asked,
        current,
        tuple(one for one in grants if one not in standing),
    )


def record_hash(registration: Registration, nameservers: Iterable[str], registrar: str) -> str:
    """What a grant is pinned to: registrant, registrar and name servers, evened out, as SHA-256 in hexadecimal. Of what
    a service lends only the names count, because relays change their addresses by themselves; what is withheld, empty
    or absent is the same."""
    elements = {
        name: _plain(element.value)
        for name, element in {
            "name": registration.name,
            "organisation": registration.organisation,
            "email": registration.email,
            "phone": registration.phone,
            "address": registration.address,
        }.items()
        if element.state is State.PRESENT or (element.state is State.PROXY and name in ("name", "organisation"))
    }
    record = {
        "registrant": elements,
        "country": _plain(registration.country),
        "registrar": _plain(registrar),
        "nameservers": sorted({one.lower().rstrip(".") for one in nameservers}),
    }
    return hashlib.sha256(json.dumps(record, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _plain(value: str) -> str:
    return "".join(mark for mark in value.casefold() if mark.isalnum())


def _registrar(asked: Sequence[Source], known: Source) -> str:
    return known.registration.registrar or next(
        (one.registration.registrar for one in asked if one.registration.registrar), ""
    )


def _nameservers(asked: Sequence[Source], known: Source) -> tuple[str, ...]:
    """The registry's, which the domain runs on, where it gave them."""
    registry = [one.registration.nameservers for one in asked if one.kind.startswith("registry")]
    return next(filter(None, registry), known.registration.nameservers)


def _granted(result: ElementResult, standing: Sequence[Grant]) -> ElementResult:
    kinds = {"waived": ElementState.WAIVED, "documented": ElementState.DOCUMENTED}
    grant = next((one for one in standing if one.element == result.element and one.kind in kinds), None)
    if grant is None or result.state is ElementState.VALID:
        return result
    called = CALLED[result.element]
    words = "an exception stands for the" if grant.kind == "waived" else "evidence was accepted for the"
    phrase = f"{words} {called} until {grant.expires_on.isoformat()}; {result.phrase}"
    return replace(result, state=kinds[grant.kind], phrase=phrase, cure="")


def _rule(elements: Sequence[ElementResult]) -> RuleVerdict:
    if all(one.state in MET for one in elements):
        return RuleVerdict.MET
    if any(one.state in DEFINITE for one in elements):
        return RuleVerdict.NOT_MET
    return RuleVerdict.NOT_CHECKED if all(one.state in UNSEEN for one in elements) else RuleVerdict.NOT_SHOWN


def _sentence(name: str, verdict: RuleVerdict, elements: Sequence[ElementResult], source: Source) -> str:
    by = f"{NAMES[source.kind]}, {source.host}" if source.host else NAMES[source.kind]
    if verdict is RuleVerdict.MET:
        return f"The registration of {name} shows name, mail, telephone and postal address ({by})."
    states = DEFINITE if verdict is RuleVerdict.NOT_MET else tuple(set(ElementState) - set(MET))
    said = "; ".join(one.phrase for one in elements if one.state in states)
    return f"The registration of {name}: {said} ({by})."


# ── what could not be read ──────────────────────────────────────────────────
def _not_checked(
    registered: Registered, asked: tuple[Source, ...], failed: Source | None, now: datetime, last_good: LastGood | None
) -> Assessment:
    is_stale = last_good is not None and now - last_good.at > STALE_AFTER
    state = ElementState.STALE if is_stale else ElementState.UNREACHABLE
    age = f", and what we last saw is {(now - last_good.at).days} days old" if is_stale and last_good else ""
    elements = tuple(
        ElementResult(
            element,
            state,
            _last(element, last_good).value,
            str(state),
            f"the {called} could not be looked up{age}",
        )
        for element, called in CALLED.items()
    )
    if not registered.name:
        sentence = "This is an ending under which others register, so nobody's name stands behind it."
    else:
        said = [failed, *asked, registered.registry]
        why = next((one.sentence for one in said if one is not None), "")
        sentence = f"We could not see who holds {registered.name}{age}. {why}".strip()
    return Assessment(registered.name, RuleVerdict.NOT_CHECKED, elements, now, sentence, None, asked)


def _last(element: str, last_good: LastGood | None) -> Element:
    if last_good is None:
        return Element()
    found = last_good.registration
    return {"name": found.holder, "email": found.email, "phone": found.phone, "address": found.address}[element]


def _unregistered(registered: Registered, asked: tuple[Source, ...], now: datetime) -> Assessment:
    source = next(one for one in asked if one.outcome is Outcome.NOT_FOUND)
    phrase = f"{registered.name} is not registered, says {source.host}"
    result = ElementResult(
        "name", ElementState.MISSING, "", "unregistered", phrase, "Correct the name of the domain, or register it."
    )
    return Assessment(registered.name, RuleVerdict.NOT_MET, (result,), now, result.sentence, source, asked)
