"""The slow looks of one round: registrations, websites, holders of networks. Over HTTP and port 43, once a day.

Asks, through `egress` alone, and puts together; what answers mean is for the probes. Touches no row but those that pace
the questions to registries.
"""

import ssl
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from egress import rdap
from egress.fetch import Fetch, Fetcher, trusting
from egress.pace import MayAsk, at_once
from egress.resolver import Ask
from monitors import allowance, checks, websites
from monitors.probes import holder, mail_records, rdap_text
from monitors.probes.company_name import is_shown
from monitors.probes.holder_elements import Company
from monitors.probes.reading import Reading, Severity, Verdict
from monitors.probes.site.survey import survey
from monitors.registries import Registries

MARGIN = 0.4  # s before the end of the round, by when a website must have been read


class Surveyor:
    """Takes the slow looks of one round, which ends when the event loop's time is `ends`; `question` bounds one
    exchange, in s."""

    def __init__(self, ask: Ask, question: float, ends: float) -> None:
        self._ask, self._question, self._ends = ask, question, ends
        self._registries = Registries(ask, question, ends, _may_ask())

    async def look(self, check_id: str, target: str, facts: Mapping[str, Any], path: int, now: float) -> Reading:
        """One look; `now` is the event loop's time. ValueError for a check that is none of these."""
        match check_id:
            case checks.REGISTRATION:
                return await self._registration(target, facts, path)
            case checks.WEBSITE:
                return await self._website(target, facts, path, max(1.0, self._ends - MARGIN - now))
            case checks.NETWORK:
                return await self._network(target)
        raise ValueError(f"{check_id} is no slow check.")

    async def _registration(self, domain: str, facts: Mapping[str, Any], path: int) -> Reading:
        hosts = await mail_records.look_up(self._ask, domain, path=path)
        assessment = holder.assess(
            await self._registries.ask(domain),
            _company(facts),
            facts.get("own", ()),
            now=timezone.now(),
            grants=facts.get("grants", ()),
            last_good=facts.get("last_good"),
            exists=hosts.exists,
            test_environment=settings.DEMO,
        )
        reading = assessment.reading()
        elements = [
            {
                "element": one.element,
                "state": str(one.state),
                "value": one.value,
                "sentence": one.sentence,
                "cure": one.cure,
            }
            for one in assessment.elements
        ]
        return replace(reading, evidence=({"record": assessment.record_hash, "elements": elements}, *reading.evidence))

    async def _website(self, domain: str, facts: Mapping[str, Any], path: int, seconds: float) -> Reading:
        names = facts.get("names", ())
        return await survey(
            self._fetch(trusting(settings.EGRESS_CA), seconds),
            self._ask,
            domain,
            names_match=lambda text: any(is_shown(name, text) for name in names),
            domains=facts.get("own", ()),
            registered=facts.get("registered"),
            opt_out_url=facts.get("opt_out_url", ""),
            unverified=self._fetch(websites.blind_trust(), seconds),
            deadline=seconds,
            path=path,
            ports=websites.ports(),
        )

    def _fetch(self, tls: ssl.SSLContext, seconds: float) -> Fetch:
        deadline = min(seconds, self._question)
        return Fetcher(self._ask, allow=settings.EGRESS_ALLOW, tls=tls, deadline=deadline, limit=websites.LIMIT).fetch

    async def _network(self, address: str) -> Reading:
        """Information for a person, never a fault: the policy speaks of domains."""
        answer = await self._registries.ask_network(checks.address_of(address))
        if answer.outcome is not rdap.Outcome.FOUND or answer.answer is None:
            sentence = f"Who holds the network of {address} could not be seen. {answer.sentence}"
            return Reading(Verdict.UNKNOWN, str(answer.outcome), Severity.NONE, sentence, clause="R7")
        record = rdap_text.record(answer.answer)
        found = record.registration
        held_by = found.holder.value or "a holder that is not shown"
        country = f" ({found.country})" if found.country else ""
        sentence = f"The network {record.name or 'of ' + address} is held by {held_by}{country}, says {answer.host}."
        evidence = {"holder": held_by, "network": record.name, "country": found.country, "source": answer.url}
        return Reading(Verdict.CLEAR, "told", Severity.NONE, sentence, evidence=(evidence,), clause="R7")


def _company(facts: Mapping[str, Any]) -> Company:
    name, *aliases = facts.get("names") or ("",)
    return Company(name, tuple(aliases))


def _may_ask() -> MayAsk:
    """All workers share one pace for each registry; a laboratory needs none."""
    return allowance.may_ask_registry if settings.REGISTRY_SECONDS else at_once
