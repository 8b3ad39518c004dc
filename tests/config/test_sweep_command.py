import io
import json

import pytest
from django.core.management import CommandError, call_command

from config import beat
from config.management.commands.sweep import STAGES, SWEEPS, _looker
from engine.models import Cycle
from monitors import sweep
from monitors.models import Watch
from tests.monitors.conftest import stage  # noqa: F401  the fixture
from tests.monitors.scene import Scene


def swept(*arguments: str) -> tuple[int, str]:
    """(exit status, what it printed)."""
    out = io.StringIO()
    try:
        call_command("sweep", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_what_is_done_is_counted(stage: Scene) -> None:  # noqa: F811
    assert swept("--stage", "watch") == (0, "watch    3 done\n")
    assert swept("--stage", "watch") == (0, "watch    nothing was due\n")


def test_what_failed_is_not_counted_as_done(stage: Scene) -> None:  # noqa: F811
    Watch.objects.update(faults={"listed": "nonsense"})  # a standing that cannot be read, on either database
    status, said = swept("--stage", "watch")
    assert status == 1
    assert said.startswith("watch    0 done, 3 failed and will be tried again; the last: ")
    Watch.objects.update(lease_token=None, lease_until=None)
    status, said = swept("--stage", "watch", "--json")
    assert (status, json.loads(said)["watch"]["done"], json.loads(said)["watch"]["failed"]) == (1, 0, 3)


def test_every_stage_of_the_beat_table_is_swept() -> None:
    assert list(STAGES) == list(beat.STAGES)
    assert set(beat.STAGES) <= set(SWEEPS)
    assert [name for name, one in STAGES.items() if _looker(name, one)] == ["watch", "survey"]


# ── everything ──────────────────────────────────────────────────────────────
def test_everything_is_looked_at_and_then_the_other_stages_have_their_turn(stage: Scene) -> None:  # noqa: F811
    stage.look()
    stage.clock.shift(60)
    total = sweep.watches().count()
    status, said = swept("--all", "--stage", "enrol", "--stage", "watch", "--stage", "order")
    lines = said.splitlines()
    assert status == 0
    assert lines[0].startswith(f"Looked at {total} of {total}: 0 adverse, ")
    assert lines[1:] == ["order    nothing was due"]


def test_what_has_no_watches_yet_is_enrolled_first(stage: Scene) -> None:  # noqa: F811
    stage.add_server("192.0.2.77")
    status, said = swept("--all", "--stage", "enrol", "--stage", "watch", "--json")
    assert status == 0
    assert Watch.objects.filter(server__address="192.0.2.77", looked_at__isnull=False).count() >= 3
    assert json.loads(said)["all"]["total"] == sweep.watches().count()


def test_it_breaks_off_at_the_limit_and_goes_on_with_resume(stage: Scene) -> None:  # noqa: F811
    status, said = swept("--all", "--limit", "2", "--stage", "watch")
    assert status == 3
    assert "Looked at 2 of " in said
    assert "The limit was reached; " in said
    assert "run it again with --all --resume to go on." in said
    stage.clock.shift(60)
    status, said = swept("--all", "--resume", "--stage", "watch", "--json")
    found = json.loads(said)["all"]
    assert (status, found["ended"], found["left"], found["looked"]) == (0, "finished", 0, found["total"])
    assert found["lookups"] == found["total"] - 2
    assert found.keys() == {
        *("began_at", "ended", "total", "looked", "left", "adverse", "unknown", "lookups", "seconds"),
        *("lookups_per_second", "failed", "error", "waiting"),
    }


def test_options_of_everything_are_refused_without_it_and_nothing_to_resume_is_said(stage: Scene) -> None:  # noqa: F811
    for words in (["--resume"], ["--limit", "3"], ["--for", "3"]):
        with pytest.raises(CommandError, match="belong to --all"):
            swept(*words)
    with pytest.raises(CommandError, match="no sweep --all to go on with"):
        swept("--all", "--resume")
    for words in (["--for", "0"], ["--for", "soon"], ["--limit", "0"], ["--limit", "1.5"]):
        with pytest.raises(CommandError, match="give "):
            swept("--all", *words)
    with pytest.raises(CommandError, match="None of these stages looks at anything"):
        swept("--all", "--stage", "order")
    assert not Cycle.objects.filter(stage="all").exists()


def test_what_failed_ends_with_1(stage: Scene) -> None:  # noqa: F811
    Watch.objects.update(faults={"listed": "nonsense"})
    status, said = swept("--all", "--stage", "watch")
    assert status == 1
    assert "failed and will be tried again; the last: " in said
