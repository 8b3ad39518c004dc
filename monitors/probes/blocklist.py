"""Is this address on that blocklist? One look: question, meaning, the list's own words after a listing.

One answer is no verdict over time, and "clean" is worth nothing from a list that we cannot see: whether we
can, `health.prove` says. An A record alone is not a listing; only a code in the list's own table is.
Sources: RFC 5782 (questions and answers), RFC 6471 (how lists are run), and each list's own documentation.
"""

from dataclasses import replace
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.entry import LISTING_RANGE, Blocklist, Target
from monitors.probes.names import as_ascii
from monitors.probes.reading import Ground, Reading, Severity, Verdict

TEXT_RECORDS = 5  # TXT records kept
TEXT_LENGTH = 500  # characters kept of each


def query_name(target: Target, zone: str) -> str:
    """The name to ask: 203.0.113.5 at dnsbl.example.org is 5.113.0.203.dnsbl.example.org.

    IPv4 by octets, IPv6 by its 32 nibbles (RFC 5782 sections 2.1 and 2.4), domains as they are. Built here
    because dnspython's `reversename` turns ::ffff:7f00:2, the IPv6 test entry, into the IPv4 one.
    """
    match target:
        case IPv4Address():
            labels = reversed(str(target).split("."))
        case IPv6Address():
            labels = reversed(target.exploded.replace(":", ""))
        case _:
            return f"{target.rstrip('.').lower()}.{zone}"
    return f"{'.'.join(labels)}.{zone}"


async def look(ask: Ask, entry: Blocklist, target: Target, *, path: int = 0) -> Reading:
    """Look the target up. A list that holds no targets of this kind is not asked: it cannot even clear it.

    After a listing the list's own words are fetched (TXT of the target's name). They are evidence only:
    without them the listing stands. ValueError for a list that is not configured.
    """
    if not entry.covers(target):
        return not_covered(entry, target)
    if not entry.is_configured:
        raise ValueError(f"{entry.id} is not configured, so it cannot be asked. Check is_configured first.")
    answer = await ask(query_name(entry.asked_about(target), entry.zone_asked), "A", path=path)
    reading = judge(entry, target, answer)
    return reading if reading.result != "listed" else await explain(ask, entry, target, reading, path=path)


async def explain(ask: Ask, entry: Blocklist, target: Target, reading: Reading, *, path: int = 0) -> Reading:
    """The reading of a listing, with the list's own words (TXT of the target's name) as far as they can be had."""
    words = await ask(query_name(entry.asked_about(target), entry.zone_asked), "TXT", path=path)
    # The key goes before the text is cut, or a cut through the key would leave half of it standing.
    text = tuple(_shortened(entry.hide_key(record)) for record in words.records[:TEXT_RECORDS])
    words = replace(words, records=text)
    return replace(reading, text=text, evidence=(*reading.evidence, entry.evidence(words)))


def not_covered(entry: Blocklist, target: Target) -> Reading:
    """The reading of a target that the list holds no data on. Never clear: the list has nothing to say."""
    if isinstance(target, str) and "domain" in entry.targets:
        sentence = f"{_shortened(target)} is no domain that {entry.name} could be asked about."
    else:
        kind = "domains" if isinstance(target, str) else f"IPv{target.version} addresses"
        sentence = f"{entry.name} holds no {kind}, so it can say nothing about this one."
    return Reading(Verdict.UNKNOWN, "not_covered", Severity.NONE, sentence, clause=entry.clause)


def judge(entry: Blocklist, target: Target, answer: Answer) -> Reading:
    """`judge_answer` for a target, which says so when the question was about the domain that the target belongs to."""
    reading, about = judge_answer(entry, answer), entry.asked_about(target)
    if entry.registrable and as_ascii(str(target).rstrip(".").lower()) != about:
        also = f"It holds registrable domains only, so {about} was asked about."
        reading = replace(reading, sentence=f"{reading.sentence} {also}")
    return reading


def judge_answer(entry: Blocklist, answer: Answer) -> Reading:
    """What one A answer means on this list. All records are read; the gravest severity wins."""
    name, verdict = entry.name, Verdict.UNKNOWN
    match answer.outcome:
        case Outcome.ANSWER if answer.records:
            return _judge_records(entry, answer)
        case Outcome.NXDOMAIN:
            verdict, result, sentence = Verdict.CLEAR, "clean", f"Not listed on {name}."
        case Outcome.ANSWER | Outcome.NODATA:
            result = "nodata"
            sentence = (
                f"{name} answered without an address, which is neither yes nor no. "
                "A resolver that strips 127.0.0.0/8 from answers does this to every listing."
            )
        case Outcome.TIMEOUT:
            result, sentence = "timeout", f"{name} did not answer in time."
        case Outcome.UNREACHABLE:
            result, sentence = (
                "timeout",
                f"{name} could not be asked: our resolver {answer.server} is not reachable.",
            )
        case Outcome.REFUSED:
            result, sentence = "refused", f"The question to {name} was refused (REFUSED)."
        case Outcome.MALFORMED:
            result, sentence = "servfail", f"The answer from {name} could not be read."
        case _:
            result, sentence = "servfail", f"{name} could not be resolved ({answer.rcode or 'SERVFAIL'})."
    return _reading(entry, answer, verdict, result, sentence)


def _judge_records(entry: Blocklist, answer: Answer) -> Reading:
    answers = [_address(record) for record in answer.records]
    if foreign := [text for text, seen in zip(answer.records, answers, strict=True) if not _may_be_a_listing(seen)]:
        sentence = (
            f"{entry.name} answered {', '.join(foreign)}, outside 127.0.0.0/8, where no blocklist answers. "
            "Its domain is parked, or our resolver rewrites answers."
        )
        return _reading(entry, answer, Verdict.UNKNOWN, "hijacked", sentence)
    seen = [address for address in answers if address]
    for address in seen:
        if reason := entry.refusal(address):
            sentence = f"{entry.name} refused to answer us ({address}): {reason}."
            return _reading(entry, answer, Verdict.UNKNOWN, "refused_by_list", sentence)

    readings = [entry.read(address) for address in seen]
    known = list(dict.fromkeys(match for matches, _ in readings for match in matches))
    unknown = list(dict.fromkeys(code for _, codes in readings for code in codes))
    severity = Severity.worst(*(match.severity for match in known))
    also = f" It also answered {', '.join(unknown)}, which is not in our table of its codes." if unknown else ""
    meanings = "; ".join(f"{match.meaning} ({match.code})" for match in known)
    grounds: list[Ground] = []
    if severity is not Severity.NONE:
        reading = _reading(entry, answer, Verdict.ADVERSE, "listed", f"Listed on {entry.name}: {meanings}.{also}")
        grounds = [
            Ground(match.code, match.severity, f"{match.meaning} ({match.code})")
            for match in known
            if match.severity is not Severity.NONE
        ]
    elif unknown:
        sentence = (
            f"{entry.name} answered {', '.join(unknown)}, which is not in our table of its codes. "
            "We cannot say whether that is a listing; the list's own lookup page can."
        )
        reading = _reading(entry, answer, Verdict.UNKNOWN, "unmapped_code", sentence)
    else:
        sentence = f"Known to {entry.name}, but not as a complaint: {meanings}."
        reading = _reading(entry, answer, Verdict.CLEAR, "clean", sentence)
    return replace(
        reading,
        severity=severity,
        codes=(*(match.code for match in known), *unknown),
        meanings=(*(match.meaning for match in known), *("not in our table" for _ in unknown)),
        grounds=tuple(grounds),
        lead=f"Listed on {entry.name}" if grounds else "",
    )


def _reading(entry: Blocklist, answer: Answer, verdict: Verdict, result: str, sentence: str) -> Reading:
    evidence = (entry.evidence(answer),)
    return Reading(verdict, result, Severity.NONE, sentence, evidence=evidence, clause=entry.clause)


def _address(record: str) -> IPv4Address | None:
    try:
        return IPv4Address(record)
    except AddressValueError:
        return None


def _may_be_a_listing(address: IPv4Address | None) -> bool:
    return address is not None and address in LISTING_RANGE


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
