"""What was seen: watches, observations, findings. Reading only."""

from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from api.auth import ApiRequest
from api.paging import Page, Paging, each, page
from api.rows import find_domains, find_finding, find_server, find_vendor, findings
from api.schemas.monitors import FindingShown, ObservationShown, WatchShown
from monitors.models import Observation, Watch

router = Router(tags=["monitors"])


class SeenFilter(Paging):
    vendor: str = Field("", description="A vendor's id or number.")
    server: str = Field("", description="A server's id.")
    domain: str = Field("", description="A domain's id, or its name.")


class WatchFilter(SeenFilter):
    verdict: Literal["clear", "adverse", "unknown"] | None = None


class ObservationFilter(WatchFilter):
    watch: int | None = Field(None, ge=1, le=2**63 - 1, description="A watch's id.")


class FindingFilter(SeenFilter):
    state: Literal["open", "closed"] | None = None


@router.get("/watches", response=Page[WatchShown])
def list_watches(request: ApiRequest, asked: Query[WatchFilter]) -> dict[str, Any]:
    """Each check of each server, domain or vendor, and what it amounts to now."""
    rows = Watch.objects.select_related("server", "domain", "vendor")
    return page(request, rows.filter(**_seen(asked)), asked, each(WatchShown.of))


@router.get("/observations", response=Page[ObservationShown])
def list_observations(request: ApiRequest, asked: Query[ObservationFilter]) -> dict[str, Any]:
    """Every look, with the answers word for word; the newest first."""
    rows = Observation.objects.select_related("watch__server", "watch__domain", "watch__vendor")
    rows = rows.filter(**_seen(asked, "watch__"))
    if asked.watch is not None:
        rows = rows.filter(watch=asked.watch)
    return page(request, rows, asked, each(ObservationShown.of), newest_first=True)


@router.get("/findings", response=Page[FindingShown])
def list_findings(request: ApiRequest, asked: Query[FindingFilter]) -> dict[str, Any]:
    """The confirmed faults, the newest first."""
    rows = findings().filter(**_seen(asked))
    if asked.state:
        rows = rows.filter(state=asked.state)
    return page(request, rows, asked, each(FindingShown.of), newest_first=True)


@router.get("/findings/{ref}", response=FindingShown)
def get_finding(request: ApiRequest, ref: str) -> FindingShown:
    """One finding, by id or number. What was seen is under /observations?watch=…"""
    return FindingShown.of(find_finding(ref))


def _seen(asked: SeenFilter, watch: str = "") -> dict[str, Any]:
    """The conditions of a filter; `watch` is the path to what has server, domain and vendor."""
    found: dict[str, Any] = {}
    if asked.server:
        found[f"{watch}server"] = find_server(asked.server)
    if asked.domain:
        found[f"{watch}domain__in"] = find_domains(asked.domain)
    if asked.vendor:
        found[f"{watch}vendor"] = find_vendor(asked.vendor)
    if isinstance(asked, WatchFilter) and asked.verdict:
        found["verdict"] = asked.verdict
    return found
