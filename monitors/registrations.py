"""What was last seen of the registrations of domains, read back from the readings that were kept. Asks nobody.

A look that could not be read (not checked) is no registration: the last one that could be stays the newest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from monitors import checks
from monitors.models import ELEMENTS, Observation, Watch
from monitors.probes.holder import MET, LastGood
from monitors.probes.holder_tables import CALLED
from monitors.probes.registration import Element, Registration, State
from vendors.models import Domain

READ = ("met", "not_met", "not_shown")  # results of a registration that was read
OPEN_TO_GRANTS = ("not_met", "not_shown")
LINES = {**CALLED, "name": "holder", "organisation": "organisation", "country": "country", "registrar": "registrar"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One registration. `at` is when it was last seen so; `record` is the hash that grants are pinned to, "" where the
    name is not registered; `elements` are name, email, phone, address with state, value, sentence and cure; `sources`
    the answers, best first."""

    at: datetime
    result: str
    record: str
    elements: Sequence[Mapping[str, str]]
    sources: Sequence[Mapping[str, Any]]

    @property
    def missing(self) -> list[dict[str, str]]:
        """The elements that do not show who the vendor is, and that nobody lets stand."""
        return [dict(one) for one in self.elements if one["state"] not in MET]

    @property
    def values(self) -> dict[str, str]:
        return {one["element"]: one["value"] for one in self.elements if one.get("value")}

    @property
    def speaking(self) -> Mapping[str, Any]:
        """The answer whose word it is: the best one that says something of the holder; empty when none was read."""
        found = [one for one in self.sources if one.get("outcome") == "found"]
        telling = (one for one in found if not _registration(one["fields"]).says_nothing)
        return next(telling, found[0] if found else {})

    def last_good(self) -> LastGood | None:
        """As the judging of a later look reads it; None where the name is not registered."""
        spoken = self.speaking
        return LastGood(self.at, _registration(spoken["fields"])) if self.record and spoken else None


def newest(domains: Iterable[int]) -> dict[int, Seen]:
    """By the domain's key, the newest registration that could be read; two queries."""
    of_watch = Observation.objects.filter(watch=OuterRef("pk"), result__in=READ).order_by("-last_at", "-pk")
    watches = Watch.objects.filter(domain__in=list(domains), check_id=checks.REGISTRATION)
    keys = watches.annotate(newest=Subquery(of_watch.values("pk")[:1])).values_list("newest", flat=True)
    rows = Observation.objects.filter(pk__in=[key for key in keys if key])
    fields = ("watch__domain", "last_at", "result", "evidence")
    return {domain: seen(at, result, evidence) for domain, at, result, evidence in rows.values_list(*fields)}


def newest_of(domain: Domain) -> Seen | None:
    return newest([domain.pk]).get(domain.pk)


def before(domain: Domain, record: str) -> Seen | None:
    """The newest reading that is kept of the record with this hash."""
    rows = Observation.objects.filter(
        watch__domain=domain, watch__check_id=checks.REGISTRATION, result__in=READ, evidence__0__record=record
    ).order_by("-last_at", "-pk")
    row = rows.values_list("last_at", "result", "evidence").first()
    return seen(*row) if row else None


def seen(at: datetime, result: str, evidence: Sequence[Mapping[str, Any]]) -> Seen:
    """From what an observation keeps: the judgement first, then the answers."""
    head = evidence[0] if evidence else {}
    return Seen(at, result, head.get("record", ""), head.get("elements", ()), evidence[1:])


def difference(old: Seen, new: Seen) -> list[str]:
    """What is another now, a phrase each, of all that a grant is pinned to."""
    was, now = _pinned(old), _pinned(new)
    return [
        f"{LINES.get(name, 'name servers')}: {was[name] or 'not shown'}, now {now[name] or 'not shown'}"
        for name in was
        if was[name] != now[name]
    ]


def _pinned(one: Seen) -> dict[str, str]:
    """Registrant, registrar and name servers as text; the servers are the registry's, which the domain runs on."""
    fields = one.speaking.get("fields", {})
    everybody = [source["fields"] for source in one.sources if source.get("outcome") == "found"]
    registries = [source["fields"] for source in one.sources if source["source"].startswith("registry")]
    told = {name: fields.get(name, {}).get("value", "") for name in ("organisation", "name", *ELEMENTS[1:])}
    servers = next((found for each in registries if (found := each.get("nameservers"))), fields.get("nameservers", ()))
    return told | {
        "country": fields.get("country", ""),
        "registrar": next((each["registrar"] for each in [fields, *everybody] if each.get("registrar")), ""),
        "nameservers": ", ".join(sorted(servers)),
    }


def _registration(fields: Mapping[str, Any]) -> Registration:
    elements: dict[str, Any] = {
        name: Element(State(fields[name]["state"]), fields[name]["value"])
        for name in ("name", "organisation", "email", "phone", "address")
        if name in fields
    }
    return Registration(
        **elements,
        country=fields.get("country", ""),
        registrar=fields.get("registrar", ""),
        created_on=fields.get("created_on", ""),
        expires_on=fields.get("expires_on", ""),
        nameservers=tuple(fields.get("nameservers", ())),
    )
