"""The engine's page."""

from datetime import timedelta

import time_machine
from django.test import Client

from engine.models import Cycle
from tests.desk.conftest import Desk
from tests.desk.pages import heading, text
from tests.engine import runs
from tests.world import NOON

PAGE = "/desk/engine/"


def test_a_healthy_engine_says_that_it_runs(desk: Desk, dana: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        runs.make_engine_run(NOON)
        answer = dana.get(PAGE)
    assert heading(answer) == "The engine runs."
    assert "Every stage finished its last sweep in time." in text(answer)


def test_an_engine_that_never_ran_says_so(desk: Desk, dana: Client) -> None:
    answer = dana.get(PAGE)
    assert heading(answer) == "The engine does not run."
    assert "has not run yet" in text(answer)


def test_one_late_stage_is_named_with_its_fault(desk: Desk, dana: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        runs.make_engine_run(NOON)
        late = NOON - timedelta(minutes=5)
        Cycle.objects.filter(stage="deliver").update(finished_at=late, last_error="OSError: no route to host")
        answer = dana.get(PAGE)
    assert heading(answer) == "One stage of the engine is late."
    assert "OSError: no route to host" in text(answer)
