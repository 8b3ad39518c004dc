"""Forward-confirmed reverse DNS: does the address have a name, and does the name lead back to the address?

The vocabulary refines iprev of RFC 8601 section 2.7.3. It passes when any one of the names leads back. A
failure is a finding for staff, and by itself no order to halt. Advice (warn_…) rides in `codes` and changes
no verdict.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address

from egress.answer import Answer, Outcome
from egress.guard import Network, is_allowed, is_public
from egress.resolver import Ask
from monitors.probes import generic_name
from monitors.probes.blocklist import query_name
from monitors.probes.entry import LONGEST_NAME
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.unseen import is_telling, trouble

Address = IPv4Address | IPv6Address

CLAUSE = "R7"
MOST_NAMES = 10  # names looked at; the cap that SPF puts on the same walk (RFC 7208 section 4.6.4)
HOST_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Names:
    """The reverse names of an address, and where they lead.

    `every` are all of them, `looked_at` the first ten, `forward` the answers about those that can be host names, and
    `confirmed` the ones that lead back.
    """

    reverse: Answer
    every: tuple[str, ...]
    forward: Mapping[str, Answer]
    confirmed: tuple[str, ...]

    @property
    def looked_at(self) -> tuple[str, ...]:
        return self.every[:MOST_NAMES]


async def names_of(ask: Ask, address: Address, *, path: int = 0) -> Names:
    """Ask for the names of the address, then for the addresses of each name in the address's own family."""
    zone, rdtype = ("in-addr.arpa", "A") if address.version == 4 else ("ip6.arpa", "AAAA")
    reverse = await ask(query_name(address, zone), "PTR", path=path)
    # Sorted, because servers shuffle: the same ten names must be looked at every time.
    every = tuple(sorted({record.rstrip(".").lower() for record in reverse.records}))
    usable = [name for name in every[:MOST_NAMES] if is_host_name(name)]
    answers = await asyncio.gather(*(ask(name, rdtype, path=path) for name in usable))
    forward = dict(zip(usable, answers, strict=True))
    confirmed = tuple(name for name, answer in forward.items() if address in _addresses(answer))
    return Names(reverse, every, forward, confirmed)


async def look(
    ask: Ask,
    address: Address,
    *,
    helo: str | None = None,
    own: Iterable[str] = (),
    allow: Iterable[Network] | None = None,
    path: int = 0,
) -> Reading:
    """Does one of the address's names lead back to it?

    `helo` is the name with which the server greets, when it is known; `own` are the vendor's domains, in which a name
    is not taken for a provider's. An IPv4 address inside IPv6 is taken for itself. With `allow`, nothing is asked about
    an address that is neither public nor in one of these networks; without, the caller has refused such addresses.
    A reverse zone delegated by CNAME (RFC 2317) shows in the evidence: the owner of the last record is `canonical`.
    """
    address = unwrapped(address)
    if allow is not None and not is_public(address) and not is_allowed(address, allow):
        sentence = f"{address} is no public address, so its names were not looked up."
        return Reading(Verdict.UNKNOWN, "not_public", Severity.NONE, sentence, clause=CLAUSE)
    names = await names_of(ask, address, path=path)
    reading = _outcome(address, names)
    advice = _advice(address, names, helo, own) if names.every else {}
    return replace(
        reading,
        codes=tuple(advice),
        meanings=tuple(advice.values()),
        evidence=tuple(answer.evidence() for answer in (names.reverse, *names.forward.values())),
    )


def _outcome(address: Address, names: Names) -> Reading:
    reverse, forward = names.reverse, names.forward
    if not is_telling(reverse):
        return _unseen(f"The reverse name of {address}", reverse)
    if not names.every:
        return _failed("fail_no_ptr", f"{address} has no reverse name (PTR).")
    if names.confirmed:
        sentence = f"{address} has the name {names.confirmed[0]}, which leads back to it."
        return Reading(Verdict.CLEAR, "pass", Severity.NONE, sentence, clause=CLAUSE)
    if not forward:
        return _failed("bad_ptr", f"The reverse name of {address} cannot be a host name: {_listed(names.looked_at)}.")
    for name, answer in forward.items():
        if not is_telling(answer):
            return _unseen(f"The address of {name}", answer)
    if all(answer.outcome is Outcome.NXDOMAIN for answer in forward.values()):
        return _failed(
            "fail_ptr_target_missing",
            f"{address} has the reverse name {_listed(tuple(forward))}, and no such name exists.",
        )
    found = sorted({str(found) for answer in forward.values() for found in _addresses(answer)})
    leads = f"leads to {_listed(found)} instead" if found else f"has no IPv{address.version} address"
    return _failed("fail_mismatch", f"{address} has the reverse name {_listed(tuple(forward))}, which {leads}.")


def _advice(address: Address, names: Names, helo: str | None, own: Iterable[str]) -> dict[str, str]:
    advice = {}
    every, forward, confirmed = names.every, names.forward, names.confirmed
    if len(every) > 1:
        cut = f" We looked at the first {MOST_NAMES}." if len(every) > MOST_NAMES else ""
        advice["warn_many_ptr"] = f"It has {len(every)} reverse names; one is best.{cut}"
    aliases = [name for name, answer in forward.items() if answer.canonical not in ("", name)]
    if aliases:
        advice["warn_ptr_cname_target"] = (
            f"{aliases[0]} is an alias (CNAME); a reverse name should name the host itself (RFC 1912)."
        )
    own = tuple(own)
    for name in confirmed or forward:
        signs = generic_name.signs(name, address, own=own)
        if signs.is_generic:
            advice["warn_generic"] = f"{name} looks like a machine-made name ({' and '.join(signs.seen)})."
            break
    if helo and helo.rstrip(".").lower() not in confirmed and (confirmed or all(map(is_telling, forward.values()))):
        leads_back = f"its confirmed name is {_listed(confirmed)}" if confirmed else "no reverse name of it leads back"
        advice["warn_helo_mismatch"] = f"It greets as {helo}, and {leads_back}."
    return advice


def _failed(result: str, sentence: str) -> Reading:
    grounds = (Ground(CLAUSE, Severity.WARN, sentence),)
    return Reading(Verdict.ADVERSE, result, Severity.WARN, sentence, clause=CLAUSE, grounds=grounds)


def _unseen(what: str, answer: Answer) -> Reading:
    sentence = f"{what} could not be looked up: {trouble(answer)}."
    return Reading(Verdict.UNKNOWN, "temperror", Severity.NONE, sentence, clause=CLAUSE)


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps (::ffff:203.0.113.5): that is how the mail leaves."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


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


def _listed(names: Sequence[str]) -> str:
    first, *others = names
    return f"{first} (and {len(others)} more)" if others else first
