"""Can a domain take the mail and the bounces that come back to it (R10)? Its mail servers, one by one.

Whether a server answers on port 25, or a mailbox exists, is not tried: the DNS says where mail would go, no more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from egress.answer import Answer, Outcome
from egress.resolver import Ask
from monitors.probes.reading import Ground, Reading, Severity, Verdict
from monitors.probes.unseen import ask_if_askable, is_telling, unseen

CLAUSE = "R10"
MOST_HOSTS = 10
# Where no mail from outside can arrive. Networks for documents are not among them: a lab may use those.
NOWHERE = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"),
        *("::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
)


@dataclass(frozen=True, slots=True)
class _Host:
    """One mail server. `state` is live, dead, or None when the DNS did not say; `why` tells a dead one."""

    name: str
    state: str | None
    why: str = ""
    is_alias: bool = False
    answers: tuple[Answer, ...] = ()


async def look_mail_hosts(ask: Ask, domain: str, *, path: int = 0) -> Reading:
    """The check "mx": CLEAR when at least one mail server of the domain leads to an address that mail can reach.

    Results: pass; address, when mail goes to the domain's own address for want of an MX; null_mx (RFC 7505); no_mx;
    nxdomain; dead_mx, when no mail server has such an address; temperror. `text` names the servers, best first;
    `codes` are advice: mx_dead_host, mx_alias, mx_address, mx_null_beside_others, mx_implicit, mx_many. Never graver
    than WARN.
    """
    answer = await ask_if_askable(ask, domain, "MX", path=path)
    if answer is None:
        return _adverse("nxdomain", f"{domain} cannot be the name of a domain. Correct it.")
    if not is_telling(answer):
        return unseen(f"The mail server of {domain}", answer, clause=CLAUSE)
    if answer.outcome is Outcome.NXDOMAIN:
        return _adverse("nxdomain", f"{domain} does not exist in the DNS. Correct it, or register it.", answer)
    ranked = sorted((record.partition(" ") for record in answer.records), key=lambda one: (int(one[0]), one[2]))
    names = [name for _, _, name in ranked if name != "."]
    if ranked and not names:
        sentence = f"{domain} says that it takes no mail (null MX). Use an address that takes mail: bounces come to it."
        return _adverse("null_mx", sentence, answer)
    if not names:
        return await _implicit(ask, domain, answer, path)
    hosts = await asyncio.gather(*(_look(ask, name, path) for name in names[:MOST_HOSTS]))
    reading = _reading(domain, hosts)
    advice = _advice(domain, names, hosts, has_null=len(names) < len(ranked))
    answers = (answer, *(one for host in hosts for one in host.answers))
    return replace(
        reading,
        codes=tuple(advice),
        meanings=tuple(advice.values()),
        text=tuple(names[:MOST_HOSTS]),
        evidence=tuple(one.evidence() for one in answers),
    )


async def _implicit(ask: Ask, domain: str, answer: Answer, path: int) -> Reading:
    """Without an MX the domain is its own mail server (RFC 5321 section 5.1)."""
    host = await _look(ask, domain, path)
    answers = (answer, *host.answers)
    if host.state is None:
        return unseen(f"The address of {domain}", *answers, clause=CLAUSE)
    if host.state == "dead":
        sentence = f"{domain} has no mail server (MX), and {host.why}, so it can take no mail. Publish a mail server."
        return _adverse("no_mx", sentence, *answers)
    advice = {"mx_implicit": "It relies on the rule for domains without an MX. Publish one, and nobody has to guess."}
    return Reading(
        Verdict.CLEAR,
        "address",
        Severity.NONE,
        f"{domain} names no mail server (MX); mail goes to its own address.",
        codes=tuple(advice),
        meanings=tuple(advice.values()),
        evidence=tuple(one.evidence() for one in answers),
        clause=CLAUSE,
    )


async def _look(ask: Ask, name: str, path: int) -> _Host:
    asked = await asyncio.gather(*(ask_if_askable(ask, name, rdtype, path=path) for rdtype in ("A", "AAAA")))
    answers = tuple(one for one in asked if one is not None)
    if not answers or _is_address(name):
        return _Host(name, "dead", f"{name} is no name of a host", answers=answers)
    is_alias = any(one.canonical.lower() not in ("", name) for one in answers if one.records)
    found = [ip_address(record) for one in answers for record in one.records]
    if any(_is_reachable(one) for one in found):
        return _Host(name, "live", is_alias=is_alias, answers=answers)
    if any(not is_telling(one) for one in answers):
        return _Host(name, None, answers=answers)
    why = f"{name} leads to {found[0]}, where no mail from outside arrives" if found else f"{name} has no address"
    if not found and any(one.outcome is Outcome.NXDOMAIN for one in answers):
        why = f"{name} does not exist"
    return _Host(name, "dead", why, is_alias, answers)


def _is_reachable(address: IPv4Address | IPv6Address) -> bool:
    return not any(address in network for network in NOWHERE)


def _reading(domain: str, hosts: Sequence[_Host]) -> Reading:
    live = next((host for host in hosts if host.state == "live"), None)
    if live:
        sentence = f"Mail for {domain} goes to {live.name}."
        return Reading(Verdict.CLEAR, "pass", Severity.NONE, sentence, clause=CLAUSE)
    blind = next((host for host in hosts if host.state is None), None)
    if blind:
        return unseen(f"The address of {blind.name}, the mail server of {domain},", *blind.answers, clause=CLAUSE)
    whys = "; ".join(host.why for host in hosts[:3])
    return _adverse("dead_mx", f"No mail server of {domain} can be reached: {whys}. Publish one that can.")


def _advice(domain: str, names: Sequence[str], hosts: Sequence[_Host], *, has_null: bool) -> dict[str, str]:
    advice = {}
    dead = [host for host in hosts if host.state == "dead"]
    if dead and any(host.state == "live" for host in hosts):
        advice["mx_dead_host"] = f"One of its mail servers is of no use: {dead[0].why}. Take it out of the MX."
    if numbers := [name for name in names if _is_address(name)]:
        advice["mx_address"] = f"{numbers[0]} is an address, and an MX must name a host (RFC 5321 section 5.1)."
    if aliases := [host.name for host in hosts if host.is_alias]:
        advice["mx_alias"] = f"{aliases[0]} is an alias (CNAME), and an MX must name the host itself (RFC 2181)."
    if has_null:
        advice["mx_null_beside_others"] = f'{domain} says "no mail" (null MX) beside its mail servers. Take that out.'
    if len(names) > MOST_HOSTS:
        advice["mx_many"] = f"It has {len(names)} mail servers. We looked at the first {MOST_HOSTS}."
    return advice


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _adverse(result: str, sentence: str, *answers: Answer) -> Reading:
    return Reading(
        Verdict.ADVERSE,
        result,
        Severity.WARN,
        sentence,
        evidence=tuple(answer.evidence() for answer in answers),
        clause=CLAUSE,
        grounds=(Ground(f"mx:{result}", Severity.WARN, sentence),),
    )
