"""Forward-confirmed reverse DNS: does the address have a name, and does the name lead back to the address?

The vocabulary refines iprev of RFC 8601 section 2.7.3. It passes when any one of the names leads back. A
failure is a finding for staff, and by itself no order to halt. Advice (warn_…) rides in `codes` and changes
no verdict.
"""

import asyncio
import re
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes import generic_name
from monitors.probes.blocklist import query_name
from monitors.probes.entry import LONGEST_NAME
from monitors.probes.reading import Ground, Reading, Severity, Verdict

Address = IPv4Address | IPv6Address

CLAUSE = "R7"
MOST_NAMES = 10  # names looked at; the cap that SPF puts on the same walk (RFC 7208 section 4.6.4)
NO_ANSWER = (Outcome.NXDOMAIN, Outcome.NODATA)
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


async def look(ask: Ask, address: Address, *, helo: str | None = None, path: int = 0) -> Reading:
    """Ask for the names of the address, then for the addresses of each name in the address's own family.

    `helo` is the name with which the server greets, when it is known. A reverse zone delegated by CNAME
    (RFC 2317) shows in the evidence: the owner of the last record is `canonical`.
    """
    zone, rdtype = ("in-addr.arpa", "A") if address.version == 4 else ("ip6.arpa", "AAAA")
    reverse = await ask(query_name(address, zone), "PTR", path=path)
    if reverse.outcome in NO_ANSWER or (reverse.outcome is Outcome.ANSWER and not reverse.records):
        return _failed("fail_no_ptr", f"{address} has no reverse name (PTR).", (reverse,))
    if reverse.outcome is not Outcome.ANSWER:
        return _unseen(f"The reverse name of {address} could not be looked up: {_trouble(reverse)}.", (reverse,))

    # Sorted, because servers shuffle: the same ten names must be looked at every time.
    every = sorted({record.rstrip(".").lower() for record in reverse.records})
    names = every[:MOST_NAMES]
    usable = [name for name in names if is_host_name(name)]
    answers = await asyncio.gather(*(ask(name, rdtype, path=path) for name in usable))
    forward = dict(zip(usable, answers, strict=True))
    confirmed = [name for name, answer in forward.items() if address in _addresses(answer)]
    reading = _outcome(address, names, forward, confirmed)
    advice = _advice(address, every, forward, confirmed, helo)
    return replace(
        reading,
        codes=tuple(advice),
        meanings=tuple(advice.values()),
        evidence=tuple(answer.evidence() for answer in (reverse, *forward.values())),
    )


def _outcome(address: Address, names: list[str], forward: dict[str, Answer], confirmed: list[str]) -> Reading:
    if confirmed:
        sentence = f"{address} has the name {confirmed[0]}, which leads back to it."
        return Reading(Verdict.CLEAR, "pass", Severity.NONE, sentence, clause=CLAUSE)
    if not forward:
        return _failed("bad_ptr", f"The reverse name of {address} cannot be a host name: {_listed(names)}.")
    for name, answer in forward.items():
        if answer.outcome not in (Outcome.ANSWER, *NO_ANSWER):
            return _unseen(f"The address of {name} could not be looked up: {_trouble(answer)}.")
    if all(answer.outcome is Outcome.NXDOMAIN for answer in forward.values()):
        return _failed(
            "fail_ptr_target_missing",
            f"{address} has the reverse name {_listed(forward)}, and no such name exists.",
        )
    found = sorted({str(found) for answer in forward.values() for found in _addresses(answer)})
    leads = f"leads to {_listed(found)} instead" if found else f"has no IPv{address.version} address"
    return _failed("fail_mismatch", f"{address} has the reverse name {_listed(forward)}, which {leads}.")


def _advice(
    address: Address, every: list[str], forward: dict[str, Answer], confirmed: list[str], helo: str | None
) -> dict[str, str]:
    advice = {}
    if len(every) > 1:
        cut = f" We looked at the first {MOST_NAMES}." if len(every) > MOST_NAMES else ""
        advice["warn_many_ptr"] = f"It has {len(every)} reverse names; one is best.{cut}"
    aliases = [name for name, answer in forward.items() if answer.canonical not in ("", name)]
    if aliases:
        advice["warn_ptr_cname_target"] = (
            f"{aliases[0]} is an alias (CNAME); a reverse name should name the host itself (RFC 1912)."
        )
    for name in confirmed or forward:
        signs = generic_name.signs(name, address)
        if signs.is_generic:
            advice["warn_generic"] = f"{name} looks like a machine-made name ({' and '.join(signs.seen)})."
            break
    if helo and confirmed and helo.rstrip(".").lower() not in confirmed:
        advice["warn_helo_mismatch"] = f"It greets as {helo}, and its confirmed name is {_listed(confirmed)}."
    return advice


def _failed(result: str, sentence: str, answers: tuple[Answer, ...] = ()) -> Reading:
    reading = _reading(Verdict.ADVERSE, result, Severity.WARN, sentence, answers)
    return replace(reading, grounds=(Ground(CLAUSE, Severity.WARN, sentence),))


def _unseen(sentence: str, answers: tuple[Answer, ...] = ()) -> Reading:
    return _reading(Verdict.UNKNOWN, "temperror", Severity.NONE, sentence, answers)


def _reading(verdict: Verdict, result: str, severity: Severity, sentence: str, answers: tuple[Answer, ...]) -> Reading:
    evidence = tuple(answer.evidence() for answer in answers)
    return Reading(verdict, result, severity, sentence, evidence=evidence, clause=CLAUSE)


def _trouble(answer: Answer) -> str:
    match answer.outcome:
        case Outcome.TIMEOUT:
            return "no answer in time"
        case Outcome.UNREACHABLE:
            return f"our resolver {answer.server} is not reachable"
        case Outcome.MALFORMED:
            return "the answer could not be read"
        case _:
            return answer.rcode or str(answer.outcome).upper()


def is_host_name(name: str) -> bool:
    """Letters, digits, hyphens (RFC 1123 section 2.1), two labels or more; no address, no reverse zone."""
    is_reverse = name.endswith((".in-addr.arpa", ".ip6.arpa"))
    is_address = name.rpartition(".")[2].isdigit()
    return bool(HOST_NAME.fullmatch(name)) and len(name) <= LONGEST_NAME and not is_reverse and not is_address


def _addresses(answer: Answer) -> set[Address]:
    found = set()
    for record in answer.records:
        try:
            found.add(ip_address(record))
        except ValueError:
            continue  # not an address: it confirms nothing
    return found


def _listed(names: "list[str] | dict[str, Answer]") -> str:
    first, *others = names
    return f"{first} (and {len(others)} more)" if others else first
