"""Which of several answers about a domain is believed: the registrar's over RDAP, then the registry's, then WHOIS.

One answer speaks, whole: two are never merged, so that each element has one source that can be named. An answer that
says nothing of a holder leaves the word to the next.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from egress import rdap, whois
from monitors.probes import rdap_text, whois_text
from monitors.probes.registered import Registered
from monitors.probes.registration import Element, Outcome, Registration

EXCERPT = 4096  # bytes kept of a body
NAMES = {
    "registrar_rdap": "the registrar's RDAP server",
    "registry_rdap": "the registry's RDAP server",
    "registrar_whois": "the registrar's WHOIS server",
    "registry_whois": "the registry's WHOIS server",
}
# A look-up that failed and may succeed the next time. A server that will not answer us is one that we do not have.
PASSING = (rdap.Outcome.LIMITED, rdap.Outcome.MALFORMED, rdap.Outcome.UNREACHABLE)


@dataclass(frozen=True, slots=True)
class Source:
    """One answer, read. `outcome` is None when nothing came that could be read; `is_passing` when that may be otherwise
    the next time. `is_telling`: what is not in it is not there, because it would say so of what it withholds."""

    kind: str  # one of NAMES
    host: str
    sentence: str
    outcome: Outcome | None
    registration: Registration = field(default_factory=Registration)
    raw: str = ""
    is_passing: bool = False
    is_telling: bool = False

    @property
    def speaks(self) -> bool:
        """Whether it has a word about the holder."""
        return self.outcome is Outcome.FOUND and not self.registration.says_nothing

    def evidence(self, at: str) -> dict[str, Any]:
        """As JSON: where it came from, when, what was read in it, and the beginning of the body."""
        found = self.registration
        elements = {name: getattr(found, name) for name in ("name", "organisation", "email", "phone", "address")}
        return {
            "source": self.kind,
            "server": self.host,
            "at": at,
            "outcome": str(self.outcome or "unreadable"),
            "sentence": self.sentence,
            "fields": {name: _shown(element) for name, element in elements.items()}
            | {
                "country": found.country,
                "registrar": found.registrar,
                "created_on": found.created_on,
                "expires_on": found.expires_on,
                "nameservers": list(found.nameservers),
            },
            "raw": self.raw,
        }


def sources(registered: Registered) -> tuple[Source, ...]:
    """Those that were asked, best first."""
    found = [
        _of_rdap("registrar_rdap", registered.registrar),
        _of_rdap("registry_rdap", registered.registry),
        _of_whois("registrar_whois", registered.whois_registrar, registered.name),
        _of_whois("registry_whois", registered.whois, registered.name),
    ]
    return tuple(one for one in found if one is not None)


def _of_rdap(kind: str, answer: rdap.Answer | None) -> Source | None:
    if answer is None or answer.outcome is rdap.Outcome.NO_SERVER:
        return None
    if answer.outcome is rdap.Outcome.NOT_FOUND:
        return Source(kind, answer.host, answer.sentence, Outcome.NOT_FOUND)
    if answer.outcome is not rdap.Outcome.FOUND:
        return Source(kind, answer.host, answer.sentence, None, is_passing=answer.outcome in PASSING)
    body: Mapping[str, Any] = answer.answer or {}
    told = rdap_text.record(body)
    is_read = told.outcome is Outcome.FOUND
    return Source(
        kind,
        answer.host,
        answer.sentence,
        told.outcome if is_read else None,
        told.registration,
        _excerpt(json.dumps(body, ensure_ascii=False, default=str)),
        is_passing=not is_read,
        is_telling=not told.registration.says_nothing and (kind == "registrar_rdap" or _says_redacted(body)),
    )


def _of_whois(kind: str, answer: whois.Answer | None, name: str) -> Source | None:
    if answer is None or answer.outcome is rdap.Outcome.NO_SERVER:
        return None
    if answer.outcome is not rdap.Outcome.FOUND:
        raw = _excerpt(answer.text)
        return Source(kind, answer.server, answer.sentence, None, raw=raw, is_passing=answer.outcome in PASSING)
    told = whois_text.read(answer.text, name)
    is_read = told.outcome in (Outcome.FOUND, Outcome.NOT_FOUND)
    sentence = answer.sentence
    if told.outcome is Outcome.RATE_LIMITED:
        sentence = f"{answer.server} answers no more questions from us for now."
    elif not is_read:
        sentence = f"{answer.server} answered with something that is no registration."
    outcome = told.outcome if is_read else None
    return Source(
        kind, answer.server, sentence, outcome, told.registration, _excerpt(answer.text), is_passing=not is_read
    )


def _says_redacted(body: Mapping[str, Any]) -> bool:
    """Whether the server lists what it withholds (RFC 9537 section 2)."""
    spoken = body.get("rdapConformance")
    return isinstance(spoken, list) and "redacted" in spoken


def _shown(element: Element) -> dict[str, str]:
    return {"state": str(element.state), "value": element.value}


def _excerpt(text: str) -> str:
    return text.encode("utf-8", "replace")[:EXCERPT].decode("utf-8", "ignore")
