"""A WHOIS answer taken apart: which line speaks of the holder, which of the registrar, which of the domain itself.

Understands the shapes that registries use: "Registrant Email: x" (ICANN's labels), a heading with lines below it,
objects with handles that the domain points at (RIPE's way), dots before the colon, brackets, tabs. Judges no value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitors.probes.registration import plain
from monitors.probes.whois_words import (
    DOMAIN,
    HOLDER,
    NOT_FOUND,
    OTHER,
    POINTERS,
    RATE_LIMITED,
    REGISTRAR,
    normal,
    split,
)

LONGEST_TEXT = 64 * 1024  # characters
LONGEST_LINE = 500
MOST_LINES = 4000
LONGEST_WORD = 250  # of a line that can say that a name is unknown, or that we ask too often; terms of use are longer
LONGEST_HEADING = 60
COMMENT = re.compile(r"\s*([%#;]|>>>|<<<|--|==)")
BRACKETED = re.compile(r"\s*(?:\w\. ?)?\[([^\]\[]{1,60})\]\s*(.*)")
KEYED = re.compile(r"[\s*]*([^:\s*][^:]{0,300}?)[\s.]*:(?!//)\s*(.*)")
COLUMNS = re.compile(r"\s*(\S.{0,40}?)\s{2,}(\S.*)")
DOMAIN_NAME = re.compile(r"\s*(domain(?:\s+name)?)\s+([\w-]+(?:\.[\w-]+)+)(?:\s+\(.*\))?", re.IGNORECASE)
TABBED = re.compile(r"([^\t:]{2,60})\t+(\S.*)")
HANDLE = re.compile(r"(?=(?:\D*\d){3}|[^-]*\d[^-]*-|\w+-.*\d|\w+_\w*\d)[A-Za-z0-9_-]{3,40}")


@dataclass(slots=True)
class Party:
    """What an answer says of one party: the values of each field in the order in which they came.

    `lines` are those without a label, below a heading; `bare` what stands behind the party's own label."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    place: list[tuple[bool, str]] = field(default_factory=list)  # (is it a street?, line), as they came

    def add(self, name: str, value: str) -> None:
        if name in ("street", "place"):
            self.place.append((name == "street", value))
        self.fields.setdefault(name, []).append(value)

    def of(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.lines or self.bare)


@dataclass(slots=True)
class Parties:
    """One answer by party, and what it says of itself."""

    holder: Party = field(default_factory=Party)
    registrar: Party = field(default_factory=Party)
    domain: Party = field(default_factory=Party)
    says_limited: bool = False
    says_unknown: bool = False


@dataclass(slots=True)
class _Block:
    """Lines between two empty ones, or below one heading."""

    role: str = ""
    party: Party = field(default_factory=Party)
    last: str = ""  # field of the latest labelled line
    is_headed: bool = False  # opened by a heading


def lines_of(text: str) -> list[str]:
    """The lines of an answer, as many and as long as we read."""
    text = text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return [line[:LONGEST_LINE].rstrip() for line in text.split("\n")[:MOST_LINES]]


def parties(lines: list[str]) -> Parties:
    """The parties of an answer. An object without a heading is the holder's when the domain points at its handle, or
    when it follows the domain and has no handle (IANA, .il)."""
    found = Parties()
    reading = _Reading(found)
    blocks = list(reading.blocks(lines))
    handles = {value.casefold() for block in blocks for value in block.party.of("handle") + block.party.of("contact")}
    pointed = {value.casefold() for value in reading.pointers} & handles
    for before, block in zip([_Block(), *blocks], blocks, strict=False):
        own = {value.casefold() for value in block.party.of("handle") + block.party.of("contact")}
        follows = not own and before.role == DOMAIN and (block.party.of("organisation") or block.party.of("descr"))
        if not block.role and (own & pointed or follows):
            block.role = HOLDER
        whose = {HOLDER: found.holder, REGISTRAR: found.registrar, DOMAIN: found.domain}.get(block.role)
        if whose is not None:
            _merge(whose, block.party)
    found.holder.bare = [
        one for one in found.holder.bare if one.casefold() not in handles and not HANDLE.fullmatch(one)
    ]
    return found


def _merge(whole: Party, part: Party) -> None:
    """A second block about the same party adds what the first left open."""
    for name, values in part.fields.items():
        if not any(whole.of(name)):
            whole.fields.setdefault(name, []).extend(values)
    if not any(value for _, value in whole.place):
        whole.place.extend(part.place)
    whole.lines.extend(part.lines if not whole.lines else ())
    whole.bare.extend(part.bare)


class _Reading:
    """One pass over the lines. What a label alone tells (whose field it is) goes into `found` at once."""

    def __init__(self, found: Parties) -> None:
        self.pointers: list[str] = []
        self._found = found
        self._block = _Block()
        self._latest = Party()  # whose field the latest labelled line was, for the lines that go on with it

    def blocks(self, lines: list[str]) -> Iterator[_Block]:
        for line in lines:
            said = line.strip(" %#\t")
            if len(said) < LONGEST_WORD:
                self._found.says_limited = self._found.says_limited or bool(RATE_LIMITED.search(said))
                self._found.says_unknown = self._found.says_unknown or bool(NOT_FOUND.search(said))
            before = self._block
            if COMMENT.match(line):
                role, name = split(normal(said))
                if said.endswith(":") and role and not name:
                    self._block = _Block(role, is_headed=True)  # "% Registrant:"
            elif line.strip():
                self._read(line)
            elif not (before.is_headed and before.party.is_empty):
                self._block = _Block()
            if self._block is not before:
                yield before
        yield self._block

    def _read(self, line: str) -> None:
        block = self._block
        label, value, is_heading = _label(line)
        role, name = split(label) if label else ("", "")
        if (
            label
            and not value
            and (is_heading or (role and not name) or (name in ("server", "status") and not block.last))
        ):
            self._block = _Block(role or OTHER, is_headed=True)
            return
        if POINTERS.fullmatch(label):
            self.pointers.append(value)
        elif role and not name:
            self._named(role, plain(value))
        elif role:
            self._latest = {HOLDER: self._found.holder, REGISTRAR: self._found.registrar}.get(role, Party())
            self._latest.add(name, plain(value))
        elif name in ("created", "expires", "server"):
            self._found.domain.add(name, plain(value))
        elif name:
            self._latest = block.party
            self._latest.add(name, plain(value))
        elif not label:
            if block.last == "street":
                self._latest.add("street", plain(line))
            elif block.is_headed or block.role in (HOLDER, REGISTRAR):
                block.party.lines.append(plain(line))
            return
        self._block.last = name or "else"

    def _named(self, role: str, value: str) -> None:
        """A party's own label with a value: "Registrant: Acme Ltd". On the first line of a block it says whose the
        block is; below the holder's it begins a block of its own, unless it is the registrar's, which stands anywhere.
        """
        block = self._block
        is_first = not block.role and (not block.last or (role == DOMAIN and block.party.is_empty))
        if role == HOLDER:
            self.pointers.append(value)
        if is_first or (role == OTHER and block.role in (HOLDER, DOMAIN)):
            self._block = block = block if is_first else _Block()
            block.role = role
        target = {HOLDER: self._found.holder, REGISTRAR: self._found.registrar, DOMAIN: self._found.domain}.get(role)
        if target is not None:
            target.bare.append(value)


def _label(line: str) -> tuple[str, str, bool]:
    """(the label, normalised; what stands behind it; whether it can be nothing but a heading). The label is "" on a
    line that has none."""
    bracketed = BRACKETED.fullmatch(line)
    if bracketed:
        return normal(bracketed[1]), bracketed[2].strip(), not bracketed[2].strip()
    keyed = KEYED.fullmatch(line) or TABBED.fullmatch(line)
    if keyed:
        return normal(keyed[1]) or "?", keyed[2].strip(), False
    columns = DOMAIN_NAME.fullmatch(line) or COLUMNS.fullmatch(line)
    if columns and split(normal(columns[1])) in ((DOMAIN, ""), (REGISTRAR, ""), (HOLDER, "")):
        return normal(columns[1]), columns[2].strip(), False
    role, name = split(normal(line)) if len(line) < LONGEST_HEADING else ("", "")
    if (role and not name) or (name == "server" and not role):
        return normal(line), "", True
    return "", "", False
