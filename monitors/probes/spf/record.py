"""An SPF record taken apart (RFC 7208 sections 4.5, 4.6 and 12). Pure: no name is looked up.

The whole record is read before any of it counts, because an error anywhere in it is an error of all of it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network

from monitors.probes.spf.macros import BadSyntax, MacroText, read, read_name

VERSION = "v=spf1"
MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL)
DIRECTIVE = re.compile(r"([-+?~]?)([a-z0-9]+)(?:([:/])(.*))?", re.IGNORECASE | re.DOTALL)
LENGTHS = re.compile(r"(?P<before>.*?)(?:/(?P<v4>[0-9]+))?(?://(?P<v6>[0-9]+))?", re.DOTALL)
QUALIFIERS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class Kind(StrEnum):
    ALL = "all"
    INCLUDE = "include"
    A = "a"
    MX = "mx"
    PTR = "ptr"
    IP4 = "ip4"
    IP6 = "ip6"
    EXISTS = "exists"


ASKING = frozenset({Kind.INCLUDE, Kind.A, Kind.MX, Kind.PTR, Kind.EXISTS})  # count against the limit of ten


@dataclass(frozen=True, slots=True)
class Directive:
    """One mechanism with its qualifier. `name` is where it looks, None for the domain itself; `network` of ip4 and ip6;
    `v4` and `v6` are the prefix lengths of a and mx."""

    text: str
    result: str  # what a match means: pass, fail, softfail, neutral
    kind: Kind
    name: MacroText | None = None
    network: IPv4Network | IPv6Network | None = None
    v4: int = 32
    v6: int = 128


@dataclass(frozen=True, slots=True)
class Record:
    directives: tuple[Directive, ...]
    redirect: MacroText | None = None
    explanation: MacroText | None = None

    @property
    def lets_everybody_in(self) -> bool:
        """Whether its own `all` passes everybody that nothing before it spoke of."""
        first = next((one for one in self.directives if one.kind is Kind.ALL), None)
        return first is not None and first.result == "pass"


def is_spf(text: str) -> bool:
    """Whether a TXT record is one of SPF: version 1, then a blank or nothing more (section 4.5)."""
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) :][:1] in ("", " ")


def parse(text: str) -> Record:
    """Reads a record that `is_spf`. BadSyntax with words for a person when it breaks the grammar."""
    directives: list[Directive] = []
    said: dict[str, MacroText] = {}
    for term in text[len(VERSION) :].split(" "):
        if not term:
            continue
        if modifier := MODIFIER.fullmatch(term):
            name = modifier[1].lower()
            if name not in ("redirect", "exp"):
                read(modifier[2], is_prose=True)  # unknown ones are passed over, but must be well formed
                continue
            if name in said:
                raise BadSyntax(f"{name}= stands in it twice")
            said[name] = read_name(modifier[2])
        else:
            directives.append(_directive(term))
    return Record(tuple(directives), said.get("redirect"), said.get("exp"))


def _directive(term: str) -> Directive:
    shown = term[:80]
    found = DIRECTIVE.fullmatch(term)
    if not found or found[2].lower() not in set(Kind):
        raise BadSyntax(f"{shown!r} is no mechanism of SPF")
    kind, result = Kind(found[2].lower()), QUALIFIERS[found[1] or "+"]
    mark, rest = found[3], found[4] or ""
    if kind is Kind.ALL:
        if mark:
            raise BadSyntax(f"{shown!r}: nothing may follow all")
        return Directive(term, result, kind)
    if kind in (Kind.IP4, Kind.IP6):
        return Directive(term, result, kind, network=_network(kind, mark, rest, shown))
    v4, v6 = 32, 128
    if kind in (Kind.A, Kind.MX):
        rest, v4, v6 = _lengths(f"/{rest}" if mark == "/" else rest, shown)
        if mark == "/" and rest:
            raise BadSyntax(f"{shown!r} has a length that cannot be read")
    elif mark == "/":
        raise BadSyntax(f"{shown!r}: {kind} takes no length")
    if not rest and (mark == ":" or kind in (Kind.INCLUDE, Kind.EXISTS)):
        raise BadSyntax(f"{shown!r} names no domain")
    return Directive(term, result, kind, read_name(rest) if rest else None, v4=v4, v6=v6)


def _lengths(text: str, shown: str) -> tuple[str, int, int]:
    """(what stands before them, prefix length for IPv4, for IPv6): a dual-cidr-length."""
    found = LENGTHS.fullmatch(text)
    if not found:  # which no text does
        raise BadSyntax(f"{shown!r} cannot be read")
    return found["before"], _length(found["v4"], 32, shown), _length(found["v6"], 128, shown)


def _length(digits: str | None, most: int, shown: str) -> int:
    if digits is None:
        return most
    if (len(digits) > 1 and digits[0] == "0") or len(digits) > 3 or int(digits) > most:
        raise BadSyntax(f"{shown!r} has a length that is not 0 to {most}")
    return int(digits)


def _network(kind: Kind, mark: str | None, rest: str, shown: str) -> IPv4Network | IPv6Network:
    host, slash, digits = rest.partition("/")
    most = 32 if kind is Kind.IP4 else 128
    try:
        if mark != ":" or (slash and not (digits.isascii() and digits.isdigit())) or "%" in host:
            raise ValueError  # noqa: TRY301 (one sentence for all that is wrong with it)
        length = _length(digits if slash else None, most, shown)
        network = ip_network(f"{host}/{length}", strict=False)
        if network.max_prefixlen != most:
            raise ValueError  # noqa: TRY301
    except ValueError:
        raise BadSyntax(f"{shown!r} names no network of IPv{kind[-1]}") from None
    return network
