"""Two resolver paths are two witnesses: what one of them denies stays a suspicion, and what both saw is an order."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from halts.models import HaltOrder
from lab.dns import DnsServer
from lab.world import World
from monitors.models import Finding, Observation, Watch
from tests.monitors.scene import ADDRESS, COP, EVERY, ZEN, Scene, scene

MINUTE = timedelta(seconds=60)


@pytest.fixture
def apart(db: None, tmp_path: Path, settings: Settings) -> Iterator[tuple[Scene, World, World]]:
    """Each path with a world of its own, as two resolvers on two egress addresses may see a list differently."""
    with scene(tmp_path, settings) as stage:
        stage.settings.LEASE_SECONDS = 30  # or a machine that is busy with other things passes for a silent resolver
        other = World(ttl=5)
        for zone in (ZEN, COP):
            other.add_blocklist(zone)
        other.add_host("mta10.alder.example.net", ADDRESS)
        other.set_reverse(ADDRESS, "mta10.alder.example.net")
        with DnsServer(other) as path:
            stage.settings.RESOLVERS = [stage.paths[0].address, path.address]
            stage.enrol()
            stage.prove()
            yield stage, stage.world, other


def looks(stage: Scene, count: int, after: timedelta = EVERY) -> None:
    for _ in range(count):
        stage.look(after=after)
        stage.order()


def refuse(world: World) -> None:
    world.set_mood(ZEN, "refuse_code", code="127.255.255.254")


def test_listed_on_one_path_and_refused_on_the_other_is_suspected_and_no_order(
    apart: tuple[Scene, World, World],
) -> None:
    stage, one, other = apart
    one.list(ZEN, ADDRESS)
    refuse(other)
    looks(stage, 8)
    assert stage.watch().is_suspected
    assert (Finding.objects.count(), HaltOrder.objects.count()) == (0, 0)
    seen = set(stage.watch().observations.values_list("path", "result"))
    assert seen == {(stage.settings.RESOLVERS[0], "listed"), (stage.settings.RESOLVERS[1], "refused_by_list")}


def test_listed_on_one_path_and_clear_on_the_other_is_suspected_and_no_order(
    apart: tuple[Scene, World, World],
) -> None:
    stage, one, _ = apart
    one.list(ZEN, ADDRESS)
    looks(stage, 8)
    assert stage.watch().is_suspected
    assert (Finding.objects.count(), HaltOrder.objects.count()) == (0, 0)


def test_listed_on_both_is_an_order_with_both_raw_answers(apart: tuple[Scene, World, World]) -> None:
    stage, one, other = apart
    one.list(ZEN, ADDRESS, codes=["127.0.0.2", "127.0.0.4"], text="Seen spamming, says one")
    other.list(ZEN, ADDRESS, codes=["127.0.0.2"], text="Seen spamming, says the other")
    began = stage.now
    looks(stage, 2)
    order = HaltOrder.objects.get()
    assert (order.finding.watch, order.server) == (stage.watch(), stage.server)  # type: ignore[union-attr]
    kept = list(stage.watch().observations.filter(verdict="adverse").order_by("first_at"))
    assert [row.path for row in kept] == stage.settings.RESOLVERS
    assert [row.codes for row in kept] == [["127.0.0.2", "127.0.0.4"], ["127.0.0.2"]]
    assert [row.text for row in kept] == [["Seen spamming, says one"], ["Seen spamming, says the other"]]
    for row in kept:
        address, words = row.evidence
        assert (address["rdtype"], address["rcode"], address["ttl"]) == ("A", "NOERROR", 5)
        assert (words["rdtype"], words["records"]) == ("TXT", row.text)
        assert address["server"] == row.path
        assert address["name"] == f"10.2.0.192.{ZEN}"
        assert began <= row.first_at == row.last_at
        assert address["at"]
        assert row.is_proved


def test_the_two_answers_must_name_the_same_code(apart: tuple[Scene, World, World]) -> None:
    stage, one, other = apart
    one.list(ZEN, ADDRESS, codes=["127.0.0.2"])
    other.list(ZEN, ADDRESS, codes=["127.0.0.10"])
    looks(stage, 6)
    assert not Finding.objects.exists()
    assert set(stage.watch().faults) == {"127.0.0.2", "127.0.0.10"}


def test_a_second_answer_through_a_path_counts_only_when_its_cache_let_go_of_the_first(
    apart: tuple[Scene, World, World],
) -> None:
    stage, one, _ = apart
    stage.settings.RESOLVERS = stage.settings.RESOLVERS[:1]
    stage.enrol()
    one.list(ZEN, ADDRESS)
    for elapsed in range(0, 1000, 100):  # a cache counts the TTL of its one answer down
        one.ttl = 1000 - elapsed
        looks(stage, 1, after=EVERY)
    assert not Finding.objects.exists()
    one.ttl = 1000  # it let go of it, and asked again
    looks(stage, 1, after=EVERY)
    assert HaltOrder.objects.count() == 1


def test_an_answer_with_its_whole_ttl_was_fetched_anew_and_counts(apart: tuple[Scene, World, World]) -> None:
    stage, one, _ = apart
    stage.settings.RESOLVERS = stage.settings.RESOLVERS[:1]
    stage.enrol()
    one.ttl = 2100
    one.list(ZEN, ADDRESS)
    looks(stage, 2, after=EVERY)
    assert HaltOrder.objects.count() == 1


def test_with_one_path_alone_two_answers_of_it_are_enough(apart: tuple[Scene, World, World]) -> None:
    stage, one, _ = apart
    stage.settings.RESOLVERS = stage.settings.RESOLVERS[:1]
    stage.enrol()
    one.list(ZEN, ADDRESS)
    looks(stage, 2)
    assert HaltOrder.objects.count() == 1


# ── how it ends ─────────────────────────────────────────────────────────────
@pytest.fixture
def standing(apart: tuple[Scene, World, World]) -> tuple[Scene, World, World]:
    stage, one, other = apart
    for world in (one, other):
        world.list(ZEN, ADDRESS)
    looks(stage, 2)
    assert Finding.objects.open().exists()
    return apart


def test_it_closes_when_both_paths_are_clear(standing: tuple[Scene, World, World]) -> None:
    stage, one, other = standing
    one.delist(ZEN, ADDRESS)
    looks(stage, 6)
    assert Finding.objects.open().exists()  # the other still names it
    other.delist(ZEN, ADDRESS)
    looks(stage, 2)
    assert not Finding.objects.open().exists()


def test_it_closes_after_the_list_s_own_cool_down_and_not_before(standing: tuple[Scene, World, World]) -> None:
    stage, one, other = standing
    stage.settings.COOL_DOWN_SECONDS = None
    lists = stage.settings.BLOCKLISTS.with_name("cooling.toml")
    lists.write_text(
        'only = true\n[[blocklist]]\nid = "spamhaus-zen"\ncool_down_hours = 2\n[[blocklist]]\nid = "spamcop"\n'
    )
    stage.settings.BLOCKLISTS = lists
    for world in (one, other):
        world.delist(ZEN, ADDRESS)
    stage.look(after=MINUTE)
    clear_at = stage.now
    while stage.now < clear_at + timedelta(hours=2) - 20 * MINUTE:
        stage.look(after=20 * MINUTE)
        stage.prove()
        assert Finding.objects.open().exists()
    looks(stage, 1, after=20 * MINUTE)
    assert not Finding.objects.open().exists()


def test_one_look_that_names_it_begins_the_cool_down_anew(standing: tuple[Scene, World, World]) -> None:
    stage, one, other = standing
    stage.settings.COOL_DOWN_SECONDS = 3600
    for world in (one, other):
        world.delist(ZEN, ADDRESS)
    looks(stage, 3, after=20 * MINUTE)
    other.list(ZEN, ADDRESS)
    one.list(ZEN, ADDRESS)
    looks(stage, 1)
    for world in (one, other):
        world.delist(ZEN, ADDRESS)
    looks(stage, 3, after=20 * MINUTE)
    assert Finding.objects.open().exists()
    looks(stage, 1, after=20 * MINUTE)
    assert not Finding.objects.open().exists()


def test_unknown_freezes_it_however_long_it_lasts(standing: tuple[Scene, World, World]) -> None:
    stage, one, other = standing
    for world in (one, other):
        world.delist(ZEN, ADDRESS)
    looks(stage, 1)
    counted = stage.watch().clear_count
    for world in (one, other):
        world.set_mood(ZEN, "servfail")
    looks(stage, 10, after=20 * MINUTE)
    assert Finding.objects.open().exists()
    assert stage.watch().clear_count == counted
    for world in (one, other):
        world.set_mood(ZEN, "normal")
    for _ in range(3):
        stage.prove(after=MINUTE)
    looks(stage, 1)
    assert not Finding.objects.open().exists()


def test_a_run_of_like_answers_is_one_row_a_path(standing: tuple[Scene, World, World]) -> None:
    stage, _, _ = standing
    before = Observation.objects.filter(watch=stage.watch()).count()
    looks(stage, 6)
    rows = Observation.objects.filter(watch=stage.watch(), is_latest=True)
    assert rows.count() == 2
    assert Observation.objects.filter(watch=stage.watch()).count() <= before + 2
    assert Watch.objects.get(pk=stage.watch().pk).verdict == "adverse"
