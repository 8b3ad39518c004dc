"""Everything that can be seen of one sender now: each list with its proof of health, and reverse DNS.

One look, not a judgement: nothing is confirmed over time, nothing is stored. The command `check-sender`
prints it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Check:
    id: str
    name: str
    word: Word
    sentence: str
    target: str
    zone: str = ""
    clause: str = ""
    lookup: str = ""
    reading: Reading | None = None  # None: not asked
    proof: Proof | None = None  # None: not asked, or a check that needs no proof

    def as_json(self) -> dict[str, Any]:
        reading = self.reading
        return {
            "id": self.id,
            "name": self.name,
            "target": self.target,
            "zone": self.zone or None,
            "clause": self.clause,
            "word": self.word,
            "sentence": self.sentence,
            "verdict": reading.verdict if reading else None,
            "result": reading.result if reading else None,
            "severity": reading.severity if reading else None,
            "codes": list(reading.codes) if reading else [],
            "meanings": list(reading.meanings) if reading else [],
            "text": list(reading.text) if reading else [],
            "healthy": self.proof.healthy if self.proof else None,
            "lookup": self.lookup or None,
            "evidence": [
                *(reading.evidence if reading else ()),
                *(self.proof.evidence if self.proof else ()),
            ],
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
        parts = []
        if listed:
            parts.append(f"Listed on {', '.join(listed)}.")
        if failed:
            parts.append(f"Failed: {', '.join(failed)}.")
        if not parts:
            parts.append("Nothing adverse was seen.")
        if unknown:
            parts.append(f"We could not see: {', '.join(unknown)}.")
        if not_asked:
            parts.append(f"Not asked: {', '.join(not_asked)}.")
        return " ".join(parts)

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
        checks.append(Check("domain", "Lists of domains", Word.NOT_COVERED, sentence, domain, clause="R5"))
    return Report(str(address), domain, tuple(checks))


async def _on_list(
    ask: Ask, entry: Blocklist, address: Target, domain: str | None, nonce: str | int, path: int
) -> Check:
    target = domain if "domain" in entry.targets and domain else address

    def seen(word: Word, sentence: str, reading: Reading | None = None, proof: Proof | None = None) -> Check:
        return Check(
            *(
                entry.id,
                entry.name,
                word,
                sentence,
                str(target),
                entry.zone_shown,
                entry.clause,
                entry.lookup,
            ),
            reading=reading,
            proof=proof,
        )

    if entry.kind is Kind.ATTESTED:
        return seen(Word.NOT_COVERED, f"{entry.name} has no DNS list to ask. A person has to look it up.")
    if not entry.covers(target):
        wants = " Name one with --domain." if "domain" in entry.targets else ""
        return seen(Word.NOT_COVERED, f"{blocklist.not_covered(entry, target).sentence}{wants}")
    if not entry.is_configured:
        return seen(
            Word.NOT_CONFIGURED,
            f"{entry.name} answers only with a key. Put one for {entry.id} into SLUICE_BLOCKLIST_KEYS.",
        )
    proof, look = await asyncio.gather(
        health.prove(ask, entry, nonce=nonce, path=path), blocklist.look(ask, entry, target, path=path)
    )
    reading = proof.vouch(look)
    word = {Verdict.CLEAR: Word.CLEAR, Verdict.ADVERSE: Word.LISTED, Verdict.UNKNOWN: Word.UNKNOWN}
    return seen(word[reading.verdict], reading.sentence, reading, proof)


async def _reverse_dns(ask: Ask, address: IPv4Address | IPv6Address, helo: str | None, path: int) -> Check:
    reading = await fcrdns.look(ask, address, helo=helo, path=path)
    word = {Verdict.CLEAR: Word.CLEAR, Verdict.ADVERSE: Word.FAILED, Verdict.UNKNOWN: Word.UNKNOWN}
    sentence = " ".join((reading.sentence, *reading.meanings))
    return Check(
        "fcrdns",
        "Reverse DNS",
        word[reading.verdict],
        sentence,
        str(address),
        "",
        reading.clause,
        reading=reading,
    )
