"""Every way in which a resolver can fail to tell the truth, at the level of a whole sweep: nothing opens, nothing
closes, everything is known to be unknown, and the sweep is over in time."""

import time
from collections.abc import Callable, Iterator

import pytest

from engine.cycle import LONGEST
from engine.embedded import patience_with
from engine.health import UNDER_WAY
from monitors import rounds, sweep
from monitors.models import Finding, Observation, Sight, Watch
from tests.egress.scripted import black_hole
from tests.monitors.scene import ADDRESS, COP, EVERY, ZEN, Scene
from vendors.models import SendingServer


@pytest.fixture
def silent(stage: Scene) -> Iterator[Scene]:
    """The resolvers are gone, and nobody says so: packets vanish."""
    with black_hole() as one, black_hole() as other:
        stage.settings.RESOLVERS = [str(one), str(other)]
        yield stage


def test_three_hundred_looks_into_a_black_hole_are_over_in_a_few_seconds_and_all_unknown(silent: Scene) -> None:
    silent.settings.LEASE_SECONDS = 10
    SendingServer.objects.bulk_create(
        SendingServer(vendor=silent.server.vendor, address=f"198.18.0.{n}", created_at=silent.now)
        for n in range(1, 100)
    )
    silent.enrol()
    watches = sweep.watches()
    watches.update(verdict="clear", result="clean")
    began = time.monotonic()
    state = silent.look(after=EVERY)

    assert time.monotonic() - began < 10
    assert (state.claimed, state.failed) == (300, 0)
    assert set(watches.values_list("verdict", "lease_token")) == {("unknown", None)}
    assert set(Observation.objects.values_list("verdict", flat=True)) == {"unknown"}
    assert Observation.objects.count() == 300


def test_a_round_is_over_well_before_half_the_lease_however_short_it_is(silent: Scene) -> None:
    silent.settings.LEASE_SECONDS = 60
    assert rounds.longest() <= 0.25 * 60
    silent.settings.LEASE_SECONDS = 2
    assert rounds.longest() < 1
    began = time.monotonic()
    silent.look(after=EVERY)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("interval", [0.2, 1, 5, 60])
def test_neither_health_nor_the_watchdog_takes_blindness_for_death(interval: float) -> None:
    assert LONGEST < UNDER_WAY
    assert patience_with(interval) >= interval + 1.5 * LONGEST


def all_paths(mood: str) -> Callable[[Scene], None]:
    def trouble(stage: Scene) -> None:
        for path in stage.paths:
            path.set_mood(mood)

    return trouble


def all_lists(mood: str, code: str = "") -> Callable[[Scene], None]:
    def trouble(stage: Scene) -> None:
        for zone in (ZEN, COP):
            stage.world.set_mood(zone, mood, code=code)

    return trouble


TROUBLES = {
    "the resolver is dead": all_paths("silent"),
    "SERVFAIL for everything": all_paths("servfail"),
    "REFUSED for everything": all_paths("refused"),
    "NXDOMAIN for everything": all_paths("nxdomain_everything"),
    "noise for everything": all_paths("garbage"),
    "everything is listed": all_lists("wildcard", "127.0.0.2"),
    "everything is answered with a refusal": all_lists("refuse_code", "127.255.255.254"),
    "everything leads to a parked domain": all_lists("park"),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
@pytest.mark.parametrize("proved", [True, False], ids=["lists just proved", "no proof yet"])
def test_trouble_of_our_own_opens_nothing_closes_nothing_and_is_known(
    stage: Scene, trouble: Callable[[Scene], None], proved: bool
) -> None:
    stage.add_server("192.0.2.11")
    stage.enrol()
    finding = stage.open_a_finding()
    if proved:
        stage.prove()
    trouble(stage)
    for _ in range(3):
        state = stage.look(after=EVERY)
        assert (state.claimed, state.failed) == (6, 0)

    assert list(Finding.objects.values_list("pk", "state")) == [(finding.pk, "open")]
    lists = Watch.objects.filter(check_id__startswith="dnsbl:")
    assert set(lists.values_list("verdict", flat=True)) == {"unknown"}
    assert not Watch.objects.filter(verdict="adverse").exists()
    assert set(Sight.objects.values_list("state", flat=True)) <= {"suspect", "blind", "unproved"}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_suspicion_outlives_trouble_of_our_own_and_does_not_become_a_finding_by_it(
    stage: Scene, trouble: Callable[[Scene], None]
) -> None:
    stage.world.list(ZEN, ADDRESS)
    stage.look()
    trouble(stage)
    for _ in range(3):
        stage.look(after=EVERY)
    assert not Finding.objects.exists()
    for path in stage.paths:
        path.set_mood("normal")
    for zone in (ZEN, COP):
        stage.world.set_mood(zone, "normal")
    for _ in range(2):  # a list that was blind passes twice before it is believed
        stage.settings.WATCH_SECONDS = 60  # nor does one that refused us rest for an hour
        stage.prove(after=EVERY)
    for _ in range(2):
        stage.look(after=EVERY)
    assert Finding.objects.get().kind == "listed"
