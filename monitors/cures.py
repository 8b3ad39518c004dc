"""What ends a fault, in words for its vendor: the table in cures.toml, and what the catalogue knows of a list. Pure.

Says what to do, and promises nothing: a finding ends when the check is seen to be clear.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import AddressValueError
from pathlib import Path

from monitors.probes.entry import Blocklist, Sign


@dataclass(frozen=True, slots=True)
class Cure:
    """What to do, step by step. `lookup` is the page of the list `of`, where an entry is seen and taken back."""

    steps: tuple[str, ...]
    lookup: str = ""
    of: str = ""


def cure(
    check_id: str, *, result: str = "", codes: Sequence[str] = (), subject: str, entry: Blocklist | None = None
) -> Cure:
    """For a fault of this check, as its last adverse reading told it: `result` its word, `codes` its codes. `subject`
    is the address or name; `entry` the list behind the check."""
    kind = check_id.partition(":")[0]
    table = _table().get("listed" if kind == "dnsbl" else kind, {})
    wanted = _of_list(entry, codes) if kind == "dnsbl" else _words(result, codes)
    lines = [table[one] for one in dict.fromkeys(wanted) if one in table] or [table.get("any", "")]
    steps = [line.replace("{subject}", subject) for line in lines if line]
    if entry is None:
        return Cure(tuple(steps))
    if entry.delisting:
        steps.append(f"Then have the entry taken back. {entry.delisting}")
    return Cure(tuple(steps), entry.lookup, entry.name)


def _words(result: str, codes: Iterable[str]) -> Iterable[str]:
    """The lines that speak of these, the exact ones first: a code, what stands before its colon, the result."""
    for code in codes:
        yield code
        yield code.partition(":")[0]
    yield result


def _of_list(entry: Blocklist | None, codes: Sequence[str]) -> Iterable[str]:
    if "domain" in (entry.targets if entry else ()):
        yield "domain"
    yield from sorted(_signs(entry, codes))


def _signs(entry: Blocklist | None, codes: Sequence[str]) -> set[str]:
    """None of codes that the list no longer has."""
    try:
        return set(entry.signs(codes).values()) & {str(sign) for sign in Sign} if entry else set()
    except AddressValueError:
        return set()


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("cures.toml").read_text("utf-8"))
