"""The survey of one domain, example.net of Alder Mail Ltd, against the lab's registry: looks, and what they said."""

from datetime import timedelta

from engine.cycle import Sweep
from lab.registry import Registrant
from monitors import evidence_sweep, survey
from monitors.models import Watch
from monitors.registrations import Seen, newest_of
from tests.monitors.scene import Scene
from vendors.models import Domain

DAY = timedelta(days=1)
NAME = "example.net"
HOLDER = Registrant("Alder Mail Ltd", email="dns@example.net", phone="+442079460100")


def look(stage: Scene, *, after: timedelta = timedelta(0)) -> Sweep:
    """One cycle of the survey stage; every watch is due."""
    stage.clock.shift(after.total_seconds())
    Watch.objects.update(next_action_at=stage.now)
    state = Sweep(stage.now)
    survey.sweep(state)
    assert (state.failed, state.error) == (0, "")
    return state


def act(stage: Scene, *, after: timedelta = timedelta(0)) -> Sweep:
    """One cycle of the evidence stage."""
    stage.clock.shift(after.total_seconds())
    state = Sweep(stage.now)
    evidence_sweep.sweep(state)
    assert (state.failed, state.error) == (0, "")
    return state


def days(stage: Scene, count: int = 1) -> None:
    """So many days go by: each with a look, and what follows from it."""
    for _ in range(count):
        look(stage, after=DAY)
        act(stage)


def registration() -> Watch:
    return Watch.objects.get(check_id="registration")


def domain() -> Domain:
    return Domain.objects.get(name=NAME)


def seen() -> Seen:
    """What was last read."""
    found = newest_of(domain())
    assert found
    return found


def states() -> dict[str, str]:
    """The state of each element in the last reading, whatever it could read."""
    newest = registration().observations.order_by("-last_at", "-pk")[0]
    return {one["element"]: one["state"] for one in newest.evidence[0]["elements"]}
