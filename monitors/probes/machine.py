"""What kind of machine sends (R9)? From readings that others took: signs of a home computer, and of a hijacked one.

Pure composition: asks nothing, stores nothing. A home computer needs two witnesses, a machine-made name and a list that
holds such networks; one alone is shown as what it is. Which codes of which list say what is data: `signs`, by list and
code as the catalogue writes them. Only listings count that were believed: hand in vouched readings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from monitors.probes.entry import code_matches
from monitors.probes.reading import Reading, Verdict

CLAUSE = "R9"
GENERIC = "warn_generic"  # the code of fcrdns for a machine-made name

Signs = Mapping[tuple[str, str], str]
"""(list, code) -> "home", "hijacked" or ""; codes as in the catalogue: exact, ranges, open octets, bits, any."""


class Kind(StrEnum):
    HOME = "home"
    HIJACKED = "hijacked"
    HIJACKED_WEBSITE = "hijacked website"


@dataclass(frozen=True, slots=True)
class Witness:
    """One sign: the check that saw it, what it answered, and that in words."""

    check: str
    code: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What the signs amount to. Not `is_borne_out`: a single sign of a home computer, evidence and no conclusion."""

    kind: Kind
    sentence: str
    witnesses: tuple[Witness, ...]
    is_borne_out: bool = True
    clause: str = CLAUSE


def suspect(server: str, lists: Mapping[str, Reading], reverse: Reading | None, signs: Signs) -> tuple[Suspicion, ...]:
    """What is to be suspected of a server, the graver first. `lists` has the reading of each list by its id, `reverse`
    that of its reverse DNS."""
    suspicions = []
    if hijacked := _witnesses(lists, signs, Kind.HIJACKED):
        sentence = (
            f"{server} looks like a hijacked machine: {_told(hijacked)}. Take it off the network, find out "
            "who uses it, and send from it again only when it is clean and off the lists."
        )
        suspicions.append(Suspicion(Kind.HIJACKED, sentence, hijacked))
    listed, named = _witnesses(lists, signs, Kind.HOME), _machine_made(reverse)
    if listed and named:
        sentence = (
            f"{server} looks like a home computer or a shared connection: {_told((*named, *listed))}. "
            "Send from a server with an address of its own and a name that you gave it."
        )
        suspicions.append(Suspicion(Kind.HOME, sentence, (*named, *listed)))
    elif listed or named:
        lacks = _no_name(reverse) if listed else _no_list(lists, signs)
        one = listed or named
        count = "One sign, not two" if len(one) == 1 else "One kind of sign, not two"
        sentence = f"{count}, of a home computer at {server}: {_told(one)}. For a conclusion it takes both; {lacks}."
        suspicions.append(Suspicion(Kind.HOME, sentence, one, is_borne_out=False))
    return tuple(suspicions)


def suspect_domain(domain: str, lists: Mapping[str, Reading], signs: Signs) -> tuple[Suspicion, ...]:
    """What is to be suspected of a domain, from lists of domains: that somebody has broken into its website."""
    witnesses = _witnesses(lists, signs, Kind.HIJACKED)
    if not witnesses:
        return ()
    sentence = (
        f"The website of {domain} looks hijacked: {_told(witnesses)}. Close the way in, remove what was put there, and "
        "ask the list to look again."
    )
    return (Suspicion(Kind.HIJACKED_WEBSITE, sentence, witnesses),)


def _witnesses(lists: Mapping[str, Reading], signs: Signs, kind: Kind) -> tuple[Witness, ...]:
    return tuple(
        Witness(f"dnsbl:{name}", code, f"{meaning} ({code} on {name})")
        for name, reading in lists.items()
        if reading.verdict is Verdict.ADVERSE
        for code, meaning in zip(reading.codes, reading.meanings, strict=True)
        if _sign(signs, name, code) == kind
    )


def _sign(signs: Signs, name: str, code: str) -> str:
    for (of_list, pattern), sign in signs.items():
        if sign and of_list == name and _is_code(pattern, code):
            return sign
    return ""


def _is_code(pattern: str, code: str) -> bool:
    """Whether a code that a list answered is the one that the catalogue means."""
    if pattern in (code, "any"):
        return True
    if pattern.isdigit():
        return code == f"127.0.0.{pattern}"  # a bit of the last octet
    return code_matches(pattern, IPv4Address(code))


def _machine_made(reverse: Reading | None) -> tuple[Witness, ...]:
    if reverse is None or GENERIC not in reverse.codes:
        return ()
    phrase = reverse.meanings[reverse.codes.index(GENERIC)].rstrip(".")
    return (Witness("fcrdns", GENERIC, phrase),)


def _no_name(reverse: Reading | None) -> str:
    if reverse is not None and reverse.result == "fail_no_ptr":
        return "it has no reverse name"
    is_seen = reverse is not None and reverse.verdict is not Verdict.UNKNOWN
    return "its reverse name is not machine-made" if is_seen else "its reverse name was not seen"


def _no_list(lists: Mapping[str, Reading], signs: Signs) -> str:
    """Why no list bears the name out: none does, or we could not see one that might."""
    wanted = {name for (name, _), sign in signs.items() if sign == Kind.HOME}
    blind = sorted(name for name in wanted if name not in lists or lists[name].verdict is Verdict.UNKNOWN)
    if blind:
        return f"of {', '.join(blind)} we do not know"
    return "no list of home networks that we asked has it"


def _told(witnesses: tuple[Witness, ...]) -> str:
    return "; ".join(witness.phrase for witness in witnesses)
