"""Is it the resolver? The proofs of all lists on one path, read together.

One list that cannot be seen says nothing about our resolver; nearly all of them say nothing about a list. Two
ordinary settings make every listing invisible without any error: strict QNAME minimisation (NXDOMAIN, because many
lists deny the empty names between their zone and an address) and protection against DNS rebinding over 127.0.0.0/8
(NOERROR, and the address gone). A third rewrites what does not exist. Each leaves its own trace in the answers to
the test entries, and that is all that is read here: pure, but for `zones_seen`, which asks.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from egress.answer import Outcome
from egress.resolver import Ask
from monitors.probes.entry import KEY_MASK, Blocklist
from monitors.probes.health import MUST, MUST_NOT, Fault, Proof

AT_LEAST = 2  # operators of lists that must say the same before the resolver is suspected


class Kind(StrEnum):
    FINE = "fine"
    STRICT_QNAME = "strict_qname"  # strict QNAME minimisation, most likely
    REBINDING = "rebinding"  # addresses in 127.0.0.0/8 are taken out of answers
    REWRITTEN = "rewritten"  # names that do not exist get an address
    REFUSED = "refused"  # lists, or the resolver itself, will not answer us
    SILENT = "silent"  # no answers come back
    NO_NAMES = "no_names"  # the lists' own zones are denied: not connected to the internet's names
    LISTS = "lists"  # the path is fine; single lists are at fault
    UNCLEAR = "unclear"  # too little is known, or it fails in too many ways at once


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the proofs of a path amount to. `cure` is "" where nothing is to be done; `lists` are the ids concerned."""

    kind: Kind
    sentence: str
    cure: str = ""
    lists: tuple[str, ...] = ()


class _Mark(StrEnum):
    """What one list's failed proof looks like from the resolver's side."""

    DENIED = "denied"  # NXDOMAIN for what must be listed
    STRIPPED = "stripped"  # NOERROR without an address for it
    INVENTED = "invented"  # an address for what nobody can list
    REFUSED_BY_LIST = "refused by list"
    REFUSED_BY_RESOLVER = "refused by resolver"
    SILENT = "silent"
    OTHER = "other"


class _Trace(NamedTuple):
    """A mark; of an invented answer with the address, because only the same one everywhere is one hand's work."""

    mark: _Mark
    address: str = ""


CURES = {
    Kind.STRICT_QNAME: (
        "With unbound set `qname-minimisation-strict: no`, with BIND `qname-minimization relaxed;`, with Knot Resolver "
        "or PowerDNS turn QNAME minimisation off for this resolver. Then restart it, so that it forgets what it holds."
    ),
    Kind.REBINDING: (
        "Let addresses in 127.0.0.0/8 through: with unbound remove `private-address: 127.0.0.0/8`; with dnsmasq remove "
        "`stop-dns-rebind`, or add `rebind-localhost-ok`; with Knot Resolver unload the module "
        "`rebinding`; on a firewall such as pfSense switch off its DNS rebinding check. Then empty the cache."
    ),
    Kind.REWRITTEN: (
        "Ask a resolver that leaves answers alone: one of your own, without forwarding to a provider that answers for "
        "names that do not exist, and without a filter such as Pi-hole or a response policy zone (RPZ)."
    ),
    Kind.REFUSED: (
        "Ask through a recursive resolver of your own, without forwarding, whose address has a reverse name that names "
        "your house (such as dns1.example.com), or get keys for the lists and put them into SLUICE_BLOCKLIST_KEYS."
    ),
    Kind.SILENT: (
        "See whether the resolver runs, whether SLUICE_RESOLVERS names its address and port, and whether it may speak "
        "to the internet on port 53, over UDP and TCP."
    ),
    Kind.NO_NAMES: (
        "See what it forwards to, whether it has its root hints, and whether it may speak to the internet on port 53."
    ),
}
SHUT_OUT = (
    "Allow this machine in the resolver's list of clients: `access-control` with unbound, `allow-query` with BIND."
)


def diagnose(
    path: str,
    proofs: Mapping[str, Proof],
    *,
    families: Mapping[str, str] | None = None,
    existing: Collection[str] | None = None,
) -> Diagnosis:
    """What the proofs of the lists on `path` (list id -> proof) say about its resolver.

    `families` (list id -> operator, `Blocklist.family`) keeps two lists of one operator from passing for two
    witnesses; without it each list is one. `existing` are the lists whose own zone the resolver knows
    (`zones_seen`); None when nobody asked. Proofs that failed by our own fault say nothing and are left out.
    """
    told = {name: proof for name, proof in proofs.items() if proof.healthy or proof.fault in set(Fault)}
    blind = {name: _trace(proof) for name, proof in told.items() if not proof.healthy}
    seen = [name for name in told if name not in blind]
    if not told:
        return Diagnosis(Kind.UNCLEAR, f"No list has been tried through the resolver {path} yet.")
    if not blind:
        what = "The list" if len(seen) == 1 else f"All {len(seen)} lists"
        return Diagnosis(Kind.FINE, f"{what} can be seen through the resolver {path}.")
    operators = _Operators(families or {})
    if trace := _common(blind, told, operators.count(seen), operators):
        lists = tuple(sorted(name for name, one in blind.items() if one == trace))
        return _blame(path, trace, lists, seen, existing)
    lists = tuple(sorted(blind))
    if seen:
        alike = _common(blind, told, 0, operators)
        doubt = ", some in the same way, so the resolver may have a part in it." if alike else "."
        return Diagnosis(
            Kind.LISTS,
            f"{_counted(len(seen)).capitalize()} can be seen through the resolver {path}, so it does not hide listings "
            f"in general. {_counted(len(lists)).capitalize()} cannot{doubt}",
            "Read what each of them says. Nothing that they say opens or closes anything meanwhile.",
            lists,
        )
    if operators.count(blind) < AT_LEAST:
        what = "The one list that is asked" if len(lists) == 1 else "The lists of the one operator that is asked"
        sentence = f"{what} through the resolver {path} cannot be seen. The list may be at fault, or the resolver."
        return Diagnosis(Kind.UNCLEAR, sentence, "Ask another list as well: then it shows which.", lists)
    return Diagnosis(
        Kind.UNCLEAR,
        f"No list can be seen through the resolver {path}, and they fail in different ways. "
        "When all fail at once, the resolver or our network is the likely cause, not the lists.",
        CURES[Kind.SILENT],
        lists,
    )


async def zones_seen(ask: Ask, entries: Iterable[Blocklist], *, path: int = 0) -> frozenset[str]:
    """The ids of the lists whose own zone this path knows, whatever it says about names below."""
    asked = [entry for entry in entries if entry.is_configured]
    answers = await asyncio.gather(*(ask(entry.zone_asked, "A", path=path) for entry in asked))
    there = {Outcome.ANSWER, Outcome.NODATA}
    return frozenset(entry.id for entry, answer in zip(asked, answers, strict=True) if answer.outcome in there)


class _Operators:
    """Who runs which list, so that witnesses can be counted."""

    def __init__(self, families: Mapping[str, str]) -> None:
        self._families = families

    def count(self, lists: Iterable[str]) -> int:
        return len({self._families.get(name) or name for name in lists})


def _common(
    blind: Mapping[str, _Trace], told: Mapping[str, Proof], seeing: int, operators: _Operators
) -> _Trace | None:
    """The trace that tells on the resolver: shared by several operators, and by more than can be seen. Refusals need
    no majority, because most lists refuse nobody. A key that is not accepted looks like a denial or a refusal, so
    lists that are asked with a key are no witnesses of one."""
    counts: Counter[_Trace] = Counter()
    for trace in set(blind.values()):
        doubtful = trace.mark in (_Mark.DENIED, _Mark.REFUSED_BY_LIST)
        lists = [name for name, one in blind.items() if one == trace and not (doubtful and _is_keyed(told[name]))]
        witnesses = operators.count(lists)
        is_enough = trace.mark is _Mark.REFUSED_BY_LIST or witnesses > seeing
        if trace.mark is not _Mark.OTHER and witnesses >= AT_LEAST and is_enough:
            counts[trace] = witnesses
    order = list(_Mark)
    return min(counts, key=lambda trace: (-counts[trace], order.index(trace.mark), trace.address), default=None)


def _blame(
    path: str, trace: _Trace, lists: tuple[str, ...], seen: Sequence[str], existing: Collection[str] | None
) -> Diagnosis:
    but = f" {_counted(len(seen)).capitalize()} can be seen through it." if seen else ""
    some = f"{_counted(len(lists))} of different operators"
    kind, cure = Kind.SILENT, ""
    match trace.mark:
        case _Mark.DENIED if existing is not None and not set(lists) & set(existing):
            kind = Kind.NO_NAMES
            sentence = f"The resolver {path} says that the zones of {some} do not exist: it does not see the internet."
        case _Mark.DENIED:
            kind = Kind.STRICT_QNAME
            sentence = f"Through the resolver {path}, {some} deny their own test entries. " + (
                "Their zones exist, so the resolver most likely minimises questions strictly, and hides every listing."
                if existing is not None
                else "The resolver most likely minimises questions strictly, and hides every listing."
            )
        case _Mark.STRIPPED:
            kind = Kind.REBINDING
            sentence = (
                f"Through the resolver {path}, {some} answer their test entries without an address. Most likely the "
                "resolver takes addresses in 127.0.0.0/8 out of answers, as protection against DNS rebinding, and so "
                "hides every listing."
            )
        case _Mark.INVENTED:
            kind = Kind.REWRITTEN
            sentence = (
                f"Through the resolver {path}, {some} give {trace.address} to names that nobody can list. "
                "Most likely the resolver, or one behind it, answers for names that do not exist."
            )
        case _Mark.REFUSED_BY_LIST:
            kind = Kind.REFUSED
            sentence = (
                f"{some.capitalize()} refuse questions through the resolver {path}. Lists refuse public resolvers, and "
                "those whose own address has a generic reverse name."
            )
        case _Mark.REFUSED_BY_RESOLVER:
            kind, cure = Kind.REFUSED, SHUT_OUT
            sentence = f"The resolver {path} itself refuses our questions about {some}."
        case _:
            sentence = f"Through the resolver {path}, {some} give no answer that could be used."
    return Diagnosis(kind, sentence + but, cure or CURES[kind], lists)


def _trace(proof: Proof) -> _Trace:
    """A failed proof, by its fault and its answers."""
    match proof.fault:
        case Fault.REFUSED:
            by_rcode = all(part.get("outcome") == Outcome.REFUSED for part in proof.evidence)
            return _Trace(_Mark.REFUSED_BY_RESOLVER if by_rcode else _Mark.REFUSED_BY_LIST)
        case Fault.SILENT:
            return _Trace(_Mark.SILENT)
        case Fault.HIJACKED | Fault.LISTS_THE_WORLD:
            invented = _records(proof, MUST_NOT)
            return _Trace(_Mark.INVENTED, min(invented)) if invented else _Trace(_Mark.OTHER)
    outcomes = {part.get("outcome") for part in proof.evidence if part.get("test") == MUST}
    if outcomes == {Outcome.NXDOMAIN}:
        return _Trace(_Mark.DENIED)
    is_stripped = outcomes and outcomes <= {Outcome.NODATA, Outcome.ANSWER} and not _records(proof, MUST)
    return _Trace(_Mark.STRIPPED if is_stripped else _Mark.OTHER)


def _records(proof: Proof, test: str) -> list[str]:
    return [str(one) for part in proof.evidence if part.get("test") == test for one in part.get("records", ())]


def _is_keyed(proof: Proof) -> bool:
    return any(KEY_MASK in str(part.get("name", "")) for part in proof.evidence)


def _counted(number: int) -> str:
    return "one list" if number == 1 else f"{number} lists"
