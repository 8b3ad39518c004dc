"""Everything that can be seen of one sender now: each list with its proof of health, and reverse DNS.

One look, not a judgement: nothing is confirmed over time, nothing is stored. The command `check-sender`
prints it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from egress.resolver import Ask
from monitors.probes import blocklist, fcrdns, health
from monitors.probes.entry import Blocklist, Kind, Target
from monitors.probes.health import Proof
from monitors.probes.reading import Reading, Verdict


class Word(StrEnum):
    """What a person reads first of a check."""

    CLEAR = "Clear"
    LISTED = "Listed"
    FAILED = "Failed"
    UNKNOWN = "Unknown"  # asked, and we could not see
    NOT_COVERED = "Not covered"  # not asked: this check can say nothing about such a target
    NOT_CONFIGURED = "Not configured"  # not asked: a key is missing


WORDS = {Verdict.CLEAR: Word.CLEAR, Verdict.ADVERSE: Word.LISTED, Verdict.UNKNOWN: Word.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    name: str
    target: str
    clause: str
    zone: str = ""  # as it may be shown; "" for a check that asks no zone
    lookup: str = ""
    word: Word = Word.UNKNOWN
    sentence: str = ""
    reading: Reading | None = None  # None: not asked
    proof: Proof | None = None  # None: not asked, or a check that needs no proof

    def as_json(self) -> dict[str, Any]:
        reading, proof = self.reading, self.proof
        return {
            "id": self.id,
            "name": self.name,
            "target": self.target,
            "clause": self.clause,
            "zone": self.zone or None,
            "lookup": self.lookup or None,
            "word": self.word,
            "sentence": self.sentence,
            "verdict": reading.verdict if reading else None,
            "result": reading.result if reading else None,
            "severity": reading.severity if reading else None,
            "codes": list(reading.codes) if reading else [],
            "meanings": list(reading.meanings) if reading else [],
            "text": list(reading.text) if reading else [],
            "evidence": list(reading.evidence) if reading else [],
            "health": asdict(proof) if proof else None,
        }


@dataclass(frozen=True, slots=True)
class Report:
    address: str
    domain: str | None
    checks: tuple[Check, ...]

    def named(self, *words: Word) -> list[str]:
        return [check.name for check in self.checks if check.word in words]

    @property
    def verdict(self) -> Verdict:
        """ADVERSE when anything is; else UNKNOWN when anything that was asked could not be seen; else
        CLEAR."""
        if self.named(Word.LISTED, Word.FAILED):
            return Verdict.ADVERSE
        return Verdict.UNKNOWN if self.named(Word.UNKNOWN) else Verdict.CLEAR

    @property
    def summary(self) -> str:
        """The answer in a sentence or two, with all that was not seen."""
        listed, failed = self.named(Word.LISTED), self.named(Word.FAILED)
        unknown, not_asked = self.named(Word.UNKNOWN), self.named(Word.NOT_COVERED, Word.NOT_CONFIGURED)
        parts = [
            f"Listed on {', '.join(listed)}." if listed else "",
            f"Failed: {', '.join(failed)}." if failed else "",
            f"We could not see: {', '.join(unknown)}." if unknown else "",
            "Nothing adverse in what we saw." if self.named(Word.CLEAR) and not listed and not failed else "",
            f"Not asked: {', '.join(not_asked)}." if not_asked else "",
        ]
        return " ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "domain": self.domain,
            "verdict": self.verdict,
            "summary": self.summary,
            "checks": [check.as_json() for check in self.checks],
        }


async def check(
    ask: Ask,
    entries: Sequence[Blocklist],
    address: IPv4Address | IPv6Address,
    *,
    domain: str | None = None,
    helo: str | None = None,
    nonce: str | int,
    path: int = 0,
) -> Report:
    """Look at the address on every list that can be asked, and at its reverse DNS, all at once.

    `domain` is looked up on the lists of domains, `helo` compared with the reverse name, `nonce` picks the
    random target that proves a list's health. An IPv6 address that only wraps an IPv4 one
    (::ffff:203.0.113.5) is taken for what it wraps: that is how the mail leaves.
    """
    address = getattr(address, "ipv4_mapped", None) or address
    checks = await asyncio.gather(
        _reverse_dns(ask, address, helo, path),
        *(_on_list(ask, entry, address, domain, nonce, path) for entry in entries),
    )
    if domain and not any("domain" in entry.targets for entry in entries):
        sentence = f"No list in the catalogue is asked about domains, so {domain} was not looked up."
        checks.append(Check("domain", "Lists of domains", domain, "R5", word=Word.NOT_COVERED, sentence=sentence))
    return Report(str(address), domain, tuple(checks))


async def _on_list(
    ask: Ask, entry: Blocklist, address: Target, domain: str | None, nonce: str | int, path: int
) -> Check:
    wants_domain = "domain" in entry.targets
    target = domain if wants_domain and domain else address
    check = Check(entry.id, entry.name, str(target), entry.clause, entry.zone_shown, entry.lookup)
    if entry.kind is Kind.ATTESTED:
        sentence = f"{entry.name} has no DNS list to ask. A person has to look it up."
        return replace(check, word=Word.NOT_COVERED, sentence=sentence)
    if not entry.covers(target):
        sentence = blocklist.not_covered(entry, target).sentence
        sentence += " Name a domain with --domain." if wants_domain and not domain else ""
        return replace(check, word=Word.NOT_COVERED, sentence=sentence)
    if not entry.is_configured:
        sentence = f"{entry.name} answers only with a key. Put one for {entry.id} into SLUICE_BLOCKLIST_KEYS."
        return replace(check, word=Word.NOT_CONFIGURED, sentence=sentence)
    proof, seen = await asyncio.gather(
        health.prove(ask, entry, nonce=nonce, path=path), blocklist.look(ask, entry, target, path=path)
    )
    reading = proof.vouch(seen)
    return replace(check, word=WORDS[reading.verdict], sentence=reading.sentence, reading=reading, proof=proof)


async def _reverse_dns(ask: Ask, address: IPv4Address | IPv6Address, helo: str | None, path: int) -> Check:
    reading = await fcrdns.look(ask, address, helo=helo, path=path)
    word = Word.FAILED if reading.verdict is Verdict.ADVERSE else WORDS[reading.verdict]
    sentence = " ".join((reading.sentence, *reading.meanings))
    return Check("fcrdns", "Reverse DNS", str(address), reading.clause, word=word, sentence=sentence, reading=reading)
