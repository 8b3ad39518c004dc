"""The wall clock is set back by an hour while everything runs."""

from datetime import timedelta

from engine.cycle import ring
from journal.models import Entry
from monitors import sweep
from monitors.models import Finding, Sight
from tests.monitors.scene import ADDRESS, EVERY, ZEN, Scene

HOUR = timedelta(hours=1)


def run(stage: Scene) -> int:
    """One cycle of the watch stage, of what is due by itself."""
    done = ring("watch", sweep.sweep)
    assert done
    return done.claimed


def test_what_was_due_by_the_old_clock_is_looked_at_at_once(stage: Scene) -> None:
    stage.prove()
    assert run(stage) == 3
    stage.clock.shift(-HOUR.total_seconds())
    assert run(stage) == 3
    assert set(stage.watches().values_list("looked_at", flat=True)) == {stage.now}
    assert stage.prove().claimed == 2  # the paths that the looks did not take; theirs are proved already
    assert not Sight.objects.filter(next_action_at__gt=stage.now + HOUR / 2).exists()
    assert run(stage) == 0


def test_looks_before_the_old_clock_s_last_one_count_all_the_same(stage: Scene) -> None:
    stage.look()
    stage.clock.shift(-HOUR.total_seconds())
    stage.world.list(ZEN, ADDRESS)
    stage.look(after=EVERY)
    stage.look(after=EVERY)
    assert Finding.objects.count() == 1


def test_a_suspicion_of_the_old_clock_is_not_confirmed_by_one_look_under_the_new(stage: Scene) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    stage.clock.shift(-HOUR.total_seconds())
    stage.look(after=EVERY)
    assert not Finding.objects.exists()
    stage.look(after=EVERY)
    assert Finding.objects.count() == 1


def test_a_proof_from_the_future_bears_nothing_out(stage: Scene) -> None:
    stage.prove()
    stage.clock.shift(-HOUR.total_seconds())
    stage.world.set_mood(ZEN, "empty")
    stage.look(after=EVERY)
    assert stage.watch().result == "list_unhealthy"


def test_the_journal_tells_of_it_once(stage: Scene) -> None:
    run(stage)
    stage.clock.shift(-HOUR.total_seconds())
    run(stage)
    run(stage)
    [entry] = Entry.objects.filter(object_type="engine.cycle", after__seconds__lt=0)
    assert (entry.object_id, entry.verb) == ("watch", "clock set")
    assert -3660 < entry.after["seconds"] < -3590
