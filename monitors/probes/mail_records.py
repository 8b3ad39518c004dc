"""What does the DNS say about mail of a domain: does it exist, where does its mail go, who may send for it?

Each look returns a Reading; what a published record says stands in `text`. SPF and DMARC are read for being there and
for what a person would notice. Whether a server may send is for `spf`, the whole of a policy for `dmarc`, and whether
each mail server can take mail for `mail_hosts`.
"""

import asyncio
from dataclasses import dataclass, replace

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes import dmarc, tags
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.spf.record import is_spf
from monitors.probes.unseen import is_telling, unseen


@dataclass(frozen=True, slots=True)
class Hosts:
    """Whether a name has an address. `exists` is None when the DNS did not say."""

    exists: bool | None
    addresses: tuple[str, ...]
    reading: Reading


async def look_up(ask: Ask, name: str, *, path: int = 0) -> Hosts:
    """The IPv4 and IPv6 addresses of a name."""
    answers = await asyncio.gather(ask(name, "A", path=path), ask(name, "AAAA", path=path))
    found = tuple(record for answer in answers for record in answer.records)
    if found:
        sentence = f"{name} leads to {found[0]}{f' and {len(found) - 1} more' if len(found) > 1 else ''}."
        return Hosts(True, found, _read(Verdict.CLEAR, "pass", sentence, *answers))
    if not all(map(is_telling, answers)):
        return Hosts(None, (), unseen(f"The address of {name}", *answers, clause=""))
    if any(answer.outcome is Outcome.NXDOMAIN for answer in answers):
        return Hosts(False, (), _read(Verdict.ADVERSE, "nxdomain", f"{name} does not exist in the DNS.", *answers))
    return Hosts(True, (), _read(Verdict.ADVERSE, "no_address", f"{name} has no address in the DNS.", *answers))


async def look_mx(ask: Ask, domain: str, *, path: int = 0) -> Reading:
    """Can the domain take mail? `text` names its mail servers, best first (RFC 5321 section 5.1).

    Results: pass; address, when mail goes to the domain's own address for want of an MX; null_mx, when the domain says
    that it takes none (RFC 7505); no_mx; nxdomain; temperror.
    """
    answer = await ask(domain, "MX", path=path)
    if answer.outcome is Outcome.NXDOMAIN:
        return _read(Verdict.ADVERSE, "nxdomain", f"{domain} does not exist in the DNS.", answer)
    if answer.outcome is Outcome.ANSWER and answer.records:
        if all(record.endswith(" .") for record in answer.records):
            return _read(Verdict.ADVERSE, "null_mx", f"{domain} says that it takes no mail (null MX).", answer)
        ranked = sorted((record.split(" ", 1) for record in answer.records), key=lambda one: (int(one[0]), one[1]))
        names = tuple(name for _, name in ranked if name != ".")
        reading = _read(Verdict.CLEAR, "pass", f"Mail for {domain} goes to {names[0]}.", answer)
        return replace(reading, text=names[:10])
    if not is_telling(answer):
        return unseen(f"The mail server of {domain}", answer, clause="")
    hosts = await look_up(ask, domain, path=path)
    if hosts.exists is None:
        return hosts.reading
    if not hosts.addresses:
        sentence = f"{domain} has neither a mail server (MX) nor an address, so it can take no mail."
        return _read(Verdict.ADVERSE, "no_mx", sentence, answer)
    sentence = f"{domain} names no mail server (MX); mail goes to its own address, {hosts.addresses[0]}."
    return _read(Verdict.CLEAR, "address", sentence, answer)


async def look_spf(ask: Ask, domain: str, *, path: int = 0) -> Reading:
    """Does the domain publish who may send for it (RFC 7208)? ADVERSE says only that nothing useful is there.

    Results: pass; none; several (which receivers treat as an error, section 4.5); everybody (+all); temperror.
    """
    answer = await ask(domain, "TXT", path=path)
    records = [text for text in answer.records if is_spf(text)]
    if not is_telling(answer):
        return unseen(f"The SPF record of {domain}", answer, clause="")
    if not records:
        return _read(Verdict.ADVERSE, "none", f"{domain} publishes no SPF record.", answer)
    kept = tuple(text[:500] for text in records[:3])
    if len(records) > 1:
        sentence = f"{domain} publishes {len(records)} SPF records. Receivers take that for an error."
        return replace(_read(Verdict.ADVERSE, "several", sentence, answer), text=kept)
    if {"+all", "all"} & set(records[0].lower().split()):
        sentence = f"The SPF record of {domain} lets everybody send for it (+all)."
        return replace(_read(Verdict.ADVERSE, "everybody", sentence, answer), text=kept)
    return replace(_read(Verdict.CLEAR, "pass", f"{domain} publishes an SPF record.", answer), text=kept)


async def look_dmarc(ask: Ask, domain: str, organisational: str = "", *, path: int = 0) -> Reading:
    """Does the domain say what to do with forged mail (RFC 7489 section 6.6.3)? Without a record of its own that of its
    organisational domain holds. `codes` has the policy: none, quarantine or reject.

    Results: pass; none; several; unreadable; temperror.
    """
    names = list(dict.fromkeys(name for name in (domain, organisational) if name))
    found = await dmarc.find(ask, names, path=path)
    if found.is_blind:
        return unseen(f"The DMARC record of {found.name}", *found.answers, clause="")
    if found.records:
        return _read_dmarc(domain, found)
    return _read(Verdict.ADVERSE, "none", f"{domain} publishes no DMARC record.", *found.answers)


def _read_dmarc(domain: str, found: dmarc.Found) -> Reading:
    name, records, answers = found.name, found.records, found.answers
    kept = tuple(text[:500] for text in records[:3])
    where = "" if name == domain else f", through {name}"
    if len(records) > 1:
        sentence = f"{name} publishes {len(records)} DMARC records. Receivers ignore them all."
        return replace(_read(Verdict.ADVERSE, "several", sentence, *answers), text=kept)
    tag, _ = tags.read(records[0])
    tag = {name.lower(): value.lower() for name, value in tag.items()}
    policy = tag.get("p", "") if name == domain else tag.get("sp", tag.get("p", ""))
    if policy not in dmarc.POLICIES:
        sentence = f"The DMARC record of {name} has no policy that receivers understand."
        return replace(_read(Verdict.ADVERSE, "unreadable", sentence, *answers), text=kept)
    sentence = f"{domain} has a DMARC policy{where}: {policy}."
    return replace(_read(Verdict.CLEAR, "pass", sentence, *answers), text=kept, codes=(policy,), meanings=("policy",))


def _read(verdict: Verdict, result: str, sentence: str, *answers: Answer) -> Reading:
    evidence = tuple(answer.evidence() for answer in answers)
    severity = Severity.WARN if verdict is Verdict.ADVERSE else Severity.NONE
    return Reading(verdict, result, severity, sentence, evidence=evidence)
