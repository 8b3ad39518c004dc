"""The name with which a server greets (HELO, EHLO): is it a host's full name, and does it lead to the server (R8)?

Receivers must not refuse mail on this alone (RFC 5321 section 4.1.4), and neither does anything here halt.
"""

import asyncio
from ipaddress import ip_address

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.fcrdns import Address, is_host_name, names_of, unwrapped
from monitors.probes.names import registrable
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.unseen import is_telling, unseen

CLAUSE = "R8"


async def look_helo(ask: Ask, helo: str, address: Address, *, path: int = 0) -> Reading:
    """The check "helo".

    Results: pass; not_known, when nobody has said how the server greets; address_literal, as [203.0.113.5];
    not_a_host_name; nxdomain; no_address; other_address, when it leads elsewhere; temperror. `codes` is advice:
    helo_not_ptr, when no confirmed reverse name is of the same domain. WARN for a name that nobody could follow, INFO
    for one that leads elsewhere.
    """
    address, name = unwrapped(address), helo.strip().rstrip(".").lower()
    if not name:
        sentence = f"How {address} greets is not known."
        return Reading(Verdict.UNKNOWN, "not_known", Severity.NONE, sentence, clause=CLAUSE)
    if name.startswith("["):
        sentence = f"{address} greets as {helo[:80]}, an address. Let it greet with a full host name."
        return _adverse("address_literal", Severity.INFO, sentence)
    if not is_host_name(name):
        sentence = (
            f"{address} greets as {helo[:80]}, which cannot be the full name of a host. "
            "Let it greet with one that leads to it, such as mail.example.com."
        )
        return _adverse("not_a_host_name", Severity.WARN, sentence)
    forward, names = await asyncio.gather(
        ask(name, "A" if address.version == 4 else "AAAA", path=path), names_of(ask, address, path=path)
    )
    answers = (forward, names.reverse, *names.forward.values())
    if not is_telling(forward):
        return unseen(f"The address of {name}, the name in HELO,", *answers, clause=CLAUSE)
    found = [ip_address(record) for record in forward.records]
    if address not in found:
        return _elsewhere(name, address, [str(one) for one in found], forward, answers)
    advice = {}
    if names.confirmed and registrable(name) not in {registrable(one) for one in names.confirmed}:
        advice["helo_not_ptr"] = (
            f"It greets as {name}, and its reverse name is {names.confirmed[0]}, of another domain. "
            "Let it greet with its reverse name."
        )
    return Reading(
        Verdict.CLEAR,
        "pass",
        Severity.NONE,
        f"{name}, the name in HELO, leads to {address}.",
        codes=tuple(advice),
        meanings=tuple(advice.values()),
        evidence=tuple(answer.evidence() for answer in answers),
        clause=CLAUSE,
    )


def _elsewhere(name: str, address: Address, found: list[str], forward: Answer, answers: tuple[Answer, ...]) -> Reading:
    if found:
        sentence = (
            f"{name}, the name in HELO, leads to {found[0]}, not to {address}. "
            "Receivers may distrust that; let the server greet with its own name."
        )
        return _adverse("other_address", Severity.INFO, sentence, answers)
    cure = "Publish an address for it, or let the server greet with a name that has one."
    if forward.outcome is Outcome.NXDOMAIN:
        return _adverse("nxdomain", Severity.WARN, f"{name}, the name in HELO, does not exist. {cure}", answers)
    sentence = f"{name}, the name in HELO, has no IPv{address.version} address. {cure}"
    return _adverse("no_address", Severity.WARN, sentence, answers)


def _adverse(result: str, severity: Severity, sentence: str, answers: tuple[Answer, ...] = ()) -> Reading:
    return Reading(
        Verdict.ADVERSE,
        result,
        severity,
        sentence,
        evidence=tuple(answer.evidence() for answer in answers),
        clause=CLAUSE,
        grounds=(Ground(f"helo:{result}", severity, sentence),),
    )
