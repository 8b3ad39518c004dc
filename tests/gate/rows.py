"""What the gate reads: a watched server, an amended policy; and its answer in short."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from gate.ask import clearance
from journal.actor import ENGINE
from monitors.models import Enrolment, Watch
from monitors.probes.reading import Verdict
from policies import drafts
from policies.models import PolicyVersion
from tests import monitored, world
from tests.world import NOON
from vendors.models import SendingServer, Vendor

Queries = Callable[..., AbstractContextManager[Any]]
DAY = timedelta(days=1)


def server_of(vendor: Vendor, hostname: str = "") -> SendingServer:
    """One that is watched, and clear."""
    server = world.make_server(vendor, hostname=hostname)
    Enrolment.objects.create(server=server, catalogue="x")
    watch = monitored.make_watch(server)
    Watch.objects.filter(pk=watch.pk).update(verdict=Verdict.CLEAR)
    return server


def shutting(vendor: Vendor, **about: Any) -> list[str]:
    return [one.id for one in clearance(vendor, at=about.pop("at", NOON), **about).shutting]


def saying(vendor: Vendor, **about: Any) -> list[str]:
    return [one.id for one in clearance(vendor, at=about.pop("at", NOON), **about).reasons]


def amend(*clauses: str, at: Any = NOON, effective_at: Any = None) -> PolicyVersion:
    """The next version of the policy, material, with one sentence more in each of these clauses."""
    draft = drafts.begin_draft(by=ENGINE, at=at, by_name="Ada")
    for one in [one for one in draft.written if one.id in clauses]:
        drafts.change_clause(draft, one.id, one.title, f"{one.text} Truly.", by=ENGINE, at=at)
    kind, told = PolicyVersion.Kind.MATERIAL, "Read it."
    drafts.publish(draft, kind=kind, note=told, effective_at=effective_at, by=ENGINE, at=at, by_name="Ada")
    return draft
