"""Can we see this list at all? Asked on the same path just before anything is read from it.

Two ordinary resolver settings turn every listing into "clean" without any error (strict QNAME minimisation,
and protection against DNS rebinding), and dead lists end by listing nobody or everybody. So a list is
believed, in either direction, only while its test entries answer as they must (RFC 5782 section 5): what must
be listed is, what must not be is not, and neither is an address picked at random that nobody can list.

Says what is so now. How often a list may fail before staff are told is decided elsewhere.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.blocklist import judge_answer, query_name
from monitors.probes.entry import Blocklist, Target
from monitors.probes.reading import Reading, Severity, Verdict


class Fault(StrEnum):
    """Why a list cannot be believed. What is said first wins when several are so."""

    HIJACKED = "hijacked"  # answers from outside 127.0.0.0/8: a parked domain, or a resolver that rewrites
    REFUSED = "refused"  # will not answer us: no key, a wrong key, too many questions, a public resolver
    LISTS_THE_WORLD = "lists_the_world"  # lists what nobody can list: how dead lists end
    BLINDED = "blinded"  # its own test entry is gone: it was emptied, or our resolver hides listings
    SILENT = "silent"  # no usable answer: a timeout, a failure


MUST, MUST_NOT = "must be listed", "must not be listed"


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a list could be seen, and the answers that show it.

    `evidence` is JSON-able, without key; beside the fields of an answer each part says under "test" what was asked:
    something that MUST be listed, or something that MUST_NOT.
    """

    healthy: bool
    fault: str | None
    sentence: str
    evidence: tuple[Mapping[str, Any], ...] = ()

    def vouch(self, reading: Reading) -> Reading:
        """The reading, as far as this proof bears it out: from a list that we cannot see, nothing is known.

        What was unknown already keeps its own, more exact reason.
        """
        if self.healthy or reading.verdict is Verdict.UNKNOWN:
            return reading
        return replace(
            reading,
            verdict=Verdict.UNKNOWN,
            result="list_unhealthy",
            severity=Severity.NONE,
            sentence=self.sentence,
            grounds=(),
            evidence=(*reading.evidence, *self.evidence),
        )


async def prove(ask: Ask, entry: Blocklist, *, nonce: str | int, path: int = 0) -> Proof:
    """Ask the list's test entries, and for something random that it cannot list, all at once.

    `nonce` picks the random target; let it differ from call to call, or a cache answers for the list.
    ValueError for a list that is not configured.
    """
    if not entry.is_configured:
        raise ValueError(f"{entry.id} is not configured, so it cannot be asked. Check is_configured first.")
    must = [_target(text) for text in entry.positive]
    must_not = [*(_target(text) for text in entry.negative), stranger(entry, nonce)]
    answers = await asyncio.gather(
        *(ask(query_name(target, entry.zone_asked), "A", path=path) for target in (*must, *must_not))
    )
    fault, sentence = _fault(entry, answers[: len(must)], answers[len(must) :])
    tests = [MUST] * len(must) + [MUST_NOT] * len(must_not)
    evidence = tuple({**entry.evidence(answer), "test": test} for answer, test in zip(answers, tests, strict=True))
    if fault is None:
        return Proof(True, None, f"{entry.name} answers its test entries as it should.", evidence)
    return Proof(False, str(fault), sentence, evidence)


def stranger(entry: Blocklist, nonce: str | int) -> Target:
    """A target that nobody can list: one of 127.0.0.128 to .254; of domains, one under .invalid (RFC 2606).

    Not of 192.0.2.0/24, which lists of unused networks hold; not .255, which some lists keep as a test entry.
    """
    number = int.from_bytes(sha256(str(nonce).encode()).digest()[:8])
    if "domain" in entry.targets:
        return f"{number:016x}.invalid"
    address = IPv4Address("127.0.0.128") + number % 127
    return address if "ipv4" in entry.targets else IPv6Address(f"::ffff:{address}")


def _fault(entry: Blocklist, must: list[Answer], must_not: list[Answer]) -> tuple[Fault | None, str]:
    """(what is wrong, in a sentence). The certain faults come before the vague ones."""
    read = [judge_answer(entry, answer) for answer in (*must, *must_not)]
    for reading in read:
        if reading.result == "hijacked":
            return Fault.HIJACKED, reading.sentence
    for reading in read:
        if reading.result in {"refused_by_list", "refused"}:
            return Fault.REFUSED, reading.sentence
    for answer in must_not:
        if answer.outcome is Outcome.ANSWER and answer.records:
            return Fault.LISTS_THE_WORLD, (
                f"{entry.name} lists {_shown(entry, answer)}, a test entry that must not be listed. "
                "It may be listing the whole world, so nothing that it says counts."
            )
    for answer, reading in zip(must, read, strict=False):
        if answer.outcome is Outcome.NXDOMAIN:
            return Fault.BLINDED, (
                f"{entry.name} does not list its own test entry, {_shown(entry, answer)}. It was emptied, "
                f"{'it does not accept our key, ' if entry.key else ''}or our resolver hides its listings."
            )
        if reading.result == "nodata":
            return Fault.BLINDED, (
                f"{entry.name} answers without an address for its own test entry, {_shown(entry, answer)}. "
                "Most likely our resolver takes addresses in 127.0.0.0/8 out of answers, and so hides its listings."
            )
        if reading.result == "unmapped_code":
            return Fault.BLINDED, (
                f"{entry.name} answers {', '.join(reading.codes)} for its own test entry, which is not in "
                "our table of its codes."
            )
    for answer, reading in zip((*must, *must_not), read, strict=True):
        if answer.outcome is not Outcome.NXDOMAIN and reading.verdict is Verdict.UNKNOWN:
            return Fault.SILENT, reading.sentence
    return None, ""


def _target(text: str) -> Target:
    try:
        return ip_address(text)
    except ValueError:
        return text


def _shown(entry: Blocklist, answer: Answer) -> str:
    """What was asked in front of the zone; IPv4 addresses the way people write them."""
    labels = entry.hide_key(answer.name.removesuffix(f".{entry.zone_asked}")).split(".")
    return ".".join(labels if "domain" in entry.targets or len(labels) != 4 else reversed(labels))
