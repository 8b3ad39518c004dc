"""What there is to look up by hand: where, what is typed there, what may be seen, and what is due.

Reads rows and the catalogue, and changes nothing; a person's word is taken in by monitors.attestations.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from monitors import checks
from monitors.models import Watch, WatchQuerySet
from monitors.probes.entry import ATTEST_FOR, About, Blocklist, Code, Kind
from monitors.probes.reading import Severity, Verdict
from vendors.models import Domain

SOON = timedelta(days=2)  # before a word expires somebody is reminded
SIGNING = frozenset({Domain.Use.DKIM.value, Domain.Use.HEADER.value})
WEBSITE: Mapping[str, Code] = {  # of a page that our machine could not read
    "fine": Code("it is theirs, with a way to opt out and a way to reach them", Severity.NONE),
    "no_opt_out": Code("no way to opt out was found on it", Severity.WARN),
    "no_contact": Code("no way to reach them was found on it", Severity.WARN),
    "not_theirs": Code("it is the website of somebody else", Severity.REVIEW),
}


WEBSITES = Blocklist(id=checks.WEBSITE, name="Websites", kind=Kind.ATTESTED, outcomes=WEBSITE, clause="O8")


def entry_of(list_id: str) -> tuple[str, Blocklist] | None:
    """(the check, what there is to look up), of a list that a person looks up, or of websites that no machine can
    read; None for any other."""
    if list_id == WEBSITES.id:
        return checks.WEBSITE, WEBSITES
    check_id = checks.ATTESTED + list_id
    entry = checks.attested().get(check_id)
    return (check_id, entry) if entry else None


def of_check(check_id: str) -> WatchQuerySet:
    """The watches of one check that wait for a person's word, or stand on one."""
    running = Watch.objects.running().filter(check_id=check_id)
    if check_id == checks.WEBSITE:
        return running.filter(result__in=["review", *WEBSITE])
    return running


def outcomes_of(check_id: str) -> Mapping[str, Code]:
    """What a person may have seen, by a short name; nothing for a check that no person can make."""
    if check_id == checks.WEBSITE:
        return WEBSITE
    entry = checks.attested().get(check_id)
    return entry.outcomes if entry else {}


def clause_of(check_id: str) -> str:
    entry = checks.attested().get(check_id)
    return entry.clause if entry else "O8"


def counts_for(check_id: str) -> timedelta:
    """How long a person's word counts at the most."""
    entry = checks.attested().get(check_id)
    return entry.attest_for if entry else ATTEST_FOR


def measure_of(check_id: str) -> str:
    """The label of the figure that is asked for besides; "" for none."""
    entry = checks.attested().get(check_id)
    return entry.measure if entry else ""


def terms_of(watch: Watch) -> tuple[str, ...]:
    """What is typed there: the address, the name of the domain, the vendor's names, or the domains that it signs with
    or has in headers. Reads the vendor's aliases and domains; `with_terms` has them at hand for many watches."""
    if watch.server is not None:
        return (str(watch.server.address),)
    if watch.domain is not None:
        return (watch.domain.name,)
    entry = checks.attested().get(watch.check_id)
    if entry is not None and entry.about is About.DOMAINS:
        active = [one for one in watch.vendor.domains.all() if one.state == Domain.State.ACTIVE]
        if signing := sorted(one.name for one in active if SIGNING & set(one.uses)):
            return tuple(signing)
    return (watch.vendor.name, *sorted(alias.name for alias in watch.vendor.aliases.all()))


def with_terms(watches: WatchQuerySet) -> WatchQuerySet:
    """With all that `terms_of` reads, in three queries for all of them."""
    whole = watches.select_related("server", "domain", "vendor")
    return whole.prefetch_related("vendor__aliases", "vendor__domains")


def to_look_up() -> WatchQuerySet:
    """Every watch that waits for a person's word, or stands on one."""
    return Watch.objects.running().filter(check_id__in=list(checks.attested()))


def pressing(watches: WatchQuerySet, now: datetime) -> WatchQuerySet:
    """Of those the ones that nobody's word stands for, or soon no more."""
    ending = Q(next_action_at__gt=now, next_action_at__lte=now + SOON) & ~Q(verdict=Verdict.UNKNOWN)
    return watches.filter(Q(verdict=Verdict.UNKNOWN) | Q(next_action_at__lte=now) | ending)


def due(now: datetime) -> WatchQuerySet:
    """Those that nobody's word stands for."""
    return to_look_up().unchecked(now)


def due_soon(now: datetime) -> WatchQuerySet:
    """Those whose word ends within SOON."""
    standing = to_look_up().exclude(verdict=Verdict.UNKNOWN)
    return standing.filter(next_action_at__gt=now, next_action_at__lte=now + SOON)
