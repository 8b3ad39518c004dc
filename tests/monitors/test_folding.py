"""Readings as rows that stay small: what is folded, what gets a row of its own, and what a repeat costs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from monitors import checks, folding
from monitors.folding import PLAIN_NO, Seen, grow, keep, likeness
from monitors.models import Observation, Watch
from monitors.probes.reading import Reading, Severity, Verdict
from tests.monitored import make_watch
from tests.monitors.scene import EVERY, Scene
from tests.world import NOON, make_server, make_vendor

pytestmark = pytest.mark.django_db
PATH, OTHER = "192.0.2.53:53", "192.0.2.54:53"
CLEAN = Reading(Verdict.CLEAR, "clean", Severity.NONE, "Not listed.", evidence=({"rcode": "NXDOMAIN"},), clause="R5")
LISTED = Reading(
    Verdict.ADVERSE, "listed", Severity.HALT, "Listed.", codes=("127.0.0.2",), text=("for 3 hours",), clause="R5"
)
LOST = Reading(Verdict.UNKNOWN, "timeout", Severity.NONE, "No answer.")
HALF_HOUR = timedelta(seconds=1800)


@pytest.fixture
def watch() -> Watch:
    return make_watch(make_server(make_vendor()))


def told(watch: Watch, *readings: tuple[Reading, str], every: timedelta = HALF_HOUR, **more: Any) -> None:
    for number, (reading, path) in enumerate(readings):
        keep([Seen(watch, path, reading, **more)], NOON + number * every)


def runs(watch: Watch, path: str = PATH) -> list[tuple[str, int, float]]:
    """(what was said, how often, over how many minutes) of each row, oldest first."""
    rows: Iterable[Observation] = watch.observations.filter(path=path).order_by("first_at", "pk")
    return [(row.result, row.count, (row.last_at - row.first_at).total_seconds() / 60) for row in rows]


def test_what_says_the_same_is_one_row_with_its_first_and_last_moment(watch: Watch) -> None:
    told(watch, *[(CLEAN, PATH)] * 5)
    assert runs(watch) == [("clean", 5, 120)]
    row = watch.observations.get()
    assert (row.is_latest, row.evidence, row.is_proved) == (True, [{"rcode": "NXDOMAIN"}], True)


def test_what_says_something_else_has_a_row_of_its_own_and_only_the_last_is_the_latest(watch: Watch) -> None:
    told(watch, (CLEAN, PATH), (CLEAN, PATH), (LISTED, PATH), (LISTED, PATH), (LOST, PATH), (CLEAN, PATH))
    assert runs(watch) == [("clean", 2, 30), ("listed", 2, 30), ("timeout", 1, 0), ("clean", 1, 0)]
    assert watch.observations.filter(is_latest=True).get().result == "clean"


def test_each_path_has_runs_of_its_own(watch: Watch) -> None:
    told(watch, *[(CLEAN, PATH), (LISTED, OTHER)] * 3)
    assert (runs(watch), runs(watch, OTHER)) == ([("clean", 3, 120)], [("listed", 3, 120)])
    assert watch.observations.filter(is_latest=True).count() == 2


def test_another_code_is_something_else_and_the_list_s_own_words_are_not(watch: Watch) -> None:
    later = replace(LISTED, text=("for 4 hours",))
    graver = replace(LISTED, codes=("127.0.0.2", "127.0.0.4"))
    told(watch, (LISTED, PATH), (later, PATH), (graver, PATH), (replace(graver, codes=graver.codes[::-1]), PATH))
    assert runs(watch) == [("listed", 2, 30), ("listed", 2, 30)]
    assert watch.observations.order_by("first_at")[0].text == ["for 3 hours"]  # as it was said first


def test_what_confirms_a_suspicion_is_kept_by_itself(watch: Watch) -> None:
    told(watch, (LISTED, PATH), (LISTED, PATH), alone=True)
    assert runs(watch) == [("listed", 1, 0), ("listed", 1, 0)]


def test_after_a_gap_a_row_does_not_claim_that_somebody_looked_meanwhile(watch: Watch) -> None:
    gap = folding.longest_gap(watch.check_id)
    assert gap == 4 * len(checks.paths()) * checks.interval_of(watch.check_id)
    keep([Seen(watch, PATH, CLEAN)], NOON)
    keep([Seen(watch, PATH, CLEAN)], NOON + gap)
    keep([Seen(watch, PATH, CLEAN)], NOON + 2 * gap + timedelta(seconds=1))
    assert runs(watch) == [("clean", 2, gap.total_seconds() / 60), ("clean", 1, 0)]


def test_a_reading_from_before_the_last_one_begins_a_row(watch: Watch) -> None:
    """The clock was set back."""
    keep([Seen(watch, PATH, CLEAN)], NOON)
    keep([Seen(watch, PATH, CLEAN)], NOON - HALF_HOUR)
    assert watch.observations.count() == 2
    assert watch.observations.filter(is_latest=True).get().first_at == NOON - HALF_HOUR


def test_those_that_said_something_new_are_given_back(watch: Watch) -> None:
    other = make_watch(make_server(make_vendor()))
    assert len(keep([Seen(watch, PATH, CLEAN), Seen(other, PATH, LISTED)], NOON)) == 2
    new = keep([Seen(watch, PATH, CLEAN), Seen(other, PATH, CLEAN)], NOON + HALF_HOUR)
    assert [one.watch for one in new] == [other]


def test_a_plain_no_grows_in_bulk_and_only_where_it_can(watch: Watch) -> None:
    watches = {name: make_watch(make_server(make_vendor())) for name in ("as before", "was listed", "gap", "new")}
    gap = folding.longest_gap(watch.check_id)
    keep([Seen(watches["as before"], PATH, CLEAN), Seen(watches["was listed"], PATH, LISTED)], NOON)
    keep([Seen(watches["gap"], PATH, CLEAN)], NOON - gap)
    keep([Seen(watches["as before"], OTHER, LISTED)], NOON)
    able = grow([one.pk for one in watches.values()], PATH, watch.check_id, NOON + HALF_HOUR)
    assert able == {watches["as before"].pk}
    assert runs(watches["as before"]) == [("clean", 2, 30)]
    assert runs(watches["as before"], OTHER) == [("listed", 1, 0)]
    assert runs(watches["gap"]) == [("clean", 1, 0)]


def test_likeness_is_short_and_tells_apart_what_differs() -> None:
    said = [
        likeness("clear", "clean", "none"),
        likeness("unknown", "clean", "none"),
        likeness("clear", "pass", "none"),
        likeness("clear", "clean", "halt"),
        likeness("clear", "clean", "none", ["127.0.0.9"]),
    ]
    assert len(set(said)) == 5
    assert said[0] == PLAIN_NO
    assert {len(one) for one in said} == {16}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="measures pages of SQLite")
def test_repeats_add_no_row_and_next_to_no_bytes(stage: Scene) -> None:
    """Forty servers, looked at ten times more when all is as before."""
    stage.settings.LEASE_SECONDS = 30  # or a machine that is busy with other things passes for a silent resolver
    for number in range(20, 60):
        make_server(stage.server.vendor, f"192.0.2.{number}")
    stage.enrol()
    stage.prove()
    for _ in range(6):
        stage.look(after=EVERY)
    rows, size = Observation.objects.count(), _bytes()
    repeats = sum(stage.look(after=EVERY).claimed for _ in range(10))
    assert repeats > 1000
    assert Observation.objects.count() == rows
    assert (_bytes() - size) / repeats < 20


def _bytes() -> int:
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        free = cursor.execute("PRAGMA freelist_count").fetchone()[0]
        size = cursor.execute("PRAGMA page_size").fetchone()[0]
    return int((pages - free) * size)
