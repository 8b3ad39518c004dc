"""Are the DKIM keys of a domain's known selectors in order (RFC 6376)?

The DNS cannot be asked which selectors there are: they come from the vendor's form or from a sample message. So a
domain without a known one is unknown, and never without keys.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from egress.answer import Answer
from egress.resolver import Ask
from monitors.probes import dkim_key
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.unseen import ask_if_askable, is_telling, trouble

CLAUSE = "R8"
MOST_SELECTORS = 20  # looked at; more are named in an advice
LONGEST = 800  # characters kept of a record: a key of 4,096 bits


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one selector showed; `fault` is None when the DNS did not say."""

    selector: str
    name: str
    answer: Answer | None
    fault: str | None = ""
    phrase: str = ""
    text: str = ""
    advice: Mapping[str, str] = field(default_factory=dict)


async def look_dkim(ask: Ask, domain: str, selectors: Iterable[str], *, path: int = 0) -> Reading:
    """The check "dkim": CLEAR when each selector has one key that receivers can use.

    Results: pass; no_selector_known; missing, several, revoked, unreadable, weak_key, no_sha256, not_for_mail of the
    first selector that has such a fault; temperror. `text` has the records, `codes` are advice: dkim_short_key,
    dkim_testing, dkim_alias, dkim_many_selectors. Never graver than WARN.
    """
    every = list(dict.fromkeys(one.strip().rstrip(".").lower() for one in selectors if one.strip()))
    if not every:
        sentence = (
            f"No DKIM selector of {domain} is known, so its keys were not looked up. "
            "Name the selectors in the form, or send a sample message."
        )
        return Reading(Verdict.UNKNOWN, "no_selector_known", Severity.NONE, sentence, clause=CLAUSE)
    seen = await asyncio.gather(*(_look(ask, domain, one, path) for one in every[:MOST_SELECTORS]))
    return _reading(domain, every, seen)


async def _look(ask: Ask, domain: str, selector: str, path: int) -> _Seen:
    name = f"{selector}._domainkey.{domain}"
    answer = await ask_if_askable(ask, name, "TXT", path=path)
    if answer is None:
        return _Seen(selector, name, None, "missing", "cannot be a name in the DNS; correct the selector")
    if not is_telling(answer):
        return _Seen(selector, name, answer, None, f"could not be looked up: {trouble(answer)}")
    keys = [text for text in answer.records if dkim_key.is_key(text)]
    if not keys:
        phrase = "is not there; publish the key, or correct the selector"
        return _Seen(selector, name, answer, "missing", phrase)
    text = keys[0][:LONGEST]
    if len(keys) > 1:
        phrase = f"has {len(keys)} keys, and receivers may take any; leave one"
        return _Seen(selector, name, answer, "several", phrase, text)
    key = dkim_key.read(keys[0])
    advice = dict(key.advice)
    if answer.canonical.lower() not in ("", name.lower()):
        advice["dkim_alias"] = f"is an alias of {answer.canonical}: whoever runs that name can sign for the domain"
    return _Seen(selector, name, answer, key.fault, key.phrase, text, advice)


def _reading(domain: str, every: Sequence[str], seen: Sequence[_Seen]) -> Reading:
    bad = [one for one in seen if one.fault]
    blind = [one for one in seen if one.fault is None]
    grounds: tuple[Ground, ...] = ()
    if bad:
        verdict, result, severity = Verdict.ADVERSE, bad[0].fault or "", Severity.WARN
        sentence = " ".join(f"The DKIM key {one.name} {one.phrase}." for one in bad[:3])
        grounds = tuple(
            Ground(f"dkim:{one.selector}:{one.fault}", Severity.WARN, f"{one.selector} {one.phrase}") for one in bad
        )
    elif blind:
        verdict, result, severity = Verdict.UNKNOWN, "temperror", Severity.NONE
        sentence = f"The DKIM key {blind[0].name} {blind[0].phrase}."
    else:
        verdict, result, severity = Verdict.CLEAR, "pass", Severity.NONE
        whose = f"{len(seen)} selectors" if len(seen) > 1 else f"the selector {seen[0].selector}"
        sentence = f"{domain} publishes a DKIM key for {whose}."
    advice: dict[str, str] = {}
    for one in seen:
        for code, phrase in one.advice.items():
            advice.setdefault(code, f"The DKIM key {one.name} {phrase}.")
    if len(every) > len(seen):
        advice["dkim_many_selectors"] = f"{len(every)} selectors are named. We looked at the first {len(seen)}."
    return Reading(
        verdict,
        result,
        severity,
        sentence,
        codes=tuple(advice),
        meanings=tuple(advice.values()),
        text=tuple(one.text for one in seen if one.text),
        evidence=tuple(one.answer.evidence() for one in seen if one.answer),
        clause=CLAUSE,
        grounds=grounds,
        lead=f"DKIM keys of {domain}" if grounds else "",
    )
