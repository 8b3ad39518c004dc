"""The checks of one domain: lists of domains, mail records, registration, website."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from egress.fetch import Fetch
from monitors.probes import machine, mail_records
from monitors.probes.company_name import is_shown
from monitors.probes.dkim import look_dkim
from monitors.probes.dmarc import look_policy
from monitors.probes.entry import Blocklist
from monitors.probes.fcrdns import Address
from monitors.probes.holder import Assessment, assess
from monitors.probes.holder_elements import Company
from monitors.probes.holder_source import NAMES
from monitors.probes.machine import Suspicion
from monitors.probes.mail_hosts import look_mail_hosts
from monitors.probes.names import registrable
from monitors.probes.reading import Reading
from monitors.probes.registered import Registered
from monitors.probes.registration import State
from monitors.probes.site.crawl import PACE, WEB, Ports
from monitors.probes.site.survey import DEADLINE, survey
from monitors.probes.spf import look_spf_for
from monitors.registries import Registries
from monitors.sender.address import listings, on_list, signs
from monitors.sender.domains import Met
from monitors.sender.looking import Looking
from monitors.sender.report import Check, DomainReport, Group, Word

MARGIN = 0.3  # s before the end, by when a website must have been read
PATIENCE = 0.4  # of the time that is left: so long the website waits for the registration, to be held against it


Asked = asyncio.Future[tuple[Registered, Assessment]]


@dataclass(frozen=True, slots=True)
class Slow:
    """What the looks over HTTP and port 43 need. `now` is stamped on what registries said; `company` is "" when nobody
    was named to compare with; `own` are all domains of the sender."""

    registries: Registries
    fetch: Fetch
    unverified: Fetch
    now: datetime
    company: str = ""
    own: Sequence[str] = ()
    ports: Ports = WEB
    pace: float = PACE
    is_rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which domain, and what is known beside it."""

    domain: Met
    address: Address
    entries: Sequence[Blocklist]
    selectors: Sequence[str] = field(default_factory=tuple)


async def look(looking: Looking, slow: Slow, wanted: Wanted) -> DomainReport:
    """All checks of the domain at once. Registration and website belong to the registered name, and are looked at
    there."""
    name = wanted.domain.name
    lists, mail, others = await asyncio.gather(
        on_domain_lists(looking, wanted.entries, name), _mail(looking, wanted), _slow(looking, slow, wanted.domain)
    )
    return DomainReport(name, wanted.domain.origins, wanted.domain.is_given, (*lists, *mail, *others))


async def on_domain_lists(looking: Looking, entries: Sequence[Blocklist], name: str) -> tuple[Check, ...]:
    """Every list of domains; where the catalogue has none, that this is so."""
    lists = [entry for entry in entries if "domain" in entry.targets]
    if lists:
        return tuple(await asyncio.gather(*(on_list(looking, entry, name) for entry in lists)))
    sentence = f"No list in the catalogue is asked about domains, so {name} was not looked up."
    return (Check("domain", "Lists of domains", name, "R5", word=Word.NOT_COVERED, sentence=sentence),)


def suspicions(report: DomainReport, entries: Sequence[Blocklist]) -> tuple[Suspicion, ...]:
    """Has somebody broken into its website?"""
    return machine.suspect_domain(report.name, listings(report.checks), signs(entries))


async def _mail(looking: Looking, wanted: Wanted) -> list[Check]:
    ask, name, selectors = looking.ask, wanted.domain.name, wanted.selectors

    def check(id_: str, called: str, clause: str, command: str) -> Check:
        return Check(id_, called, name, clause, group=Group.DNS, command=command, counts=False)

    keys = " ; ".join(f"dig TXT {one}._domainkey.{name}" for one in selectors[:3])
    works = [
        looking.take(check("mx", "MX", "R10", f"dig MX {name}"), lambda path: look_mail_hosts(ask, name, path=path)),
        looking.take(
            check("spf", "SPF", "R8", f"dig TXT {name}"),
            lambda path: look_spf_for(ask, name, [wanted.address], path=path),
        ),
        _dkim(looking, check("dkim", "DKIM", "R8", keys), selectors),
        looking.take(
            check("dmarc", "DMARC", "R8", f"dig TXT _dmarc.{name}"),
            lambda path: look_policy(ask, name, registrable(name), path=path),
        ),
    ]
    return list(await asyncio.gather(*works))


async def _dkim(looking: Looking, check: Check, selectors: Sequence[str]) -> Check:
    if not selectors:
        sentence = f"Which DKIM keys {check.target} has, nobody can ask the DNS. Name a selector with --selector."
        return replace(check, word=Word.NOT_COVERED, sentence=sentence)
    return await looking.take(check, lambda path: look_dkim(looking.ask, check.target, selectors, path=path))


# ── over HTTP and port 43 ───────────────────────────────────────────────────
async def _slow(looking: Looking, slow: Slow, domain: Met) -> list[Check]:
    """Only of names that somebody registers. Where the list of endings knows none such, a registry may."""
    name = domain.name
    if not domain.is_registered and not (domain.is_given and (await slow.registries.ask(name)).name == name):
        return []
    asked = asyncio.ensure_future(_asked(looking, slow, name))
    return list(await asyncio.gather(_registration(looking, name, asked), _website(looking, slow, name, asked)))


async def _asked(looking: Looking, slow: Slow, name: str) -> tuple[Registered, Assessment]:
    registered, hosts = await asyncio.gather(slow.registries.ask(name), mail_records.look_up(looking.anywhere, name))
    company = Company(slow.company)
    assessment = assess(
        registered, company, slow.own, now=slow.now, exists=hosts.exists, test_environment=slow.is_rehearsal
    )
    return registered, assessment


async def _registration(looking: Looking, name: str, asked: Asked) -> Check:
    check = Check("registration", "Registration", name, "R7", group=Group.HOLDER, counts=False)

    async def look() -> Reading:
        _, assessment = await asyncio.shield(asked)
        return assessment.reading()

    check = await looking.once(check, look())
    if (found := _known(asked)) is None:
        asked.cancel()
        return check
    registered, assessment = found
    lookup, command = _where(registered, assessment)
    return replace(check, facts=_facts(assessment), lookup=lookup, command=command)


def _known(asked: Asked) -> tuple[Registered, Assessment] | None:
    """What is known of the registration by now."""
    if not asked.done() or asked.cancelled() or asked.exception() is not None:
        return None
    return asked.result()


def _facts(found: Assessment) -> Mapping[str, Any]:
    facts: dict[str, Any] = {
        "rule": found.verdict,
        "elements": [
            {
                "element": one.element,
                "state": "not_compared" if one.reason == "not_compared" else one.state,
                "value": one.value,
                "reason": one.reason,
                "sentence": one.sentence,
                "cure": one.cure,
            }
            for one in found.elements
        ],
        "source": None,
        "asked": [{"kind": one.kind, "server": one.host, "sentence": one.sentence} for one in found.asked],
    }
    if found.source is not None:
        record = found.source.registration
        facts |= {
            "source": {"kind": found.source.kind, "name": NAMES[found.source.kind], "server": found.source.host},
            "registrar": record.registrar,
            "country": record.country,
            "created_on": record.created_on,
            "expires_on": record.expires_on,
            "statuses": list(record.statuses),
            "nameservers": list(record.nameservers),
        }
    return facts


def _where(registered: Registered, found: Assessment) -> tuple[str, str]:
    """How a person sees the same record: (a page of the web, a command), one of the two."""
    kind = found.source.kind if found.source else ""
    if found.source and kind.endswith("_whois"):
        host, colon, port = found.source.host.rpartition(":")
        server = f"-h {host} -p {port}" if colon else f"-h {found.source.host}"
        return "", f"whois {server} {found.name}"
    answer = registered.registrar if kind == "registrar_rdap" else registered.registry
    return (answer.url, "") if answer and answer.url else ("", f"whois {found.name}")


async def _website(looking: Looking, slow: Slow, name: str, asked: Asked) -> Check:
    """The site, held against the registration when that is known early enough."""
    check = Check(
        "website", "Website", name, "O8", lookup=slow.ports.urls("https", name)[0], group=Group.WEBSITE, counts=False
    )

    async def look() -> Reading:
        loop = asyncio.get_running_loop()
        ends = loop.time() + DEADLINE if looking.ends is None else looking.ends - MARGIN
        await asyncio.wait([asked], timeout=PATIENCE * (ends - loop.time()))
        return await survey(
            slow.fetch,
            looking.anywhere,
            name,
            names_match=(lambda text: is_shown(slow.company, text)) if slow.company else (lambda _: True),
            domains=slow.own,
            registered=_registered(asked),
            unverified=slow.unverified,
            deadline=max(0.1, min(DEADLINE, ends - loop.time())),
            pace=slow.pace,
            ports=slow.ports,
        )

    check = await looking.once(check, look())
    if slow.company or check.reading is None or not check.reading.text:
        return check
    return replace(check, sentence=f"{check.sentence} The name on it was compared with none.")


def _registered(asked: Asked) -> Mapping[str, str] | None:
    """What the registration shows, for the site to be held against."""
    found = _known(asked)
    if found is None or found[1].source is None:
        return None
    record = found[1].source.registration
    shown = {"name": record.holder, "email": record.email, "phone": record.phone, "address": record.address}
    present = {part: one.value for part, one in shown.items() if one.state is State.PRESENT}
    return present | ({"country": record.country} if record.country else {})
