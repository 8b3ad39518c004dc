"""Where we cannot see: blocklists that fail their proof, and checks that have been unknown for long."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from desk.checks import check
from monitors import checks
from monitors.models import Sight, Watch
from monitors.probes.reading import Verdict


@dataclass(frozen=True, slots=True)
class Blind:
    """A list that cannot be seen, or a check that long gives no answer; `servers` is how many it leaves in doubt."""

    check_id: str
    title: str
    sentence: str
    since: datetime
    servers: int


def blind(now: datetime) -> list[Blind]:
    """Oldest first; a list that is blind on several paths is one line, and so are its unknown watches."""
    doubtful = {
        check_id: (count, since)
        for check_id, count, since in Watch.objects.running()
        .by_dns()
        .filter(verdict=Verdict.UNKNOWN, since__lte=now - timedelta(seconds=settings.BLIND_SECONDS))
        .values_list("check_id")
        .annotate(Count("pk"), Min("since"))
    }
    by_list: dict[str, list[Sight]] = defaultdict(list)
    for sight in Sight.objects.filter(state=Sight.State.BLIND).order_by("since", "path"):
        by_list[sight.list_id].append(sight)
    found = []
    for list_id, sights in by_list.items():
        check_id = checks.DNSBL + list_id
        count, _ = doubtful.pop(check_id, (0, None))
        title = f"{check(check_id).title} cannot be trusted {_through(sights)}"
        found.append(Blind(check_id, title, sights[0].sentence, sights[0].since, count))
    for check_id, (count, since) in doubtful.items():
        title = f"{check(check_id).title} gives no usable answer"
        found.append(Blind(check_id, title, "The list passes its own test; these questions fail.", since, count))
    return sorted(found, key=lambda one: one.since)


def _through(sights: list[Sight]) -> str:
    if len(sights) == len(checks.paths()):
        return "on any resolver" if len(sights) > 1 else f"through {sights[0].path}"
    return f"through {', '.join(sight.path for sight in sights)}"


@dataclass(frozen=True, slots=True)
class PathSight:
    """One resolver path: how many lists can be seen through it."""

    path: str
    seeing: int
    blind: int
    unproved: int

    @property
    def state(self) -> str:
        return "unkn" if self.blind else "wait" if self.unproved else "open"

    @property
    def word(self) -> str:
        if self.blind:
            return f"{self.blind} of {self.seeing + self.blind + self.unproved} lists blind"
        return f"{self.unproved} not proved yet" if self.unproved else "sees every list"


def paths() -> list[PathSight]:
    """Every resolver path of the settings, also one that has proved nothing yet."""
    counts: dict[tuple[str, str], int] = {
        (path, state): count
        for path, state, count in Sight.objects.order_by().values_list("path", "state").annotate(Count("pk"))
    }
    return [
        PathSight(
            path,
            counts.get((path, Sight.State.SEEING), 0),
            counts.get((path, Sight.State.BLIND), 0),
            counts.get((path, Sight.State.UNPROVED), 0),
        )
        for path in map(str, checks.paths())
    ]
