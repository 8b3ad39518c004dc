"""What one look at a sender showed: checks, the domains beside it, and all of it as JSON. Values, no looking."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from monitors.probes.health import Proof
from monitors.probes.machine import Suspicion
from monitors.probes.reading import Reading, Verdict
from monitors.probes.resolver_test import Diagnosis, Kind


class Word(StrEnum):
    """What a person reads first of a check."""

    CLEAR = "Clear"
    LISTED = "Listed"
    FAILED = "Failed"
    SUSPECTED = "Suspected"  # one resolver path shows it, and another does not, or could not see
    UNKNOWN = "Unknown"  # asked, and we could not see
    NOT_COVERED = "Not covered"  # not asked: this check can say nothing about such a target
    NOT_CONFIGURED = "Not configured"  # not asked: a key is missing


WORDS = {Verdict.CLEAR: Word.CLEAR, Verdict.ADVERSE: Word.LISTED, Verdict.UNKNOWN: Word.UNKNOWN}  # of a list
ADVERSE = (Word.LISTED, Word.FAILED)
UNSEEN = (Word.SUSPECTED, Word.UNKNOWN)
NOT_ASKED = (Word.NOT_COVERED, Word.NOT_CONFIGURED)


class Group(StrEnum):
    """Under which heading a check is shown."""

    LISTS = "lists"
    DNS = "dns"
    HOLDER = "holder"
    WEBSITE = "website"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one resolver path showed. Its evidence stands beside that of the other paths in the check's reading."""

    path: str
    reading: Reading
    proof: Proof | None = None  # of a list: whether it could be seen on this path

    def as_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "verdict": self.reading.verdict,
            "result": self.reading.result,
            "sentence": self.reading.sentence,
            "codes": list(self.reading.codes),
            "health": asdict(self.proof) if self.proof else None,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `reading` is what all paths amount to together, None when it was not asked; `proof` that of the first
    path, or the one that failed. `lookup` is a page of the web where a person sees the same, `command` what they type.
    `facts` is JSON-able, and differs from check to check. `counts`: the exit status is about it."""

    id: str
    name: str
    target: str
    clause: str
    zone: str = ""  # as it may be shown; "" for a check that asks no zone
    lookup: str = ""
    word: Word = Word.UNKNOWN
    sentence: str = ""
    reading: Reading | None = None
    proof: Proof | None = None
    group: Group = Group.LISTS
    command: str = ""
    paths: tuple[Seen, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    counts: bool = True

    def as_json(self) -> dict[str, Any]:
        reading, proof = self.reading, self.proof
        return {
            "id": self.id,
            "name": self.name,
            "target": self.target,
            "clause": self.clause,
            "group": self.group,
            "zone": self.zone or None,
            "lookup": self.lookup or None,
            "command": self.command or None,
            "word": self.word,
            "sentence": self.sentence,
            "counts": self.counts,
            "verdict": reading.verdict if reading else None,
            "result": reading.result if reading else None,
            "severity": reading.severity if reading else None,
            "codes": list(reading.codes) if reading else [],
            "meanings": list(reading.meanings) if reading else [],
            "text": list(reading.text) if reading else [],
            "evidence": list(reading.evidence) if reading else [],
            "health": asdict(proof) if proof else None,
            "paths": [seen.as_json() for seen in self.paths],
            "facts": dict(self.facts),
        }


def verdict_of(checks: Sequence[Check]) -> Verdict:
    """ADVERSE when anything is; else UNKNOWN when anything that was asked could not be seen, or only one path showed a
    fault; else CLEAR."""
    words = {check.word for check in checks}
    if words & set(ADVERSE):
        return Verdict.ADVERSE
    return Verdict.UNKNOWN if words & set(UNSEEN) else Verdict.CLEAR


def summary_of(checks: Sequence[Check], beside: Sequence[Check] = ()) -> str:
    """The answer in a few sentences, with all that was not seen. Checks `beside` are named with what they are of."""

    def named(*words: Word) -> str:
        of_it = [check.name for check in checks if check.word in words]
        return ", ".join([*of_it, *(f"{check.name} ({check.target})" for check in beside if check.word in words)])

    listed, failed, suspected = named(Word.LISTED), named(Word.FAILED), named(Word.SUSPECTED)
    unknown, not_asked = named(Word.UNKNOWN), named(*NOT_ASKED)
    is_good = named(Word.CLEAR) and not (listed or failed or suspected)
    parts = [
        f"Listed on {listed}." if listed else "",
        f"Failed: {failed}." if failed else "",
        f"Suspected, on one resolver only: {suspected}." if suspected else "",
        f"We could not see: {unknown}." if unknown else "",
        "Nothing adverse in what we saw." if is_good else "",
        f"Not asked: {not_asked}." if not_asked else "",
    ]
    return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class DomainReport:
    """One domain. `origins` say where it was met, in words; `is_given` that it was named to us."""

    name: str
    origins: tuple[str, ...]
    is_given: bool
    checks: tuple[Check, ...]

    @property
    def summary(self) -> str:
        return summary_of(self.checks)

    def as_json(self) -> dict[str, Any]:
        return {
            "domain": self.name,
            "origins": list(self.origins),
            "given": self.is_given,
            "verdict": verdict_of(self.checks),
            "summary": self.summary,
            "checks": [check.as_json() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class ResolverReport:
    """One resolver path, and what the proofs of the lists say of it."""

    path: str
    diagnosis: Diagnosis

    @property
    def is_fine(self) -> bool:
        return self.diagnosis.kind in (Kind.FINE, Kind.LISTS)

    def as_json(self) -> dict[str, Any]:
        found = self.diagnosis
        return {"path": self.path, "kind": found.kind, "sentence": found.sentence, "cure": found.cure or None}


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `checks` are those of the address on blocklists and in reverse DNS, with the first named domain on
    lists of domains; `further` the others of the address. `domains` has every domain with all its checks."""

    address: str
    domain: str | None
    checks: tuple[Check, ...]
    further: tuple[Check, ...] = ()
    domains: tuple[DomainReport, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    resolvers: tuple[ResolverReport, ...] = ()
    left_out: tuple[str, ...] = ()  # domains that were met and not looked at: there are too many
    seconds: float = 0.0

    def named(self, *words: Word) -> list[str]:
        return [check.name for check in self.checks if check.word in words]

    @property
    def every(self) -> tuple[Check, ...]:
        """Each check once."""
        of_domains = tuple(check for domain in self.domains for check in domain.checks)
        again = {(check.id, check.target) for check in of_domains}
        return (*(one for one in self.checks if (one.id, one.target) not in again), *self.further, *of_domains)

    @property
    def verdict(self) -> Verdict:
        """Of blocklists and reverse DNS: what decides whether mail from here is refused. The exit status tells it."""
        return verdict_of([*self.checks, *(check for check in self.every if check.counts)])

    @property
    def overall(self) -> Verdict:
        """Of every check."""
        return verdict_of(self.every)

    @property
    def summary(self) -> str:
        """The answer of blocklists and reverse DNS in a sentence or two, with all that was not seen."""
        own = {(check.id, check.target) for check in self.checks}
        beside = [one for one in self.every if one.counts and one.reading and (one.id, one.target) not in own]
        return summary_of(self.checks, beside)

    def as_json(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "domain": self.domain,
            "verdict": self.verdict,
            "summary": self.summary,
            "checks": [check.as_json() for check in self.checks],
            "further": [check.as_json() for check in self.further],
            "domains": [domain.as_json() for domain in self.domains],
            "suspicions": [
                {
                    "kind": one.kind,
                    "sentence": one.sentence,
                    "borne_out": one.is_borne_out,
                    "clause": one.clause,
                    "witnesses": [asdict(witness) for witness in one.witnesses],
                }
                for one in self.suspicions
            ],
            "overall": self.overall,
            "resolvers": [one.as_json() for one in self.resolvers],
            "left_out": list(self.left_out),
            "seconds": round(self.seconds, 3),
        }
