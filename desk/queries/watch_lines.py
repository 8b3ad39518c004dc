"""The checks of one subject as its page shows them: each with its last readings and the raw answers."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from desk.checks import Check, check, in_order, word_of
from desk.evidence import Round, rounds_of
from desk.queries.lookups import last_words
from monitors import checks
from monitors.models import Attestation, Observation, Watch, WatchQuerySet

READINGS = 5  # of each check


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One check; `rounds` are its last readings, newest first, `said` the last word of a person where no machine can
    look."""

    watch: Watch
    check: Check
    word: str
    rounds: list[Round]
    said: Attestation | None = None

    @property
    def is_by_hand(self) -> bool:
        return self.watch.check_id.startswith(checks.ATTESTED)


def watch_lines(of: WatchQuerySet) -> list[WatchLine]:
    """Every check of one subject with its last readings, in three queries; those that no longer run come last."""
    watches = {watch.check_id: watch for watch in of}
    numbered = Observation.objects.filter(watch__in=list(watches.values())).annotate(
        place=Window(RowNumber(), partition_by=F("watch"), order_by=[F("last_at").desc(), F("pk").desc()])
    )
    readings: dict[int, list[Observation]] = defaultdict(list)
    for observation in numbered.filter(place__lte=READINGS).order_by("-last_at", "-pk"):
        readings[observation.watch_id].append(observation)
    said = last_words(watch for watch in watches.values() if watch.check_id.startswith(checks.ATTESTED))
    lines = [
        WatchLine(
            watches[one.id],
            check(one.id),
            word_of(watches[one.id]),
            rounds_of(readings[watches[one.id].pk]),
            said.get(watches[one.id].pk),
        )
        for one in in_order(watches)
    ]
    return sorted(lines, key=lambda line: not line.watch.is_running)
