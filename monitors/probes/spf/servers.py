"""Does the SPF record of a domain let each of a vendor's declared servers send for it?"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from egress.answer import Answer
from egress.resolver import Ask
from monitors.probes.names import as_ascii
from monitors.probes.once import Once
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.spf.check import Evaluation, check_host
from monitors.probes.spf.macros import Address, BadSyntax
from monitors.probes.spf.questions import MOST_TERMS, Result
from monitors.probes.spf.record import Kind, Record, is_spf, parse
from monitors.probes.unseen import ask_if_askable, is_telling, unseen

CLAUSE = "R8"
MANY_TERMS = 8  # from here on the next change of a provider may break the limit
MOST_ANSWERS = 60  # kept as evidence
LONGEST = 500  # characters kept of a record
SAYS = {
    Result.FAIL: "refuses",
    Result.SOFTFAIL: "distrusts",
    Result.NEUTRAL: "says neither yes nor no to",
}


async def look_spf_for(ask: Ask, domain: str, servers: Sequence[Address], *, path: int = 0) -> Reading:
    """The check "spf": CLEAR when the record is sound and every server passes.

    Results: pass; none, several, everybody, permerror of the record; fail, softfail, neutral of a server;
    no_server_declared, when the record is there and nobody to try it for; temperror. `text` is the record, `codes` are
    advice: spf_many_lookups, spf_ptr, spf_open_end, spf_depends_on_sender. The evidence has how each server fared, then
    the answers of the DNS. Never graver than WARN.
    """
    once, domain = Once(ask), as_ascii(domain.strip().rstrip("."))
    try:
        answer = await ask_if_askable(once, domain, "TXT", path=path)
        if answer is None:
            sentence = f"{domain} cannot be the name of a domain, so it was not looked up."
            return Reading(Verdict.UNKNOWN, "temperror", Severity.NONE, sentence, clause=CLAUSE)
        if not is_telling(answer):
            return unseen(f"The SPF record of {domain}", answer, clause=CLAUSE)
        texts = [text for text in answer.records if is_spf(text)]
        reading = _of_records(domain, texts, servers, answer)
        if reading is not None:
            return reading
        evaluations = await asyncio.gather(*(check_host(once, one, domain, path=path) for one in servers))
        return _of_servers(domain, texts[0], dict(zip(servers, evaluations, strict=True)), answer)
    finally:
        await once.close()


def _of_records(domain: str, texts: list[str], servers: Sequence[Address], answer: Answer) -> Reading | None:
    """What can be said without asking further: there is none, there are several, it is broken or open to all."""
    if not texts:
        network = "ip4" if not servers or servers[0].version == 4 else "ip6"
        example = f"v=spf1 {network}:{servers[0] if servers else '192.0.2.1'} -all"
        sentence = f"{domain} publishes no SPF record. Publish one (TXT) that names your servers, such as {example}."
        return _adverse("none", sentence, texts, [answer])
    if len(texts) > 1:
        sentence = f"{domain} publishes {len(texts)} SPF records, which receivers take for an error. Make one of them."
        return _adverse("several", sentence, texts, [answer])
    try:
        record = parse(texts[0])
    except BadSyntax as fault:
        sentence = (
            f"Receivers take the SPF record of {domain} for an error: {fault}. Correct it; until then it is void."
        )
        return _adverse("permerror", sentence, texts, [answer])
    if record.lets_everybody_in:
        return _adverse("everybody", _open(domain, "+all"), texts, [answer])
    return None


def _of_servers(domain: str, text: str, seen: Mapping[Address, Evaluation], answer: Answer) -> Reading:
    advice = _advice(parse(text), seen.values())
    evidence = (*(_fared(address, one) for address, one in seen.items()), *_answers(answer, seen.values()))
    reading = _judged(domain, text, seen, answer)
    return replace(
        reading, codes=tuple(advice), meanings=tuple(advice.values()), text=(text[:LONGEST],), evidence=evidence
    )


def _judged(domain: str, text: str, seen: Mapping[Address, Evaluation], answer: Answer) -> Reading:
    blind = {address: one for address, one in seen.items() if one.result is Result.TEMPERROR or not one.is_sure}
    known = {address: one for address, one in seen.items() if address not in blind}
    opened = next((one for one in known.values() if one.is_for_all), None)
    if opened is not None:
        return _adverse("everybody", _open(domain, opened.matched), [text], [answer])
    broken = next((one for one in known.values() if one.result is Result.PERMERROR), None)
    if broken is not None:
        sentence = f"Receivers take the SPF record of {domain} for an error: {broken.why}. Correct it."
        return _adverse("permerror", sentence, [text], [answer])
    bad = {address: one for address, one in known.items() if one.result is not Result.PASS}
    if bad:
        return _not_named(domain, bad)
    if blind:
        address, one = next(iter(blind.items()))
        why = one.why or f"the reverse name of {address} could not be looked up"
        sentence = f"Whether the SPF record of {domain} lets {address} send is not known: {why}."
        return Reading(Verdict.UNKNOWN, "temperror", Severity.NONE, sentence, clause=CLAUSE)
    if not seen:
        sentence = f"{domain} publishes an SPF record. No server is declared that it could be tried for."
        return Reading(Verdict.UNKNOWN, "no_server_declared", Severity.NONE, sentence, clause=CLAUSE)
    whom = _listed([str(address) for address in seen])
    return Reading(
        Verdict.CLEAR, "pass", Severity.NONE, f"The SPF record of {domain} lets {whom} send for it.", clause=CLAUSE
    )


def _not_named(domain: str, bad: Mapping[Address, Evaluation]) -> Reading:
    """Servers that do not pass: a ground for each, and the gravest result for all."""
    grounds = []
    for address, one in bad.items():
        says = SAYS.get(one.result, "does not speak of")
        phrase = f"it {says} {address} ({one.result}), so add ip{address.version}:{address} to it"
        grounds.append(Ground(f"spf:{address}:{one.result}", Severity.WARN, phrase))
    worst = min((one.result for one in bad.values()), key=list(Result).index)
    whom = [str(address) for address, one in bad.items() if one.result is worst]
    networks = _listed([f"ip{address.version}:{address}" for address in bad])
    sentence = (
        f"The SPF record of {domain} {SAYS.get(worst, 'does not speak of')} {_listed(whom)} ({worst}). "
        f"Add {networks} to it, or take what is no sending server of yours off your list."
    )
    return Reading(
        Verdict.ADVERSE,
        str(worst),
        Severity.WARN,
        sentence,
        clause=CLAUSE,
        grounds=tuple(grounds),
        lead=f"The SPF record of {domain}",
    )


def _advice(record: Record, seen: Iterable[Evaluation]) -> dict[str, str]:
    advice = {}
    seen = list(seen)
    used = frozenset().union(*(one.used for one in seen))
    if (most := max((one.terms for one in seen), default=0)) >= MANY_TERMS:
        advice["spf_many_lookups"] = (
            f"It takes {min(most, MOST_TERMS)} of the {MOST_TERMS} look-ups that receivers grant. "
            "Name networks in place of includes before it breaks."
        )
    if "ptr" in used or any(one.kind is Kind.PTR for one in record.directives):
        advice["spf_ptr"] = "It uses ptr, which receivers may pass over (RFC 7208 section 5.5). Name the addresses."
    last = next((one for one in record.directives if one.kind is Kind.ALL), None)
    if record.redirect is None and (last is None or last.result == Result.NEUTRAL):
        advice["spf_open_end"] = "It does not say that others may not send. End it with -all or ~all."
    if used & {"s", "l", "h"}:
        advice["spf_depends_on_sender"] = (
            "It answers by mailbox or by greeting (a macro). We tried postmaster and the domain's own name; "
            "for others it may say something else."
        )
    return advice


def _adverse(result: str, sentence: str, texts: Sequence[str], answers: Sequence[Answer]) -> Reading:
    return Reading(
        Verdict.ADVERSE,
        result,
        Severity.WARN,
        sentence,
        text=tuple(text[:LONGEST] for text in texts[:3]),
        evidence=tuple(answer.evidence() for answer in answers),
        clause=CLAUSE,
        grounds=(Ground(f"spf:{result}", Severity.WARN, sentence),),
    )


def _open(domain: str, term: str) -> str:
    return f"The SPF record of {domain} lets everybody send for it ({term}). Name your servers and end it with -all."


def _fared(address: Address, one: Evaluation) -> Mapping[str, Any]:
    return {
        "server": str(address),
        "result": str(one.result),
        "matched": one.matched,
        "why": one.why,
        "explanation": one.explanation,
        "is_sure": one.is_sure,
        "lookups": one.terms,
        "in_vain": one.voids,
        "steps": [[step.domain, step.term, step.result] for step in one.steps],
    }


def _answers(first: Answer, seen: Iterable[Evaluation]) -> list[Mapping[str, Any]]:
    """Each answer once, the record's own first."""
    every = {(answer.name, answer.rdtype): answer for one in seen for answer in one.answers}
    every = {(first.name, first.rdtype): first} | every
    return [answer.evidence() for answer in list(every.values())[:MOST_ANSWERS]]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
