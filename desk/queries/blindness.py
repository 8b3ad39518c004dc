"""Where we cannot see: blocklists that are not believed, and checks that have been unknown for long.

A list is not believed from the first proof that fails until the second that succeeds, but for a short while only: so a
list that failed once, or is on probation, is told of when that lasts. What is in quarantine can be seen, and is another
matter: it waits for a person.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from desk.checks import check
from monitors import checks
from monitors.models import Sight, Watch
from monitors.probes.reading import Verdict
from monitors.quarantine import quarantined

WORDS = {  # worst first
    Sight.State.BLIND: "cannot be trusted",
    Sight.State.SUSPECT: "failed its test once and is not believed",
    Sight.State.PROBATION: "is on probation",
}


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
    troubled = Sight.objects.filter(state__in=Sight.TROUBLED)
    lasting = Q(state=Sight.State.BLIND) | Q(since__lte=now - timedelta(seconds=settings.BLIND_SECONDS))
    for sight in troubled.filter(lasting).order_by("since", "path"):
        by_list[sight.list_id].append(sight)
    for list_id in quarantined():
        doubtful.pop(checks.DNSBL + list_id, None)
    found = []
    for list_id, sights in by_list.items():
        check_id = checks.DNSBL + list_id
        count, _ = doubtful.pop(check_id, (0, None))
        worst = next(state for state in WORDS if any(sight.state == state for sight in sights))
        title = f"{check(check_id).title} {WORDS[worst]} {_through(sights)}"
        found.append(Blind(check_id, title, _why(sights, worst), sights[0].since, count))
    doubted = set(troubled.values_list("list_id", flat=True))
    for check_id, (count, since) in doubtful.items():
        title = f"{check(check_id).title} gives no usable answer"
        found.append(Blind(check_id, title, _reason(check_id, doubted), since, count))
    return sorted(found, key=lambda one: one.since)


def _why(sights: list[Sight], worst: Sight.State) -> str:
    """In the words of the proof that failed; one that succeeded says nothing of the trouble."""
    if worst == Sight.State.PROBATION:
        return "It failed its own test, has passed it once since, and has to pass it once more."
    return next(sight.sentence for sight in sights if sight.state == worst)


def _reason(check_id: str, doubted: set[str]) -> str:
    if not check_id.startswith(checks.DNSBL):
        return "The questions fail, or their answers could not be read."
    if check_id.removeprefix(checks.DNSBL) in doubted:
        return "The list failed its own test a short while ago, and is not believed before it passes again."
    return "The list passes its own test; these questions fail."


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
    doubtful: int  # failed once, or on probation: not believed just now
    unproved: int

    @property
    def state(self) -> str:
        return "unkn" if self.blind or self.doubtful else "wait" if self.unproved or not self.seeing else "open"

    @property
    def word(self) -> str:
        total = self.seeing + self.blind + self.doubtful + self.unproved
        if self.blind:
            return f"{self.blind} of {total} lists blind"
        if self.doubtful:
            return f"{self.doubtful} of {total} lists in doubt"
        return f"{self.unproved} not proved yet" if self.unproved else "sees every list" if total else "no list yet"


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
            counts.get((path, Sight.State.SUSPECT), 0) + counts.get((path, Sight.State.PROBATION), 0),
            counts.get((path, Sight.State.UNPROVED), 0),
        )
        for path in map(str, checks.paths())
    ]
