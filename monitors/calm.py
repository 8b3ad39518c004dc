"""Watches of which a plain "not listed" is no news: nearly all, nearly always. Stored in bulk, without a model.

Calm is what was clear often enough on every path, suspects nothing and has no open finding, at a list that is seen to
work. The bookkeeping of such a look is one moment further; whatever else comes back goes the long way.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from engine.many import among, update_each
from monitors import checks, folding, rounds
from monitors.grid import next_slot
from monitors.models import Watch
from monitors.probes.reading import Verdict
from monitors.rounds import ListOnPath

COLUMNS = (
    *("pk", "check_id", "rounds", "verdict", "result", "clear_count", "clear_text", "faults_text"),
    *("server__address", "server__helo", "domain__name", "domain_id", "vendor_id"),
)


NONE = "{}"  # a JSON column without anything in it


class Held(NamedTuple):
    """What of a claimed watch decides how it is looked at."""

    pk: int
    check_id: str
    rounds: int
    verdict: str
    result: str
    clear_count: int
    clear_text: str
    faults_text: str
    address: str | None
    helo: str | None
    domain: str | None
    domain_id: int | None
    vendor_id: int

    @property
    def faults(self) -> Mapping[str, Any]:
        """As the row has them; a reader must not change it."""
        found: Mapping[str, Any] = _read(self.faults_text)
        return found

    @property
    def target(self) -> str:
        return self.address or self.domain or ""


def held(keys: Sequence[int], token: UUID) -> list[Held]:
    """The claimed watches, as they are in the database."""
    rows = Watch.objects.filter(pk__in=among(keys), lease_token=token)
    as_text = {"clear_text": Cast("clear_paths", TextField()), "faults_text": Cast("faults", TextField())}
    return [Held(*row) for row in rows.annotate(**as_text).values_list(*COLUMNS)]


@lru_cache(maxsize=1024)
def _read(text: str) -> Any:
    """A JSON column. Nearly all rows have one of few texts."""
    return json.loads(text)


def calm(watches: Iterable[Held], *, seeing: Set[ListOnPath], found: Set[int]) -> set[int]:
    """Which of them are calm. `seeing` are the lists that were proved a short while ago, `found` the watches with an
    open finding."""
    paths = [str(path) for path in checks.paths()]
    needed = min(2, len(paths), settings.CONFIRM_COUNT)
    clear, clean = str(Verdict.CLEAR), "clean"
    return {
        one.pk
        for one in watches
        if one.verdict == clear
        and one.result == clean
        and one.faults_text == NONE
        and one.clear_count >= settings.CLEAR_COUNT
        and len(_read(one.clear_text)) >= needed
        and one.pk not in found
        and (one.check_id[len(checks.DNSBL) :], paths[one.rounds % len(paths)]) in seeing
    }


def store(watches: Iterable[Held], token: UUID, now: datetime) -> None:
    """Keep that each was looked at `now` and is as before. A watch whose lease lapsed is left to whoever has it."""
    rows = {one.pk: one for one in watches}
    with transaction.atomic():
        ours = set(
            Watch.objects.select_for_update().filter(pk__in=among(rows), lease_token=token).values_list("pk", flat=True)
        )
        groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        for pk in ours:
            groups[rows[pk].check_id, rounds.path_name(rows[pk].rounds)].append(pk)
        able: set[int] = set()
        for (check_id, path), keys in groups.items():
            able |= folding.grow(keys, path, check_id, now)
        _advance([rows[pk] for pk in ours & able], now)
        # A gap, or another row in between: this time the long way, at once.
        Watch.objects.filter(pk__in=among(ours - able)).update(
            lease_token=None, lease_until=None, next_action_at=now, clear_count=0
        )


def _advance(watches: Iterable[Held], now: datetime) -> None:
    rows = {
        one.pk: {
            "rounds": one.rounds + 1,
            "next_action_at": next_slot(now, checks.interval_of(one.check_id), str(one.pk)),
        }
        for one in watches
    }
    update_each(Watch, rows, same={"looked_at": now, "seen_at": now, "lease_token": None, "lease_until": None})
