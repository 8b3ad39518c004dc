"""The catalogue: every blocklist that we know, with an operator's own file laid over it, and over both what people
changed at the desk (monitors.list_entries).

An operator's file (SLUICE_BLOCKLISTS) is TOML. The least that it needs:

    [[blocklist]]
    id = "house"
    zone = "dnsbl.example.org"

That asks the zone about IPv4 addresses, and takes any answer in 127.0.0.0/8 as a listing that may stop the
mailings, but for the refusals in 127.255.255.0/24. An entry with the id of a built-in list changes only the
fields that it gives:

    [[blocklist]]
    id = "spamhaus-zen"
    zone = "zen.mirror.example.org"

At the top of the file, `only = true` leaves out every list that the file does not name. Fields of an entry:

    id                how logs, keys and links name the list: small letters, digits and hyphens
    enabled           false leaves the list out. Some built-in lists are left out until the file names them, or until
                      they have a key; their `usage` says why
    name              how people name it; else the id
    policy_name       which of the policy's named lists it stands for: Spamhaus, SpamCop, MAPS, AOL
    family            under which heading pages group it with others of its operator; else policy_name, else name
    clause            the policy clause that a listing offends; else R5
    kind              "dns", or "attested": there is no zone to ask, a person looks it up; else "dns"
    zone              the zone that anybody may ask
    key_zone          the zone for those who have a key, with {key} where the key goes. Keys come from
                      SLUICE_BLOCKLIST_KEYS, never from this file. With a key the key zone is asked,
                      without one the public zone
    targets           any of "ipv4" and "ipv6", or "domain"; else ["ipv4"]. Name "ipv6" only if the list
                      holds IPv6 data: its test entry proves nothing. A list of domains is never asked about an
                      address
    registrable       true for a list that knows registrable domains only: asked about mail.example.co.uk, it is
                      asked about example.co.uk
    mode              how answers are read; else "exact" where there are codes, "any-127" where there are none
                        exact    codes are answers: "127.0.0.2"
                        range    codes may be spans: "127.0.2.2-127.0.2.24"
                        special  codes may have open octets: "127.0.x.1"
                        bits     codes are bits of the last octet: 1, 2, 4 … 128
                        any-127  any answer in 127.0.0.0/8 is a listing; the one code is: any
    codes             code = "meaning", or code = { meaning = "…", severity = "…", sign = "…" }. An answer that
                      has no code is shown as unknown. `sign` is what the code says about the machine: "home" (an
                      end user's or changing address) or "hijacked" (infected, an open proxy, a stolen network)
    severity          of codes that name none: "halt", "warn", "review", "info", or "none" for a known answer
                      that is no complaint; else "halt"
    errors            answers that mean "you may not ask": a list of codes, or code = "reason"
    refused           with mode bits: the bits that mean "you may not ask", added up
    positive          test entries that must be listed; else 127.0.0.2, ::ffff:127.0.0.2 or test (RFC 5782
                      section 5). While one is not, the list is shown as unknown, never as clear
    negative          test entries that must not be listed; else 127.0.0.1, ::ffff:127.0.0.1 or invalid;
                      [] for none
    lookup            the web page where a person sees the entry
    delisting         how an entry ends
    usage             terms of use, and what else an operator should know
    interval_seconds  seconds between questions about one target; else the regular grid
    per_second        the most questions a second to this list, from all workers together; else not limited
    daily_cap         the most questions a day; else none
    cool_down_hours   how long a target must stay clean before its listing counts as ended; else 24

Of an entry that a person looks up (kind "attested", and a list with a key_zone while it has no key and no other list of
its policy_name can be asked) also:

    about             what is typed there: "address" of each server, "names" or "domains" of the vendor; else
                      "names", and "address" for kind "dns"
    outcomes          name = "meaning", or name = { meaning = "…", severity = "…" }: what may be seen there. One
                      at least has severity "none", and clears; else two, one that clears and one that does not
    attest_days       how many days a person's word counts, then it is "not checked"; else 7
    measure           a figure to be typed in besides, as the label of its field

What is laid over at the desk has the same fields, but for keys, and for a `key_zone` of a list that is in no file: keys
are read at the start, and a list that takes one has to be known by then.

The two limits of a built-in list go with its zone as it is built in: an entry that names a `zone` has none but
those that it gives itself.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from monitors.entry_table import read_entry, read_id
from monitors.fields import CatalogueRefused, Fields
from monitors.probes.entry import Blocklist

__all__ = ["BUILT_IN", "Blocklist", "CatalogueRefused", "Layered", "known", "layered", "load", "never_asked", "refuse"]

BUILT_IN = Path(__file__).with_name("blocklists.toml")
LONGEST_DESK_ID = 50  # characters: with what stands in front of it, a check's id has 60
Laid = Mapping[str, Mapping[str, Any]]  # fields of an entry, by the list's id


class Layered(NamedTuple):
    """All lists that are known, those that are left out too (`is_enabled` is false), and what of the desk's own no
    longer fits what lies below it, with the reason: that is left out, and the rest goes on."""

    entries: tuple[Blocklist, ...]
    misfits: Mapping[str, str]


def load(path: Path | None, keys: Mapping[str, str]) -> tuple[Blocklist, ...]:
    """The lists in use: the built-in ones, then the file's own, each in the order of its file.

    `keys` maps a list's id to the operator's key for it. A list that still needs a key is part of the result
    (`is_configured` is false), because it must be seen that nobody looks there. CatalogueRefused says what is
    wrong with the file or the keys.
    """
    return tuple(entry for entry in known(path, keys) if entry.is_enabled)


def known(path: Path | None, keys: Mapping[str, str]) -> tuple[Blocklist, ...]:
    """What `load` gives, and the lists that are left out between them (`is_enabled` is false), for people to see."""
    return layered(path, keys, {}).entries


def layered(path: Path | None, keys: Mapping[str, str], desk: Laid) -> Layered:
    """The same with what the desk laid over it. CatalogueRefused is for the file and the keys alone."""
    layers = _Layers(path, keys)
    entries, misfits = [], {}
    for name in (*layers.tables, *(name for name in desk if name not in layers.tables)):
        try:
            entries.append(layers.entry(name, desk.get(name)))
        except CatalogueRefused as refused:
            if name not in desk:
                raise
            misfits[name] = str(refused)
            if name in layers.tables:
                entries.append(layers.entry(name))
    return Layered(tuple(entries), misfits)


def refuse(path: Path | None, keys: Mapping[str, str], name: str, fields: Mapping[str, Any]) -> None:
    """CatalogueRefused, with the sentence, when the desk may not lay these fields over the list `name`."""
    _Layers(path, keys).entry(name, fields)


def never_asked() -> Mapping[str, str]:
    """The zones that are never asked, with all names below them, each with the reason."""
    retired: Mapping[str, str] = _parsed(BUILT_IN)["retired"]
    return retired


class _Layers:
    """The built-in tables with those of the operator's file over them."""

    def __init__(self, path: Path | None, keys: Mapping[str, str]) -> None:
        self._built_in = _parsed(BUILT_IN)
        self._path, self._keys = path, keys
        self.tables: dict[str, dict[str, Any]] = {table["id"]: table for table in self._built_in["blocklist"]}
        self._own, self._is_only = _own(path) if path is not None else ({}, False)
        self.tables |= {name: _laid_over(self.tables.get(name, {}), table) for name, table in self._own.items()}
        _refuse_stray_keys(self.tables, keys)

    def entry(self, name: str, desk: Mapping[str, Any] | None = None) -> Blocklist:
        """The list, with the desk's fields over it. CatalogueRefused when they do not fit."""
        table, is_named = self.tables.get(name, {}), name in self._own or desk is not None
        source = self._path.name if self._path is not None and name in self._own else BUILT_IN.name
        if desk is not None:
            source = "the desk"
            fields = Fields(f'{source}, blocklist "{name}"', desk)
            if len(name) > LONGEST_DESK_ID:
                fields.refuse("id", f"it has {len(name)} characters. Keep it to {LONGEST_DESK_ID}.")
            if fields.has("key_zone") and name not in self.tables:
                fields.refuse("key_zone", "name a list that takes a key in the file that SLUICE_BLOCKLISTS leads to.")
            table = _laid_over(table, desk) | {"id": name}
        entry = read_entry(
            Fields(f'{source}, blocklist "{name}"', table),
            self._keys.get(name, ""),
            retired=self._built_in["retired"],
            mixed=self._built_in["mixed"],
        )
        is_on = entry.is_enabled or bool(entry.key and not is_named)
        return replace(entry, is_enabled=is_on and (is_named or not self._is_only))


def _laid_over(built_in: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The operator's table over the built-in one. Who names a list wants it asked; who names its zone, such as a
    mirror of their own, knows how fast it may be."""
    dropped = {"enabled", *(("per_second", "daily_cap") if "zone" in own else ())}
    return {field: value for field, value in built_in.items() if field not in dropped} | dict(own)


def _own(path: Path) -> tuple[dict[str, dict[str, Any]], bool]:
    """(the operator's entries by id, whether they are all there shall be)."""
    top = _parsed(path)
    fields = Fields(path.name, top)
    fields.only(("only", "blocklist"))
    tables = top.get("blocklist", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        fields.refuse("blocklist", "write [[blocklist]], in double brackets, above each entry.")
    own: dict[str, dict[str, Any]] = {}
    for table in tables:
        name = read_id(Fields(f"{path.name}, an entry", table))
        if name in own:
            raise CatalogueRefused(f'{path.name}, blocklist "{name}", id: it is there twice. Keep one of the two.')
        own[name] = table
    return own, fields.flag("only", default=False)


def _refuse_stray_keys(tables: Mapping[str, Mapping[str, Any]], keys: Mapping[str, str]) -> None:
    for name in keys:
        if name not in tables:
            takers = ", ".join(name for name, table in tables.items() if "key_zone" in table)
            raise CatalogueRefused(
                f'SLUICE_BLOCKLIST_KEYS has a key for "{name}", and there is no such list. '
                f"Lists that take a key: {takers}."
            )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise CatalogueRefused(
            f"{path} cannot be read: {problem.strerror}. "
            "Set SLUICE_BLOCKLISTS to a file that can be, or leave it unset."
        ) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise CatalogueRefused(f"{path.name} is not TOML: {problem}. Correct it there.") from problem
