"""Facts that follow from other answers. Pure: no database, no network, and nothing that an answer does not already say.

They are named "derived.*"; a fact about one row is keyed "name@uid of the row", as Answers does. What does not follow
from the answers so far is absent. What each means stands beside it below; the definitions ask for them by name.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

from monitors.probes.mailbox import is_anybodys
from monitors.probes.names import host_of, is_within, registrable
from questionnaires.asking import value_at
from questionnaires.definition import Answers, Definition, Place, Row

YOUNG_DAYS = 60  # a server that has sent for less is watched while its volume rises
DRILL_DAYS = 365
TEAM = re.compile(  # no person is called so; checks.py refuses it where a name is typed
    r"\b(team|desk|help\s?desk|support|abuse|noc|soc|operations|operators?|department|office|staff|service|hotline"
    r"|postmaster|hostmaster|admin(istrator)?s?|on[\s-]?call|duty)\b",
    re.IGNORECASE,
)
PARTNERS = re.compile(
    r"\b(partners?|third[\s-]part(y|ies)|affiliates?|sponsors?|selected (companies|firms|offers)|other companies)\b",
    re.IGNORECASE,
)
DMARC_POLICY = re.compile(r"(?:^|;)\s*p\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)

Facts = dict[str, Any]


def derive(
    definition: Definition, answers: Answers, *, advertiser_domains: Collection[str], today: date
) -> dict[str, Any]:
    """What follows from the answers to this exhibit. Nothing yet follows from those to another than A."""
    if definition.exhibit != "A":
        return {}
    seen = {name: fact for name, fact in answers.facts.items() if not name.startswith("derived.")}
    told = _Told(definition, replace(answers, facts=seen))
    found: Facts = {}
    for part in (_company, _sending, _rates, _complaints):
        found |= part(told)
    found |= _headers(told, advertiser_domains)
    found |= _ages(told, today)
    for row in answers.rows.get("lists", ()):
        found |= _list(told, row)
    found |= _parties(told)
    found |= _domains(told, advertiser_domains)
    return {name: value for name, value in found.items() if value is not None}


class _Told:
    """What counts as answered: by the vendor, else by a fact that answers in their place."""

    def __init__(self, definition: Definition, answers: Answers) -> None:
        self.definition = definition
        self.answers = answers
        self.looked_at = {name.rpartition("@")[2] for name in answers.facts if name.startswith("look.")}

    def value(self, code: str, row: Row | None = None) -> Any:
        question = self.definition.questions.get(code)
        if question is None:
            return None
        return value_at(Place(question, self.definition.page_of[code], row), self.answers)

    def lines(self, code: str) -> list[Mapping[str, Any]]:
        """Those of a table; none while it is unanswered."""
        value = self.value(code)
        return [line for line in value if isinstance(line, Mapping)] if isinstance(value, list) else []

    def part(self, code: str, column: str, row: Row | None = None) -> Any:
        """One column of a record."""
        value = self.value(code, row)
        return value.get(column) if isinstance(value, Mapping) else None

    def choices(self, code: str, row: Row | None = None) -> list[str]:
        value = self.value(code, row)
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def host(self, code: str, row: Row | None = None) -> str:
        value = self.value(code, row)
        return host_of(value) if isinstance(value, str) else ""

    def rows(self, step: str) -> list[Row]:
        return list(self.answers.rows.get(step, ()))

    def is_looked_at(self, row: Row) -> bool:
        """Has it been named, and has anything come back yet of the looks at it?"""
        named = self.value("A4.01", row) or self.value("A5.01", row)
        return bool(named) and row.uid in self.looked_at

    def fact(self, name: str, row: Row | None = None) -> Any:
        return self.answers.known(name, row)


# ── who and how much ────────────────────────────────────────────────────────
def _company(told: _Told) -> Facts:
    contact, company_host = told.value("A3.01"), told.host("A1.08")
    return {
        "derived.legal_form": told.part("A1.03", "form"),
        "derived.staff": told.part("A1.11", "staff"),
        "derived.volume_for_us": told.part("A1.11", "for_us"),
        "derived.authority": told.part("A2.01", "basis"),  # "officer" or "delegated"
        "derived.signatory": told.part("A2.01", "name"),
        "derived.company_free_mail": is_anybodys(company_host) if company_host else None,
        "derived.contact_is_team": bool(TEAM.search(contact)) if isinstance(contact, str) else None,
    }


def _ages(told: _Told, today: date) -> Facts:
    found: Facts = {}
    if drill := _day(told.fact("record.last_drill")):
        found["derived.drill_old"] = drill < today - timedelta(days=DRILL_DAYS)
    for row in told.rows("servers"):
        if since := _day(told.value("A5.10", row)):
            found[f"derived.young@{row.uid}"] = since > today - timedelta(days=YOUNG_DAYS)
    return found


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


# ── how it is sent ──────────────────────────────────────────────────────────
def _sending(told: _Told) -> Facts:
    """Servers: how many, and what each does on the way out, as the sample message shows it. And whether machines have
    had their turn: what only they could not tell is asked after that, not before."""
    rows = told.rows("servers")
    looked = {row.uid: told.is_looked_at(row) for row in [*told.rows("domains"), *rows]}
    found: Facts = {
        "derived.servers": len(rows),
        "derived.sampled": told.answers.known("A6.10") is not None,
        "derived.all_looked": bool(looked) and all(looked.values()),
    }
    found |= {f"derived.looked@{uid}": is_looked_at for uid, is_looked_at in looked.items()}
    for row in rows:
        tls, signers = told.fact("sample.tls", row), told.fact("sample.dkim", row)
        if tls is not None and signers is not None:
            does = [name for name, done in (("tls", tls), ("dkim", signers)) if done]
            found[f"derived.transport@{row.uid}"] = does or ["none"]
    return found


def _headers(told: _Told, advertiser_domains: Collection[str]) -> Facts:
    senders = told.lines("A6.01")
    if not senders:
        return {}
    also = [line.get("also") or [] for line in senders]
    other = [
        name
        for name, is_other in (
            ("reply_to", any("other_reply_to" in one for one in also)),
            ("return_path", not all("return_path" in one for one in also)),  # every message has one
            ("errors_to", any("other_errors_to" in one for one in also)),
        )
        if is_other
    ]
    hosts = _header_hosts(told, other)
    return {
        "derived.other_headers": other,  # which headers need a question of their own
        "derived.header_domains": sorted(hosts),
        "derived.advertiser_header": any(is_within(host, advertiser_domains) for host in hosts),
    }


def _header_hosts(told: _Told, other: Collection[str]) -> set[str]:
    """The hosts of all addresses in headers. Answers to a question that no longer applies do not count."""
    asked = [code for code, name in (("A6.02", "reply_to"), ("A6.03", "return_path"), ("A6.04", "errors_to"))
             if name in other]  # fmt: skip
    lines = chain(told.lines("A6.01"), *(told.lines(code) for code in asked))
    return {host for line in lines if (host := host_of(str(line.get("address") or "")))}


def _rates(told: _Told) -> Facts:
    ceilings = told.lines("A8.01")
    if not ceilings:
        return {"derived.bulk_rules": _bulk_rules(told)}
    total = sum(int(line.get("per_hour") or 0) for line in ceilings)
    own = told.answers.known("A8.04")
    peak = own if isinstance(own, int) else total
    taken = told.value("A12.04")
    return {
        "derived.peak": peak,  # messages an hour
        "derived.peak_excess": peak > total,
        "derived.measured": any(line.get("from") == "measured" for line in ceilings),
        "derived.bounces_short": taken * 60 < peak if isinstance(taken, int) and peak >= 60_000 else None,
        "derived.bulk_rules": _bulk_rules(told),
    }


def _bulk_rules(told: _Told) -> list[str] | None:
    """Which of the receivers' rules the mail meets, once all of them could be looked at."""
    seen = {
        "spf": _all(told, "domains", "look.spf"),
        "dkim": told.fact("sample.dkim"),
        "dmarc": _all(told, "domains", "look.dmarc"),
        "one_click": told.fact("sample.one_click"),
        "ptr": _all(told, "servers", "look.fcrdns"),
        "tls": told.fact("sample.tls"),
    }
    if any(value is None for value in seen.values()):
        return None
    return [name for name, value in seen.items() if value] or ["none"]


def _all(told: _Told, step: str, name: str) -> bool | None:
    """Does the fact hold of every row? None while it is unknown of one."""
    facts = [told.fact(name, row) for row in told.rows(step)]
    return None if not facts or any(fact is None for fact in facts) else all(facts)


# ── who gets it, and how they leave ─────────────────────────────────────────
def _complaints(told: _Told) -> Facts:
    rates = [line["rate"] for line in told.lines("A7.05") if isinstance(line.get("rate"), int)]
    hours = [line["hours"] for line in told.lines("A13.03") if isinstance(line.get("hours"), int)]
    way = told.value("A11.04")
    forwarding = told.answers.known("A11.07") or ("api" if way == "api" else None)
    return {
        "derived.complaint_rate": max(rates, default=None),  # hundredths of a per cent
        "derived.proof_hours": max(hours, default=None),
        "derived.by_hand": None if way is None else way == "by_hand",
        "derived.forwarding": "api" if way == "api" else None,  # who asks the API sends by it, unless they say not
        "derived.by_file": None if forwarding is None else forwarding == "file",
    }


def _list(told: _Told, row: Row) -> Facts:
    roles, words = told.choices("A1.10"), told.value("A9.10", row)
    hours = told.part("A9.22", "hours", row) if "print" in told.choices("A9.03", row) else None
    return {
        f"derived.list_owner@{row.uid}": "own" if roles and "others_lists" not in roles else None,
        f"derived.list_addresses@{row.uid}": told.part("A9.02", "now", row),
        f"derived.paper_hours@{row.uid}": hours,
        f"derived.partners_wording@{row.uid}": bool(PARTNERS.search(words)) if isinstance(words, str) else None,
    }


def _parties(told: _Told) -> Facts:
    """Do others take part: by what the vendor does for us, or because a list came from somebody else?"""
    roles = told.choices("A1.10")
    acquired = any({"bought", "co_registration"} & set(told.choices("A9.03", row)) for row in told.rows("lists"))
    found: Facts = {
        "derived.other_parties": bool({"procures", "others_lists"} & set(roles)) or acquired if roles else None
    }
    for row in told.rows("parties"):
        if role := told.value("A15.05", row):
            found[f"derived.needs_own_exhibit@{row.uid}"] = role in ("affiliate", "sub_initiator")
    return found


# ── domains: what each is for, and which are missing ────────────────────────
def _domains(told: _Told, advertiser_domains: Collection[str]) -> Facts:
    company_site, opt_out = told.value("A1.09"), told.value("A11.01")
    used = dict(_uses(told))
    declared = [host for row in told.rows("domains") if (host := told.host("A4.01", row))]
    facts: Facts = {}
    for row in told.rows("domains"):
        if not (domain := told.host("A4.01", row)):
            continue
        uses = [use for use, hosts in used.items() if any(is_within(host, [domain]) for host in hosts)]
        facts[f"derived.uses@{row.uid}"] = uses or None
        facts[f"derived.unused@{row.uid}"] = not uses if all(used[use] for use in ("helo", "from", "links")) else None
        if company_site:
            is_company = registrable(host_of(company_site)) == registrable(domain)
            facts[f"derived.company_domain@{row.uid}"] = is_company
            facts[f"derived.site@{row.uid}"] = company_site if is_company else None
        if opt_out:
            is_here = registrable(host_of(opt_out)) == registrable(domain)
            facts[f"derived.opt_out_page@{row.uid}"] = opt_out if is_here else None
            facts[f"derived.opt_out_elsewhere@{row.uid}"] = not is_here
        facts |= _mail_policy(told, row, domain)
    if declared:
        for row in told.rows("servers"):
            if helo := told.host("A5.04", row):
                facts[f"derived.helo_off_domain@{row.uid}"] = not is_within(helo, declared)
        hosts = set(chain.from_iterable(used.values()))
        known = [*declared, *advertiser_domains]  # R11 is for those
        undeclared = sorted({registrable(host) or host for host in hosts if not is_within(host, known)})
        facts["derived.undeclared_domains"] = undeclared or None
        facts["derived.undeclared"] = bool(undeclared)
        people = [told.host("A1.08"), told.host("A3.03"), host_of(str(told.part("A2.01", "email") or ""))]
        facts["derived.mail_off_domain"] = any(host and not is_within(host, declared) for host in people)
    return facts


def _uses(told: _Told) -> Iterator[tuple[str, set[str]]]:
    """The hosts that stand in other answers, by the use that they show; the advertiser's headers among them."""
    servers = told.rows("servers")
    other = told.lines("A6.03")
    senders = told.lines("A6.01")
    bounces = [line for line in senders if "return_path" in (line.get("also") or [])]
    yield "rdns", {str(name).rstrip(".").lower() for row in servers if (name := told.fact("look.ptr", row))}
    yield "helo", {host for row in servers if (host := told.host("A5.04", row))}
    yield "from", _hosts(senders)
    yield "return_path", _hosts([*bounces, *(other if len(bounces) < len(senders) else ())])
    yield "links", {host for host in (told.host("A11.01"),) if host}
    clicks = "clicks" in told.choices("A14.14")
    yield "tracking", {str(line["domain"]) for line in told.lines("A14.03") if line.get("domain")} if clicks else set()


def _hosts(lines: list[Mapping[str, Any]]) -> set[str]:
    return {host for line in lines if (host := host_of(str(line.get("address") or "")))}


def _mail_policy(told: _Told, row: Row, domain: str) -> Facts:
    """SPF, DKIM and DMARC of a domain: as seen, or as the vendor wrote them."""
    spf, dmarc = told.fact("look.spf", row), told.fact("look.dmarc", row)
    found: Facts = {}
    if isinstance(spf, str) and isinstance(dmarc, str):
        signers = told.fact("sample.dkim", row) or []
        signing = [one for one in signers if isinstance(one, str) and registrable(one) == registrable(domain)]
        seen = {"spf": spf, "dkim": ", ".join(signing), "dmarc": dmarc}
        found[f"derived.authentication@{row.uid}"] = seen
        found[f"derived.spf_missing@{row.uid}"] = not spf
    else:
        dmarc = told.part("A4.09", "dmarc", row)
    if isinstance(dmarc, str):
        said = DMARC_POLICY.search(dmarc)
        found[f"derived.dmarc@{row.uid}"] = said[1].lower() if said else "missing"
    return found
