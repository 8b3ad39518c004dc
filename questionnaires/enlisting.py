"""What was accepted is put into the vendor's register, so that it is watched: servers, domains, names.

It adds, and takes back what was retired; it retires nothing: what an earlier letter named may still be in use. What the
register refuses although the form took it is passed over, and the gate stays shut on it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from journal.actor import Actor
from monitors.probes.names import host_of, is_within, registrable
from questionnaires.definition import Answers, Row
from questionnaires.models import Acceptance
from questionnaires.reading import signed_answers
from vendors import aliases, domains, register
from vendors.fields import MOST_SELECTORS, clean_selector, clean_web
from vendors.models import Domain, SendingServer, Vendor

Use = Domain.Use
AGAIN = "Accepted again."
OF_DOMAIN = {  # A4.02
    "rdns": Use.DNS, "helo": Use.DNS, "from": Use.HEADER, "return_path": Use.RETURN_PATH, "links": Use.LINK,
    "tracking": Use.LINK, "images": Use.LINK,
}  # fmt: skip
NO_SELECTOR = frozenset({"none", "no", "nil", "unknown"})  # as people say in A4.09 that there is none


@dataclass(slots=True)
class Named:
    """What the answers say of one domain."""

    uses: set[str] = field(default_factory=set)
    selectors: list[str] = field(default_factory=list)
    opt_out_url: str = ""


def enlist(acceptance: Acceptance, *, by: Actor, at: datetime) -> None:
    """Put what the letter covers, and what else its signed answers name, into the register."""
    vendor = acceptance.vendor
    for server in acceptance.scope.get("servers", ()):
        _server(vendor, server, by, at)
    if acceptance.exhibit != "A":
        return
    answers = signed_answers(acceptance.signature)
    for name, named in sorted(domains_in(answers).items()):
        with suppress(ValidationError):
            _domain(vendor, name, named, by, at)
    officers = " and ".join(str(one["name"]) for one in acceptance.officers)
    for name, what in names_in(answers):
        with suppress(ValidationError):  # known already, most often
            evidence = f"{what} in the signed Exhibit A, accepted by letter {acceptance.number}."
            aliases.approve_alias(vendor, name=name, evidence=evidence, by=by, by_name=officers[:200], at=at)


def _server(vendor: Vendor, server: Mapping[str, str], by: Actor, at: datetime) -> None:
    """A single address becomes a sending server that is watched. Of a range each address is added when it is used."""
    address, _, length = server["network"].partition("/")
    if length and length not in {"32", "128"}:
        return
    known = vendor.servers.filter(address=address).first()
    with suppress(ValidationError):  # a network that is not public any more, for example
        if known is None:
            register.add_server(
                vendor, address=address, hostname=server.get("hostname", ""), helo=server["helo"], by=by, at=at
            )
        elif known.state == SendingServer.State.RETIRED:
            register.reinstate_server(known, by=by, at=at, why=AGAIN)


def _domain(vendor: Vendor, name: str, named: Named, by: Actor, at: datetime) -> None:
    """Uses and selectors are added to those on file; an opt-out page takes the place of the one on file."""
    known = vendor.domains.filter(name=name).first()
    if known and known.state == Domain.State.RETIRED:
        domains.reinstate_domain(known, by=by, at=at, why=AGAIN)
    selectors = list(dict.fromkeys([*named.selectors, *(known.selectors if known else ())]))[:MOST_SELECTORS]
    if known and known.is_declared:
        uses = {*known.uses, *named.uses}
        page = named.opt_out_url or known.opt_out_url
        domains.change_domain(known, uses=uses, selectors=selectors, opt_out_url=page, by=by, at=at)
        return
    domains.add_domain(
        vendor, name=name, uses=named.uses, selectors=selectors, opt_out_url=named.opt_out_url, by=by, at=at
    )


# ── what the answers name ───────────────────────────────────────────────────
def domains_in(answers: Answers) -> dict[str, Named]:
    """Every domain that the answers of an Exhibit A name, by its name.

    An address in a header stands for exactly its own domain, because its mail is judged by that one. A link or an
    opt-out page stands for the declared domain that it lies within, else for the one that somebody registered.
    """
    found: dict[str, Named] = defaultdict(Named)
    rows = [row for row in answers.rows.get("domains", ()) if row.values.get("A4.01")]
    declared = [str(row.values["A4.01"]) for row in rows]
    addressed = set(_addressed(answers))
    for host, use in addressed:
        found[host].uses.add(use)
    for row in rows:
        name = str(row.values["A4.01"])
        said = {OF_DOMAIN[use] for use in row.values.get("A4.02") or () if use in OF_DOMAIN}
        exact = {use for host, use in addressed if is_within(host, [name])}  # it is known of which name it is true
        found[name].uses |= said - exact
        found[name].selectors = _selectors(answers, row)
        found[name].uses |= {Use.DKIM} if found[name].selectors else set()
        found[name].opt_out_url = _taken(clean_web, row.values.get("A4.07"))
    for link, is_way_out in _links(answers):
        if name := _home(host_of(link), declared):
            found[name].uses.add(Use.LINK)
            if is_way_out and not found[name].opt_out_url:
                found[name].opt_out_url = _taken(clean_web, link)
    return {name: named for name, named in found.items() if name}


def _addressed(answers: Answers) -> Iterator[tuple[str, str]]:
    """(domain, use) of each address in a header."""
    for line in answers.values.get("A6.01") or []:
        host = host_of(str(line.get("address") or ""))
        yield host, Use.HEADER
        if "return_path" in (line.get("also") or []):
            yield host, Use.RETURN_PATH
    for code, use in (("A6.02", Use.HEADER), ("A6.03", Use.RETURN_PATH), ("A6.04", Use.HEADER)):
        for line in answers.values.get(code) or []:
            yield host_of(str(line.get("address") or "")), use


def _links(answers: Answers) -> Iterator[tuple[str, bool]]:
    """What messages link to, and whether it is a way out: the opt-out page, and the domains that count clicks."""
    if page := answers.values.get("A11.01"):
        yield str(page), True
    for line in answers.values.get("A14.03") or []:
        if domain := line.get("domain"):
            yield str(domain), False


def _home(host: str, declared: list[str]) -> str:
    """The closest declared domain that the host lies within, else the registered one."""
    within = [name for name in declared if is_within(host, [name])]
    return max(within, key=len, default=registrable(host))


def _selectors(answers: Answers, row: Row) -> list[str]:
    """Those that the vendor wrote. Where a sample message answered in their place, the answer is who signed it."""
    if f"derived.authentication@{row.uid}" in answers.facts:
        return []
    written = str((row.values.get("A4.09") or {}).get("dkim") or "")
    found = [_taken(clean_selector, one) for one in written.split(",")]
    return [one for one in found if one and one not in NO_SELECTOR]


def _taken(clean: Callable[[str], str], text: Any) -> str:
    """`text` as the register keeps it; empty when it refuses it."""
    try:
        return clean(text) if isinstance(text, str) else ""
    except ValidationError:
        return ""


def names_in(answers: Answers) -> Iterator[tuple[str, str]]:
    """The names under which the company says that it stands, each with what it is."""
    if name := answers.values.get("A1.01"):
        yield str(name), "The registered legal name (A1.01)"
    for line in answers.values.get("A1.02") or []:
        if name := line.get("name"):
            yield str(name), "A trading name (A1.02)"
