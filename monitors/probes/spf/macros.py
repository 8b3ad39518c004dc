"""Macros of SPF: read, and expanded (RFC 7208 section 7). Pure.

A macro-string is read once into pieces, which is where its syntax is refused, and expanded as often as needed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

Address = IPv4Address | IPv6Address

LONGEST_NAME = 253  # characters; longer names lose labels on the left (section 7.3)
IN_NAMES = "slodiphv"
IN_PROSE = IN_NAMES + "crt"  # only what is shown to people may say these (section 7.2)
MACRO = re.compile(r"%\{(?P<letter>[a-zA-Z])(?P<digits>[0-9]*)(?P<turn>[rR]?)(?P<marks>[-.+,/_=]*)\}|%(?P<plain>[%_-])")
PLAIN = {"%": "%", "_": " ", "-": "%20"}
TOP_LABEL = re.compile(r"[a-z0-9-]+", re.IGNORECASE)


class BadSyntax(Exception):
    """What is wrong with a record, as words for a person."""


@dataclass(frozen=True, slots=True)
class Macro:
    """One %{…}. `keep` is how many parts on the right stay, 0 for all."""

    letter: str
    keep: int
    is_reversed: bool
    marks: str
    is_escaped: bool

    def expanded(self, value: str) -> str:
        parts = re.split(f"[{re.escape(self.marks)}]", value)
        if self.is_reversed:
            parts.reverse()
        text = ".".join(parts[-self.keep :])
        return quote(text, safe="") if self.is_escaped else text


@dataclass(frozen=True, slots=True)
class MacroText:
    """A macro-string taken apart: texts as they are, and macros."""

    pieces: tuple[str | Macro, ...]

    @property
    def letters(self) -> frozenset[str]:
        return frozenset(piece.letter for piece in self.pieces if isinstance(piece, Macro))

    def expanded(self, values: Mapping[str, str]) -> str:
        return "".join(
            piece.expanded(values[piece.letter]) if isinstance(piece, Macro) else piece for piece in self.pieces
        )

    def as_name(self, values: Mapping[str, str]) -> str:
        """As a domain name: without the final dot, and cut on the left to what the DNS can carry."""
        name = self.expanded(values).removesuffix(".")
        while len(name) > LONGEST_NAME and "." in name:
            name = name.partition(".")[2]
        return name


def read(text: str, *, is_prose: bool = False) -> MacroText:
    """A macro-string with its syntax checked. BadSyntax for a stray %, an unknown letter, or what is not visible
    ASCII. Prose for people may have blanks and three letters more."""
    letters = IN_PROSE if is_prose else IN_NAMES
    pieces: list[str | Macro] = []
    at = 0
    while at < len(text):
        if text[at] != "%":
            end = text.find("%", at)
            literal = text[at : end if end >= 0 else len(text)]
            if not all("!" <= mark <= "~" or (mark == " " and is_prose) for mark in literal):
                raise BadSyntax(f"{text[:60]!r} has a character that is not allowed")
            pieces.append(literal)
            at += len(literal)
            continue
        found = MACRO.match(text, at)
        if not found:
            raise BadSyntax(f"{text[:60]!r} has a % that begins no macro")
        pieces.append(PLAIN[found["plain"]] if found["plain"] else _macro(found, letters))
        at = found.end()
    return MacroText(tuple(pieces))


def _macro(found: re.Match[str], letters: str) -> Macro:
    letter = found["letter"]
    if letter.lower() not in letters:
        raise BadSyntax(f"{found[0]} is no macro that may stand here")
    if found["digits"] and not int(found["digits"][:9]):
        raise BadSyntax(f"{found[0]} keeps no part of its value")
    keep = int(found["digits"][:9] or 0)
    return Macro(letter.lower(), keep, bool(found["turn"]), found["marks"] or ".", letter.isupper())


def read_name(text: str) -> MacroText:
    """A domain-spec: a macro-string that ends in a macro, or in a dot and a top label (section 7.1)."""
    name = read(text)
    if not any(macro.end() == len(text) for macro in MACRO.finditer(text)):
        _, dot, label = text.removesuffix(".").rpartition(".")
        is_label = TOP_LABEL.fullmatch(label) and not label.isdigit() and label.strip("-") == label
        if not dot or not is_label:
            raise BadSyntax(f"{text[:60]!r} is no domain name")
    return name


def values(address: Address, domain: str, sender: str, helo: str, *, validated: str = "unknown") -> dict[str, str]:
    """What the letters stand for in names. `sender` is a mail address, `validated` the client's own name (%{p})."""
    local, _, host = sender.rpartition("@")
    dotted = str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))
    return {
        "s": sender,
        "l": local,
        "o": host,
        "d": domain,
        "i": dotted,
        "p": validated,
        "v": "in-addr" if address.version == 4 else "ip6",
        "h": helo,
    }
