"""A sweep of everything: bounded, broken off, gone on with, and beside others."""

from datetime import timedelta
from uuid import uuid4

import pytest

from engine.models import Cycle
from monitors import everything, sweep
from monitors.everything import End, Looker, Run, Tally
from monitors.models import Watch
from tests.line.installation import SMALL_CATALOGUE
from tests.monitors.scene import ADDRESS, COP, EVERY, ZEN, Scene

WATCHES = Looker("watch", sweep.watches, 300, 2400)
CAPPED = SMALL_CATALOGUE.replace('zone = "bl.spamcop.net"', 'zone = "bl.spamcop.net"\ndaily_cap = 1')


def run(stage: Scene, *, batch: int = 300, resume: bool = False, seconds: float = 20.0, **how: object) -> Run:
    if not resume:
        stage.clock.shift(EVERY.total_seconds())
        everything.begin(stage.now)
    row = everything.begun()
    assert row
    assert row.started_at
    looker = Looker("watch", sweep.watches, batch, batch)
    return everything.look_at_everything([looker], row.started_at, seconds=seconds, **how)  # type: ignore[arg-type]


def rounds() -> list[int]:
    return sorted(sweep.watches().values_list("rounds", flat=True))


@pytest.fixture
def three(stage: Scene) -> Scene:
    """Three servers, nothing of which is due."""
    for address in ("192.0.2.11", "192.0.2.12"):
        stage.add_server(address)
    stage.enrol()
    stage.look()
    assert sweep.watches().count() == len(rounds()) >= 9
    return stage


def test_what_is_not_due_is_looked_at_too_and_each_once(three: Scene) -> None:
    before, told = rounds(), list[Tally]()
    assert three._cycle(sweep.sweep).claimed == 0  # nothing is due
    found = run(three, batch=4, told=lambda one: told.append(one.tally))
    assert (found.end, found.tally.left, found.failed, found.waiting) == (End.FINISHED, 0, 0, ())
    assert found.lookups == found.tally.total == len(before)
    assert rounds() == [one + 1 for one in before]
    assert [one.looked for one in told] == [0, *range(4, len(before), 4), len(before), len(before)]
    row = Cycle.objects.get(stage=everything.STAGE)
    assert (row.finished_at is not None, row.claimed) == (True, len(before))


def test_a_limit_ends_it_and_it_goes_on_from_there(three: Scene) -> None:
    before = rounds()
    found = run(three, batch=4, limit=5)
    assert (found.end, found.lookups, found.tally.looked) == (End.LIMIT, 5, 5)
    assert Cycle.objects.get(stage=everything.STAGE).finished_at is None
    three.clock.shift(60)
    found = run(three, resume=True)
    assert (found.end, found.lookups, found.tally.looked) == (End.FINISHED, len(before) - 5, len(before))
    assert rounds() == [one + 1 for one in before]
    assert run(three, resume=True).lookups == 0


def test_who_stops_it_keeps_what_was_looked_at(three: Scene) -> None:
    seen: list[int] = []
    found = run(three, batch=4, told=lambda one: seen.append(one.tally.looked), is_stopped=lambda: 4 in seen)
    assert (found.end, found.tally.looked) == (End.INTERRUPTED, 4)
    assert not Watch.objects.exclude(lease_token=None).exists()
    assert run(three, resume=True).end is End.FINISHED


def test_the_time_ends_it(three: Scene) -> None:
    assert (run(three, seconds=0.0).end, run(three, seconds=0.0).tally.looked) == (End.TIME, 0)


def test_what_it_found_is_counted(three: Scene) -> None:
    three.world.list(ZEN, ADDRESS)
    three.world.set_mood(COP, "refused")
    found = run(three)
    assert (found.tally.adverse, found.tally.unknown) == (1, 3)


def test_the_cap_of_a_list_holds_and_it_is_said_until_when(three: Scene) -> None:
    three.settings.BLOCKLISTS = three.settings.BLOCKLISTS.with_name("capped.toml")
    three.settings.BLOCKLISTS.write_text(CAPPED)
    three.settings.LIST_LIMITS = True
    found = run(three, seconds=5.0)
    assert (found.end, found.tally.left) == (End.WAITING, 2)
    (waiting,) = found.waiting
    tomorrow = three.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    assert (waiting.check, waiting.count, waiting.until) == ("SpamCop", 2, tomorrow)


def test_what_fails_is_told_and_does_not_keep_it_going(three: Scene) -> None:
    Watch.objects.filter(pk__in=three.watches().values("pk")[:1]).update(faults={"listed": "nonsense"})
    found = run(three)
    assert (found.end, found.failed, found.tally.left) == (End.FAILED, 1, 1)
    assert found.error


def test_what_another_worker_holds_is_waited_for_and_left_to_them(three: Scene) -> None:
    held = three.watches()[:1]
    until = three.now + EVERY + timedelta(seconds=2)
    Watch.objects.filter(pk__in=held.values("pk")).update(lease_token=uuid4(), lease_until=until)
    found = run(three, seconds=1.0)
    assert (found.end, found.tally.left) == (End.TIME, 1)
    three.clock.shift(5)  # they never came back
    assert run(three, resume=True).end is End.FINISHED


def test_another_that_began_later_keeps_its_own_beginning(three: Scene) -> None:
    began = everything.begin(three.now)
    three.clock.shift(10)
    later = everything.begin(three.now)
    found = everything.look_at_everything([WATCHES], began, seconds=20.0)
    assert found.end is End.FINISHED
    row = Cycle.objects.get(stage=everything.STAGE)
    assert (row.started_at, row.finished_at) == (later, None)


def test_a_round_that_was_under_way_when_it_began_does_not_keep_it_waiting(three: Scene) -> None:
    began = everything.begin(three.now)
    three.clock.shift(1)
    late = three.watches()[:2].values("pk")
    Watch.objects.filter(pk__in=late).update(
        looked_at=began - timedelta(seconds=1), next_action_at=three.now - timedelta(seconds=1), lease_token=None
    )
    others = iter([1])

    def told(_: Run) -> None:
        """They are given back only now, with the moment of their next regular look."""
        if next(others, None):
            Watch.objects.filter(pk__in=late).update(next_action_at=three.now + timedelta(hours=1))

    found = everything.look_at_everything([WATCHES], began, seconds=5.0, told=told)
    assert (found.end, found.tally.left) == (End.FINISHED, 0)


def test_resolvers_that_say_nothing_make_all_unknown_and_it_comes_to_the_end(three: Scene) -> None:
    three.settings.RESOLVERS = ["127.0.0.1:9"]
    found = run(three)
    assert (found.end, found.tally.adverse, found.tally.unknown) == (End.FINISHED, 0, found.tally.total)
